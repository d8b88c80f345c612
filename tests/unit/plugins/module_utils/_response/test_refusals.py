# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which machines are meant, and which must not be touched."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, Refused, RoleMissing
from unit.plugins.module_utils._response.talk import names, posts


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("no-such-machine",), "not_found"),
        (("0" * 40,), "not_found"),
        (("mkt-11",), "ambiguous"),
        (("192.0.2.200",), "not_found"),
        (("dc-01",), "protected_value"),
        (("printer-2f",), "not_onboarded"),
    ],
)
def test_one_refusal_stops_the_task_before_anything_is_sent(attack, isolate, words, rule):
    with pytest.raises(Refused) as refused:
        isolate("fin-07", *words)
    assert [refusal["rule"] for refusal in refused.value.details["refused"]] == [rule]
    assert [step["name"] for step in refused.value.details["plan"]] == ["fin-07.contoso.com"]
    assert not posts(attack)


def test_all_refusals_are_told_at_once_and_can_be_skipped(attack, isolate):
    with pytest.raises(Refused, match="3 machine") as refused:
        isolate("fin-07", "dc-01", "mkt-11", "printer-2f")
    ambiguous = next(refusal for refusal in refused.value.details["refused"] if refusal["rule"] == "ambiguous")
    assert len(ambiguous["candidates"]) == 2

    result = isolate("fin-07", "dc-01", "mkt-11", "printer-2f", refused="skip")
    assert result["summary"]["refused"] == 3 and result["summary"]["succeeded"] == 1
    assert len(posts(attack)) == 1


def test_merged_record_stands_for_the_machine_it_was_merged_into(attack, isolate):
    result = isolate("dev-04")
    assert result["summary"]["total"] == 1
    assert attack.machine(result["machines"][0]["id"])["isolated"]


def test_same_machine_by_name_and_id_is_asked_once(attack, isolate):
    isolate("fin-07", "FIN-07.contoso.com", names(attack)["fin-07"].upper())
    assert len(posts(attack)) == 1


def test_empty_list_and_words_that_name_nothing_are_bad_input(attack, isolate):
    with pytest.raises(BadInput, match="machines is empty"):
        isolate(machines=[])
    with pytest.raises(BadInput, match="neither a machine id"):
        isolate("fin-07' or 'a' eq 'a")
    with pytest.raises(BadInput, match="comment is empty"):
        isolate("fin-07", comment="  ")
    assert not posts(attack)


def test_filter_names_machines_and_the_cap_holds(attack, isolate):
    with pytest.raises(Refused, match="max_machines is 1"):
        isolate(filter="startswith(computerDnsName,'fin-') or startswith(computerDnsName,'hr-')", max_machines=1)
    with pytest.raises(Refused, match="confirm says 3"):
        isolate(filter="startswith(computerDnsName,'fin-') or startswith(computerDnsName,'hr-')", confirm=3)
    result = isolate(filter="startswith(computerDnsName,'fin-') or startswith(computerDnsName,'hr-')", max_machines=1, confirm=2)
    assert result["summary"]["succeeded"] == 2


def test_filter_that_finds_nothing_is_refused(attack, isolate):
    with pytest.raises(Refused, match="no machine"):
        isolate(filter="startswith(computerDnsName,'zzz')")


def test_role_is_missed_before_anything_is_sent(attack, isolate):
    with pytest.raises(RoleMissing, match="Machine.Isolate"):
        isolate("fin-07", app="reader")
    assert not attack.journal(service="defender")
