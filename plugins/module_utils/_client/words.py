# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and lengths of time as a person would say them."""

from __future__ import annotations

import typing as t

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def and_list(names: t.Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; ``nothing`` for none."""
    *others, last = tuple(names) or ("nothing",)
    return f"{', '.join(others)} and {last}" if others else last


def span(seconds: float) -> str:
    """A length of time in the unit that leaves a small number: ``40 seconds``, ``12 minutes``, ``5 hours``."""
    size, unit = next((known for known in UNITS if seconds >= 2 * known[0]), (1, "second"))
    count = int(seconds // size)
    return f"{count} {unit}{'' if count == 1 else 's'}"
