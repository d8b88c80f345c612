# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever has a link to a file has the file, so no link is printed or left on disk, however loud the playbook is told to be."""

from __future__ import annotations

from pathlib import Path

import pytest
import rehearsal

PLAYBOOK = str(Path(__file__).parent / "files" / "fetch_everything.yml")
PARTS_OF_LINKS = (b"sig=", b"sig%3D", b"/blobs/")
"""What every link to the simulated storage holds, with the signature after it."""


@pytest.mark.parametrize("in_process", [True, False])
def test_files_that_come_and_files_that_do_not_leak_no_link(under_attack, in_process):
    """The package comes at the second link, the script's result at the first, and the file not at all."""
    tenant, folder = under_attack.tenant, under_attack.folder
    rehearsal.lock_away(rehearsal.connection(tenant, folder, "commander"), folder)
    tenant.faults([
        {"match": {"service": "storage", "path": r"\.zip$"}, "kind": "truncate", "times": 1},
        {"match": {"service": "storage", "path": r"/1$"}, "kind": "status", "status": 403, "code": "AuthenticationFailed"},
    ])
    variables = {"drill_folder": str(folder), "defender_in_process": in_process, "ansible_inject_invocation": True}
    status, log = under_attack.play(PLAYBOOK, variables, "-vvvv", "--diff")
    assert status == 0, log
    assert "invocation" in log and "AuthenticationFailed" in log and ".zip" in log, log
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}
    assert any(name.startswith("evidence/") for name in files) and any(name.startswith("ledgers/") for name in files)
    places = {"the log": log.encode(), **{name: content for name, content in files.items() if not name.startswith("collections/")}}
    assert [(name, part) for name, content in places.items() for part in PARTS_OF_LINKS if part in content] == []
    assert len(tenant.journal(service="storage")) == 2 + 1 + 3
