# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence is kept whole, private and hashed, and nothing that lies there is lost."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import subprocess

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadAnswer, BadInput, Unreachable
from ansible_collections.secops.defender.plugins.module_utils._client.kept_file import check_folder, keep, kept_before

CONTENT = (b"PK", b"-not-a-zip", b"")
PLENTY = 1000


@pytest.fixture
def path(tmp_path):
    return tmp_path / "evidence" / "a.zip"


def kept(path, chunks=CONTENT, max_bytes=PLENTY):
    return keep(str(path), iter(chunks), max_bytes=max_bytes)


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_file_and_folder_are_for_their_owner_alone(path):
    kept(path)
    assert (mode(path.parent), mode(path), mode(path.with_name("a.zip.sha256"))) == (0o700, 0o600, 0o600)


def test_what_is_told_of_it_is_true_and_the_note_beside_it_proves_it(path):
    told = kept(path)
    assert (told.size, told.sha256) == (12, hashlib.sha256(b"".join(CONTENT)).hexdigest())
    assert told.moment.endswith("Z")
    subprocess.run(["sha256sum", "--check", "--strict", "a.zip.sha256"], cwd=path.parent, check=True, capture_output=True)


def test_folder_that_is_there_keeps_its_rights(path):
    path.parent.mkdir(mode=0o750)
    kept(path)
    assert mode(path.parent) == 0o750


def broken_off():
    yield b"half"
    raise Unreachable("the line is dead")


@pytest.mark.parametrize(("chunks", "error"), [(broken_off(), Unreachable), ([b"x" * PLENTY, b"y"], BadAnswer)])
def test_nothing_is_left_of_a_file_that_is_not_whole(path, chunks, error):
    with pytest.raises(error):
        kept(path, chunks)
    assert list(path.parent.iterdir()) == []


def test_file_of_just_the_size_allowed_is_kept(path):
    assert kept(path, [b"x" * PLENTY]).size == PLENTY


@pytest.fixture(params=["hard links", "no hard links"])
def file_system(request, monkeypatch):
    """Some file systems cannot give a file a second name."""

    def cannot(*_arguments, **_options):
        raise OSError(errno.EPERM, "Operation not permitted")

    if request.param == "no hard links":
        monkeypatch.setattr(os, "link", cannot)


@pytest.mark.usefixtures("file_system")
def test_file_of_other_content_is_never_overwritten(path):
    path.parent.mkdir()
    path.write_bytes(b"someone else's")
    with pytest.raises(BadAnswer, match="is there already"):
        kept(path)
    assert path.read_bytes() == b"someone else's"
    assert [entry.name for entry in path.parent.iterdir()] == ["a.zip"]


@pytest.mark.usefixtures("file_system")
def test_file_takes_its_place_on_any_file_system(path):
    kept(path)
    assert path.read_bytes() == b"".join(CONTENT)
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["a.zip", "a.zip.sha256"]


def test_the_same_content_may_come_once_more(path):
    assert kept(path).sha256 == kept(path).sha256
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["a.zip", "a.zip.sha256"]


def test_link_in_the_place_of_the_file_is_not_followed(path, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"".join(CONTENT))
    path.parent.mkdir()
    path.symlink_to(elsewhere)
    path.with_name("a.zip.sha256").write_text(hashlib.sha256(b"".join(CONTENT)).hexdigest() + "  a.zip\n")
    assert kept_before(str(path)) is None
    with pytest.raises(BadAnswer):
        kept(path)
    assert path.is_symlink()


def test_file_of_an_earlier_run_is_known_by_its_note(path):
    told = kept(path)
    assert kept_before(str(path)) == told


@pytest.mark.parametrize("change", ["content", "note", "no note", "no file"])
def test_file_that_is_not_what_was_noted_is_not_taken_for_kept(path, change):
    kept(path)
    note = path.with_name("a.zip.sha256")
    {
        "content": lambda: path.write_bytes(b"changed"),
        "note": lambda: note.write_bytes(b"\xff\xfe"),
        "no note": note.unlink,
        "no file": path.unlink,
    }[change]()
    assert kept_before(str(path)) is None


def test_folder_that_cannot_hold_files_is_bad_input(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(BadInput, match="cannot be written to"):
        kept(blocked / "a.zip")
    with pytest.raises(BadInput, match="not a folder"):
        check_folder("dest", str(blocked))
    with pytest.raises(BadInput, match="no folder"):
        check_folder("dest", str(tmp_path / "missing" / "deeper"))
    check_folder("dest", str(tmp_path / "missing"))
    assert not (tmp_path / "missing").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("there", [True, False])
def test_folder_of_someone_else_is_refused_before_anything_is_fetched(tmp_path, there):
    tmp_path.chmod(0o500)
    with pytest.raises(BadInput, match="cannot be written to"):
        check_folder("dest", str(tmp_path if there else tmp_path / "new"))
