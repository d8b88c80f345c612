#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find machines by id, name, address, tag, state or filter."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_info
short_description: Find machines by id, name, address, tag, state or filter
version_added: 0.1.0
description:
  - Reads the records of machines, of one or of a hundred thousand, into the result or to a file.
  - All machines that fit are returned, also when two bear the same name. It is the modules that act which refuse what is not clear.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  id:
    description:
      - The ids of the machines to read, 40 hexadecimal digits each.
      - Only one of O(id), O(name), O(ip), O(tag) and O(filter) can be given; without any, all machines are searched.
    type: list
    elements: str
  name:
    description:
      - DNS names, or the first part of them. V(web01) finds V(web01.corp.contoso.com), and V(web010) it does not.
    type: list
    elements: str
  ip:
    description:
      - Internal addresses. Machines are found that had one of them within 15 minutes of O(at).
      - Addresses wander, so give the time of the event that made you ask.
    type: list
    elements: str
  at:
    description:
      - When the machine had the address in O(ip), such as V(2026-11-25T03:00:00Z). It must lie within the last 30 days.
      - Without it the time is now.
    type: str
  tag:
    description:
      - A tag that the machines bear, in the portal's spelling.
    type: str
  tag_prefix:
    description:
      - Whether O(tag) is only the beginning of the tag.
    type: bool
    default: false
  health:
    description:
      - Only machines in these states of health.
    type: list
    elements: str
    choices: [Active, Inactive, ImpairedCommunication, NoSensorData, NoSensorDataImpairedCommunication, Unknown]
  risk:
    description:
      - Only machines at these levels of risk, which come from the alerts that are open on them.
    type: list
    elements: str
    choices: [None, Informational, Low, Medium, High]
  exposure:
    description:
      - Only machines at these levels of exposure, which come from what is missing or misconfigured on them.
    type: list
    elements: str
    choices: [None, Low, Medium, High]
  onboarding:
    description:
      - Only machines in these states of onboarding.
    type: list
    elements: str
    choices: [Onboarded, CanBeOnboarded, Unsupported, InsufficientInfo]
  os:
    description:
      - Only machines with these operating systems, such as V(Windows11), V(WindowsServer2019) or V(Linux).
      - The whole word is needed, V(Windows) finds nothing.
    type: list
    elements: str
  group:
    description:
      - Only machines in these device groups, by name.
      - The service cannot search by it, so all machines that fit otherwise are read and looked at here.
    type: list
    elements: str
  seen_after:
    description:
      - Only machines whose last full report came at this time or later.
      - Machines report in full about once a day.
    type: str
  seen_before:
    description:
      - Only machines whose last full report came before this time. Finds those that have gone quiet.
    type: str
  filter:
    description:
      - A filter of your own, as the service spells it (OData). The other options narrow it further.
      - The service filters by C(computerDnsName), C(id), C(version), C(deviceValue), C(aadDeviceId), C(machineTags), C(lastSeen),
        C(exposureLevel), C(onboardingStatus), C(lastIpAddress), C(healthStatus), C(osPlatform), C(riskScore) and C(rbacGroupId).
    type: str
  related:
    description:
      - What else to read of each machine, and to add to it under C(related). V(users) are those who logged on, V(missing_kbs) the security
        updates that it lacks.
      - Each costs one call a machine, so this is for a few machines and not for the estate, see O(related_max).
      - Each needs a permission of its own, see the notes.
      - When something of it cannot be read the task fails, unless O(allow_incomplete=true).
    type: list
    elements: str
    choices: [users, alerts, software, vulnerabilities, recommendations, missing_kbs]
  related_max:
    description:
      - The task refuses to read what is O(related) for more machines than this.
    type: int
    default: 50
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._reading
  - secops.defender._reading.to_disk
  - secops.defender._attributes
  - secops.defender._permissions.machine_info
attributes:
  check_mode:
    details: Reads the same in check mode. With O(dest) nothing is written, and the result says what would be.
seealso:
  - module: secops.defender.alert_info
  - module: secops.defender.machine_action_info
  - module: secops.defender.machine_isolation
  - name: List machines
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/get-machines
"""

EXAMPLES = r"""
- name: Look at the two machines in the ticket before anything is done to them
  secops.defender.machine_info:
    name: [fin-lt-0042, mail01.corp.contoso.com]
  register: in_ticket

- name: Find out which machine had the address that the firewall reported
  secops.defender.machine_info:
    ip: [10.12.40.77]
    at: "2026-11-25T03:14:00Z"

- name: Find the servers that are at high risk
  secops.defender.machine_info:
    risk: [High]
    os: [WindowsServer2019, WindowsServer2022]

- name: Find what has been silent for a week in the plants
  secops.defender.machine_info:
    tag: Plant-
    tag_prefix: true
    seen_before: "2026-11-18T00:00:00Z"

