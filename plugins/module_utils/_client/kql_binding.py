# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Binds parameters to a hunting query by ``let`` statements before it, so that values stay values."""

from __future__ import annotations

import json
import re
import typing as t

from .errors import BadInput
from .kql import literal
from .kql_words import RESERVED, use_of

LONGEST = 1_000_000
"""Bytes of a query, as a gateway of the service refuses requests from 1 MiB on: seen, on no page."""

# Tables and columns of the service begin with a capital. One that bears the name of a parameter would be meant in its place.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def bind(query: str, parameters: t.Mapping[str, t.Any]) -> str:
    """``query`` with each parameter as a constant of its name.

    :raises BadInput: a name or a value is none for a query, or the query does not use it
    """
    return with_constants(query, {name: literal(f"parameters: {name}", value) for name, value in parameters.items()})


def with_constants(query: str, literals: t.Mapping[str, str]) -> str:
    """``query`` after a ``let`` for each literal.

    :raises BadInput: as ``bind``, or it is longer than the service takes
    """
    for name in literals:
        _check(name, query)
    bound = "".join(f"let {name} = {spelt};\n" for name, spelt in literals.items()) + query
    size = len(json.dumps(bound))  # as it is sent: quotes and backslashes take two bytes there, letters beyond ASCII six
    if size > LONGEST:
        raise BadInput(f"The query has {size} bytes with its parameters, and the service takes no more than {LONGEST}", hint="Split the lists")
    return bound


def _check(name: t.Any, query: str) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        hint = "Begin with a small letter and use small letters, digits and underscores: a column of the same name would be meant in its place"
        raise BadInput(f"parameters: {name!r} is not a name for one", hint=hint)
    if name in RESERVED:
        raise BadInput(f"parameters: {name} is a word of the query language", hint="Give it another name, also in the query")
    use = use_of(name, query)
    if use.is_given:
        raise BadInput(f"parameters: the query gives {name} a meaning of its own", hint="Give the parameter another name, also in the query")
    if use.is_called:
        raise BadInput(f"parameters: the query calls {name} as a function", hint="Give the parameter another name, also in the query")
    if not use.as_value:
        raise BadInput(f"parameters: the query does not use {name}", hint="Look for a typing error, or leave the parameter out")
