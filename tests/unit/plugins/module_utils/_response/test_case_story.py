# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A later run knows what an earlier one had begun, and a release what this case has isolated; others' deeds are left alone."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.kept_file import Kept
from ansible_collections.secops.defender.plugins.module_utils._response import ledger_run
from ansible_collections.secops.defender.plugins.module_utils._response.case_story import tell
from ansible_collections.secops.defender.plugins.module_utils._response.history import History
from ansible_collections.secops.defender.plugins.module_utils._response.outcome import FAILED, NOT_SENT, UNCHANGED, UNKNOWN, Outcome
from ansible_collections.secops.defender.plugins.module_utils._response.two_states import APP_RESTRICTION
from unit.plugins.module_utils._response.a_case import a_step, accepted, begin, chain_of, isolation, opened, release, scan, whole_run

ONE, TWO, THREE = a_step(1), a_step(2), a_step(3)
STEPS = [ONE, TWO, THREE]
DAY = 86_400


def cut_short(folder, order=None, *, alive=False, status="Pending", **client):
    """A run that got an answer for ONE, none for TWO, and never came to THREE; its marker, and itself while it is alive."""
    ledger = opened(folder, **client)
    marked = begin(ledger, order or isolation(), STEPS)
    ledger.sending(marked, ONE)
    ledger.answered(marked, accepted(marked, ONE, f"{ledger.run}-of-one", status))
    ledger.sending(marked, TWO)
    marker = ledger.marked("")
    run = ledger.run
    if alive:
        return marker, run, ledger
    del ledger
    gc.collect()
    return marker, run, None


def earlier(folder, order=None, **client):
    return opened(folder, **client).earlier(order or scan())


def taken_up(folder, *fates, order=None):
    """A run that comes to its end with these outcomes."""
    ledger = opened(folder)
    marked = begin(ledger, order or isolation(), STEPS)
    ledger.ended(marked, [fate(marked) for fate in fates])
    return ledger


def story_of(folder):
    return tell(chain_of(opened(folder)).entries)


def test_what_a_run_had_begun_is_known_to_the_next(tmp_path):
    marker, run, _none = cut_short(tmp_path, scan())
    assert earlier(tmp_path) == {ONE.machine_id: (marker, f"{run}-of-one"), TWO.machine_id: (marker, None)}


def test_check_mode_knows_it_as_well(tmp_path):
    cut_short(tmp_path, scan())
    assert earlier(tmp_path, dry=True) == earlier(tmp_path) != {}


def test_a_run_at_work_is_not_taken_for_one_that_was_cut_short(tmp_path):
    _marker, run, ledger = cut_short(tmp_path, scan(), alive=True)
    assert earlier(tmp_path) == {} and ledger.earlier(scan()) == {}
    assert ledger_run.is_held(ledger_run.lock_path(ledger.describe()["path"], run))


def test_a_run_that_has_ended_leaves_nothing_to_take_up(tmp_path):
    whole_run(tmp_path, scan(), status="Pending")
    assert earlier(tmp_path) == {}


@pytest.mark.parametrize("order", [scan("Full"), release()], ids=["another kind", "another action"])
def test_another_order_takes_nothing_up(tmp_path, order):
    cut_short(tmp_path, scan())
    assert earlier(tmp_path, order) == {}


def test_another_reason_is_the_same_order(tmp_path):
    cut_short(tmp_path, scan())
    assert len(earlier(tmp_path, scan(comment="Second try"))) == 2


def test_another_case_and_another_tenant_know_nothing_of_it(tmp_path):
    cut_short(tmp_path, scan())
    assert earlier(tmp_path, case="INC-4712") == {}
    assert earlier(tmp_path, tid="5a1f0e4c-0000-4000-8000-00000000eeee") == {}


def test_what_was_begun_long_ago_is_not_taken_up(tmp_path):
    cut_short(tmp_path, scan())
    assert earlier(tmp_path, ahead=2 * DAY) and not earlier(tmp_path, ahead=4 * DAY)


