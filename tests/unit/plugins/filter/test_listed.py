# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a survey gives becomes the list that was meant."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.filter.listed import listed


@pytest.mark.parametrize(
    "given, meant",
    [
        (["fin-07", "hr-03"], ["fin-07", "hr-03"]),
        ("fin-07, hr-03", ["fin-07", "hr-03"]),
        ("fin-07\r\nhr-03\n\n", ["fin-07", "hr-03"]),
        ("Tier 0 servers,Tills", ["Tier 0 servers", "Tills"]),
        ("", []),
        (" , \n", []),
        (None, []),
        ([], []),
        ([["Machine.Scan", "Machine.Isolate"]], [["Machine.Scan", "Machine.Isolate"]]),
    ],
)
def test_a_list_and_a_text_mean_the_same(given, meant):
    assert listed(given) == meant
