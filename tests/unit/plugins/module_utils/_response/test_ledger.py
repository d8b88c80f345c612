# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run does is written down in time, what cannot be written down is not sent, and nothing secret is written."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import response_actions
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, NotRecorded, Unreachable
from ansible_collections.secops.defender.plugins.module_utils._operation import Field
from ansible_collections.secops.defender.plugins.module_utils._response.act import Act
from ansible_collections.secops.defender.plugins.module_utils._response.ledger import Ledger, open_ledger
from ansible_collections.secops.defender.plugins.module_utils._response.ledger_words import fingerprint
from ansible_collections.secops.defender.plugins.module_utils._response.outcome import UNKNOWN, Outcome
from ansible_collections.secops.defender.plugins.module_utils._response.recorder import NoRecord
from unit.plugins.module_utils._client.identity import APP, TENANT
from unit.plugins.module_utils._response.a_case import CASE, a_client, a_step, accepted, begin, chain_of, isolation, opened, whole_run


def kinds(ledger):
    return [entry["kind"] for entry in chain_of(ledger).entries]


def written_by(ledger):
    return Path(ledger.describe()["path"]).read_text(encoding="utf-8")


@pytest.mark.parametrize("case", [None, "", "  "])
def test_without_a_case_nothing_is_kept_and_nobody_signs_in(tmp_path, case):
    recorder = open_ledger({"case": case, "ledger": str(tmp_path / "ledgers")}, client=None)
    assert isinstance(recorder, NoRecord) and recorder.marked("As ever") == "As ever"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", ["a/b", "../up", "two words", "x" * 65, "Fall-Ä", "a\nb"])
def test_a_case_that_cannot_be_called_so_is_refused(tmp_path, case):
    with pytest.raises(BadInput, match="cannot name a case"):
        opened(tmp_path, case=case)


@pytest.mark.parametrize("case", ["INC-4711", "#4711", "a.b_c", "..", "x" * 64])
def test_each_tenant_and_case_has_a_file_of_its_own(tmp_path, case):
    whole_run(tmp_path / "ledgers", isolation())
    path = opened(tmp_path / "ledgers", case=case, tid=TENANT.replace("d0d0", "eeee")).describe()["path"]
    assert path == str(tmp_path / "ledgers" / f"{TENANT.replace('d0d0', 'eeee')}_{case}.ndjson")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_token_cannot_choose_the_path(tmp_path):
    with pytest.raises(BadInput, match="does not say its tenant"):
        opened(tmp_path, tid="../../etc")


def test_without_a_folder_that_for_state_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    ledger = open_ledger({"case": CASE, "ledger": None}, a_client())
    assert ledger.describe()["path"].startswith(str(tmp_path / "state" / "secops.defender" / "ledgers"))
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    ledger = open_ledger({"case": CASE, "ledger": ""}, a_client())
    assert ledger.describe()["path"].startswith(str(tmp_path / "home" / ".local" / "state" / "secops.defender"))


def test_a_whole_run_is_written_down_in_order(tmp_path):
    ledger = whole_run(tmp_path, isolation(), count=2)
    assert kinds(ledger) == ["plan", "dispatch", "answer", "dispatch", "answer", "result", "result", "end"]
    assert ledger.describe()["entries"] == 8 and chain_of(ledger).holds(ledger.describe()["head"])


def test_every_entry_says_who_where_and_for_which_case(tmp_path):
    ledger = whole_run(tmp_path, isolation())
    for entry in chain_of(ledger).entries:
        assert (entry["case"], entry["tenant_id"], entry["app_id"], entry["run"]) == (CASE, TENANT, APP, ledger.run)
        assert entry["time"].endswith("Z") and entry["version"]


def test_the_plan_says_what_is_asked_for_by_whom_and_why(tmp_path):
    plan = chain_of(whole_run(tmp_path, isolation())).entries[0]
    assert (plan["action"], plan["word"], plan["values"]) == ("Isolate", "isolated", {"isolation_type": "Full"})
    assert plan["user"] and plan["host"] and plan["comment"].startswith("Ransom note found [case")
    first = plan["machines"][0]
    assert (first["machine"], first["verdict"], first["before"]["state"]) == ("ws-0.contoso.com", "send", "released")


def test_the_marker_is_the_run_s_own(tmp_path):
    one, other = opened(tmp_path), opened(tmp_path)
    assert one.marked("Look") == f"Look [case {CASE} run {one.run}]"
    assert one.run != other.run


def test_a_dispatch_is_on_disk_before_the_call(tmp_path, monkeypatch):
    ledger, flushed = opened(tmp_path), []
    order = begin(ledger, isolation(), [a_step(1)])
    monkeypatch.setattr(os, "fsync", lambda _fd: flushed.append(kinds(ledger)))
    ledger.sending(order, a_step(1))
    assert flushed == [["plan", "dispatch"]]


def test_in_check_mode_nothing_is_written(tmp_path):
    recorder = opened(tmp_path / "ledgers", dry=True)
    assert begin(recorder, isolation(), [a_step(1)]).comment == "Ransom note found"
    recorder.sending(isolation(), a_step(1))
    recorder.ended(isolation(), [])
    assert recorder.earlier(isolation()) == {} and list(tmp_path.iterdir()) == []


