# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files and folders of the token cache are private, or are not used."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import cache_folder
from ansible_collections.secops.defender.plugins.module_utils._client.cache_key import LENGTH, NAME
from unit.plugins.module_utils._client.cache_desk import fetched, kept_files
from unit.plugins.module_utils._client.identity import APP, SECRET, TENANT


def test_files_are_for_their_owner_alone_and_tell_nothing(settings, desk, folder):
    token = fetched(settings, desk)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        readable = path.read_bytes() + path.name.encode()
        for secret in (SECRET, token.value, token.value.split(".")[1], TENANT, APP):
            assert secret.encode() not in readable


@pytest.mark.parametrize("spoil", ["empty", "garbage", "cut", "flipped", "open", "link"])
def test_a_file_that_is_broken_or_foreign_counts_as_not_there(settings, desk, folder, tmp_path, spoil):
    fetched(settings, desk)
    (path,) = kept_files(folder)
    content = path.read_bytes()
    spoilt = {"empty": b"", "garbage": os.urandom(300), "cut": content[:40], "flipped": content[:-1] + bytes([content[-1] ^ 1])}
    if spoil in spoilt:
        path.write_bytes(spoilt[spoil])
    if spoil == "open":
        path.chmod(0o644)
    if spoil == "link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    fetched(settings, desk)
    assert desk.asked == 2
    fetched(settings, desk)
    assert desk.asked == 2


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_to_is_not_used(settings, desk, folder, mode):
    folder.mkdir()
    folder.chmod(mode)
    warnings = []
    fetched(settings, desk, warn=warnings.append)
    fetched(settings, desk, warn=warnings.append)
    assert desk.asked == 2 and not list(folder.iterdir())
    assert f"{folder} can be written to by others" in warnings[0] and "token_cache_path" in warnings[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder away")
def test_a_folder_of_another_user_is_not_used(settings, desk, folder):
    folder.mkdir(mode=0o700)
    os.chown(folder, 12345, -1)
    warnings = []
    fetched(settings, desk, warn=warnings.append)
    assert f"{folder} belongs to another user" in warnings[0]


def test_a_folder_that_cannot_be_made_costs_a_warning_and_no_more(settings, desk, tmp_path):
    (tmp_path / "file").write_text("in the way")
    warnings = []
    assert fetched(replace(settings, token_cache_path=str(tmp_path / "file" / "tokens")), desk, warn=warnings.append)
    assert "Not a directory" in warnings[0]


def test_without_a_path_the_user_s_cache_folder_is_taken(settings, desk, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    fetched(replace(settings, token_cache_path=None), desk)
    assert kept_files(tmp_path / "caches" / "secops.defender")


def test_without_a_home_a_private_folder_of_the_temporary_ones_is_taken(settings, desk, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    monkeypatch.setattr(cache_folder.tempfile, "tempdir", str(tmp_path))
    fetched(replace(settings, token_cache_path=None), desk)
    assert kept_files(tmp_path / f"secops.defender-{os.geteuid()}")


@pytest.fixture
def person(settings):
    """Settings of somebody who signs in by a code, and has no secret that could lock the cache."""
    return replace(settings, client_secret=None, device_code=True)


def test_where_there_is_no_secret_a_random_key_of_the_user_alone_locks_the_cache(person, desk, folder):
    token = fetched(person, desk)
    assert fetched(person, desk) == token and desk.asked == 1
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600 and len((folder / NAME).read_bytes()) == LENGTH
    assert not any(token.value.encode() in path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize("spoil", ["gone", "short", "long", "another", "open", "link"])
def test_a_key_that_is_not_ours_alone_opens_nothing_and_is_made_anew(person, desk, folder, tmp_path, spoil):
    fetched(person, desk)
    key = folder / NAME
    contents = {"short": os.urandom(LENGTH - 1), "long": os.urandom(LENGTH + 1), "another": os.urandom(LENGTH)}
    if spoil in contents:
        key.write_bytes(contents[spoil])
    if spoil == "gone":
        key.unlink()
    if spoil == "open":
        key.chmod(0o640)
    if spoil == "link":
        key.rename(tmp_path / "elsewhere")
        key.symlink_to(tmp_path / "elsewhere")
    fetched(person, desk)
    fetched(person, desk)
    assert desk.asked == 2 and not key.is_symlink() and stat.S_IMODE(key.stat().st_mode) == 0o600


def test_two_people_of_different_apps_or_tenants_are_strangers(person, desk):
    fetched(person, desk)
    fetched(replace(person, client_id=APP.replace("a1", "a2")), desk)
    fetched(replace(person, tenant_id=TENANT.replace("d0d0", "d0d1")), desk)
    assert desk.asked == 3


def test_the_token_of_a_machine_is_not_kept_a_second_time(settings, desk, folder):
    machine = replace(settings, client_secret=None, managed_identity="system")
    fetched(machine, desk)
    fetched(machine, desk)
    assert desk.asked == 2 and not folder.exists()
