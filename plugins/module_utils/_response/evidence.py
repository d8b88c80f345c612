# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Investigation packages: fetched as soon as they are collected, each once."""

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass, replace

from .._api import machine_actions, response_actions
from .._client.errors import DefenderError
from .act import Act
from .fetch import Fetcher, fetch_all, file_stem, not_fetched
from .outcome import SUCCEEDED, Outcome

PACKAGE = Act("CollectInvestigationPackage", response_actions.COLLECT_PACKAGE)
COLLECTED = "collected"

SUFFIX = ".zip"
"""What a package is (get-package-sas-uri.md)."""

NOT_FETCHED: t.Mapping[str, t.Any] = {"package": None}


@dataclass(frozen=True)
class Packages:
    """Where packages are kept, and how large one may be."""

    folder: str
    max_bytes: int

    def fetch(self, client: t.Any, outcomes: list[Outcome]) -> list[Outcome]:
        """The outcomes, with the packages of those that were collected.

        The link costs a call that the service allows twice a minute, so a package that lies here already is not asked for.
        """
        fetcher = Fetcher(client, self.max_bytes)
        return fetch_all(client, COLLECTED, machine_actions.GET_PACKAGE_LINK, outcomes, lambda outcome: self._fetched(fetcher, outcome))

    def _fetched(self, fetcher: Fetcher, outcome: Outcome) -> Outcome:
        if outcome.word != SUCCEEDED or outcome.action is None:
            return outcome
        action_id = outcome.action["id"]
        try:
            path = os.path.join(self.folder, file_stem(outcome.step.machine_id, action_id) + SUFFIX)
            kept = fetcher.fetch(machine_actions.GET_PACKAGE_LINK, path, action_id=action_id)
        except DefenderError as error:
            return not_fetched(outcome, error)
        return replace(outcome, found={**outcome.found, "package": kept.describe()}, files=(kept,))
