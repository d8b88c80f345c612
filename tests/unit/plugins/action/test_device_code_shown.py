# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at the terminal sees the code to sign in with; where nobody could see it the task does not begin to wait."""

from __future__ import annotations

import re

import pytest

CODE = re.compile(r"\[localhost\] Sign in to Defender for Endpoint .*: open https://microsoft.com/devicelogin in a browser and enter the code (\w+)\. ")
LOOK = {"name": "look", "secops.defender.token": {"required_roles": ["Machine.Read.All"]}}


@pytest.fixture
def analyst(stage):
    """A stage on which a person signs in, with codes that may be asked after each second."""
    stage.tenant.settings(device_code_interval=1)
    stage.given = {**stage.given, "client_id": stage.tenant.apps["public"]["client_id"], "device_code": True}
    del stage.given["client_secret"]
    yield stage
    stage.tenant.settings(device_code_interval=5)


def test_the_code_is_shown_at_once_also_by_a_hidden_task_and_one_is_enough_for_the_play(analyst):
    play = analyst.start([{**LOOK, "no_log": True}, {**LOOK, "name": "look again"}])
    seen = ""
    while not (code := CODE.match(seen)):
        seen = play.stderr.readline()
        assert seen or play.poll() is None, play.stdout.read()
    entered = {"user_code": code.group(1), "person": "analyst@contoso.com", "scopes": ["Machine.Read"], "resource": "https://api.securitycenter.microsoft.com"}
    analyst.tenant.session.post(f"{analyst.tenant.url}/_simulator/device_codes", json=entered).raise_for_status()
    output, errors = play.communicate(timeout=60)
    assert play.returncode == 0, output + errors
    assert "[localhost] Signed in as analyst@contoso.com" in errors and "enter the code" not in output + errors


def test_where_nobody_would_see_it_the_task_is_refused_before_anything_is_sent(analyst):
    analyst.tenant.clear_journal()
    done = analyst.play([{**LOOK, "vars": {"defender_in_process": False}}])
    assert done.status == 2 and "device_code needs somebody who sees the code" in done.output, done.output + done.errors
    assert analyst.tenant.journal() == []
