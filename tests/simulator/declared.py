# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our declarations, the only thing of the collection that the simulator imports."""

from __future__ import annotations

import sys
from pathlib import Path

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
if str(PLUGINS) not in sys.path:
    sys.path.append(str(PLUGINS))

from module_utils._api import every_operation  # noqa: E402
from module_utils._operation import DEFENDER, GRAPH, Operation, roles_missing  # noqa: E402

__all__ = ["DEFENDER", "GRAPH", "Operation", "every_operation", "roles_missing"]
