# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugins of all modules do: run the module in the controller's own process where the task belongs there."""

from __future__ import annotations

import contextlib
import os
import sys
import typing as t

from ansible.module_utils.parsing.convert_bool import BOOLEANS_FALSE
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._client.client import unwatched
from ..module_utils._client.errors import BadInput
from ..module_utils._client.settings import Settings
from ..module_utils._client.text import plain
from ..module_utils._client.transport import tls_context
from ..module_utils._module.shape import Shape
from .progress import Teller
from .run import run_here

with contextlib.suppress(ImportError, BadInput):
    # Ansible loads this file before it forks: what is imported and read here need not be once more for every task.
    # A fault shows in the task that meets it.
    import cryptography.hazmat.primitives.ciphers.aead  # noqa: F401  # pylint: disable=unused-import

    tls_context(Settings(ca_path=os.environ.get("DEFENDER_CA_PATH")))

IN_PROCESS = "defender_in_process"
PROGRESS = "defender_progress"


class InProcess(ActionBase):
    """What is not plainly a task of this process is packaged as ever. ``shape`` is that of the module."""

    shape: Shape
    _supports_async = True
    _supports_check_mode = True

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        facts = task_vars or {}
        result = super().run(tmp, facts)
        task = self._task
        if not self._belongs_here(facts):
            return self._execute_module(module_name=task.action, task_vars=facts, wrap_async=task.async_val)
        with self._watcher(facts) as watch:
            result.update(
                run_here(self.shape, task.action, task.args, dry=bool(task.check_mode), diff=bool(task.diff), watch=watch, tell=_say_line(facts))
            )
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
        return _is_this_python(interpreter) and self._switched_on(IN_PROCESS, facts)

    def _watcher(self, facts: dict[str, t.Any]) -> contextlib.AbstractContextManager[t.Callable[[t.Any], None]]:
        """Who is told how far the work is: a person, unless they want no progress, or no word of this task."""
        if self._task.no_log or not self._switched_on(PROGRESS, facts):
            return contextlib.nullcontext(unwatched)
        return Teller(_say_line(facts))

    def _switched_on(self, variable: str, facts: dict[str, t.Any]) -> bool:
        """Whether nobody says no: the variable, else the variable of the environment of its name in capitals."""
        value = self._templar.template(facts.get(variable))
        if value in (None, ""):
            value = os.environ.get(variable.upper(), "")
        return str(value).strip().lower() not in BOOLEANS_FALSE


def _say_line(facts: dict[str, t.Any]) -> t.Callable[[str], None]:
    """Says a line to the person at hand, with the host it is about."""
    host = plain(str(facts.get("inventory_hostname", "")))
    # Standard error, as it is written at once and what programs read from standard output stays whole.
    return lambda line: Display().display(f"[{host}] {line}", stderr=True)


def _is_this_python(interpreter: t.Any) -> bool:
    """Whether it is the Python that runs here; in its folder the same one goes by several names, such as python3.

    Another folder means another environment with libraries of its own, even where both lead to one file in the end.
    """
    if interpreter in (None, "", sys.executable):
        return True
    path = str(interpreter)
    return os.path.dirname(path) == os.path.dirname(sys.executable) and os.path.realpath(path) == os.path.realpath(sys.executable)
