# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which operations one task of ours may call, told from the options that are written there."""

from __future__ import annotations

import typing as t

from .._operation import Operation
from .needs import RESOURCES, SERVICE, VALUE
from .shape import ANYTHING, OneOf, Params, Shape

_NO = ("", "no", "off", "0", "0.0", "false", "n", "f")
"""What Ansible takes as false, as text."""

Values = t.Optional[frozenset]
"""What an option may be, as text; None for anything."""


def operations_used(shape: Shape, given: Params | None) -> tuple[Operation, ...]:
    """What a task with these options may call: what a value decides is counted with that value only, and all of it where the value is not known.

    :param given: option -> its value, None for its default, OneOf for some that are possible, ANYTHING where it is not known, or in a list for a part
        of it; no mapping at all where no option is known
    :raises BadInput: the options decide, and do not say enough
    """
    params = {name: ANYTHING if given is None else given.get(name, spec.get("default")) for name, spec in shape.argument_spec.items()}
    foretold = getattr(shape, "foretold", None)
    if foretold is not None:
        return tuple(foretold(params))
    values = {name: _values(shape.argument_spec[name], value) for name, value in params.items()}
    uses = [key for key in shape.operations_for if _is_made(key, values)]
    operations = (*shape.operations, *(operation for key in uses for operation in shape.operations_for[key]))
    services = values.get(SERVICE) or frozenset()
    # One that names its service asks no other, whatever its other options could ask for there.
    elsewhere = RESOURCES.keys() - services if services <= RESOURCES.keys() and services else ()
    return tuple(dict.fromkeys(operation for operation in operations if operation.service not in elsewhere))


def _is_made(use: str, values: t.Mapping[str, Values]) -> bool:
    option, of_one_value, value = use.partition(VALUE)
    possible = values[option]
    if possible is None:
        return True
    return value in possible if of_one_value else bool(possible)


def _values(spec: t.Mapping[str, t.Any], value: t.Any) -> Values:
    if isinstance(value, OneOf):
        each = [_values(spec, one) for one in value]
        return None if None in each else frozenset(word for one in each for word in one or ())
    value = spec.get("default") if value is None else value
    kind = spec.get("type", "str")
    if kind == "list" and isinstance(value, str):
        value = [word.strip() for word in value.split(",")]
    entries = value if isinstance(value, list) else [value]
    if any(entry is ANYTHING for entry in entries):
        return None
    if kind == "bool":
        return frozenset() if value is None or str(value).strip().lower() in _NO else frozenset(("true",))
    return frozenset(str(entry) for entry in entries if entry not in (None, "", False, {}))
