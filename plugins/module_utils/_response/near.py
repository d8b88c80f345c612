# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of machines that are near to one that nobody bears: told to a person, and never acted on."""

from __future__ import annotations

import contextlib
import difflib
import typing as t

from .._api import machines
from .._client import odata
from .._client.errors import DefenderError
from .._client.text import plain

LETTERS = 3
"""Of a name that must be right, so that the service can look for others that begin so."""
ALIKE = 0.8
"""As difflib counts it: from here on a slip of the finger is likelier than another machine."""
WORDS, ROWS, TOLD = 10, 1000, 3
"""Names that are looked for, machines that are read for them in one call, and names that are told for each, at most."""


def near(client, words: t.Sequence[str]) -> dict[str, str]:
    """For those of ``words`` that are near to names of machines, what to say of it; one call for all."""
    asked = [word for word in words if len(word) > LETTERS][:WORDS]
    if not asked:
        return {}
    begun = dict.fromkeys(spelling for word in asked for spelling in (word[:LETTERS], word[:LETTERS].lower()))
    names: dict[str, None] = {}
    # It is a kindness only: what cannot be read is not told.
    with contextlib.suppress(DefenderError):
        where = odata.any_of(*(odata.startswith("computerDnsName", letters) for letters in begun))
        names.update((row["computerDnsName"], None) for row in client.list(machines.LIST, where=where, limit=ROWS) if row.get("computerDnsName"))
    return {word: f"; did you mean {' or '.join(found)}?" for word in asked if (found := _alike(word, names))}


def _alike(word: str, names: t.Iterable[str]) -> list[str]:
    """The names that are most like it, the whole or the first label as the word has it."""
    by_label = {(name if "." in word else name.partition(".")[0]).casefold(): name for name in names}
    found = difflib.get_close_matches(word.casefold(), by_label, n=TOLD, cutoff=ALIKE)
    return [plain(by_label[label]) for label in found]
