# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes text that others wrote safe to print: an attacker names the machine, the file and the command line."""

from __future__ import annotations

import re

_BREAKS = re.compile(r"\s*[\r\n\t\v\f\x85\u2028\u2029]+\s*")
# Control characters steer a terminal; the Unicode ones reorder or hide what a person reads.
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def plain(text: str) -> str:
    """``text`` as one line in which nothing steers a terminal: such characters are spelt out, as ``\\x1b``."""
    return _STEERING.sub(_spelt_out, _BREAKS.sub(" ", text).strip())


def plain_lines(text: str) -> str:
    """``text`` with its lines and tabs, in which nothing else steers a terminal; NUL characters are dropped."""
    lines = text.replace("\x00", "").replace("\r\n", "\n").split("\n")
    return "\n".join("\t".join(_STEERING.sub(_spelt_out, piece) for piece in line.split("\t")) for line in lines)


def _spelt_out(found: re.Match[str]) -> str:
    number = ord(found.group())
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
