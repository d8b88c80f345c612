# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of files, addresses, domains and users: it follows from the alerts that name them."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from collections.abc import Callable
from urllib.parse import urlsplit

from ..contract import endpoints, types
from ..rows import Listed, Row
from ..seam import Call, Problem, Reply, behaviour
from ..signatures import EVERYWHERE, MICROSOFT, is_of_windows
from ..world import World
from .lists import listing

Names = Callable[[Row], bool]
HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def _evidence(alert: Row, says: Names) -> list[Row]:
    return [piece for piece in alert["evidence"] if says(piece)]


def _alerts(world: World, says: Names) -> list[Row]:
    return [alert for alert in world.alerts if _evidence(alert, says)]


def _machines(world: World, alerts: t.Iterable[Row]) -> list[Row]:
    return [row for row in map(world.machines.get, dict.fromkeys(alert["machineId"] for alert in alerts)) if row is not None]


def _is_file(call: Call) -> Names:
    wanted = call.values["id"].lower()
    if not HASH.fullmatch(wanted):
        raise Problem(400, "InvalidHashValue", "The hash is not valid")
    return lambda piece: wanted in (piece["sha1"], piece["sha256"])


def _is_ip(call: Call) -> Names:
    try:
        wanted = str(ipaddress.ip_address(call.values["ip"]))
    except ValueError as error:
        raise Problem(400, "InvalidIpAddress", "The address is not valid") from error
    return lambda piece: piece["ipAddress"] == wanted


def _is_domain(call: Call) -> Names:
    wanted = call.values["domain"].lower()
    return lambda piece: bool(piece["url"]) and urlsplit(piece["url"]).hostname == wanted


def _is_user(call: Call) -> Names:
    """By the account's name alone."""
    wanted = call.values["id"].lower()
    return lambda piece: (piece["accountName"] or "").lower() == wanted


NAMED_BY = {"file": _is_file, "ip": _is_ip, "domain": _is_domain, "user": _is_user}


def _seen(world: World, alerts: t.Sequence[Row]) -> dict[str, t.Any]:
    moments = sorted(alert["alertCreationTime"] for alert in alerts)
    return {
        "organizationPrevalence": len(_machines(world, alerts)),
        "orgFirstSeen": moments[0] if moments else None,
        "orgLastSeen": moments[-1] if moments else None,
    }


def _file(world: World, call: Call) -> tuple[list[Row], Row]:
    """The alerts that name the file, and a piece of evidence that does."""
    says = _is_file(call)
    alerts = _alerts(world, says)
    if not alerts:
        raise Problem(404, "ResourceNotFound", f"File {call.values['id']} was not found")
    return alerts, _evidence(alerts[0], says)[0]


@behaviour("file.get")
def get_file(world: World, call: Call) -> Reply:
    return Reply(200, known_file(world, _file(world, call)[1]))


def known_file(world: World, piece: Row) -> dict[str, t.Any]:
    """The record of the file in a piece of evidence."""
    alerts = _alerts(world, lambda other: other["sha1"] == piece["sha1"])
    seen = alerts[0]["alertCreationTime"]
    facts = {
        **dict.fromkeys(types()["File"]["fields"]), "sha1": piece["sha1"], "sha256": piece["sha256"], "isPeFile": piece["fileName"].endswith(".exe"),
        "globalPrevalence": len(_machines(world, alerts)), "globalFirstObserved": seen, "globalLastObserved": seen, "determinationType": "Unknown",
    }
    if not is_of_windows(piece["filePath"]):
        return facts
    signed = {"signer": MICROSOFT, "issuer": "Microsoft Windows Production PCA 2011", "isValidCertificate": True, "filePublisher": "Microsoft Corporation"}
    return {**facts, **signed, "globalPrevalence": EVERYWHERE}


@behaviour("file.get_statistics")
def file_statistics(world: World, call: Call) -> Reply:
    alerts, piece = _file(world, call)
    seen = _seen(world, alerts)
    worldwide = {
        "globallyPrevalence": EVERYWHERE if is_of_windows(piece["filePath"]) else seen["organizationPrevalence"], "globalFirstObserved": seen["orgFirstSeen"],
        "globalLastObserved": seen["orgLastSeen"], "topFileNames": [piece["fileName"]],
    }
    return Reply(200, {"sha1": piece["sha1"], **seen, **worldwide})


@behaviour("ip.get_statistics")
def ip_statistics(world: World, call: Call) -> Reply:
    return Reply(200, {"ipAddress": call.values["ip"], **_seen(world, _alerts(world, _is_ip(call)))})


@behaviour("domain.get_statistics")
def domain_statistics(world: World, call: Call) -> Reply:
    return Reply(200, {"host": call.values["domain"], **_seen(world, _alerts(world, _is_domain(call)))})


def _lists(operation: str) -> None:
    kind, _dot, what = operation.partition(".")

    @behaviour(operation)
    def related(world: World, call: Call) -> Reply:
        """Nothing known is an empty list; files go by their SHA-1 alone here."""
        says = NAMED_BY[kind](call)
        alerts = [] if kind == "file" and len(call.values["id"]) != 40 else _alerts(world, says)
        rows = alerts if what == "list_alerts" else _machines(world, alerts)
        most = endpoints()[operation].get("at_most")
        return listing(world, call, operation, Listed([dict(row) for row in rows][:most]))


for _operation in endpoints():
    if _operation.partition(".")[0] in NAMED_BY and ".list_" in _operation:
        _lists(_operation)
