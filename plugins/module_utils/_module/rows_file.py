# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes records to a file as they come, one a line, whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import gzip
import json
import os
import typing as t
from dataclasses import dataclass

from .._client.errors import BadInput
from .._client.fresh_file import Sink, fresh_file, sha256_of
from .._client.words import and_list

NDJSON = "ndjson"
CSV = "csv"
SUFFIXES = {".ndjson": NDJSON, ".jsonl": NDJSON, ".csv": CSV}
PACKED = ".gz"

# What makes a spreadsheet take a text for a formula, the wide forms included.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Rows = t.Iterable[tuple[t.Mapping[str, t.Any], str]]


@dataclass(frozen=True)
class Target:
    """Where to write and how, told from the name."""

    path: str
    format: str
    packed: bool


def target(path: str) -> Target:
    """What ``path`` asks for.

    :raises BadInput: the name does not tell the format, or there is no such folder
    """
    stem = path[: -len(PACKED)] if path.endswith(PACKED) else path
    kind = SUFFIXES.get(os.path.splitext(stem)[1])
    if kind is None:
        raise BadInput(
            f"dest is {path!r}, and the name does not tell the format",
            hint=f"Let it end in {and_list(SUFFIXES)}, and in {PACKED} after that to pack it",
        )
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise BadInput(f"dest is {path!r}, but there is no folder {folder}", hint="Create it first, for example with ansible.builtin.file")
    if os.path.isdir(path):
        raise BadInput(f"dest is {path!r}, which is a folder", hint="Give the name of a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        # What is there is read to its end to see whether it changes, and a pipe or a device may have none.
        raise BadInput(f"dest is {path!r}, which is no plain file", hint="Give the name of a new file, or of one that may be replaced")
    return Target(path=path, format=kind, packed=stem != path)


def write(to: Target, rows: Rows, columns: t.Sequence[str], *, dry: bool) -> dict[str, t.Any]:
    """Write all ``rows``, each with its JSON text, and tell what the file is. ``dry`` only works out what it would be.

    The file appears in one move, readable for its owner alone, when the last row is in it.

    :raises BadInput: it cannot be written
    """
    try:
        with _nowhere() if dry else fresh_file(to.path) as stream:
            sink = Sink(stream)
            count = _write_rows(to, sink, rows, columns)
            changed = sha256_of(to.path) != sink.sha256
    except OSError as error:
        raise BadInput(f"dest: {to.path} cannot be written: {error.strerror}", hint="Look at the rights of the folder and the space left") from error
    return {
        "changed": changed,
        "count": count,
        # Under the name "dest" Ansible would add owner and mode of the file, in check mode those of the old one.
        "file": to.path,
        "format": to.format,
        "bytes": sink.size,
        "sha256": sink.sha256,
    }


def _write_rows(to: Target, sink: Sink, rows: Rows, columns: t.Sequence[str]) -> int:
    """Neither name nor time go into a packed file, so that the same rows always make the same file."""
    lines = _csv_lines(rows, columns) if to.format == CSV else _json_lines(rows)
    head = 1 if to.format == CSV else 0
    with contextlib.ExitStack() as stack:
        out: t.Any = sink
        if to.packed:
            out = stack.enter_context(gzip.GzipFile(filename="", mode="wb", fileobj=t.cast(t.BinaryIO, sink), compresslevel=6, mtime=0))
        count = -head
        for line in lines:
            out.write(line.encode("utf-8", "backslashreplace"))
            count += 1
    return count


def _json_lines(rows: Rows) -> t.Iterator[str]:
    for row, raw in rows:
        # What the service sent is kept to the letter, unless it was laid out on several lines.
        yield (raw if "\n" not in raw and "\r" not in raw else json.dumps(row)) + "\n"


def _csv_lines(rows: Rows, columns: t.Sequence[str]) -> t.Iterator[str]:
    writer = csv.writer(_Echo(), lineterminator="\n")
    yield writer.writerow(columns)
    for row, _raw in rows:
        yield writer.writerow([cell(row.get(column)) for column in columns])


class _Echo:
    """Hands back what is written to it, which csv's writer hands on."""

    def write(self, text: str) -> str:
        return text


def cell(value: t.Any) -> t.Any:
    """``value`` for a spreadsheet: lists as JSON, and no text that would be run as a formula."""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        return "'" + value
    return value


@contextlib.contextmanager
def _nowhere() -> t.Iterator[None]:
    yield None
