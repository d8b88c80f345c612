# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens are kept for whoever holds the very same credential, and for nobody else."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import replace

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import token_cache
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, SignInFailed
from unit.plugins.module_utils._client.cache_desk import Clock, fetched, kept_files
from unit.plugins.module_utils._client.identity import APP, SECRET, TENANT, a_token, encode, some_settings

FORKS = 10


def test_the_second_task_asks_nobody(settings, desk):
    assert fetched(settings, desk) == fetched(settings, desk)
    assert desk.asked == 1


@pytest.mark.parametrize("later, asked", [(3599, 1), (3600, 2), (4000, 2)])
def test_a_token_with_less_than_five_minutes_left_is_renewed(settings, desk, later, asked):
    clock = Clock()
    fetched(settings, desk, clock)
    clock.now += later
    assert fetched(settings, desk, clock).expires_at > clock.now + token_cache.MARGIN
    assert desk.asked == asked


@pytest.mark.parametrize(
    "changes",
    [
        {"client_secret": SECRET + "2"},
        {"client_id": APP.replace("a1", "a2")},
        {"tenant_id": TENANT.replace("d0d0", "d0d1")},
        {"login_url": "https://login.example.com"},
        {"scope": "https://api-us.securitycenter.microsoft.com/.default"},
        {"cloud": "gcc"},
    ],
)
def test_another_identity_never_gets_that_token(settings, desk, changes):
    fetched(settings, desk)
    fetched(replace(settings, **changes), desk)
    assert desk.asked == 2


def test_where_a_call_goes_makes_no_other_identity(settings, desk):
    fetched(settings, desk)
    fetched(replace(settings, region="eu", timeout=5, tenant_id=TENANT.upper()), desk)
    assert desk.asked == 1


def test_a_wrong_secret_cannot_open_the_file_of_another_even_under_its_own_name(settings, desk, folder):
    fetched(settings, desk)
    (right,) = kept_files(folder)
    fetched(replace(settings, client_secret="not-a-secret-either"), desk)
    (wrong,) = set(kept_files(folder)) - {right}
    wrong.write_bytes(right.read_bytes())
    fetched(replace(settings, client_secret="not-a-secret-either"), desk)
    assert desk.asked == 3


def test_a_certificate_is_known_by_key_and_passphrase(tmp_path, desk):
    pem = tmp_path / "app.pem"
    pem.write_text("not a key")
    settings = some_settings(client_secret=None, certificate_path=str(pem), token_cache_path=str(tmp_path / "tokens"))
    fetched(settings, desk)
    fetched(settings, desk)
    assert desk.asked == 1
    fetched(replace(settings, certificate_passphrase="not a secret"), desk)
    assert desk.asked == 2
    pem.write_text("not a key either")
    fetched(settings, desk)
    assert desk.asked == 3


def test_a_certificate_that_is_gone_is_bad_input_with_or_without_a_token_kept(settings, desk):
    with pytest.raises(BadInput, match="certificate_path /gone.pem cannot be read: No such file"):
        fetched(replace(settings, client_secret=None, certificate_path="/gone.pem"), desk)


def test_switched_off_it_leaves_nothing(settings, desk, folder):
    fetched(replace(settings, token_cache=False), desk)
    fetched(replace(settings, token_cache=False), desk)
    assert desk.asked == 2 and not folder.exists()


def test_a_token_that_is_given_is_neither_asked_for_nor_kept(folder, desk):
    value = encode({"aud": "anything"})
    given = replace(some_settings(), client_secret=None, access_token=value, token_cache_path=str(folder))
    assert fetched(given, desk).value == value
    assert desk.asked == 0 and not folder.exists()


def test_what_is_forgotten_is_asked_for_anew(settings, desk):
    token = fetched(settings, desk)
    token_cache.forget(settings, token)
    assert fetched(settings, desk) != token
    token_cache.forget(settings)
    fetched(settings, desk)
    assert desk.asked == 3


def test_a_token_that_another_fork_has_renewed_is_not_forgotten(settings, desk):
    refused = fetched(settings, desk)
    token_cache.forget(settings, refused)
    renewed = fetched(settings, desk)
    token_cache.forget(settings, refused)
    assert fetched(settings, desk) == renewed
    assert desk.asked == 2


def test_a_refused_sign_in_keeps_nothing_and_frees_the_lock(settings, desk, folder):
    def refuse(settings, *, clock, since):
        raise SignInFailed("Entra ID refused the sign-in")

    with pytest.raises(SignInFailed):
        fetched(settings, refuse)
    assert not kept_files(folder)
    assert fetched(settings, desk)


def _fork(settings, log):
    def ask(settings, *, clock, since):
        with open(log, "a", encoding="utf-8") as file:
            file.write("asked\n")
        time.sleep(0.2)
        return a_token(iat=clock.time(), nbf=clock.time(), exp=clock.time() + 3900)

    token_cache.token_for(settings, warn=pytest.fail, ask=ask)


def test_ten_forks_at_once_make_one_request(settings, tmp_path):
    log = tmp_path / "log"
    context = multiprocessing.get_context("fork")
    forks = [context.Process(target=_fork, args=(settings, str(log))) for _number in range(FORKS)]
    for fork in forks:
        fork.start()
    for fork in forks:
        fork.join(30)
    assert [fork.exitcode for fork in forks] == [0] * FORKS
    assert log.read_text(encoding="utf-8") == "asked\n"
