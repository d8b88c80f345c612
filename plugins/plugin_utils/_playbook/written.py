# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task as it is written: which action it names, in any of the forms there are, and with which options."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible.errors import AnsibleError
from ansible.parsing.splitter import parse_kv
from ansible.playbook.handler import Handler

from .expression import UNKNOWN
from .known import is_template

BUILTIN = ("ansible.builtin.", "ansible.legacy.")
FREE_FORM = "_raw_params"
_FORMS = ("action", "local_action")
_KEYWORDS = frozenset((*Handler.fattributes, *_FORMS))


class Unclear(Exception):
    """It cannot be told what the task does; the text says why."""


@dataclass(frozen=True)
class Written:
    """``options`` are as written, or UNKNOWN as a whole."""

    action: str
    options: t.Any

    @property
    def builtin(self) -> str:
        """The name without the part that all actions of Ansible itself may go by."""
        return next((self.action[len(prefix):] for prefix in BUILTIN if self.action.startswith(prefix)), self.action)


def written(task: t.Mapping[str, t.Any]) -> Written:
    """What a task does.

    :raises Unclear: it names no action, or several
    """
    named = [key for key in task if key not in _KEYWORDS and not str(key).startswith("with_")]
    forms = [form for form in _FORMS if form in task]
    if len(named) + len(forms) != 1:
        raise Unclear("it names no action" if not (named or forms) else f"it names several actions: {', '.join(map(str, (*forms, *named)))}")
    action, value = (str(named[0]), task[named[0]]) if named else _of_form(task[forms[0]])
    return Written(action, _joined(_options(value), task.get("args", {})))


def _of_form(value: t.Any) -> tuple[str, t.Any]:
    """Of ``action: name key=value`` and of ``action: {module: name, key: value}``."""
    more = dict(value) if isinstance(value, dict) else {}
    text = str(more.pop("module", "") if isinstance(value, dict) else value).strip()
    action, _space, words = (text, "", "") if text.startswith("{{") else text.partition(" ")
    return action, _joined(_options(words), more)


def _options(value: t.Any) -> t.Any:
    if value is None or isinstance(value, dict):
        return value or {}
    if value is UNKNOWN or (is_template(value) and str(value).strip().startswith("{{") and str(value).strip().endswith("}}")):
        return UNKNOWN
    try:
        return dict(parse_kv(str(value)))
    except AnsibleError as error:
        raise Unclear("its options cannot be read") from error


def _joined(options: t.Any, more: t.Any) -> t.Any:
    """The options with those of ``args``, which give way."""
    if options is UNKNOWN or (more and not isinstance(more, dict)):
        return UNKNOWN
    return {**(more or {}), **options}
