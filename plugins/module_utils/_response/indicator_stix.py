# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The indicators of a STIX 2.1 bundle, as far as the service can look for what they describe."""

from __future__ import annotations

import datetime
import typing as t

from .._client import moments
from .._client.text import plain
from .indicator_entries import Entry, Handed, Skip
from .indicator_pattern import Unsupported, equalities

PATHS = {
    ("file", ("hashes", "MD5")): "FileMd5",
    ("file", ("hashes", "SHA-1")): "FileSha1",
    ("file", ("hashes", "SHA-256")): "FileSha256",
    # Not in the vocabulary of STIX, and written by many.
    ("file", ("hashes", "SHA1")): "FileSha1",
    ("file", ("hashes", "SHA256")): "FileSha256",
    ("x509-certificate", ("hashes", "SHA-1")): "CertificateThumbprint",
    ("x509-certificate", ("hashes", "SHA1")): "CertificateThumbprint",
    ("ipv4-addr", ("value",)): "IpAddress",
    ("ipv6-addr", ("value",)): "IpAddress",
    ("domain-name", ("value",)): "DomainName",
    ("url", ("value",)): "Url",
}
"""What a pattern may look at -> the type of indicator that does the same."""

CONFIDENCE = ((70, "High"), (30, "Medium"), (1, "Low"), (0, "Informational"))
"""From which number on (STIX 2.1, appendix A, scale None / Low / Med / High)."""

LONGEST_TITLE, LONGEST_DESCRIPTION = 200, 1000
LONGEST_PATTERN = 100_000


def from_bundle(name: str, bundle: t.Mapping[str, t.Any], now: datetime.datetime) -> Handed:
    """What the bundle wants looked for; of several versions of one object the newest counts.

    :raises ImportError: the library that reads patterns is not there
    """
    handed = Handed([], [])
    for thing in _newest(bundle):
        place = f"{name} {plain(str(thing.get('id')))}"
        try:
            handed.entries.extend(_entries(place, thing, now))
        except Unsupported as reason:
            handed.skips.append(Skip(place, str(reason)))
    return handed


def _newest(bundle: t.Mapping[str, t.Any]) -> list[t.Mapping[str, t.Any]]:
    found: dict[t.Any, t.Mapping[str, t.Any]] = {}
    things = bundle.get("objects")
    for number, thing in enumerate(things if isinstance(things, list) else []):
        if not isinstance(thing, dict) or thing.get("type") != "indicator":
            continue
        known_as = thing.get("id") if isinstance(thing.get("id"), str) else number
        if known_as not in found or str(thing.get("modified")) > str(found[known_as].get("modified")):
            found[known_as] = thing
    return list(found.values())


def _entries(place: str, thing: t.Mapping[str, t.Any], now: datetime.datetime) -> list[Entry]:
    if thing.get("revoked") is True:
        raise Unsupported("it is revoked")
    if thing.get("pattern_type", "stix") != "stix":
        raise Unsupported(f"its pattern is of the type {plain(str(thing['pattern_type']))}")
    begins, ends = _moment(thing, "valid_from"), _moment(thing, "valid_until")
    if begins is not None and begins > now:
        raise Unsupported(f"it begins at {moments.spell(begins)}")
    if ends is not None and ends <= now:
        raise Unsupported(f"it ended at {moments.spell(ends)}")
    given = {"title": _line(thing.get("name"), LONGEST_TITLE), "description": _description(thing)}
    if ends is not None:
        given["expires"] = moments.spell(ends)
    offered = {"title": str(thing.get("id")), **_severity(thing.get("confidence"))}
    facts = {key: value for key, value in given.items() if value}
    return [Entry(place, {**facts, "type": type_, "value": value}, offered) for type_, value in looked_for(thing.get("pattern"))]


def _moment(thing: t.Mapping[str, t.Any], key: str) -> datetime.datetime | None:
    if thing.get(key) is None:
        return None
    try:
        return moments.parse(str(thing[key]))
    except ValueError as error:
        raise Unsupported(f"{key}: {plain(str(error))}") from error


def _description(thing: t.Mapping[str, t.Any]) -> str:
    lists = (thing.get(key) for key in ("indicator_types", "labels"))
    labels = [str(label) for words in lists if isinstance(words, list) for label in words]
    said = " ".join(filter(None, (_line(thing.get("description"), LONGEST_DESCRIPTION), ", ".join(dict.fromkeys(labels)))))
    return _line(f"{said} ({thing.get('id')})", LONGEST_DESCRIPTION + LONGEST_TITLE)


def _line(text: t.Any, longest: int) -> str:
    line = plain(text) if isinstance(text, str) else ""
    return line if len(line) <= longest else f"{line[:longest - 1]}…"


def _severity(confidence: t.Any) -> dict[str, str]:
    if not isinstance(confidence, int) or isinstance(confidence, bool) or not 0 <= confidence <= 100:
        return {}
    return {"severity": next(word for least, word in CONFIDENCE if confidence >= least)}


def looked_for(pattern: t.Any) -> list[tuple[str, str]]:
    """Type and value of each thing of which any one makes the pattern true.

    :raises Unsupported: the pattern is more than equalities joined by OR
    """
    if not isinstance(pattern, str) or len(pattern) > LONGEST_PATTERN:
        raise Unsupported("it has no pattern that could be read")
    # Here, as only those who hand in bundles need the library.
    from stix2patterns.exceptions import ParseException  # pylint: disable=import-outside-toplevel
    from stix2patterns.v21.pattern import Pattern  # pylint: disable=import-outside-toplevel

    try:
        found = equalities(Pattern(pattern))
    except ParseException as error:
        raise Unsupported(f"its pattern cannot be read: {plain(str(error))}") from error
    except RecursionError as error:
        raise Unsupported("its pattern is too long or too deep; make several indicators of it") from error
    return [(_type(kind, path), value) for kind, path, value in found]


def _type(kind: str, path: tuple[str, ...]) -> str:
    known = PATHS.get((kind, path))
    if known is None:
        raise Unsupported(f"the service cannot look for {plain(kind)}:{plain('.'.join(path))}")
    return known