def test_what_was_refused_before_the_crash_is_not_taken_up(tmp_path):
    cut_short(tmp_path, scan(), status="Failed")
    assert list(earlier(tmp_path)) == [TWO.machine_id]


def test_what_a_later_run_has_settled_is_not_taken_up_again(tmp_path):
    cut_short(tmp_path, scan())
    taken_up(tmp_path, lambda order: accepted(order, ONE, "joined", "Pending", sent=False), lambda _order: Outcome(TWO, NOT_SENT, "stopped"), order=scan())
    assert list(earlier(tmp_path)) == [TWO.machine_id]


def test_of_two_crashes_the_later_counts(tmp_path):
    cut_short(tmp_path, scan())
    marker, run, _none = cut_short(tmp_path, scan())
    assert earlier(tmp_path)[ONE.machine_id] == (marker, f"{run}-of-one")


def test_the_lock_of_a_dead_run_is_tidied_away(tmp_path):
    cut_short(tmp_path, scan())
    assert len(list(tmp_path.iterdir())) == 2
    assert earlier(tmp_path) == earlier(tmp_path) != {}
    assert len(list(tmp_path.iterdir())) == 1


def test_where_there_is_a_state_the_record_tells_all(tmp_path):
    """What had been isolated may have been released by hand since; to take the old action up would call that isolated."""
    cut_short(tmp_path)
    assert earlier(tmp_path, isolation()) == earlier(tmp_path, isolation(), dry=True) == {}


def test_what_was_isolated_is_to_be_undone(tmp_path):
    whole_run(tmp_path, isolation(), count=2)
    assert story_of(tmp_path).to_undo() == {"isolated": [a_step(0).machine_id, ONE.machine_id], "contained": [], "restricted": []}


def test_what_was_contained_and_restricted_is_told_apart(tmp_path):
    ledger = whole_run(tmp_path, isolation("UnManagedDevice"), count=1, status="Pending")
    restriction = APP_RESTRICTION.order("restricted", values={"comment": "Until it is clean"})
    whole_run(tmp_path, restriction, count=1)
    # A task that waits names the same action without its kind.
    taken_up(tmp_path, lambda order: accepted(order, a_step(0), f"{ledger.run}-00", sent=False))
    assert story_of(tmp_path).to_undo() == {"isolated": [], "contained": [a_step(0).machine_id], "restricted": [a_step(0).machine_id]}


def test_files_that_were_kept_are_in_the_record(tmp_path):
    kept = Kept(path="/evidence/package.zip", size=3, sha256="a" * 64, moment="2026-11-25T03:00:00Z")
    taken_up(tmp_path, lambda order: replace(accepted(order, ONE, "collected"), files=(kept,)))
    assert [deed.files for deed in story_of(tmp_path).every_deed] == [[kept.describe()]]


def test_what_is_still_under_way_is_to_be_undone_too(tmp_path):
    cut_short(tmp_path)
    assert story_of(tmp_path).to_undo()["isolated"] == [ONE.machine_id]


def test_what_was_released_is_not(tmp_path):
    whole_run(tmp_path, isolation(), count=3)
    taken_up(tmp_path, lambda order: accepted(order, ONE, "let-go"), lambda _order: Outcome(TWO, UNCHANGED, "already"), order=release())
    assert story_of(tmp_path).to_undo()["isolated"] == [a_step(0).machine_id]


def test_a_release_that_is_not_known_to_have_ended_well_undoes_nothing(tmp_path):
    whole_run(tmp_path, isolation(), count=3)
    taken_up(
        tmp_path,
        lambda order: accepted(order, a_step(0), "a", "Pending"),
        lambda order: accepted(order, ONE, "b", "Failed"),
        lambda _order: Outcome(TWO, UNKNOWN, "no answer"),
        order=release(),
    )
    assert len(story_of(tmp_path).to_undo()["isolated"]) == 3


