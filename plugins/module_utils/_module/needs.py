# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which roles the modules of this collection need, read from the modules themselves; for the controller only."""

from __future__ import annotations

import importlib
import typing as t

from .._client.errors import BadInput
from .._operation import Operation, roles_needed
from .shape import Shape

COLLECTION = "secops.defender."
_MODULES = __name__.rpartition(".module_utils.")[0] + ".modules."

Groups = t.Tuple[t.Tuple[str, ...], ...]


def shape_of(name: str) -> Shape:
    """The shape of the module of that name, with or without the collection's own in front.

    :raises BadInput: there is no such module
    """
    short = name[len(COLLECTION):] if name.startswith(COLLECTION) else name
    path = _MODULES + short
    try:
        return importlib.import_module(path).SHAPE
    except ModuleNotFoundError as error:
        # Not identifiers, or not ours: anything else that is missing is a fault of the installation.
        if error.name is None or not path.startswith(error.name):
            raise
        raise BadInput(f"There is no module {name!r} in this collection", hint=f"Name modules such as {COLLECTION}machine_info") from error


def least_roles(names: t.Iterable[str]) -> Groups:
    """The all-of groups of any-of roles that a run of these modules may need, the least privileged role first.

    :raises BadInput: one of the names is not a module of ours
    """
    return without_implied(roles_needed(operation for name in names for operation in shape_of(name).operations_at_most()))


def without_implied(groups: Groups) -> Groups:
    """``groups`` without those that are met by whatever meets another one."""
    return tuple(group for group in groups if not any(set(other) < set(group) for other in groups))


def explain(shape: Shape) -> list[str]:
    """What the module needs, a sentence each, in the markup of Ansible's documentation."""
    sentences = [_sentence("Needs the application", shape.operations)]
    sentences += [_sentence(f"With O({option}) it needs the application", found) for option, found in shape.operations_for.items()]
    sentences += [
        _sentence(f"For some values of O({option}) it needs the application", found) for option, found in shape.operations_for_some.items()
    ]
    return [sentence for sentence in sentences if sentence] or ["Needs no application permission of its own."]


def _sentence(opening: str, operations: t.Iterable[Operation]) -> str:
    groups = roles_needed(operations)
    if not groups:
        return ""
    spelt = " and ".join(" or ".join(f"V({role})" for role in group) for group in groups)
    return f"{opening} permission {spelt} of WindowsDefenderATP."
