# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a connection, as a plugin on the controller reads them."""

from __future__ import annotations

import typing as t

from ..module_utils._client.settings import OPTIONS

VARIABLES = frozenset(f"defender_{option.name}" for option in OPTIONS)


def read_options(plugin: t.Any, templar: t.Any, variables: t.Mapping[str, t.Any] | None, keywords: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """All options of ``plugin``: keywords first, then variables such as ``defender_tenant_id``, then the environment.

    Ansible hands a lookup its variables as they were written, so those that refer to others are resolved here.
    """
    ours = {name: templar.template(value) for name, value in (variables or {}).items() if name in VARIABLES}
    plugin.set_options(var_options=ours, direct=keywords)
    return plugin.get_options()
