# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a credential, and which one works when a step fails."""

from __future__ import annotations

import contextlib
import typing as t
from dataclasses import dataclass, field

from .._client.errors import DefenderError
from .app_find import Record

MAKE, PROVE, STORE, REMOVE = "make", "prove", "store", "remove"


@dataclass(frozen=True)
class Changed:
    """``sent`` says whether anything was sent; ``plans`` whether there was anything to send. ``secret`` is shown only where it is asked for."""

    plans: bool
    sent: bool
    said: str
    credential: Record | None
    proven: bool = False
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    before: Record = field(default_factory=dict)
    after: Record = field(default_factory=dict)
    secret: str | None = field(default=None, repr=False)


@contextlib.contextmanager
def step(name: str, works: str, undo: t.Callable[[], t.Any] | None = None) -> t.Iterator[None]:
    """A step of a change: when it fails, what was made is taken back, and the failure says where it was and what works now.

    :raises DefenderError: what the step raises
    """
    try:
        yield
    except DefenderError as error:
        left = works
        if undo is not None:
            try:
                undo()
            except DefenderError:
                left = f"{works}. The new one could not be taken away again; the next run does"
        error.details.update({"failed_step": name, "works": left})
        error.hint = f"{error.hint.rstrip('.')}. {_capital(left)}" if error.hint else _capital(left)
        raise


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def day(row: Record) -> str:
    """When it ends, to the day: check mode cannot know the second."""
    return str(row["endDateTime"])[:10]
