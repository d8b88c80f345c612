# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A text as a literal of a filter of the service."""

from __future__ import annotations

DOCUMENTATION = r"""
name: odata_quote
short_description: Put a value into a filter of the service (OData)
version_added: 0.1.0
author:
  - secops.defender maintainers
description:
  - Makes a literal of the text, with its quotes around it. Whatever the text holds, it cannot end the literal and add to the filter.
  - The other options of the modules do so by themselves. It is for O(secops.defender.machine_info#module:filter) and its like.
options:
  _input:
    description: The text.
    type: str
    required: true
seealso:
  - plugin: secops.defender.kql_quote
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Find the machines whose names begin as in the ticket
  secops.defender.machine_info:
    filter: "startswith(computerDnsName, {{ beginning | secops.defender.odata_quote }})"
"""

RETURN = r"""
_value:
  description: The literal, in single quotes.
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._client.odata import quote


def quoted(value: t.Any) -> str:
    """``value`` as a literal."""
    if not isinstance(value, str):
        raise AnsibleFilterError(f"secops.defender.odata_quote takes a text, not {type(value).__name__}; use map for a list")
    return quote(value)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[[t.Any], str]]:
        return {"odata_quote": quoted}
