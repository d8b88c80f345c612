# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of a set of indicators as they are handed in: in the task, in CSV, in JSON or as a STIX bundle."""

from __future__ import annotations

import csv
import io
import json
import os
import typing as t

from .._client.errors import BadInput
from .._client.words import and_list

TEXTS = (
    "value", "type", "action", "title", "description", "severity", "expires", "application", "recommended_actions", "educate_url", "external_id",
)
FIELDS = (*TEXTS, "generate_alert", "groups")
"""What an entry may say, as the options of the task do."""

YES_OR_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
BETWEEN_GROUPS = ";"
MOST_BYTES = 64 * 1024 * 1024
"""A feed of 15,000 entries, which is all that a tenant takes, has a few."""


class Entry(t.NamedTuple):
    """One entry and its ``place``, for whoever has to mend it.

    ``offered`` counts where neither the entry nor the task says anything. With a ``fault`` the entry cannot be read.
    """

    place: str
    given: t.Mapping[str, t.Any]
    offered: t.Mapping[str, t.Any] = {}
    fault: str | None = None


class Skip(t.NamedTuple):
    """What is left out, and not a fault of anybody."""

    place: str
    reason: str
    type: str | None = None
    value: str | None = None


class Handed(t.NamedTuple):
    entries: list[Entry]
    skips: list[Skip]


def from_task(rows: t.Iterable[t.Mapping[str, t.Any]]) -> Handed:
    """The entries of the option itself, which Ansible has checked."""
    return Handed([Entry(f"indicators[{number}]", _said(row)) for number, row in enumerate(rows)], [])


def from_values(values: t.Iterable[str]) -> Handed:
    """The entries of a plain list."""
    return Handed([Entry(f"values[{number}]", _said({"value": value})) for number, value in enumerate(values)], [])


def from_file(path: str, bundle: t.Callable[[str, t.Mapping[str, t.Any]], Handed]) -> Handed:
    """The entries of a file, its kind told from its name; ``bundle`` reads those of a STIX bundle.

    :raises BadInput: the file as a whole cannot be read. A row that cannot is an entry with a fault
    """
    name = os.path.basename(path)
    kind = os.path.splitext(name)[1].lower()
    text = _text(path)
    if kind == ".csv":
        return Handed(list(_csv_rows(name, text)), [])
    if kind in (".ndjson", ".jsonl"):
        lines = ((f"{name} line {number}", line) for number, line in enumerate(text.split("\n"), start=1))
        return Handed([_json_line(place, line) for place, line in lines if line.strip()], [])
    if kind != ".json":
        raise BadInput(f"src: {name} does not tell what it is", hint="Let it end in .csv, .ndjson, .jsonl or .json")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"src: {name} is not JSON: {error}", hint="One object a line is .ndjson") from error
    if isinstance(content, dict) and content.get("type") == "bundle":
        return bundle(name, content)
    if not isinstance(content, list):
        raise BadInput(f"src: {name} is neither a list of entries nor a STIX bundle", hint="A bundle has the type bundle")
    return Handed([_object(f"{name}[{number}]", row) for number, row in enumerate(content)], [])


def _text(path: str) -> str:
    try:
        if os.path.getsize(path) > MOST_BYTES:
            raise BadInput(f"src: {path} has more than {MOST_BYTES} bytes", hint="A tenant takes 15,000 indicators; split the feed")
        with open(path, encoding="utf-8-sig", newline="") as stream:
            return stream.read()
    except OSError as error:
        raise BadInput(f"src: {path} cannot be read: {error.strerror}", hint="The file is read where the task runs") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"src: {path} is not UTF-8 at byte {error.start}", hint="Save it as UTF-8") from error


def _csv_rows(name: str, text: str) -> t.Iterator[Entry]:
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        head = [column.strip() for column in next(rows, [])]
        strays = [column for column in head if column not in FIELDS]
        if strays or "value" not in head or len(set(head)) < len(head):
            said = f"the columns {and_list(repr(column) for column in strays)}" if strays else "no column value, or one twice"
            raise BadInput(f"src: {name} has {said}", hint=f"The first line names columns, of {', '.join(FIELDS)}")
        for cells in rows:
            place = f"{name} line {rows.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) == len(head):
                yield _from_cells(place, dict(zip(head, cells)))
            else:
                yield Entry(place, {}, fault=f"it has {len(cells)} cells, and the first line {len(head)}")
    except csv.Error as error:
        raise BadInput(f"src: {name} line {rows.line_num} is not CSV: {error}", hint="Look at the quotes") from error


def _from_cells(place: str, cells: dict[str, str]) -> Entry:
    row: dict[str, t.Any] = _said(cells)
    if "groups" in row:
        row["groups"] = [group.strip() for group in row["groups"].split(BETWEEN_GROUPS)]
    if "generate_alert" in row:
        word = row["generate_alert"].lower()
        if word not in YES_OR_NO:
            return Entry(place, row, fault=f"generate_alert is {word!r}, and not true or false")
        row["generate_alert"] = YES_OR_NO[word]
    return Entry(place, row)


def _json_line(place: str, line: str) -> Entry:
    try:
        return _object(place, json.loads(line))
    except (ValueError, RecursionError) as error:
        return Entry(place, {}, fault=f"it is not JSON: {error}")


def _object(place: str, row: t.Any) -> Entry:
    if not isinstance(row, dict):
        return Entry(place, {}, fault="it is not an object")
    given = _said(row)
    strays = [key for key in row if key not in FIELDS]
    if strays:
        return Entry(place, given, fault=f"it has {and_list(repr(key) for key in strays)}, which is none of {', '.join(FIELDS)}")
    wrong = [key for key, value in given.items() if not _fits(key, value)]
    return Entry(place, given, fault=f"{and_list(wrong)} is of the wrong type" if wrong else None)


def _fits(key: str, value: t.Any) -> bool:
    if key == "groups":
        return isinstance(value, list) and all(isinstance(group, str) for group in value)
    return isinstance(value, bool if key == "generate_alert" else str)


def _said(row: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the row says; an empty text says nothing."""
    said = {key: value.strip() if isinstance(value, str) else value for key, value in row.items()}
    return {key: value for key, value in said.items() if value is not None and value != ""}
