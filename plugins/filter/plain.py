# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that others wrote, made safe to show."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plain
short_description: Make text that others wrote safe to show
version_added: 0.1.0
author:
  - secops.defender maintainers
description:
  - An attacker names machines, files and command lines. This filter makes one line of such a text and spells out the characters that would
    steer a terminal or hide what a person reads, so that a name cannot forge a line of a report.
  - Whoever reads a report sees the strange characters as C(\x1b) and knows what to think of the name.
options:
  _input:
    description: The text; anything else is turned into text first.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Say which alerts were found
  ansible.builtin.debug:
    msg: "{{ found.alerts | map(attribute='title') | map('secops.defender.plain') | list }}"
"""

RETURN = r"""
_value:
  description: The text on one line.
  type: str
"""

import typing as t

from ..module_utils._client.text import plain


def shown(value: t.Any) -> str:
    """``value`` as one harmless line."""
    return plain(str(value))


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[[t.Any], str]]:
        return {"plain": shown}
