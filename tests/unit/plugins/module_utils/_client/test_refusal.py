# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Entra ID answers instead of a token becomes a sentence for a person."""

from __future__ import annotations

import email.utils
import json
import re
import time
from pathlib import Path

import pytest
import requests
import yaml
from ansible_collections.secops.defender.plugins.module_utils._client import aadsts
from ansible_collections.secops.defender.plugins.module_utils._client.credential import Credential
from ansible_collections.secops.defender.plugins.module_utils._client.errors import SignInFailed
from ansible_collections.secops.defender.plugins.module_utils._client.refusal import Busy, Pending, check
from unit.plugins.module_utils._client.identity import APP, SECRET, some_settings

ROOT = next(parent for parent in Path(__file__).resolve().parents if (parent / "tests" / "simulator").is_dir())
NUMBERS = re.findall(r"AADSTS(\d+)", (ROOT / "tests/simulator/contract/errors.yaml").read_text(encoding="utf-8"))
SAMPLE = yaml.safe_load((ROOT / "tests/simulator/contract/token.yaml").read_text(encoding="utf-8"))["types"]["TokenErrorResponse"]["sample"]


def an_answer(body, status=401, **headers):
    answer = requests.Response()
    answer.status_code = status
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    answer._content = (body if isinstance(body, str) else json.dumps(body)).encode()  # the one way to make one without a wire
    return answer


def refused(body, status=401, settings=None, shown="", **headers):
    with pytest.raises((SignInFailed, Busy)) as raised:
        check(an_answer(body, status, **headers), settings or some_settings(), Credential(for_msal="not a secret", shown=shown, secrets=(SECRET,)))
    return raised.value


def with_number(number, **changes):
    return {"error": "invalid_client", "error_codes": [number], "error_description": f"AADSTS{number}: Trouble.", **changes}


@pytest.mark.parametrize("number", sorted(set(map(int, NUMBERS))))
def test_every_number_of_the_contract_has_a_hint(number):
    assert number in aadsts.REFUSALS


def test_meaning_number_hint_and_ids_are_told():
    failure = refused(SAMPLE)
    assert failure.msg == "Entra ID refused the sign-in: the client secret is wrong (AADSTS7000215)"
    assert (failure.code, failure.status, failure.request_id) == ("AADSTS7000215", 401, SAMPLE["trace_id"])
    assert "not its secret ID" in failure.hint
    assert failure.details["correlation_id"] == SAMPLE["correlation_id"]
    assert failure.details["entra_message"] == "AADSTS7000215: Invalid client secret provided. ..."


def test_a_number_that_nobody_knows_comes_with_the_page_that_explains_it():
    failure = refused(with_number(424242))
    assert "AADSTS424242" in failure.msg
    assert failure.hint == "https://login.microsoftonline.com/error?code=424242 explains it"


@pytest.mark.parametrize("codes", [None, [], "7000215", ["7000215"], [-1], {}])
def test_without_a_number_the_word_is_told(codes):
    failure = refused({"error": "invalid_client", "error_codes": codes}, status=400)
    assert failure.msg == "Entra ID refused the sign-in: HTTP 400 (invalid_client)"


def test_a_secret_that_is_repeated_is_taken_out():
    failure = refused(with_number(7000215, error_description=f"{SECRET} is wrong\x1b[31m"))
    assert failure.details["entra_message"] == "******** is wrong\\x1b[31m"


def test_a_secret_id_in_place_of_the_secret_is_noticed():
    failure = refused(with_number(7000215), settings=some_settings(client_secret=APP))
    assert "looks like a secret ID" in failure.hint and APP not in failure.sentence()


def test_the_certificate_that_was_refused_is_named():
    assert "The certificate used here has thumbprint 00FF" in refused(with_number(700027), shown="The certificate used here has thumbprint 00FF").hint


A_PERSON = {"client_secret": None, "device_code": True}
FEDERATED = {"client_secret": None, "federated_token": "not-a-token"}


