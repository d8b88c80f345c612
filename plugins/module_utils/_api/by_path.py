# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a method and a path to the operation that is declared there."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import unquote

from .._operation import DEFENDER, GRAPH, Operation
from . import every_operation

ROOTS = {DEFENDER: ("/api/",), GRAPH: ("/v1.0/", "/beta/")}
"""What a path begins with."""

_AS_DECLARED = (
    (re.compile(r"^/api/v\d+(\.\d+)*/"), "/api/"),
    (re.compile(r"^/(v1\.0|beta)/(myorganization/)?"), "/v1.0/"),
    (re.compile(r"[ .]*(;[^/]*)?(?=/|$)"), ""),
)
# The other spellings of OData: the key of a thing in brackets, and the whole name of what can be done with it.
_OF_ODATA = (re.compile(r"(?<=\w)\((?:\w+=)?('?)([^()']+)\1\)(?=/|$)"), r"/\2"), (re.compile(r"(?<=/)microsoft\.[\w.]+\.(?=\w+(/|$))"), "")
_PLACE = re.compile(r"\{[^}]+\}")


def declared_at(service: str, method: str, path: str) -> Operation | None:
    """The operation; ``None`` where none is declared.

    The services do not tell letter cases and doubled slashes apart, and take versions and spellings that the
    declarations do not have. So none of that hides an operation here.
    """
    plain = _replaced(re.sub(r"[/\\]+", "/", decoded(path)).rstrip("/").lower(), _AS_DECLARED)
    there = [known for known in every_operation() if (known.service, known.method) == (service, method)]
    # Words win over places: machines/findbytag is not the machine of that name.
    there.sort(key=lambda operation: len(_PLACE.sub("", operation.path)), reverse=True)
    spellings = (plain, _replaced(plain, _OF_ODATA))
    return next((known for spelling in spellings for known in there if _pattern(known.path).fullmatch(spelling)), None)


def is_batch(path: str) -> bool:
    """Whether requests are sent there that hold others, which nobody here sees."""
    return _replaced(decoded(path).rstrip("/").lower(), _AS_DECLARED).endswith("/$batch")


def decoded(path: str) -> str:
    """The path without encoding, however often it was encoded: a gateway may take off one and the service another."""
    while (plain := unquote(path)) != path:
        path = plain
    return path


def _replaced(text: str, pairs: t.Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, instead in pairs:
        text = pattern.sub(instead, text)
    return text


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(map(re.escape, _PLACE.split(path.lower()))))
