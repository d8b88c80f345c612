# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks against containing machines that are not onboarded: the others are told to keep away from an address."""

from __future__ import annotations

import collections

from .._api import machines as api
from .._client import odata
from .._client.errors import Refused
from .state import IDS_A_CALL, chunks
from .targets import Refusal

ADVISED = 100
"""Contained machines at a time, at most (respond-machine-alerts.md)."""
RELEASE_IS_NOT_PROVEN = (
    "No page of the service says that a release ends the containment of a machine that is not onboarded; look in the portal whether it did"
)


def few_enough(_client, machines: list[dict]) -> list[Refusal]:
    """Nothing against the machines one by one.

    :raises Refused: they are more than are advised
    """
    if len(machines) > ADVISED:
        raise Refused(
            f"{len(machines)} machines were to be contained and the service advises {ADVISED} at a time; nothing was sent.",
            hint=f"Choose the {ADVISED} that matter most, and cut the others off by other means",
        )
    return []


def on_own_addresses(client, machines: list[dict]) -> list[Refusal]:
    """A refusal for each machine whose address is that of an active machine as well, which would be cut off with it.

    :raises Refused: see ``few_enough``
    """
    few_enough(client, machines)
    holders = collections.defaultdict(list)
    addresses = sorted({machine["lastIpAddress"] for machine in machines if machine.get("lastIpAddress")})
    for group in chunks(addresses, IDS_A_CALL):
        for holder in client.list(api.LIST, where=odata.any_of(*(odata.eq("lastIpAddress", address) for address in group))):
            holders[holder.get("lastIpAddress")].append(holder)
    meant = {machine["id"] for machine in machines}
    refusals = []
    for machine in machines:
        others = [holder for holder in holders[machine.get("lastIpAddress")] if holder["id"] not in meant and holder.get("healthStatus") == "Active"]
        if others:
            names = ", ".join(other.get("computerDnsName") or other["id"] for other in others)
            reason = f"its address {machine['lastIpAddress']} is also that of {names}, which would be cut off with it"
            refusals.append(Refusal(machine.get("computerDnsName") or machine["id"], "shared_address", reason, (machine,)))
    return refusals


def unproven_release(client, machines: list[dict]) -> list[Refusal]:
    """Nothing against it, but the doubt is told."""
    if machines:
        client.warnings.append(RELEASE_IS_NOT_PROVEN)
    return []
