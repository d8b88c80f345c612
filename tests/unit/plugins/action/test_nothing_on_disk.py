# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task in the controller's process writes no secret and no token to any file, not for a moment."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

TOKEN = b"eyJ"  # how a token begins, and nothing else that is written here
KEEP = {"ANSIBLE_KEEP_REMOTE_FILES": "1"}
TASK = {"secops.defender.machine_isolation": {"state": "isolated", "machines": ["{{ machine }}"], "comment": "drill", "wait": False}}


class Watch:
    """Looks at all files below a folder, over and over within the ``with`` block and once more at its end."""

    def __init__(self, folder: Path, *wanted: bytes) -> None:
        self.found: set[str] = set()
        self.looks = 0
        self._folder = folder
        self._wanted = wanted
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    def _look_on(self) -> None:
        while not self._over.wait(0.005):
            self._look()
            self.looks += 1

    def _look(self) -> None:
        # os.walk passes over folders that have just gone; the search of pathlib would end there, and the watch with it.
        for folder, _folders, names in os.walk(self._folder):
            for name in names:
                with contextlib.suppress(OSError):  # it has just gone
                    held = Path(folder, name).read_bytes()
                    if any(secret in held for secret in self._wanted):
                        self.found.add(name)


def played(stage, **facts):
    """The names of files in which the secret or a token stood at any time; only Ansible was told where the secret is."""
    secret = stage.given["client_secret"]
    stage.given["client_secret"] = "{{ lookup('ansible.builtin.env', 'THE_SECRET') }}"
    hosts = {"localhost": {"machine": stage.machines()[0], **facts}}
    with Watch(stage.folder, secret.encode(), TOKEN) as watch:
        done = stage.play([TASK], "-vvvv", hosts=hosts, environ={**KEEP, "THE_SECRET": secret})
    assert done.status == 0, done.output + done.errors
    assert watch.looks > 20
    return watch.found


def test_in_process_nothing_secret_is_written(stage):
    assert played(stage) == set()


def test_packaged_the_watch_finds_the_secret_so_it_would_have_found_it_above(stage):
    assert "AnsiballZ_machine_isolation.py" in played(stage, defender_in_process=False)
