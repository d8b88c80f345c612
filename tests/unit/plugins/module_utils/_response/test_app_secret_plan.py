# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which secret is in use, when a new one is made, and which old ones may go."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import moments
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadAnswer
from ansible_collections.secops.defender.plugins.module_utils._response.app_secret_plan import Rules, plan_secrets

NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.timezone.utc)
RULES = Rules("ansible", valid=180, rotate_before=30, overlap=0)


def secret(key: str, *, since: int, left: int, name: str = "ansible") -> dict:
    """One that was made so many days ago and has so many left; its hint is three times its key."""
    day = datetime.timedelta(days=1)
    return {
        "keyId": key, "displayName": name, "hint": key * 3, "startDateTime": moments.spell(NOW - since * day),
        "endDateTime": moments.spell(NOW + left * day),
    }


def plan(*rows: dict, stored: str | None = None, has_place: bool = True, overlap: int = 0):
    rules = Rules(RULES.name, RULES.valid, RULES.rotate_before, overlap)
    return plan_secrets(rows, rules, NOW, stored=stored and f"{stored * 3}-not-a-secret", has_place=has_place)


def keys(rows) -> str:
    return "".join(sorted(row["keyId"] for row in rows))


NEW, OLD = secret("n", since=10, left=170), secret("o", since=100, left=80)
ENDING, OVER = secret("e", since=160, left=20), secret("x", since=400, left=-1)
TWIN, TWIN_OF_ENDING = ({**secret("t", since=1, left=179), "hint": key * 3} for key in "oe")
OTHERS = secret("z", since=100, left=5, name="of somebody else")


@pytest.mark.parametrize(
    ("rows", "options", "makes", "remove", "expired", "kept"),
    [
        ([], {}, True, "", "", ""),
        ([NEW], {"stored": "n"}, False, "", "", ""),
        ([NEW, OTHERS], {"stored": "n"}, False, "", "", ""),
        ([OLD, NEW], {"stored": "n"}, False, "o", "", ""),
        # What was stored last is in use, even where something newer was made and lost.
        ([OLD, NEW], {"stored": "o"}, False, "n", "", ""),
        # Of two that begin alike either may be the stored one: the plan looks to that which ends first, and takes neither away until it makes another.
        ([OLD, TWIN], {"stored": "o"}, False, "", "", "t"),
        ([ENDING, TWIN_OF_ENDING], {"stored": "e"}, True, "et", "", ""),
        ([OLD, NEW], {"stored": "n", "overlap": 20}, False, "", "", "o"),
        ([OLD, NEW], {"stored": "n", "overlap": 10}, False, "o", "", ""),
        ([ENDING], {"stored": "e"}, True, "e", "", ""),
        ([ENDING], {"stored": "e", "overlap": 1}, True, "", "", "e"),
        ([NEW], {"stored": "q"}, True, "n", "", ""),
        ([NEW], {"stored": None}, True, "n", "", ""),
        ([OVER], {"stored": "x"}, True, "", "x", ""),
        ([OVER, NEW], {"stored": "n"}, False, "", "x", ""),
        # Nobody can prove one that is kept nowhere, so no other is taken away.
        ([OLD, NEW], {"has_place": False}, False, "", "", "o"),
        ([ENDING], {"has_place": False}, True, "", "", "e"),
        ([OVER], {"has_place": False}, True, "", "x", ""),
    ],
)
def test_what_is_done(rows, options, makes, remove, expired, kept):
    planned = plan(*rows, **options)
    assert (planned.makes, keys(planned.remove), keys(planned.expired), keys(planned.kept)) == (makes, remove, expired, kept)


def test_a_moment_that_is_none_is_a_bad_answer():
    with pytest.raises(BadAnswer, match="which is no moment"):
        plan({**NEW, "endDateTime": "soon"}, stored="n")
