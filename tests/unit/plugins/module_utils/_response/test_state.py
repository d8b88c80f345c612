# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a machine as the record of its actions proves it."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import moments
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadAnswer
from ansible_collections.secops.defender.plugins.module_utils._response.two_states import ISOLATION

NOW = moments.parse("2026-11-25T03:00:00Z")


def action(kind: str, status: str, hours_ago: float, **more) -> dict:
    asked = NOW - datetime.timedelta(hours=hours_ago)
    return {
        "id": f"{kind}-{status}-{hours_ago}",
        "type": kind,
        "status": status,
        "scope": "Full" if kind == "Isolate" else None,
        "creationDateTimeUtc": moments.spell(asked),
        "lastUpdateTimeUtc": moments.spell(asked + datetime.timedelta(minutes=2)),
        **more,
    }


@pytest.mark.parametrize(
    ("actions", "state", "basis"),
    [
        ([], "released", "no_record"),
        ([action("Isolate", "Succeeded", 5)], "isolated", "action"),
        ([action("Isolate", "Succeeded", 5), action("Unisolate", "Succeeded", 1)], "released", "action"),
        ([action("Unisolate", "Succeeded", 5), action("Isolate", "Succeeded", 1)], "isolated", "action"),
        ([action("Isolate", "Succeeded", 24 * 8)], "released", "expired"),
        ([action("Isolate", "Failed", 1)], "released", "no_record"),
        ([action("Isolate", "TimeOut", 1)], "released", "no_record"),
        ([action("Isolate", "Succeeded", 5), action("Unisolate", "Failed", 1)], "isolated", "action"),
        ([action("Isolate", "Succeeded", 5), action("Unisolate", "Cancelled", 1)], "isolated", "action"),
        ([action("Isolate", "Succeeded", 5), action("RunAntiVirusScan", "Succeeded", 1)], "isolated", "action"),
        ([action("Isolate", "Blessed", 1)], "unknown", "unreadable"),
        ([action("Isolate", "Blessed", 5), action("Unisolate", "Succeeded", 1)], "released", "action"),
    ],
)
def test_state_is_told_from_the_last_action_that_ended_well(actions, state, basis):
    for order in (actions, list(reversed(actions))):
        history = ISOLATION.read(order, NOW)
        assert (history.state, history.basis) == (state, basis)


def test_running_action_is_told_apart_from_the_proven_state():
    history = ISOLATION.read([action("Isolate", "Succeeded", 5), action("Unisolate", "InProgress", 1)], NOW)
    assert history.state == "isolated"
    assert history.running.state == "released"


def test_seven_days_count_from_the_end_of_the_isolation_not_from_the_request():
    late = action("Isolate", "Succeeded", 24 * 9, lastUpdateTimeUtc=moments.spell(NOW - datetime.timedelta(days=6)))
    assert ISOLATION.read([late], NOW).state == "isolated"


def test_both_spellings_of_the_last_update_are_read():
    single = action("Isolate", "Succeeded", 5)
    single["lastUpdateDateTimeUtc"] = single.pop("lastUpdateTimeUtc")
    assert ISOLATION.read([single], NOW).since == ISOLATION.read([action("Isolate", "Succeeded", 5)], NOW).since


def test_proof_says_how_old_it_is():
    described = ISOLATION.read([action("Isolate", "Succeeded", 2)], NOW).describe(NOW)
    assert described == {
        "state": "isolated",
        "scope": "full",
        "basis": "action",
        "since": "2026-11-25T01:02:00Z",
        "age_seconds": 2 * 3600 - 120,
        "action_id": "Isolate-Succeeded-2",
    }


@pytest.mark.parametrize("moment", [None, "yesterday", 7])
def test_record_without_a_readable_moment_is_an_answer_that_nobody_can_act_on(moment):
    with pytest.raises(BadAnswer, match="Isolate-Succeeded-5"):
        ISOLATION.read([action("Isolate", "Succeeded", 5, creationDateTimeUtc=moment)], NOW)


def test_action_without_a_status_leaves_the_state_unknown():
    assert ISOLATION.read([action("Isolate", None, 5)], NOW).state == "unknown"