def test_what_others_isolated_is_theirs_to_release(tmp_path):
    foreign = isolation(comment="By hand")
    taken_up(
        tmp_path,
        lambda _order: accepted(foreign, ONE, "by-hand", sent=False),
        lambda _order: Outcome(TWO, UNCHANGED, "already"),
        lambda _order: Outcome(THREE, FAILED, "refused"),
    )
    assert story_of(tmp_path).to_undo()["isolated"] == []


def test_what_an_earlier_run_of_the_case_had_asked_for_is_ours(tmp_path):
    marker, _run, _none = cut_short(tmp_path)
    lost = isolation(comment=f"Ransom note found {marker}")
    taken_up(tmp_path, lambda _order: accepted(lost, TWO, "found-by-marker", sent=False))
    assert story_of(tmp_path).to_undo()["isolated"] == [ONE.machine_id, TWO.machine_id]


def found_done(step, action_id, comment):
    """The outcome for a machine that is isolated already, by an action with this comment."""
    latest = {"id": action_id, "type": "Isolate", "requestorComment": comment}
    return Outcome(replace(step, before=History("isolated", "action", latest=latest)), UNCHANGED, "it is isolated already")


def test_what_a_lost_call_had_done_is_ours_although_the_next_run_found_it_done(tmp_path):
    marker, run, _none = cut_short(tmp_path)
    taken_up(tmp_path, lambda _order: found_done(TWO, "found-done", f"Ransom note found {marker}"))
    assert story_of(tmp_path).to_undo()["isolated"] == [ONE.machine_id, TWO.machine_id]
    lost = story_of(tmp_path).deeds[TWO.machine_id][run]
    assert (lost.outcome, lost.action_id, lost.asked_in) == ("succeeded", "found-done", run)


def test_what_is_found_done_by_others_is_theirs(tmp_path):
    taken_up(tmp_path, lambda _order: found_done(TWO, "by-hand", "By hand [case INC-4712 run 00ff]"))
    assert story_of(tmp_path).to_undo()["isolated"] == []


def test_an_isolation_that_failed_in_the_end_is_not_to_be_undone(tmp_path):
    ledger = whole_run(tmp_path, isolation(), count=2, status="Pending")
    taken_up(tmp_path, lambda order: accepted(order, ONE, f"{ledger.run}-{ONE.machine_id[-2:]}", "TimeOut", sent=False))
    assert story_of(tmp_path).to_undo()["isolated"] == [a_step(0).machine_id]


def test_a_second_isolation_that_fails_leaves_the_first(tmp_path):
    whole_run(tmp_path, isolation("Selective"), count=1)
    whole_run(tmp_path, isolation("Full"), count=1, status="Failed")
    assert story_of(tmp_path).to_undo()["isolated"] == [a_step(0).machine_id]


def open_of(folder):
    return {deed.machine_id: (deed.outcome, deed.action_id) for deed in story_of(folder).every_deed if deed.is_open}


def test_what_was_sent_and_has_no_known_end_is_open(tmp_path):
    _marker, run, _none = cut_short(tmp_path)
    assert open_of(tmp_path) == {ONE.machine_id: ("pending", f"{run}-of-one"), TWO.machine_id: ("unanswered", None)}


def test_what_a_later_run_saw_end_is_not_open(tmp_path):
    _marker, run, _none = cut_short(tmp_path)
    taken_up(
        tmp_path,
        lambda order: accepted(order, ONE, f"{run}-of-one", "Succeeded", sent=False),
        lambda order: accepted(order, TWO, "found-by-marker", "Succeeded", sent=False),
    )
    assert open_of(tmp_path) == {}


def test_runs_are_ended_running_or_cut_short(tmp_path):
    whole_run(tmp_path, isolation())
    cut_short(tmp_path)
    _marker, run, _ledger = cut_short(tmp_path, alive=True)
    states = [entry.describe(lambda name: name == run)["state"] for entry in story_of(tmp_path).runs.values()]
    assert states == ["ended", "cut_short", "running"]
