# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of a ledger: one JSON object a line, each bound by its hash to the one before; nothing here does I/O.

The hash is SHA-256 over the entry without its hash, as canonical JSON; the hash of the entry before stands in it as
``prev``. A line is exactly what ``seal`` made, so any byte that differs is noticed.
"""

from __future__ import annotations

import hashlib
import json
import typing as t
from dataclasses import dataclass, field

TORN = "torn"
"""The kind of entry that vouches for the piece of a line before it, left by a writer that died."""


class Head(t.NamedTuple):
    """The newest entry: whoever knows its hash can tell later whether anything before it was changed or cut off."""

    seq: int
    hash: str


START = Head(0, "0" * 64)


class Fault(t.NamedTuple):
    """Where the chain does not hold: the line of the file, from 1, the entry that is wrong, and why."""

    line: int
    seq: int
    why: str


class Torn(t.NamedTuple):
    """A piece of a line that was never finished. ``vouched`` says that the writer who came next has recorded it."""

    line: int
    size: int
    vouched: bool


@dataclass
class Chain:
    """What a ledger holds and how far it can be believed.

    ``entries`` are those that stand as they were written; ``loose`` is an unfinished last line, ``lines`` how many there are.
    """

    head: Head = START
    entries: list[dict[str, t.Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    torn: list[Torn] = field(default_factory=list)
    loose: bytes = b""
    lines: int = 0

    def holds(self, digest: str) -> bool:
        """Whether the entry with that hash is there."""
        return digest == START.hash or any(entry["hash"] == digest for entry in self.entries)


def canonical(entry: t.Mapping[str, t.Any]) -> bytes:
    """The one spelling of ``entry``: keys in order, no blanks, ASCII only."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def seal(facts: t.Mapping[str, t.Any], after: Head) -> tuple[bytes, Head]:
    """The line that follows ``after``, and the new head."""
    entry = {**facts, "seq": after.seq + 1, "prev": after.hash}
    head = Head(after.seq + 1, hashlib.sha256(canonical(entry)).hexdigest())
    return canonical({**entry, "hash": head.hash}) + b"\n", head


def torn_piece(piece: bytes) -> dict[str, t.Any]:
    """What an entry of the kind ``TORN`` says of the unfinished line before it."""
    return {"kind": TORN, "bytes": len(piece), "sha256": hashlib.sha256(piece).hexdigest()}


def read_chain(content: bytes, after: Head = START) -> Chain:
    """All entries in ``content``, which begins after ``after``, and everything that is wrong with them.

    After a fault reading goes on from the entry that stands there, so that later faults are seen as well.
    """
    chain = Chain(after)
    *lines, rest = content.split(b"\n")
    chain.lines = len(lines) + bool(rest)
    unread: tuple[int, bytes] | None = None
    for number, line in enumerate(lines, start=1):
        entry = _entry(line)
        if unread is not None:
            _judge_unread(chain, *unread, entry)
        unread = (number, line) if entry is None else None
        if entry is not None:
            _judge(chain, number, line, entry)
    if unread is not None:
        _judge_unread(chain, *unread, None)
    if rest:
        _judge_rest(chain, len(lines) + 1, rest)
    return chain


def _entry(line: bytes) -> dict[str, t.Any] | None:
    """The line as an entry, or ``None`` where it is none."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.get("seq").__class__ is not int:
        return None
    return entry if all(isinstance(entry.get(name), str) for name in ("kind", "prev", "hash")) else None


def _judge(chain: Chain, number: int, line: bytes, entry: dict[str, t.Any]) -> None:
    expected = chain.head.seq + 1
    seq = entry["seq"]
    if not _is_as_sealed(line, entry):
        chain.faults.append(Fault(number, expected, "it was changed after it was written"))
        chain.head = Head(expected, entry["hash"])
        return
    if seq < expected:
        chain.faults.append(Fault(number, seq, "it stands there once more, or out of its order"))
        return
    if seq > expected:
        chain.faults.append(Fault(number, expected, f"it is missing: entry {seq} stands in its place"))
    elif entry["prev"] != chain.head.hash:
        whose = "the beginning" if chain.head == START else f"entry {chain.head.seq}"
        chain.faults.append(Fault(number, max(chain.head.seq, 1), f"{whose} is another one than entry {seq} was written after"))
    chain.head = Head(seq, entry["hash"])
    chain.entries.append(entry)


def _is_as_sealed(line: bytes, entry: dict[str, t.Any]) -> bool:
    try:
        bare = {name: value for name, value in entry.items() if name != "hash"}
        return line == canonical(entry) and hashlib.sha256(canonical(bare)).hexdigest() == entry["hash"]
    except ValueError:  # a number that JSON has no word for
        return False


def _judge_unread(chain: Chain, number: int, line: bytes, follower: dict[str, t.Any] | None) -> None:
    """An unreadable line is no fault when the entry after it says what it is."""
    vouched = torn_piece(line)
    if follower is not None and {name: follower.get(name) for name in vouched} == vouched:
        chain.torn.append(Torn(number, len(line), vouched=True))
        return
    chain.faults.append(Fault(number, chain.head.seq + 1, "it cannot be read"))


def _judge_rest(chain: Chain, number: int, rest: bytes) -> None:
    """A last line without an end: whole but for that, or a piece."""
    entry = _entry(rest)
    if entry is not None:
        _judge(chain, number, rest, entry)
        return
    chain.loose = rest
    chain.torn.append(Torn(number, len(rest), vouched=False))
