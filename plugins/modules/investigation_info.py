#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the automated investigations that there were."""

from __future__ import annotations

DOCUMENTATION = r"""
module: investigation_info
short_description: Read the automated investigations that there were
version_added: 0.1.0
description:
  - Reads automated investigations of machines, into the result or to a file.
  - Defender for Endpoint has begun none since 1 September 2026 (message MC1411577), whether by itself or by hand. Those from before stay
    readable for as long as the tenant keeps its data.
  - No module starts one. M(secops.defender.api_request) refuses to, too, with this date. A full scan takes the place of it, which is
    M(secops.defender.machine_scan) with C(scan_type=full).
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  id:
    description:
      - The investigations to read, each by its own id or by the id of the alert that triggered it.
      - Ids of investigations are numbers, and many are asked for in one call. For each alert there is a call of its own.
    type: list
    elements: str
  machine:
    description:
      - Only investigations of these machines, each by its id, name or address of now.
    type: list
    elements: str
  state:
    description:
      - Only investigations in these states.
    type: list
    elements: str
    choices:
      - Unknown
      - Terminated
      - SuccessfullyRemediated
      - Benign
      - Failed
      - PartiallyRemediated
      - Running
      - PendingApproval
      - PendingResource
      - PartiallyInvestigated
      - TerminatedByUser
      - TerminatedBySystem
      - Queued
      - InnerFailure
      - PreexistingAlert
      - UnsupportedOs
      - UnsupportedAlertType
      - SuppressedAlert
  started_after:
    description:
      - Only investigations that began at this time or later, such as V(2026-06-01T00:00:00Z).
    type: str
  started_before:
    description:
      - Only investigations that began before this time.
    type: str
  filter:
    description:
      - A filter of your own, as the service spells it (OData). The other options narrow it further.
      - The service filters by C(startTime), C(id), C(state), C(machineId) and C(triggeringAlertId).
    type: str
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._reading
  - secops.defender._reading.to_disk
  - secops.defender._attributes
  - secops.defender._permissions.investigation_info
attributes:
  check_mode:
    details: Reads the same in check mode. With O(dest) nothing is written, and the result says what would be.
seealso:
  - module: secops.defender.machine_scan
  - module: secops.defender.alert_info
  - name: List investigations
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/get-investigation-collection
"""

EXAMPLES = r"""
- name: See what an alert of last summer was investigated with
  secops.defender.investigation_info:
    id: [da639228963310000000_540020311]
  register: then

- name: See whether this machine was ever cleaned only in part
  secops.defender.investigation_info:
    machine: [fin-07]
    state: [PartiallyRemediated, PartiallyInvestigated, Failed]

- name: Keep the record of all before the tenant forgets it
  secops.defender.investigation_info:
    dest: /var/lib/secops/investigations.ndjson.gz

- name: Do what takes the place of starting one
  secops.defender.machine_scan:
    machines: [fin-07]
    scan_type: full
    comment: Incident 1126093, in place of an automated investigation
"""

RETURN = r"""
investigations:
  description: The investigations, in the words of the service.
  returned: success, without O(dest)
  type: list
  elements: dict
  contains:
    id:
      description: The number of the investigation, as text.
      type: str
    startTime:
      description: When it began.
      type: str
    endTime:
      description: When it ended. Empty when it had not.
      type: str
    state:
      description: How far it came.
      type: str
    statusDetails:
      description: More on that, where there is more.
      type: str
    cancelledBy:
      description: Who ended it, where somebody did.
      type: str
    machineId:
      description: The id of the machine.
      type: str
    computerDnsName:
      description: The name of the machine.
      type: str
    triggeringAlertId:
      description: The alert that triggered it.
      type: str
file:
  description: The file.
  returned: success, with O(dest)
  type: str
  sample: /var/lib/secops/investigations.ndjson.gz
format:
  description: What it holds, V(ndjson) or V(csv).
  returned: success, with O(dest)
  type: str
  sample: ndjson
bytes:
  description: How long it is.
  returned: success, with O(dest)
  type: int
  sample: 1843
sha256:
  description: Its hash.
  returned: success, with O(dest)
  type: str
  sample: 3b2e8a2f4f7f4b0e2f2b6c1a7d9b9b8f0a1c2d3e4f5061728394a5b6c7d8e9f0
count:
  description: How many there are.
  returned: success
  type: int
  sample: 1
complete:
  description: Whether these are all that fit. V(false) when O(limit) was reached, or with O(allow_incomplete=true) when the list broke off.
  returned: success
  type: bool
  sample: true
not_found:
  description: What was asked for by its id and is not there.
  returned: success, and failure for this reason
  type: list
  elements: str
  sample: []
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import investigations, machines
from ..module_utils._client.errors import NotFound
from ..module_utils._module.filters import BEFORE, SINCE, Filter, some
from ..module_utils._module.found import Found, rows_with
from ..module_utils._module.info import Info, Way
from ..module_utils._module.machine_words import machines_of_task
from ..module_utils._module.run import run


def by_id(client, params):
    """The investigations of these numbers, and those that these alerts have triggered."""
    words = some("id", [word.strip() for word in params["id"]])
    client.require((investigations.LIST, investigations.GET))
    rows = {row["id"]: row for row in rows_with(client, investigations.LIST, "id", [word for word in words if word.isdecimal()])}
    absent = {word: f"there is no investigation {word}" for word in words if word.isdecimal() and word not in rows}
    for alert in (word for word in words if not word.isdecimal()):
        try:
            row = client.call(investigations.GET, investigation_id=alert)
            rows[row["id"]] = row
        except NotFound:
            absent[alert] = f"there is no investigation that the alert {alert} has triggered"
    return Found(list(rows.values()), absent)


def of_machines(client, params):
    client.require((investigations.LIST,))
    ids, not_found = machines_of_task(client, params)
    return Found(list(rows_with(client, investigations.LIST, "machineId", ids)), not_found)


SHAPE = Info(
    noun="investigations",
    listing=investigations.LIST,
    by_id=Way(by_id, operations=(investigations.GET,)),
    ways={"machine": Way(of_machines, operations=(machines.LIST, machines.FIND_BY_IP))},
    filters=(
        Filter("state", "state", choices=investigations.STATES),
        Filter("started_after", "startTime", compare=SINCE),
        Filter("started_before", "startTime", compare=BEFORE),
    ),
    columns=(
        "id", "startTime", "endTime", "state", "statusDetails", "cancelledBy", "machineId", "computerDnsName", "triggeringAlertId",
    ),
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
