# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that go wrong on demand, for the requests that a test names."""

from __future__ import annotations

import dataclasses
import random
import re
import typing as t
from dataclasses import dataclass, field

from .asked import Asked
from .entra_errors import table

KINDS = {
    "status": "answers with a status of its own, before anything takes effect",
    "drop": "closes the connection before anything takes effect",
    "drop_after": "takes effect, then closes the connection instead of answering",
    "slow": "waits before it does anything",
    "truncate": "sends half of the answer's body",
    "expired_token": "judges the token expired; the login host hands out one that is",
    "not_json": "answers with a web page, as gateways do",
    "lying_next_link": "the next link leads to another origin",
    "looping_next_link": "the next link leads to the same page again",
    "duplicate_rows": "the page begins with the last rows of the page before",
}


class BadFault(ValueError):
    """What was sent is not a fault; the text says why."""


@dataclass(frozen=True)
class Match:
    """Which requests; what is not given fits all."""

    operation: str | None = None
    service: str | None = None
    tenant: str | None = None
    method: str | None = None
    path: str | None = None
    """A regular expression that must be found in the path."""

    def fits(self, asked: Asked) -> bool:
        same = all(
            getattr(self, name) in (None, getattr(asked, name)) for name in ("operation", "service", "tenant", "method")
        )
        return same and (self.path is None or re.search(self.path, asked.path) is not None)


@dataclass
class Fault:
    """``after`` matching requests pass, then each, each ``every``-th or a ``share`` of them, until ``times`` were hit."""

    kind: str
    match: Match = Match()
    times: int | None = None
    every: int = 1
    share: float = 1.0
    after: int = 0
    status: int | None = None
    retry_after: int | str | None = None
    code: str | None = None
    body: t.Any = None
    seconds: float = 0.0
    seen: int = 0
    fired: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(0), repr=False)

    def takes(self, asked: Asked) -> bool:
        """Whether this request is hit; counts."""
        if not self.match.fits(asked) or (self.times is not None and self.fired >= self.times):
            return False
        self.seen += 1
        turn = self.seen - self.after
        hit = turn > 0 and turn % self.every == 0 and self._chance.random() < self.share
        self.fired += hit
        return hit

    def shown(self) -> dict[str, t.Any]:
        return {**{one.name: getattr(self, one.name) for one in dataclasses.fields(self) if one.name[0] != "_"},
                "match": dataclasses.asdict(self.match)}


GIVEN: dict[str, tuple[type, ...]] = {
    "kind": (str,), "match": (dict,), "times": (int,), "every": (int,), "share": (int, float), "after": (int,),
    "status": (int,), "retry_after": (int, str), "code": (str,), "body": (str, dict, list), "seconds": (int, float),
}


def parse(given: t.Any) -> Fault:
    """A fault as JSON says it; BadFault for anything not understood."""
    if not isinstance(given, dict):
        raise BadFault(f"a fault is an object, not {given!r}")
    for name, value in given.items():
        if name not in GIVEN or not isinstance(value, GIVEN[name]) or isinstance(value, bool):
            raise BadFault(f"{name}: {value!r} is not understood")
    if given.get("kind") not in KINDS:
        raise BadFault(f"kind is one of {', '.join(KINDS)}")
    if given.get("every", 1) < 1:
        raise BadFault("every is 1 or more")
    if given.get("code", "").startswith("AADSTS") and given["code"] not in table():
        raise BadFault(f"no page knows {given['code']}")
    return Fault(**{**given, "match": _match(given.get("match", {}))})


def _match(given: dict[str, t.Any]) -> Match:
    names = {one.name for one in dataclasses.fields(Match)}
    if not names.issuperset(given) or not all(isinstance(value, str) for value in given.values()):
        raise BadFault(f"match holds texts for {', '.join(sorted(names))}")
    try:
        re.compile(given.get("path", ""))
    except re.error as error:
        raise BadFault(f"path is not a regular expression: {error}") from error
    return Match(**given)
