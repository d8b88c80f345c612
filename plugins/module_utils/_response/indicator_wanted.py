# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The indicators that a set wants, made of its entries: each value once, judged, and with what the task says for all."""

from __future__ import annotations

import datetime
import ipaddress
import typing as t
from dataclasses import dataclass, field, replace

from .._api import indicators
from .._client import moments
from .._client.errors import BadInput
from .._client.words import and_list
from .fanged import fanged
from .indicator_entries import Entry, Handed, Skip
from .indicator_values import (
    CERTIFICATE,
    Network,
    address_of,
    host_of,
    is_of,
    judge_everybodys,
    judge_ours,
    judge_value,
    known_as,
    lies_in,
    one_spelling,
    type_of,
)

ALLOWED, AUDIT, WARN, BLOCK = "Allowed", "Audit", "Warn", "Block"
DEEDS = ("action", "severity", "generateAlert", "rbacGroupNames")
"""In what two entries of one value contradict each other; of texts the first stays, of ends the last."""
WIRES = {"title": "title", "severity": "severity", "recommended_actions": "recommendedActions", "groups": "rbacGroupNames", "external_id": "externalId"}

Key = tuple[str, str]


@dataclass(frozen=True)
class Rules:
    """What holds for all entries. ``never`` are values, names and networks beside the own domains."""

    now: datetime.datetime
    defaults: t.Mapping[str, t.Any] = field(default_factory=dict)
    actions: t.Mapping[str, str] = field(default_factory=dict)
    own_domains: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    watch_first: bool = False


@dataclass(frozen=True)
class Wanted:
    """One indicator.

    ``facts`` are what its record shall show, ``text`` is its description without the mark, ``ends`` the time that is said. A severity that is
    guessed stands in nobody's words, such as one that is made of a confidence.
    """

    type: str
    value: str
    place: str
    facts: t.Mapping[str, t.Any]
    text: str | None
    ends: datetime.datetime | None
    application: str | None
    educate_url: str | None
    severity_is_guessed: bool = False

    @property
    def key(self) -> Key:
        return known_as(self.type, self.value)


class Refused(t.NamedTuple):
    """An entry that is not taken, and why."""

    place: str
    reason: str
    type: str | None = None
    value: str | None = None


class Described(t.NamedTuple):
    """``held`` are indicators that an entry meant although it was not taken: they stay as they are."""

    wanted: dict[Key, Wanted]
    refused: list[Refused]
    skips: list[Skip]
    held: set[Key]
    doubles: int


def describe(handed: Handed, rules: Rules) -> Described:
    """What the entries want, and what is not taken of them; one that is wrong is so alone."""
    described = Described({}, [], list(handed.skips), set(), 0)
    doubles, contradicted = 0, set()
    for entry in handed.entries:
        type_, value = entry.given.get("type"), entry.given.get("value")
        try:
            type_, value = _thing(entry, rules)
            wanted = _wanted(entry, type_, value, rules)
        except BadInput as error:
            described.refused.append(Refused(entry.place, error.sentence(), type_, value))
            if isinstance(type_, str) and isinstance(value, str):
                described.held.add(known_as(type_, value))
            continue
        if wanted.ends is not None and wanted.ends <= rules.now:
            described.skips.append(Skip(entry.place, f"it ended at {moments.spell(wanted.ends)}", type_, value))
            continue
        before = described.wanted.get(wanted.key)
        doubles += before is not None
        described.wanted[wanted.key] = wanted if before is None else _folded(before, wanted)
        differing = [] if before is None else _differing(before, wanted)
        if before is not None and differing:
            reason = f"{before.place} and {wanted.place} contradict each other in {and_list(differing)}, so neither is taken"
            described.refused.append(Refused(wanted.place, reason, type_, value))
            contradicted.add(wanted.key)
    for key in contradicted:
        del described.wanted[key]
    described.held.update(contradicted)
    return described._replace(doubles=doubles)


def _thing(entry: Entry, rules: Rules) -> Key:
    """Type and value of an entry.

    :raises BadInput: they cannot be told
    """
    if entry.fault:
        raise BadInput(entry.fault)
    if not entry.given.get("value"):
        raise BadInput("value: there is none")
    value = fanged(entry.given["value"])
    type_ = entry.given.get("type") or rules.defaults.get("type") or type_of(value)
    if type_ not in indicators.TYPES:
        raise BadInput(f"type is {type_!r}", hint=f"Take one of {and_list(indicators.TYPES)}")
    return type_, one_spelling(type_, value)


