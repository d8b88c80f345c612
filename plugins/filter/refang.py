# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An indicator as programs read it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: refang
short_description: Read an indicator from a report
version_added: 0.1.0
author:
  - secops.defender maintainers
description:
  - Turns the spellings that reports use, such as C(hxxps://login[.]example[.]com) or C(192.0.2[.]7), into those that the service takes.
  - Takes one URL, host name, address or mail address, and leaves alone what is in order already. Spaces around it are dropped.
options:
  _input:
    description: The indicator.
    type: str
    required: true
seealso:
  - plugin: secops.defender.defang
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Have the indicators of the report as the service takes them
  ansible.builtin.set_fact:
    domains: "{{ reported | map('secops.defender.refang') | unique }}"
"""

RETURN = r"""
_value:
  description: The indicator, such as C(http://login.example.com/a.php).
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._response.fanged import fanged


def refang(value: t.Any) -> str:
    """``value`` in the other spelling."""
    if not isinstance(value, str):
        raise AnsibleFilterError(f"secops.defender.refang takes a text, not {type(value).__name__}; use map for a list")
    return fanged(value)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[[t.Any], str]]:
        return {"refang": refang}
