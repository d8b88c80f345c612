# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The permissions each module needs, computed from what it calls, so that no page can be out of date."""

from __future__ import annotations

import yaml

from ..module_utils._module.needs import explain, shape_of


class ModuleDocFragment:
    """``secops.defender._permissions.machine_info`` asks for the attribute ``MACHINE_INFO``."""

    DOCUMENTATION = "options: {}\n"

    def __getattr__(self, name: str) -> str:
        if not name.isupper():
            raise AttributeError(name)
        return yaml.safe_dump({"options": {}, "notes": explain(shape_of(name.lower()))}, sort_keys=False, width=1000)