- name: Have the picture of a machine before deciding anything
  secops.defender.machine_info:
    name: [fin-lt-0042]
    related: [users, alerts, vulnerabilities, missing_kbs]
  register: picture

- name: See who has worked there
  ansible.builtin.debug:
    msg: "{{ picture.machines[0].related.users | map(attribute='accountName') | unique | list }}"

- name: Take the whole estate to disk for the report
  secops.defender.machine_info:
    dest: /var/lib/secops/machines.ndjson.gz
  register: estate

- name: Search in the words of the service
  secops.defender.machine_info:
    filter: deviceValue eq 'High' and healthStatus ne 'Active'
"""

RETURN = r"""
machines:
  description: The machines, in the words of the service.
  returned: success, without O(dest)
  type: list
  elements: dict
  contains:
    id:
      description: The id of the machine, 40 hexadecimal digits.
      type: str
    computerDnsName:
      description: Its full name.
      type: str
    firstSeen:
      description: When it first reported.
      type: str
    lastSeen:
      description: When it last reported in full, which happens about daily.
      type: str
    osPlatform:
      description: Its operating system.
      type: str
    version:
      description: The release of the operating system.
      type: str
    onboardingStatus:
      description: Whether the service can reach it.
      type: str
    healthStatus:
      description: Whether its sensor works.
      type: str
    riskScore:
      description: The risk that open alerts make.
      type: str
    exposureLevel:
      description: The exposure that missing updates and weak settings make.
      type: str
    deviceValue:
      description: What it is worth, V(Low), V(Normal) or V(High).
      type: str
    lastIpAddress:
      description: Its last internal address.
      type: str
    lastExternalIpAddress:
      description: Its last address on the internet.
      type: str
    ipAddresses:
      description: Its network cards.
      type: list
      elements: dict
    machineTags:
      description: Its tags.
      type: list
      elements: str
    rbacGroupName:
      description: Its device group.
      type: str
    aadDeviceId:
      description: Its id in Entra ID.
      type: str
    mergedIntoMachineId:
      description: The record that took the place of this one, if any.
      type: str
    related:
      description:
        - What was asked for with O(related), each a list in the words of the service, and null where it could not be read. With O(dest) it
          stands in the file.
      type: dict
      contains:
        users:
          description: The users who logged on to it.
          type: list
          elements: dict
        alerts:
          description: The alerts that were raised on it, without their evidence.
          type: list
          elements: dict
        software:
          description: What is installed on it.
          type: list
          elements: dict
        vulnerabilities:
          description: The vulnerabilities that were found on it.
          type: list
          elements: dict
        recommendations:
          description: What the service recommends for it.
          type: list
          elements: dict
        missing_kbs:
          description: The security updates that it lacks.
          type: list
          elements: dict
  sample:
    - id: 1e5bc9d7e413ddd7902c2932e418702b84d0cc07
      computerDnsName: fin-lt-0042.corp.contoso.com
      firstSeen: "2025-08-02T14:55:03.7791856Z"
      lastSeen: "2026-11-25T02:27:36.052313Z"
      osPlatform: Windows11
      version: 23H2
      onboardingStatus: Onboarded
      healthStatus: Active
      riskScore: High
      exposureLevel: Low
      deviceValue: Normal
      lastIpAddress: 10.166.113.46
      lastExternalIpAddress: 167.220.203.175
      machineTags: [Finance]
      rbacGroupName: Workplaces
      aadDeviceId: fd2e4d29-7072-4195-aaa5-1af139b78028
      mergedIntoMachineId:
related_failed:
  description: What could not be read of what is O(related), each with the id and name of the machine, the kind, a message and the error.
  returned: success and partial failure, with O(related)
  type: list
  elements: dict
  sample: []
file:
  description: The file.
  returned: success, with O(dest)
  type: str
  sample: /var/lib/secops/machines.ndjson.gz
format:
  description: What it holds, V(ndjson) or V(csv).
  returned: success, with O(dest)
  type: str
  sample: ndjson
bytes:
  description: How long it is.
  returned: success, with O(dest)
  type: int
  sample: 8123456
sha256:
  description: Its hash. The same machines in the same state make the same file.
  returned: success, with O(dest)
  type: str
  sample: 3b2e8a2f4f7f4b0e2f2b6c1a7d9b9b8f0a1c2d3e4f5061728394a5b6c7d8e9f0
count:
  description: How many there are.
  returned: success
  type: int
  sample: 1
complete:
  description:
    - Whether these are all that fit. V(false) when O(limit) was reached, or with O(allow_incomplete=true) when the list broke off or something
      O(related) could not be read.
  returned: success
  type: bool
  sample: true
