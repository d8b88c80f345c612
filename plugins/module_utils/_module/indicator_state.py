# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One indicator: described and judged before anything is sent, found, submitted, removed."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from urllib.parse import urlsplit

from .._api import indicators
from .._client import moments, odata
from .._client.errors import BadInput, NotFound
from .._client.words import and_list
from .ensure import ABSENT, Record, Wanted
from .filters import moment
from .found import none_when_not_found

HEXADECIMAL = {"FileMd5": 32, "FileSha1": 40, "FileSha256": 64, "CertificateThumbprint": 40}
INSIDE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
        "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)
"""Addresses that mean another machine in every network, or none."""
OPTIONAL = {
    "severity": "severity", "generate_alert": "generateAlert", "recommended_actions": "recommendedActions", "educate_url": "educateUrl",
    "groups": "rbacGroupNames", "external_id": "externalId",
}


def describe(params: t.Mapping[str, t.Any]) -> Wanted:
    """What the options ask for.

    :raises BadInput: the service would not take it, or it would cut off what is ours
    """
    type_, value = params["type"], one_spelling(params["type"], params["value"].strip())
    judge_value(type_, value)
    known_by = {"indicatorType": type_, "indicatorValue": value}
    if params["state"] == ABSENT:
        return Wanted(value, {}, known_by)
    action = params["action"]
    if action not in indicators.ACTIONS[type_]:
        raise BadInput(f"action: {action} is not for {type_}", hint=f"Take {and_list(indicators.ACTIONS[type_])}")
    if action != "Allowed":
        judge_ours(type_, value, params["own_domains"])
    if action == "Audit" and params["generate_alert"] is False:
        raise BadInput("generate_alert: Audit always raises an alert", hint="Leave generate_alert out")
    facts: dict[str, t.Any] = {"action": action, "title": params["title"], "description": params["description"]}
    facts.update((wire, params[name]) for name, wire in OPTIONAL.items() if params[name] is not None)
    if action == "Audit":
        facts["generateAlert"] = True
    if params["expires"] is not None:
        facts["expirationTime"] = moments.spell(moment("expires", params["expires"]))
    return Wanted(value, facts, {**known_by, "application": params["application"]})


def one_spelling(type_: str, value: str) -> str:
    """Hashes and names in small letters, IPv6 with all eight groups; of a URL the path has two cases."""
    if type_ == "IpAddress":
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return value
        return str(address) if address.version == 4 else address.exploded
    return value if type_ == "Url" else value.lower()


def judge_value(type_: str, value: str) -> None:
    """See that the value is one of its type.

    :raises BadInput: it is not
    """
    if type_ in HEXADECIMAL:
        fits: t.Any = re.fullmatch(f"[0-9a-f]{{{HEXADECIMAL[type_]}}}", value)
    elif type_ == "Url":
        fits = re.fullmatch(r"https?://[^\s/]+(/\S*)?", value, re.IGNORECASE)
    elif type_ == "DomainName":
        fits = re.fullmatch(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", value)
    else:
        fits = _address(value)
    if not fits:
        raise BadInput(f"value: {value!r} is no {type_}", hint="Ranges and wildcards are not taken; refang what came out of a report")


def judge_ours(type_: str, value: str, own_domains: t.Iterable[str]) -> None:
    """See that nothing of ours would be hit.

    :raises BadInput: it is an address of inside, or a domain of ours, below one or above
    """
    host = urlsplit(value).hostname or "" if type_ == "Url" else value
    address = _address(host) if type_ in indicators.NETWORK else None
    if address is not None and any(address.version == network.version and address in network for network in INSIDE):
        raise BadInput(f"value: {host} is an address of inside", hint="It means another machine in every network; isolate the machine instead")
    if type_ not in ("Url", "DomainName"):
        return
    for own in (name.strip(" .").lower() for name in own_domains):
        if f".{host}".endswith(f".{own}") or (type_ == "DomainName" and own.endswith(f".{host}")):
            raise BadInput(f"value: {host} is of {own}, which is our own", hint="A domain covers all below it; take a narrower one")


def find(client, wanted: Wanted) -> Record | None:
    """The record as it is; the service has no call for one.

    :raises BadInput: what is wanted would have ended already
    """
    ends = wanted.facts.get("expirationTime")
    if ends and moments.parse(ends).timestamp() <= client.clock.time():
        raise BadInput(f"expires: {ends} is over", hint="Give a time to come, or state: absent")
    type_, value = wanted.content["indicatorType"], wanted.content["indicatorValue"]
    spellings = dict.fromkeys((value,) if type_ == "Url" else (value, value.upper()))
    where = odata.all_of(odata.eq("indicatorType", type_), odata.any_of(*(odata.eq("indicatorValue", one) for one in spellings)))
    return next((shown(row) for row in none_when_not_found(client.list(indicators.LIST, where=where))), None)


def put(client, wanted: Wanted, before: Record | None) -> Record | None:
    """Submit it; what is not described stays as it was."""
    record = {**wanted.content, **(before or {}), **wanted.facts}
    values = {field.name: record.get(field.wire) for field in indicators.SUBMIT.body_fields}
    if values["expires"] is not None:
        values["expires"] = moments.parse(values["expires"])
    answer = client.call(indicators.SUBMIT, **values)
    return None if answer is None else shown(answer)


def remove(client, wanted: Wanted) -> t.Any:
    """Take it away, by the id that it has now.

    :raises NotFound: it is gone already
    """
    record = find(client, wanted)
    if record is None:
        raise NotFound(f"There is no indicator {wanted.name}")
    return client.call(indicators.DELETE, indicator_id=record["id"])


def shown(row: Record) -> Record:
    """A record with its end to the second."""
    ends = row.get("expirationTime")
    return {**row, "expirationTime": moments.spell(moments.parse(ends)) if ends else None}


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
