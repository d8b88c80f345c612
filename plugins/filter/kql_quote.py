# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A text as a literal of a hunting query."""

from __future__ import annotations

DOCUMENTATION = r"""
name: kql_quote
short_description: Put a value into a hunting query (KQL)
version_added: 0.1.0
author:
  - secops.defender maintainers
description:
  - Makes a literal of the text, with its quotes around it. Whatever the text holds, it cannot end the literal and add to the query.
  - File names, command lines and accounts in alerts are chosen by attackers, so each that goes into a query must go through this filter.
  - In O(secops.defender.hunting_query#module:parameters) values need no filter.
options:
  _input:
    description: The text.
    type: str
    required: true
seealso:
  - module: secops.defender.hunting_query
  - plugin: secops.defender.odata_quote
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write the query that asks where the file of the alert was seen
  ansible.builtin.set_fact:
    query: >-
      DeviceFileEvents
      | where SHA1 in ({{ hashes | map('secops.defender.kql_quote') | join(', ') }})
      or FileName =~ {{ file_name | secops.defender.kql_quote }}
"""

RETURN = r"""
_value:
  description: The literal, in double quotes.
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._client.kql import quote


def quoted(value: t.Any) -> str:
    """``value`` as a literal."""
    if not isinstance(value, str):
        raise AnsibleFilterError(f"secops.defender.kql_quote takes a text, not {type(value).__name__}; use map for a list")
    return quote(value)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[[t.Any], str]]:
        return {"kql_quote": quoted}