@pytest.mark.parametrize(
    "number, way, said",
    [
        (7000218, A_PERSON, "allow public client flows"),
        (65001, A_PERSON, "delegated permissions"),
        (53003, A_PERSON, "block device codes on purpose"),
        (50076, A_PERSON, "second factor"),
        (700027, FEDERATED, "not signed by the issuer it names"),
        (700024, FEDERATED, "outside its time"),
        (7000215, {}, "not its secret ID"),
        (53003, {}, "policies for workload identities"),
    ],
)
def test_a_number_is_explained_to_whoever_signs_in(number, way, said):
    assert said in refused(with_number(number), settings=some_settings(**way)).sentence()


@pytest.mark.parametrize("number", [700211, 700213, 7002138, 70021, 700229])
def test_what_the_federated_token_says_is_told_where_it_does_not_match(number):
    failure = refused(with_number(number), settings=some_settings(**FEDERATED), shown="The federated token used here has issuer https://issuer.example.com")
    assert "issuer https://issuer.example.com" in failure.hint


@pytest.mark.parametrize("cloud, audience", [("commercial", "api://AzureADTokenExchange"), ("gcc_high", "api://AzureADTokenExchangeUSGov")])
def test_the_audience_of_the_cloud_is_told_where_another_was_asked_for(cloud, audience):
    assert refused(with_number(700212), settings=some_settings(cloud=cloud, **FEDERATED)).hint.endswith(f"the audience is {audience}")


@pytest.mark.parametrize("word, said", [("authorization_declined", "the person declined"), ("expired_token", "nobody entered the code in time")])
def test_a_word_without_a_number_is_explained_as_well(word, said):
    assert said in refused({"error": word}, status=400, settings=some_settings(**A_PERSON)).msg


@pytest.mark.parametrize("word, slower", [("authorization_pending", False), ("slow_down", True)])
def test_a_code_that_nobody_has_entered_yet_is_no_refusal(word, slower):
    with pytest.raises(Pending) as pending:
        check(an_answer({"error": word, "error_codes": [70016]}, 400), some_settings(**A_PERSON), Credential())
    assert pending.value.slower is slower


def test_a_number_that_stands_in_the_text_alone_is_found():
    failure = refused({"error": "invalid_resource", "error_description": "AADSTS500011: The resource principal was not found."}, status=400)
    assert failure.code == "AADSTS500011" and "does not know the API" in failure.msg


def test_the_word_beside_a_conditional_refusal_is_kept():
    assert refused(with_number(53003, suberror="message_only")).details["suberror"] == "message_only"


@pytest.mark.parametrize("off, said", [(-3600, "60 minutes ahead of"), (7300, "2 hours behind")])
def test_a_wrong_clock_is_told_where_it_explains_the_refusal(off, said):
    date = email.utils.formatdate(time.time() + off, usegmt=True)
    assert f"The clock here is {said} that of Entra ID" in refused(with_number(700024), Date=date).hint
    assert "The clock here" not in refused(with_number(7000215), Date=date).hint


@pytest.mark.parametrize("date", ["", "yesterday", email.utils.formatdate(usegmt=True)], ids=["none", "no date", "now"])
def test_a_clock_that_is_right_or_unknown_is_not_blamed_further(date):
    assert "The clock here" not in refused(with_number(700024), Date=date).hint


@pytest.mark.parametrize("body", ["", "<html>log in</html>", "null", "[]", "7", '"text"'])
@pytest.mark.parametrize("status", [200, 400, 404])
def test_an_answer_that_is_not_entra_s_is_told_as_such(body, status):
    failure = refused(body, status)
    assert f"not Entra ID's (HTTP {status})" in failure.msg and "html" not in failure.sentence()


@pytest.mark.parametrize(
    "body, status, headers, pause",
    [
        ("", 503, {}, None),
        ("<html>", 502, {"Retry_After": "7"}, 7.0),
        (with_number(90055), 429, {"Retry_After": "0"}, 0.0),
        (with_number(90033), 400, {"Retry_After": "soon"}, None),
    ],
)
def test_a_busy_service_is_told_from_one_that_refuses(body, status, headers, pause):
    busy = refused(body, status, **headers)
    assert isinstance(busy, Busy) and busy.pause == pause
    assert "the service is busy" in busy.failure.msg and busy.failure.status == status


def test_a_good_answer_passes():
    check(an_answer({"access_token": "not a token"}, 200), some_settings(), Credential(for_msal="not a secret"))
