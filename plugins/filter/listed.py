# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list, from a list or from the text that a form gives in its place."""

from __future__ import annotations

DOCUMENTATION = r"""
name: listed
short_description: Make a list of what a form or a survey gives
version_added: 0.1.0
author:
  - secops.defender maintainers
description:
  - A variable that is a list in a file comes from a survey, or from C(-e), as text. This filter takes both, so that a role needs to ask nothing.
  - Text is split at commas and line breaks; spaces around the entries and empty entries are dropped. Nothing at all is an empty list.
options:
  _input:
    description: A list, which is left as it is, or text.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Isolate what was typed into the survey
  secops.defender.machine_isolation:
    state: isolated
    machines: "{{ 'ws-anna.contoso.com, 10.0.0.7' | secops.defender.listed }}"
    comment: Incident 1126093
"""

RETURN = r"""
_value:
  description: The list.
  type: list
  elements: str
"""

import re
import typing as t

_BETWEEN = re.compile(r"[,\r\n]+")


def listed(value: t.Any) -> list[t.Any]:
    """``value`` as a list."""
    if value is None:
        return []
    if not isinstance(value, str):
        return list(value)
    return [word.strip() for word in _BETWEEN.split(value) if word.strip()]


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[[t.Any], list[t.Any]]]:
        return {"listed": listed}
