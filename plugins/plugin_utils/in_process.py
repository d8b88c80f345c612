# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of every module: runs it in the controller's own process where that is where the task belongs."""

from __future__ import annotations

import contextlib
import importlib
import sys
import typing as t

from ansible.plugins.action import ActionBase

from .run import run_here

with contextlib.suppress(ImportError):
    # Ansible loads this file before it forks, so that the forks need not import it once more for every task.
    import requests  # noqa: F401  # pylint: disable=unused-import

MODULES = "ansible_collections.secops.defender.plugins.modules"
SWITCH = "defender_in_process"


class ActionModule(ActionBase):
    """What is not plainly a task of this process is packaged as ever."""

    _supports_async = True
    _supports_check_mode = True

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        facts = task_vars or {}
        result = super().run(tmp, facts)
        if not self._belongs_here(facts):
            return self._execute_module(module_name=self._task.action, task_vars=facts, wrap_async=self._task.async_val)
        name = self._task.action.rpartition(".")[2]
        shape = importlib.import_module(f"{MODULES}.{name}").SHAPE
        result.update(run_here(shape, self._task.action, self._task.args, dry=bool(self._task.check_mode), diff=bool(self._task.diff)))
        return result

    def _belongs_here(self, facts: dict[str, t.Any]) -> bool:
        """On this machine, as this user, with this Python, and waited for."""
        if self._connection.transport != "local" or self._connection.become or self._task.async_val:
            return False
        if any(self._task.environment or ()):
            return False  # it would have to be set for this task alone
        host_vars = facts
        if self._task.delegate_to:
            host_vars = facts.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        interpreter = self._templar.template(host_vars.get("ansible_python_interpreter"))
        switched_on = self._templar.template(facts.get(SWITCH, True))
        return interpreter in (None, "", sys.executable) and str(switched_on).lower() not in ("false", "no", "0")
