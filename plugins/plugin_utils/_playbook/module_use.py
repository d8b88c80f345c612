# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that uses a module of ours, and what it may call by the options that stand there."""

from __future__ import annotations

import typing as t

from ...module_utils._client.errors import BadInput
from ...module_utils._module.needs import COLLECTION, shape_of
from ...module_utils._module.shape import ANYTHING, OneOf
from ...module_utils._module.uses import operations_used
from ...module_utils._operation import Operation
from .expression import OMITTED, Mark
from .place import Place
from .written import Unclear, Written

OURS = COLLECTION.rstrip(".")
ALL_OF_OURS = f"group/{OURS}.all"


def module_of(task: Written, place: Place) -> str | None:
    """The short name of the module of ours; None when it is somebody else's.

    :raises Unclear: it is none, although it looks like one
    """
    short = task.action[len(COLLECTION):] if task.action.startswith(COLLECTION) else task.action
    if "." in short:
        return None
    try:
        shape_of(short)
    except BadInput as error:
        if short == task.action:
            return None
        raise Unclear(f"there is no module {task.action}") from error
    if short == task.action and OURS not in place.collections:
        raise Unclear(f"{short} is a short name, and collections does not name {OURS} here")
    return short


def operations_of_task(module: str, task: Written, place: Place) -> tuple[Operation, ...]:
    """What it may call.

    :raises Unclear: its options decide, and only the run knows them
    """
    names = (ALL_OF_OURS, module, f"{COLLECTION}{module}")
    defaults = {option: value for each in place.defaults for name in names if isinstance(each.get(name), dict) for option, value in each[name].items()}
    try:
        return operations_used(shape_of(module), _given({**defaults, **task.options}, place) if isinstance(task.options, dict) else None)
    except BadInput as error:
        raise Unclear(error.sentence()) from error


def _given(options: t.Mapping[str, t.Any], place: Place) -> dict[str, t.Any]:
    possible = {option: [_without_marks(value) for value in place.scope.possible(written)] for option, written in options.items()}
    return {option: values[0] if len(values) == 1 else OneOf(values) for option, values in possible.items()}


def _without_marks(value: t.Any) -> t.Any:
    if value is OMITTED:
        return None
    if isinstance(value, Mark):
        return ANYTHING
    if isinstance(value, list):
        return [_without_marks(entry) for entry in value if entry is not OMITTED]
    return value
