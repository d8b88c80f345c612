# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which roles the modules of this collection need, read from the modules themselves; for the controller only."""

from __future__ import annotations

import importlib
import typing as t

from .._client.errors import BadInput
from .._client.words import and_list
from .._operation import DEFENDER, GRAPH, Operation, roles_needed
from .shape import Shape

COLLECTION = "secops.defender."
VALUE = "="
"""In a key of ``Shape.operations_for`` this stands between an option and one of its values."""

_MODULES = __name__.rpartition(".module_utils.")[0] + ".modules."

RESOURCES = {DEFENDER: "WindowsDefenderATP", GRAPH: "Microsoft Graph"}
"""Service -> the API that one picks when adding a permission to an app, by its name there."""

SERVICE = "service"
"""The option by which a task chooses one of them, where either will do."""

Groups = tuple[tuple[str, ...], ...]


def shape_of(name: str) -> Shape:
    """The shape of the module of that name, with or without the collection's own in front.

    :raises BadInput: there is no such module
    """
    short = name[len(COLLECTION):] if name.startswith(COLLECTION) else name
    no_such_module = BadInput(f"There is no module {name!r} in this collection", hint=f"Name modules such as {COLLECTION}machine_info")
    if not short.isidentifier():
        raise no_such_module
    try:
        return importlib.import_module(_MODULES + short).SHAPE
    except ModuleNotFoundError as error:
        # Anything else that is missing is a fault of the installation.
        if error.name != _MODULES + short:
            raise
        raise no_such_module from error


def operations_of(name: str) -> tuple[Operation, ...]:
    """All that a run of the module may call. What one value of an option needs is left out, unless it is named, or the default.

    :param name: of a module, such as ``machine_info``, or of one use of it, such as ``machine_info:related=users``;
        ``alert_info:service=graph`` is a use that needs nothing of the other service
    :raises BadInput: there is no such module, or nothing that such a use needs
    """
    module, _colon, use = name.partition(":")
    shape = shape_of(module)
    if use and use not in shape.operations_for:
        known = [f"{module}:{key}" for key in shape.operations_for if VALUE in key]
        raise BadInput(f"{name!r} is not a use that needs more than others", hint=f"Those of this module are {and_list(known)}")
    named, _equals, value = use.partition(VALUE)
    uses = [key for key in shape.operations_for if VALUE not in key or key == use or _is_default(shape, key, unless=named)]
    operations = (*shape.operations, *(operation for key in uses for operation in shape.operations_for[key]))
    return tuple(operation for operation in operations if named != SERVICE or value not in RESOURCES or operation.service == value)


def _is_default(shape: Shape, use: str, unless: str) -> bool:
    """Whether a run makes this use of an option that is not named, and is not ``unless``."""
    option, _equals, value = use.partition(VALUE)
    return option != unless and shape.argument_spec[option].get("default") == value


def least_roles(names: t.Iterable[str], service: str = DEFENDER) -> Groups:
    """The all-of groups of any-of roles that a run of these modules may need at the service, the least privileged role first.

    :param names: as ``operations_of`` takes them
    :raises BadInput: one of the names is not a module of ours
    """
    operations = (operation for name in names for operation in operations_of(name))
    return without_implied(roles_needed(operation for operation in operations if operation.service == service))


def without_implied(groups: Groups) -> Groups:
    """``groups`` without those that are met by whatever meets another one."""
    return tuple(group for group in groups if not any(set(other) < set(group) for other in groups))


def explain(shape: Shape) -> list[str]:
    """What the module needs, a sentence each, in the markup of Ansible's documentation."""
    always = _by_service(shape.operations)
    of_services = [_by_service(shape.operations_for.get(f"{SERVICE}{VALUE}{service}", ())) for service in RESOURCES]
    either = ", or instead of it ".join(_spelt(needed) for needed in of_services if needed)
    sentences = [f"Needs the application permission {either or _spelt(always)}." if always or either else "Needs no application permission of its own."]
    if either:
        sentences.append("Which of them, O(service) says.")
    for option, operations in shape.operations_for.items():
        further = _by_service(operations, known=always)
        if further and not option.startswith(SERVICE + VALUE):
            sentences.append(f"With O({option}) it may also need the application permission {_spelt(further)}.")
    return sentences


def _by_service(operations: t.Iterable[Operation], known: t.Mapping[str, Groups] | None = None) -> dict[str, Groups]:
    """Service -> the groups of roles that are needed there and not ``known``."""
    operations = tuple(operations)
    found = {}
    for service in RESOURCES:
        groups = roles_needed(operation for operation in operations if operation.service == service)
        found[service] = tuple(group for group in groups if group not in (known or {}).get(service, ()))
    return {service: groups for service, groups in found.items() if groups}


def _spelt(needed: t.Mapping[str, Groups]) -> str:
    return ", and ".join(
        " and ".join(" or ".join(f"V({role})" for role in group) for group in groups) + f" of {RESOURCES[service]}"
        for service, groups in needed.items()
    )
