# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a method and a path to the operation that is declared there."""

from __future__ import annotations

import re
from urllib.parse import unquote

from .._operation import DEFENDER, GRAPH, Operation
from . import every_operation

ROOTS = {DEFENDER: ("/api/",), GRAPH: ("/v1.0/", "/beta/")}
"""What a path begins with."""

_AS_DECLARED = (re.compile(r"^/api/v1\.0/"), "/api/"), (re.compile(r"^/beta/"), "/v1.0/")
_PLACE = re.compile(r"\{[^}]+\}")


def declared_at(service: str, method: str, path: str) -> Operation | None:
    """The operation; ``None`` where none is declared.

    The services do not tell letter cases and doubled slashes apart, and take versions that the declarations do not
    have. So none of that hides an operation here.
    """
    plain = re.sub("/+", "/", unquote(path)).rstrip("/").lower()
    for version, instead in _AS_DECLARED:
        plain = version.sub(instead, plain)
    there = [known for known in every_operation() if (known.service, known.method) == (service, method)]
    # Words win over places: machines/findbytag is not the machine of that name.
    for known in sorted(there, key=lambda operation: operation.path.count("{")):
        if _pattern(known.path).fullmatch(plain):
            return known
    return None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(map(re.escape, _PLACE.split(path.lower()))))
