# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells a play as its roles put it: what is being done, what they say, what went wrong; for the demo."""

from __future__ import annotations

DOCUMENTATION = r"""
name: in_words
type: stdout
short_description: Tell a play in the words of its roles
description:
  - Shows tasks of the collection by their names, what M(ansible.builtin.debug) says as plain lines, and failures as a sentence.
"""

import time

from ansible.plugins.callback import CallbackBase

SAY = "ansible.builtin.debug"
OURS = "secops.defender."


class CallbackModule(CallbackBase):
    """What Ansible calls."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "in_words"

    def v2_runner_on_start(self, host, task):
        self._since = time.monotonic()
        if task.action.startswith(OURS):
            self._display.display(f"  {task.name} ...")

    def v2_runner_on_ok(self, result):
        task, said = result._task, result._result.get("msg")
        if task.action == SAY:
            for line in said if isinstance(said, list) else [said]:
                self._display.display(f"    {line}")
        elif task.action.startswith(OURS):
            changed = ", something was changed" if result._result.get("changed") else ""
            self._display.display(f"    done in {time.monotonic() - self._since:.1f} s{changed}")

    def v2_runner_on_skipped(self, result):
        if result._task.action.startswith(OURS):
            self._display.display("    not needed")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._display.display(f"  It ends here: {result._result.get('msg')}")

    v2_runner_on_unreachable = v2_runner_on_failed