def _wanted(entry: Entry, type_: str, value: str, rules: Rules) -> Wanted:
    said = {**entry.offered, **rules.defaults, **entry.given}
    judge_value(type_, value)
    action = entry.given.get("action") or rules.actions.get(type_) or said.get("action")
    if action not in indicators.ACTIONS[type_]:
        raise BadInput(f"action: {action or 'none'} is not for {type_}", hint=f"Take one of {and_list(indicators.ACTIONS[type_])}")
    if said.get("severity") not in (None, *indicators.SEVERITIES):
        raise BadInput(f"severity is {said['severity']!r}", hint=f"Take one of {and_list(indicators.SEVERITIES)}")
    if not said.get("title"):
        raise BadInput("title: there is none", hint="Give it for the entry, or for all")
    if action != ALLOWED:
        judge_ours(type_, value, rules.own_domains)
        judge_everybodys(type_, value)
        _judge_never(type_, value, rules.never)
    if rules.watch_first and action != ALLOWED and type_ == CERTIFICATE:
        raise BadInput("watch_hours: a certificate cannot be watched", hint="Keep certificates in a set of their own")
    facts = {wire: said[name] for name, wire in WIRES.items() if said.get(name) is not None}
    return Wanted(
        type=type_, value=value, place=entry.place, facts={**facts, "action": action, **_alerts(entry, action, said)}, text=said.get("description"),
        ends=_end(said.get("expires")), application=said.get("application"), educate_url=_educate_url(entry, type_, action, said),
        severity_is_guessed="severity" not in {**rules.defaults, **entry.given},
    )


def _alerts(entry: Entry, action: str, said: t.Mapping[str, t.Any]) -> dict[str, bool]:
    """What is watched raises an alert in any case (ti-indicator.md)."""
    if action == AUDIT and entry.given.get("generate_alert") is False:
        raise BadInput("generate_alert: Audit always raises an alert", hint="Leave generate_alert out")
    if action == AUDIT:
        return {"generateAlert": True}
    return {} if said.get("generate_alert") is None else {"generateAlert": said["generate_alert"]}


def educates(type_: str, action: str) -> bool:
    """Whether a notice with a link is shown (post-ti-indicator.md)."""
    return type_ == "Url" and action in (BLOCK, WARN)


def _educate_url(entry: Entry, type_: str, action: str, said: t.Mapping[str, t.Any]) -> str | None:
    """The link of the notice. What is said for all is said for those only that show one."""
    if educates(type_, action):
        return said.get("educate_url")
    if entry.given.get("educate_url"):
        raise BadInput(f"educate_url: a {type_} with {action} shows no notice", hint="It is for URLs that are blocked or warned about")
    return None


def _end(expires: str | None) -> datetime.datetime | None:
    if expires is None:
        return None
    try:
        return moments.parse(expires).replace(microsecond=0)
    except ValueError as error:
        raise BadInput(f"expires: {error}", hint="Write it in UTC, as date, T, time and Z") from error


def _judge_never(type_: str, value: str, never: t.Iterable[str]) -> None:
    host = host_of(type_, value)
    address = address_of(host)
    for word in (fanged(word) for word in never):
        network = _network(word)
        hit = address is not None and lies_in(address, [network]) if network else _is_word(type_, value, host, word.strip(".").lower())
        if hit:
            raise BadInput(f"value: {value} is of {word}, which never is to be touched", hint="Take it out of the feed, or out of never")


def _is_word(type_: str, value: str, host: str, word: str) -> bool:
    return value.lower() == word or (type_ in ("Url", "DomainName") and is_of(type_, host, word))


def _network(word: str) -> Network | None:
    try:
        return ipaddress.ip_network(word, strict=False)
    except ValueError:
        return None


def _differing(first: Wanted, second: Wanted) -> list[str]:
    """In what two entries of one value contradict each other; a guess contradicts nobody."""
    guessed = {"severity"} if first.severity_is_guessed or second.severity_is_guessed else set()
    return [name for name in DEEDS if name not in guessed and first.facts.get(name) != second.facts.get(name)]


def _folded(first: Wanted, second: Wanted) -> Wanted:
    """Both as one: the texts of the first, the later end, and what is said before what is guessed, of two guesses the graver."""
    graver = max(first, second, key=lambda one: (not one.severity_is_guessed, indicators.SEVERITIES.index(one.facts.get("severity", "Informational"))))
    severity = {"severity": graver.facts["severity"]} if "severity" in graver.facts else {}
    ends = None if first.ends is None or second.ends is None else max(first.ends, second.ends)
    text = first.text if first.text is not None else second.text
    return replace(
        first,
        facts={**first.facts, **severity},
        severity_is_guessed=graver.severity_is_guessed,
        text=text,
        ends=ends,
        application=first.application or second.application,
        educate_url=first.educate_url or second.educate_url,
    )
