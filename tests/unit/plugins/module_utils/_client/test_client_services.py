# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One client speaks with two services, and knows which operations end."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import Ended, RoleMissing, WrongAudience
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.operations import BY_ID, MACHINES

APPLICATIONS = BY_ID["application.list"]
INCIDENTS = BY_ID["graph_incident.list"]
CLASSIC_HUNT = BY_ID["hunting.mde_run"]
HUNT = BY_ID["hunting.graph_run"]


def at(text: str) -> MovingClock:
    return MovingClock(datetime.datetime.fromisoformat(text + "T03:00:00+00:00").timestamp())


# Two services


def test_each_service_gets_a_token_of_its_own(simulator, client_of, calls):
    client = client_of("commander")
    rows, incidents = list(client.list(MACHINES)), list(client.list(INCIDENTS))
    assert rows and incidents
    assert calls().count("token.client_credentials_secret") == 2
    assert client.calls == len(simulator.journal(service="defender")) + len(simulator.journal(service="graph"))


def test_roles_are_judged_service_by_service(client_of):
    client_of("commander").require((MACHINES, INCIDENTS))
    with pytest.raises(RoleMissing) as failed:
        client_of("reader").require((MACHINES, HUNT))
    assert failed.value.details["roles_to_grant"] == ["ThreatHunting.Read.All"]
    assert "Microsoft Graph" in failed.value.hint


def test_one_can_ask_what_the_tokens_allow(client_of):
    assert client_of("commander").may((MACHINES, INCIDENTS))
    assert not client_of("reader").may((HUNT,))


def test_a_given_token_is_good_for_its_own_service_only(client_of):
    handed_over = client_of("commander").token.value
    client = client_of("commander", client_secret=None, access_token=handed_over)
    assert client.may((MACHINES,)) and not client.may((INCIDENTS,))
    with pytest.raises(WrongAudience) as failed:
        list(client.list(INCIDENTS))
    assert "not for Microsoft Graph" in failed.value.msg


@pytest.mark.parametrize("count", [99, 100, 101])
def test_graph_says_itself_where_a_list_goes_on(simulator, client_of, count):
    simulator.settings(directory_lag=0, listing_lag=0)
    client = client_of("administrator")
    there = sum(1 for _row in client.list(APPLICATIONS))
    for number in range(count - there):
        client.call(BY_ID["application.create"], display_name=f"drill-{number}")
    listing = client.list(APPLICATIONS)
    assert len(list(listing)) == count and listing.complete


# End dates


@pytest.mark.parametrize("day", ["2027-02-01", "2027-02-02", "2031-01-01"])
def test_what_has_ended_is_refused_before_anything_is_sent(simulator, client_of, day):
    simulator.clear_journal()
    client = client_of("commander", clock=at(day))
    for use in (lambda: client.call(CLASSIC_HUNT, query="DeviceInfo"), lambda: client.require((CLASSIC_HUNT,)), lambda: client.may((CLASSIC_HUNT,))):
        with pytest.raises(Ended) as failed:
            use()
        assert "2027-02-01" in failed.value.msg and "Set service to graph" in failed.value.hint
    assert simulator.journal() == []


@pytest.mark.parametrize(("day", "told"), [("2026-08-04", 0), ("2026-08-05", 1), ("2026-11-25", 1), ("2027-01-31", 1)])
def test_an_end_is_announced_half_a_year_before_and_once(client_of, day, told):
    client = client_of("commander", clock=at(day), access_token=None)
    for _time in range(3):
        client._check_end(CLASSIC_HUNT)
    assert len(client.warnings) == told
    assert all("2027-02-01" in warning and "Set service to graph" in warning for warning in client.warnings)


def test_whoever_insists_is_warned(client_of):
    client = client_of("commander", clock=at("2027-03-01"))
    client.past_end = True
    client._check_end(CLASSIC_HUNT)
    assert len(client.warnings) == 1 and "ended" in client.warnings[0]


def test_what_has_no_end_goes_on(client_of):
    client = client_of(clock=at("2031-01-01"))
    client._check_end(MACHINES)
    assert client.warnings == []
