# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An indicator that nobody can click."""

from __future__ import annotations

DOCUMENTATION = r"""
name: defang
short_description: Make an indicator safe to send around
version_added: 0.1.0
author:
  - secops.defender maintainers
description:
  - Writes C(hxxp) for C(http), and brackets around the full stops of the host, so that no mail program or chat makes a link of it.
  - Takes one URL, host name, address or mail address, and leaves alone what is safe already. C(secops.defender.refang) turns it back.
options:
  _input:
    description: The indicator.
    type: str
    required: true
seealso:
  - plugin: secops.defender.refang
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Tell the colleagues what to look for
  ansible.builtin.debug:
    msg: "{{ incident.entities.urls | map('secops.defender.defang') | list }}"
"""

RETURN = r"""
_value:
  description: The indicator, such as C(hxxp://login.example[.]com/a.php).
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._response.fanged import defanged


def defang(value: t.Any) -> str:
    """``value`` in the other spelling."""
    if not isinstance(value, str):
        raise AnsibleFilterError(f"secops.defender.defang takes a text, not {type(value).__name__}; use map for a list")
    return defanged(value)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[[t.Any], str]]:
        return {"defang": defang}
