# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of alerts and incidents: ours, which are those of the classic service, and what Graph calls the same things.

That the words mean the same is told by the portal, which shows both alike; no page of the service says it.
"""

from __future__ import annotations

import typing as t

from .._api import alerts
from .._client.errors import BadInput
from .._client.words import and_list

STATUS = "status"
SEVERITY = "severity"
CLASSIFICATION = "classification"
DETERMINATION = "determination"

_STATUS = {"Unknown": "unknown", "New": "new", "InProgress": "inProgress", "Resolved": "resolved"}
_INCIDENT_STATUS = {"Active": "active", "Redirected": "redirected", "AwaitingAction": "awaitingAction"}

GRAPH: t.Mapping[str, t.Mapping[str, str]] = {
    STATUS: {**_STATUS, **_INCIDENT_STATUS},
    SEVERITY: {"UnSpecified": "unknown", "Informational": "informational", "Low": "low", "Medium": "medium", "High": "high"},
    CLASSIFICATION: {
        "TruePositive": "truePositive",
        "InformationalExpectedActivity": "informationalExpectedActivity",
        "FalsePositive": "falsePositive",
    },
    DETERMINATION: {
        "MultiStagedAttack": "multiStagedAttack",
        "MaliciousUserActivity": "maliciousUserActivity",
        "CompromisedUser": "compromisedAccount",
        "Malware": "malware",
        "Phishing": "phishing",
        "UnwantedSoftware": "unwantedSoftware",
        "SecurityTesting": "securityTesting",
        "LineOfBusinessApplication": "lineOfBusinessApplication",
        "ConfirmedActivity": "confirmedActivity",
        "NotMalicious": "notMalicious",
        "InsufficientData": "notEnoughDataToValidate",
        "Other": "other",
        "Apt": "apt",
        "SecurityPersonnel": "securityPersonnel",
    },
}
"""Ours -> Graph's, by property. Apt and SecurityPersonnel were withdrawn in 2022 and still stand at old alerts."""

ALSO_CALLED = {
    **{theirs: ours for ours, theirs in alerts.OTHER_SPELLINGS.items()},
    "CompromisedAccount": "CompromisedUser",
    "NotEnoughDataToValidate": "InsufficientData",
    "NoEnoughDataToValidate": "InsufficientData",
}
"""Other names of a determination on the pages of the services -> ours."""

UNDECIDED = {CLASSIFICATION: ("Unknown",), DETERMINATION: ("Unknown", "NotAvailable")}
"""What the services say where nobody has decided yet, and the classic one says nothing."""

DETECTION_SOURCE = {"WindowsDefenderAtp": "microsoftDefenderForEndpoint", "WindowsDefenderAv": "antivirus", "CustomDetection": "customDetection"}
"""Sensors that both services are seen to name, the classic one's word -> Graph's."""

FITTING: t.Mapping[str, t.Sequence[str]] = alerts.DETERMINATIONS
"""Classification -> the determinations that go with it, at both services (update-alert.md, api-update-incidents.md)."""

DETERMINATIONS = (*alerts.DETERMINATION_TO_SET, *ALSO_CALLED)
"""All that a task may ask for."""


def ours(prop: str, shown: t.Any) -> t.Any:
    """The word for what a record of either service shows; ``None`` where nobody has decided, and a word of no page as it is."""
    if not isinstance(shown, str):
        return None
    if shown.casefold() in {word.casefold() for word in UNDECIDED.get(prop, ())}:
        return None
    return _OURS.get(prop, {}).get(shown.casefold(), shown)


def graphs(prop: str, word: str) -> str:
    """What Graph calls it; the metadata's names, which differ from those that its page on updates prints.

    :raises KeyError: it is not a word of ours
    """
    return GRAPH[prop][ALSO_CALLED.get(word, word)]


def check_verdict(classification: str | None, determination: str | None) -> None:
    """See that the two go together.

    :raises BadInput: they do not
    """
    if classification is None or determination is None:
        return
    if ALSO_CALLED.get(determination, determination) not in FITTING[classification]:
        raise BadInput(
            f"determination {determination} does not go with the classification {classification}",
            hint=f"With it go {and_list(FITTING[classification])}",
        )


def _every_spelling(prop: str) -> dict[str, str]:
    words = GRAPH[prop]
    also = ALSO_CALLED if prop == DETERMINATION else {}
    return {spelling.casefold(): word for spelling, word in [*((theirs, word) for word, theirs in words.items()), *also.items(), *zip(words, words)]}


_OURS = {prop: _every_spelling(prop) for prop in GRAPH}
