# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of a session are checked before anything is sent, and known again in the record."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._response.session import SESSION, commands_of, does_the_same, names_in_library, recorded

HOSTS = r"C:\Windows\System32\drivers\etc\hosts"
GIVEN = [{"put_file": "cleaner.exe"}, {"run_script": "clean.ps1", "args": "-Quiet"}, {"get_file": HOSTS}]


def test_commands_are_put_in_the_words_of_the_service():
    assert commands_of(GIVEN) == [
        {"type": "PutFile", "params": [{"key": "FileName", "value": "cleaner.exe"}]},
        {"type": "RunScript", "params": [{"key": "ScriptName", "value": "clean.ps1"}, {"key": "Args", "value": "-Quiet"}]},
        {"type": "GetFile", "params": [{"key": "Path", "value": HOSTS}]},
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "commands is empty"),
        ([], "commands is empty"),
        ([{}], r"commands\[0\] has nothing to do"),
        ([{"args": "x"}], r"commands\[0\] has nothing to do"),
        ([*GIVEN, {"put_file": "a", "get_file": "b"}], r"commands\[3\] has put_file and get_file"),
        ([GIVEN[1], GIVEN[0]], r"commands\[1\]: put_file stands after run_script"),
        ([GIVEN[0], GIVEN[2], GIVEN[1]], r"commands\[2\]: run_script stands after get_file"),
        ([{"put_file": "a.exe", "args": "x"}], r"commands\[0\]: args stands beside put_file"),
        ([{"get_file": HOSTS, "args": "x"}], r"commands\[0\]: args stands beside get_file"),
        ([GIVEN[1], {"run_script": "/srv/clean.ps1"}], r"commands\[1\]: run_script is '/srv/clean.ps1'"),
        ([{"put_file": r"..\cleaner.exe"}], r"commands\[0\]: put_file is"),
        ([{"run_script": "clean up.ps1"}], r"commands\[0\]: run_script is"),
        ([{"get_file": " "}], r"commands\[0\]: get_file is"),
        ([{"get_file": "C:\\a\nb"}], r"commands\[0\]: get_file is"),
    ],
)
def test_wrong_command_is_named_by_its_place_with_the_mend(given, said):
    with pytest.raises(BadInput, match=said) as refused:
        commands_of(given)
    assert refused.value.hint


def test_names_for_the_library_are_each_named_once():
    assert names_in_library(commands_of([*GIVEN[:2], {"run_script": "clean.ps1"}, GIVEN[2]])) == {"cleaner.exe": 0, "clean.ps1": 1}


def session(commands) -> dict:
    rows = [{"index": index, "commandStatus": "Created", "command": command} for index, command in enumerate(commands)]
    return {"id": "1", "type": "LiveResponse", "status": "Pending", "commands": rows}


def order(given=None):
    return SESSION.order("commanded", values={"comment": "c", "commands": commands_of(given or GIVEN)})


def test_session_with_the_same_commands_is_known_again():
    there = session(commands_of(GIVEN))
    assert does_the_same(order(), there)
    there["commands"].reverse()  # the place is what counts
    there["commands"][-1]["command"]["params"].append({"key": "Args", "value": ""})
    assert does_the_same(order(), there)


@pytest.mark.parametrize(
    "there",
    [
        session(commands_of(GIVEN[:2])),
        session(commands_of([GIVEN[0], {"run_script": "clean.ps1"}, GIVEN[2]])),
        session(commands_of([*GIVEN, GIVEN[2]])),
        {**session([]), "commands": None},
        {**session([]), "commands": ["GetFile"]},
        {"id": "1", "type": "LiveResponse"},
    ],
)
def test_session_with_other_commands_or_unknown_ones_is_another(there):
    assert not does_the_same(order(), there)


def test_record_is_read_by_place_whatever_stands_in_it():
    rows = [{"index": 1, "command": {}}, "?", {"index": 0}, {"commandStatus": "Failed"}]
    assert [place for place, _row in recorded({"commands": rows})] == [0, 1, 2]