def test_the_name_of_the_case_is_checked_in_check_mode_too(tmp_path):
    with pytest.raises(BadInput):
        opened(tmp_path, case="a/b", dry=True)


def test_a_folder_that_is_not_ours_alone_fails_the_task_before_anything(tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(NotRecorded, match="can be written to by others") as caught:
        opened(tmp_path)
    assert "ledger" in caught.value.hint


def test_a_ledger_that_goes_away_stops_what_was_not_sent_yet(tmp_path):
    ledger = opened(tmp_path)
    order = begin(ledger, isolation(), [a_step(1), a_step(2)])
    ledger.sending(order, a_step(1))
    os.unlink(ledger.describe()["path"])
    with pytest.raises(NotRecorded, match="removed"):
        ledger.sending(order, a_step(2))


def test_an_answer_that_cannot_be_written_down_is_told_and_not_lost(tmp_path):
    client = a_client()
    ledger = open_ledger({"case": CASE, "ledger": str(tmp_path)}, client)
    order = begin(ledger, isolation(), [a_step(1)])
    ledger.sending(order, a_step(1))
    os.unlink(ledger.describe()["path"])
    outcome = accepted(order, a_step(1), "an-action")
    ledger.answered(order, outcome)
    ledger.ended(order, [outcome])
    assert ledger.describe()["lost"] == 3
    assert len(client.warnings) == 1 and "the only record" in client.warnings[0]


def test_a_ledger_that_does_not_verify_is_told_and_written_on(tmp_path):
    path = Path(whole_run(tmp_path, isolation()).describe()["path"])
    path.write_bytes(path.read_bytes().replace(b"ws-1", b"dc-1", 1))
    client = a_client()
    ledger = open_ledger({"case": CASE, "ledger": str(tmp_path)}, client)
    ledger.earlier(isolation())
    begin(ledger, isolation(), [])
    assert "does not verify. Entry 1, line 1: it was changed after it was written" in client.warnings[0]
    assert [fault.seq for fault in chain_of(ledger).faults] == [1]


def test_two_orders_are_the_same_whatever_the_comment():
    assert fingerprint(isolation(comment="One")) == fingerprint(isolation(comment="Two"))
    assert fingerprint(isolation("Full")) != fingerprint(isolation("Selective"))


def commands(args):
    script = {"type": "RunScript", "params": [{"key": "ScriptName", "value": "reset.ps1"}, {"key": "Args", "value": args}]}
    act = Act("LiveResponse", response_actions.RUN_LIVE_RESPONSE)
    return act.order("run", values={"comment": "Reset the account", "commands": [script]})


def test_what_a_script_is_given_is_not_written_down_but_tells_orders_apart(tmp_path):
    order = commands("-Password not-a-secret-of-a-test")
    content = written_by(whole_run(tmp_path, order))
    assert "not-a-secret" not in content and "reset.ps1" in content
    assert fingerprint(order) != fingerprint(commands("-Password another"))


def test_a_secret_value_is_not_written_down(tmp_path):
    operation = replace(response_actions.ISOLATE, body_fields=(*response_actions.ISOLATE.body_fields, Field("key", "Key", secret=True)))
    order = replace(isolation(), operation=operation)
    order = replace(order, values={**order.values, "key": "not-a-secret-of-a-test"})
    content = written_by(whole_run(tmp_path, order))
    assert "not-a-secret" not in content
    assert fingerprint(order) == fingerprint(replace(order, values={**order.values, "key": "another"}))


def test_the_token_is_not_written_down(tmp_path):
    client = a_client()
    ledger = open_ledger({"case": CASE, "ledger": str(tmp_path)}, client)
    begin(ledger, isolation(), [a_step(1)])
    content = written_by(ledger)
    assert not [part for part in client.token.value.split(".") if part in content]


def test_names_that_attackers_chose_stay_in_their_line(tmp_path):
    ledger = opened(tmp_path)
    step = replace(a_step(1), machine={"id": "1" * 40, "computerDnsName": 'x"}\n{"kind":"end"}\x1b[2J\ud800'})
    begin(ledger, isolation(), [step])
    chain = chain_of(ledger)
    assert chain.faults == [] and [entry["kind"] for entry in chain.entries] == ["plan"]


def test_an_error_is_written_down_as_the_outcome_it_is(tmp_path):
    ledger = opened(tmp_path)
    order = begin(ledger, isolation(), [a_step(1)])
    error = Unreachable("No answer came", maybe_sent=True)
    ledger.answered(order, Outcome(a_step(1), UNKNOWN, error.sentence(), sent=True, error=error))
    answer = chain_of(ledger).entries[-1]
    assert (answer["outcome"], answer["reason"], answer["action_id"]) == ("unknown", "No answer came.", None)


def test_the_lock_of_a_run_is_gone_when_it_has_ended(tmp_path):
    whole_run(tmp_path, isolation())
    assert [path.suffix for path in tmp_path.iterdir()] == [".ndjson"]


def test_it_is_a_recorder(tmp_path):
    assert isinstance(opened(tmp_path), Ledger)