not_found:
  description: What was asked for by its id or name and is not there.
  returned: success, and failure for this reason
  type: list
  elements: str
  sample: []
error:
  description: What went wrong, for code.
  returned: failure
  type: dict
  contains:
    kind:
      description: The kind of failure, such as V(BadInput), V(NotFound), V(RoleMissing), V(Incomplete), V(Throttled) or V(Unreachable).
      type: str
    code:
      description: The service's own word, such as V(ResourceNotFound).
      type: str
    status:
      description: The HTTP status, where an answer came.
      type: int
    request_id:
      description: The service's id of the call, to quote to Microsoft's support.
      type: str
    hint:
      description: What to do about it.
      type: str
"""

from ..module_utils._api import machines
from ..module_utils._client import moments
from ..module_utils._client.errors import BadInput
from ..module_utils._module.filters import BEFORE, SINCE, Filter, moment, some
from ..module_utils._module.found import Found, none_when_not_found
from ..module_utils._module.info import Info, Way
from ..module_utils._module.related import OF_MACHINES
from ..module_utils._module.run import run
from ..module_utils._response.near import near
from ..module_utils._response.targets import Selection, is_address, records_by_word

HEALTH = ("Active", "Inactive", "ImpairedCommunication", "NoSensorData", "NoSensorDataImpairedCommunication", "Unknown")
RISK = ("None", "Informational", "Low", "Medium", "High")
EXPOSURE = ("None", "Low", "Medium", "High")
ONBOARDING = ("Onboarded", "CanBeOnboarded", "Unsupported", "InsufficientInfo")
COLUMNS = (
    "id", "computerDnsName", "firstSeen", "lastSeen", "osPlatform", "version", "osBuild", "osArchitecture", "onboardingStatus",
    "healthStatus", "riskScore", "exposureLevel", "deviceValue", "lastIpAddress", "lastExternalIpAddress", "rbacGroupName",
    "machineTags", "aadDeviceId", "agentVersion", "mergedIntoMachineId", "ipAddresses",
)


def by_name(client, params):
    """All machines of these names."""
    names = [name.strip() for name in some("name", params["name"])]
    client.require((machines.LIST,))
    found = _by_word(client, Selection(machines=tuple(names)), "no machine is called {}")
    told = near(client, list(found.not_found))
    return Found(found.rows, {word: said + told.get(word, "") for word, said in found.not_found.items()})


def by_address(client, params):
    """All machines that had one of these addresses at that time."""
    addresses = [address.strip() for address in some("ip", params["ip"])]
    for address in addresses:
        if not is_address(address):
            raise BadInput(f"ip: {address!r} is not an IP address", hint="Give names as name, and ranges as a filter on lastIpAddress")
    at = moment("at", params["at"]) if params["at"] else moments.from_epoch(client.clock.time())
    client.require((machines.FIND_BY_IP,))
    around = f"within 15 minutes of {moments.spell(at)}"
    return _by_word(client, Selection(machines=tuple(addresses), at=at), f"no machine had {{}} {around}")


def by_tag(client, params):
    """All machines with this tag; that there are none is an answer."""
    client.require((machines.FIND_BY_TAG,))
    found = client.list(machines.FIND_BY_TAG, tag=params["tag"], starts_with=params["tag_prefix"])
    return Found(list(none_when_not_found(found)), {})


def _by_word(client, selection, sentence):
    by_word = records_by_word(client, selection, moments.from_epoch(client.clock.time()))
    rows = {row["id"]: row for found in by_word.values() for row in found}
    return Found(list(rows.values()), {word: sentence.format(word) for word, found in by_word.items() if not found})


SHAPE = Info(
    noun="machines",
    listing=machines.LIST,
    ways={
        "name": Way(by_name, operations=(machines.LIST,)),
        "ip": Way(by_address, operations=(machines.FIND_BY_IP,)),
        "tag": Way(by_tag, operations=(machines.FIND_BY_TAG,), argument={"type": "str"}),
    },
    options={"at": {"type": "str"}, "tag_prefix": {"type": "bool", "default": False}, **OF_MACHINES.options},
    enrich=OF_MACHINES.step,
    operations_of_steps=OF_MACHINES.operations,
    filters=(
        Filter("health", "healthStatus", choices=HEALTH),
        Filter("risk", "riskScore", choices=RISK),
        Filter("exposure", "exposureLevel", choices=EXPOSURE),
        Filter("onboarding", "onboardingStatus", choices=ONBOARDING),
        Filter("os", "osPlatform"),
        Filter("group", "rbacGroupName", sent=False),
        Filter("seen_after", "lastSeen", compare=SINCE),
        Filter("seen_before", "lastSeen", compare=BEFORE),
    ),
    fold_id=str.lower,
    columns=COLUMNS,
    required_by={"at": "ip"},
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
