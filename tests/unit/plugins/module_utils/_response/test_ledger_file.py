# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a ledger is private, survives whoever dies over it, and takes many writers at once."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.private_folder import Unusable
from ansible_collections.secops.defender.plugins.module_utils._response import ledger_file
from ansible_collections.secops.defender.plugins.module_utils._response.ledger_file import LedgerFile, read_ledger

COLLECTIONS = Path(ledger_file.__file__).parents[6]
NAME = "case.ndjson"
WRITERS, ENTRIES = 4, 60


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state" / "ledgers"


@pytest.fixture
def ledger(folder):
    return LedgerFile(str(folder), NAME)


def add(ledger, *words, lasting=False):
    ledger.append([{"kind": "answer", "word": word} for word in words], torn={"run": "of-the-test"}, lasting=lasting)


def words(ledger):
    return [entry.get("word", entry["kind"]) for entry in read_ledger(ledger.path).entries]


def tear(ledger, size=30):
    """Leave the file as a writer leaves it who dies in the middle of a line."""
    with open(ledger.path, "rb") as file:
        whole = file.read()
    add(ledger, "never finished")
    with open(ledger.path, "rb") as file:
        line = file.read()[len(whole):]
    os.truncate(ledger.path, len(whole) + (size if size > 0 else len(line) + size))


def test_it_is_for_its_owner_alone(ledger, folder):
    add(ledger, "one")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o770, 0o702])
def test_a_folder_that_others_may_write_to_is_not_used(folder, mode):
    folder.mkdir(parents=True)
    folder.chmod(mode)
    with pytest.raises(Unusable, match="can be written to by others"):
        LedgerFile(str(folder), NAME)


def test_a_file_that_others_may_read_is_not_used(ledger, folder):
    (folder / NAME).chmod(0o640)
    with pytest.raises(Unusable, match="others may read or write it"):
        LedgerFile(str(folder), NAME)


def test_a_link_is_not_followed(folder, tmp_path):
    folder.mkdir(parents=True, mode=0o700)
    (folder / NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        LedgerFile(str(folder), NAME)
    assert not (tmp_path / "elsewhere").exists()


def test_whoever_opens_it_again_goes_on_where_it_ended(ledger, folder):
    add(ledger, "one", "two")
    again = LedgerFile(str(folder), NAME)
    assert len(again.read().entries) == 2
    add(again, "three")
    assert words(ledger) == ["one", "two", "three"] and read_ledger(ledger.path).faults == []


def test_two_that_have_it_open_take_turns(ledger, folder):
    other = LedgerFile(str(folder), NAME)
    for word in range(6):
        add(ledger if word % 2 else other, word)
    assert words(ledger) == list(range(6)) and read_ledger(ledger.path).faults == []


@pytest.mark.parametrize("size", [1, 30, -2])
@pytest.mark.parametrize("reads_first", [True, False])
def test_a_torn_line_is_set_aside_by_whoever_writes_next(folder, ledger, size, reads_first):
    add(ledger, "one")
    tear(ledger, size)
    for word in ("two", "three"):
        later = LedgerFile(str(folder), NAME)
        if reads_first:
            later.read()
        add(later, word)
    chain = read_ledger(ledger.path)
    assert chain.faults == [] and [torn.vouched for torn in chain.torn] == [True]
    assert words(ledger) == ["one", "torn", "two", "three"]


@pytest.mark.parametrize("reads_first", [True, False])
def test_a_line_that_lacks_only_its_end_is_kept(folder, ledger, reads_first):
    add(ledger, "one", "two")
    os.truncate(ledger.path, os.path.getsize(ledger.path) - 1)
    later = LedgerFile(str(folder), NAME)
    if reads_first:
        later.read()
    add(later, "three")
    chain = read_ledger(ledger.path)
    assert (chain.faults, chain.torn, words(ledger)) == ([], [], ["one", "two", "three"])


def test_a_fault_does_not_stop_the_writing_and_is_not_covered_up(ledger, folder):
    add(ledger, "one", "two", "three")
    path = folder / NAME
    path.write_bytes(path.read_bytes().replace(b"two", b"TWO"))
    later = LedgerFile(str(folder), NAME)
    later.read()
    add(later, "four")
    assert [fault.seq for fault in read_ledger(str(path)).faults] == [2]


def test_what_is_cut_off_while_it_is_open_leaves_a_gap(ledger, folder):
    add(ledger, "one")
    size = os.path.getsize(ledger.path)
    add(ledger, "two", "three")
    os.truncate(ledger.path, size)
    add(ledger, "four")
    assert [fault.seq for fault in read_ledger(ledger.path).faults] == [2]


def test_a_ledger_that_was_removed_meanwhile_is_an_error(ledger, folder):
    add(ledger, "one")
    (folder / NAME).unlink()
    with pytest.raises(FileNotFoundError):
        add(ledger, "two")


def test_threads_share_it(ledger):
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda word: add(ledger, word, lasting=True), range(200)))
    assert sorted(words(ledger)) == list(range(200)) and read_ledger(ledger.path).faults == []


def test_whoever_waits_for_the_disk_shares_one_flush(ledger, monkeypatch):
    flushed = []

    def slow(fd):
        flushed.append(fd)
        ledger_file.threading.Event().wait(0.02)

    monkeypatch.setattr(ledger_file.os, "fsync", slow)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda word: add(ledger, word, lasting=True), range(50)))
    assert 5 <= len(flushed) < 25


WRITE = """
import sys
from ansible_collections.secops.defender.plugins.module_utils._response.ledger_file import LedgerFile
folder, name, who, count = sys.argv[1:]
ledger = LedgerFile(folder, name)
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(count)):
    ledger.append([{"kind": "answer", "word": f"{who}-{number}"}], torn={}, lasting=False)
"""


def writer(folder, who, count=ENTRIES, **further):
    command = [sys.executable, "-c", WRITE, str(folder), NAME, str(who), str(count)]
    environment = {**os.environ, "PYTHONPATH": str(COLLECTIONS)}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **further)


def test_processes_write_at_once_and_nothing_is_lost(folder, ledger):
    writers = [writer(folder, who) for who in range(WRITERS)]
    assert [process.stdout.readline() for process in writers] == ["ready\n"] * WRITERS
    for process in writers:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in writers] == [""] * WRITERS
    assert sorted(words(ledger)) == sorted(f"{who}-{number}" for who in range(WRITERS) for number in range(ENTRIES))
    assert read_ledger(ledger.path).faults == []


def test_a_disk_that_fills_up_is_an_error_and_the_ledger_goes_on_when_there_is_space_again(folder, ledger):
    def no_space_left():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    process = writer(folder, "full", preexec_fn=no_space_left)
    _out, error = process.communicate("go\n")
    assert "File too large" in error and os.path.getsize(ledger.path) == 2000
    add(ledger, "later")
    chain = read_ledger(ledger.path)
    assert chain.faults == [] and [torn.vouched for torn in chain.torn] == [True]
    assert words(ledger)[-2:] == ["torn", "later"]
