# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile text is shown as one harmless line."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.filter.plain import shown


@pytest.mark.parametrize(
    "hostile, harmless",
    [
        ("fin-07.contoso.com", "fin-07.contoso.com"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("one\r\nok: all is well", "one ok: all is well"),
        ("gnp\u202eexe", "gnp\\u202eexe"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        (None, "None"),
        (7, "7"),
    ],
)
def test_nothing_steers_the_terminal(hostile, harmless):
    assert shown(hostile) == harmless
