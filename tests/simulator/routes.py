# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a path to the declared operation, and the values that the path holds."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable

from .declared import Operation, every_operation

API = "api"
VERSION = "v1.0"
"""May stand behind /api; without one the latest answers (exposed-apis-list.md)."""
QUOTE, DOUBLED = "'", "''"
HOLE = re.compile(r"('?)\{(\w+)\}'?")


KEYED = re.compile(r"(\w+)\((\w+)='((?:[^']|'')+)'\)")
"""``applications(appId='…')``: an object of Graph by another key than its id."""


class Found(t.NamedTuple):
    """Operations that share the path, by method, and the path's values by wire name."""

    methods: dict[str, Operation]
    values: dict[str, str]


class Routes:
    def __init__(self, operations: Iterable[Operation]) -> None:
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            by_path.setdefault(operation.path, {})[operation.method] = operation
        # Words win over holes: machines/findbytag is not the machine of that name.
        ordered = sorted(by_path, key=lambda path: path.count("{"))
        self._routes = [(_patterns(path), by_path[path]) for path in ordered]

    def find(self, segments: t.Sequence[str]) -> Found | None:
        """What is at that path; segments are unquoted."""
        if tuple(segments[:2]) == (API, VERSION):
            segments = (segments[0], *segments[2:])
        there, by_key = self._at(segments), self._at(_by_key(segments))
        if there is None or by_key is None:
            return there or by_key
        return Found({**by_key.methods, **there.methods}, {**by_key.values, **there.values})

    def _at(self, segments: t.Sequence[str]) -> Found | None:
        for patterns, methods in self._routes:
            if len(patterns) != len(segments):
                continue
            matches = [pattern.fullmatch(segment) for pattern, segment in zip(patterns, segments)]
            if all(matches):
                return Found(methods, _values(matches))
        return None


def _by_key(segments: t.Sequence[str]) -> tuple[str, ...]:
    """The same path with the key where the id would stand."""
    plain: list[str] = []
    for segment in segments:
        found = KEYED.fullmatch(segment)
        plain += [segment] if found is None else [found[1], f"{found[2]}={found[3].replace(DOUBLED, QUOTE)}"]
    return tuple(plain)


def routes_of(service: str) -> Routes:
    return Routes(operation for operation in every_operation() if operation.service == service)


def _patterns(path: str) -> list[re.Pattern[str]]:
    return [_pattern(segment) for segment in path.split("/")[1:]]


def _pattern(segment: str) -> re.Pattern[str]:
    """``findbyip(ip='{ip}',timestamp={timestamp})`` as a pattern: in quotes a quote is doubled (OData)."""
    parts, at = [], 0
    for hole in HOLE.finditer(segment):
        quoted, name = hole.groups()
        parts.append(re.escape(segment[at : hole.start()]))
        parts.append(f"'(?P<q_{name}>(?:[^']|'')+)'" if quoted else f"(?P<{name}>[^(),']+)")
        at = hole.end()
    parts.append(re.escape(segment[at:]))
    return re.compile("".join(parts))


def _values(matches: Iterable[re.Match[str] | None]) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in matches:
        for name, value in (match.groupdict() if match else {}).items():
            found[name.removeprefix("q_")] = value.replace("''", "'") if name.startswith("q_") else value
    return found
