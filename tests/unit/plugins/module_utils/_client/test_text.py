# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others wrote cannot steer a terminal once it is made plain."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.text import plain


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("pc\x1b[31m\x1b]0;owned\x07", r"pc\x1b[31m\x1b]0;owned\x07"),
        ("first\r\nPLAY RECAP: ok", "first PLAY RECAP: ok"),
        ("next\x85line\u2028end", "next line end"),
        ("invoice\u202etxt.exe", r"invoice\u202etxt.exe"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("half \ud800 a pair", r"half \ud800 a pair"),
        ("{{ lookup('pipe', 'id') }}", "{{ lookup('pipe', 'id') }}"),
        ("Zoë's notebook, 東京", "Zoë's notebook, 東京"),
    ],
)
def test_text_of_others_is_one_line_without_control_characters(hostile, harmless):
    assert plain(hostile) == harmless
