#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read alerts, and the machines, files, addresses and users they are about."""

from __future__ import annotations

DOCUMENTATION = r"""
module: alert_info
short_description: Read alerts, and the machines, files, addresses and users they are about
version_added: 0.1.0
description:
  - Reads alerts by id, of an incident, of machines, or by what they are, with all pages of the list.
  - Two services tell of them, Defender for Endpoint and Microsoft Graph, see O(service). The options mean the same at both. The alerts themselves
    are in the words of the service that was asked, so that they can be laid beside its page.
  - RV(entities) names everything the alerts are about, each thing once, ready for the tasks that act. It is the same from both services.
  - Alerts reach back as far as the tenant keeps them, usually 180 days from their last change.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  service:
    description:
      - Whom to ask.
      - V(auto) asks Defender for Endpoint when the app may read alerts there, else Microsoft Graph when it may there. RV(service) says which it
        was. An option that only one of the two can do settles it.
    type: str
    choices: [auto, defender, graph]
    default: auto
  all_products:
    description:
      - Whether to read alerts of all products of Defender, such as those for mail and identities, and not of Defender for Endpoint alone.
      - Only Microsoft Graph has them. What responds on machines needs the others seldom; whoever wants the whole story of an incident does,
        see M(secops.defender.incident_info). Alerts that are asked for by O(id) are read whatever product raised them.
    type: bool
    default: false
  id:
    description:
      - The ids of the alerts to read, in any number. They are the same at both services. At Microsoft Graph each costs a call.
      - Without it all alerts are searched.
    type: list
    elements: str
  machine:
    description:
      - Only alerts on these machines, each named by its id, DNS name or current IP address.
      - Each costs a call. A name or address is looked up first, which takes the permission to read machines, and must mean
        exactly one machine.
      - Microsoft Graph knows no machines. All alerts that fit otherwise are read from there, and those kept whose evidence names the machine, so
        give O(created_after) as well; an address cannot be looked up. A machine that no alert names fails the task as an unknown one does, unless
        O(allow_missing=true).
    type: list
    elements: str
  incident_id:
    description:
      - Only alerts of these incidents, by the number that the portal shows.
      - At Microsoft Graph each costs a call, and an incident that is not there fails the task, unless O(allow_missing=true). One that was merged into
        another is followed to that one. Defender for Endpoint does not know, and finds no alerts; M(secops.defender.incident_info) tells.
    type: list
    elements: int
  severity:
    description:
      - Only alerts of these severities.
    type: list
    elements: str
    choices: [UnSpecified, Informational, Low, Medium, High]
  status:
    description:
      - Only alerts in these states. Those that need somebody are V(New) and V(InProgress).
    type: list
    elements: str
    choices: [Unknown, New, InProgress, Resolved]
  category:
    description:
      - Only alerts of these categories, such as V(Ransomware), V(LateralMovement), V(CredentialAccess) or V(Malware).
      - Microsoft Graph cannot search by it, so all that fit otherwise are read and looked at here. The same holds for O(detection_source).
    type: list
    elements: str
  assigned_to:
    description:
      - Only alerts that these people have taken, by principal name.
    type: list
    elements: str
  detection_source:
    description:
      - Only alerts that these sensors raised, such as V(WindowsDefenderAtp), V(WindowsDefenderAv) or V(CustomDetection). These three mean the same at
        both services, others are taken as they are.
    type: list
    elements: str
  created_after:
    description:
      - Only alerts raised at this time or later, such as V(2026-11-25T03:00:00Z).
    type: str
  created_before:
    description:
      - Only alerts raised before this time.
    type: str
  updated_after:
    description:
      - Only alerts that changed at this time or later. For a job that runs every few minutes, with some overlap.
    type: str
  updated_before:
    description:
      - Only alerts that last changed before this time. Finds those that nobody looks after.
    type: str
  evidence:
    description:
      - Whether to read the evidence, too, which is where files, processes, addresses and most users stand.
      - It makes each alert about three times as large.
      - Microsoft Graph always sends it, so there the entities are whole either way.
    type: bool
    default: false
  filter:
    description:
      - A filter of your own, as the service spells it (OData). The other options narrow it further; O(machine) cannot stand beside it.
      - The service filters by C(alertCreationTime), C(lastUpdateTime), C(incidentId), C(InvestigationId), C(id), C(assignedTo),
        C(detectionSource), C(lastEventTime), C(status), C(severity) and C(category).
      - Microsoft Graph filters by C(assignedTo), C(classification), C(determination), C(createdDateTime), C(lastUpdateDateTime), C(severity),
        C(serviceSource) and C(status), and calls values otherwise, such as C(inProgress). So with O(service=auto) a filter is for Defender for
        Endpoint.
    type: str
  related:
    description:
      - What else to read of each alert, and to add to it under C(related), as the service ties it to the alert. Only Defender for Endpoint has it.
      - V(machine) and V(user) are single records, and null where there is none.
      - Each costs one call an alert, see O(related_max), and needs a permission of its own, see the notes.
      - When something of it cannot be read the task fails, unless O(allow_incomplete=true).
    type: list
    elements: str
    choices: [files, ips, domains, machine, user]
  related_max:
    description:
      - The task refuses to read what is O(related) for more alerts than this.
    type: int
    default: 50
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._reading
  - secops.defender._attributes
  - secops.defender._permissions.alert_info
seealso:
  - module: secops.defender.alert
  - module: secops.defender.incident_info
  - module: secops.defender.machine_isolation
  - name: List alerts
    description: The page of Defender for Endpoint.
    link: https://learn.microsoft.com/defender-endpoint/api/get-alerts
  - name: List alerts_v2
    description: The page of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/security-list-alerts_v2
"""

EXAMPLES = r"""
- name: Read the alerts of the incident with everything that stands in them
  secops.defender.alert_info:
    incident_id: [1126093]
    evidence: true
  register: incident

- name: See whom and what it is about
  ansible.builtin.debug:
    var: incident.entities

- name: Ask first what isolating the machines of the incident would do
  secops.defender.machine_isolation:
    machines: "{{ incident.entities.machines | map(attribute='id') }}"
    state: isolated
    comment: Incident 1126093, ransomware
  check_mode: true

- name: Read the same from Microsoft Graph, with what was done to mail and identities
  secops.defender.alert_info:
    service: graph
    all_products: true
    incident_id: [1126093]

- name: Find ransomware that nobody has looked at since midnight
  secops.defender.alert_info:
    category: [Ransomware]
    severity: [High]
    status: [New]
    created_after: "2026-11-25T00:00:00Z"

- name: Read what was raised on the machine before it is released
  secops.defender.alert_info:
    machine: [fin-lt-0042.corp.contoso.com]
    status: [New, InProgress]
  register: open_alerts
  failed_when: open_alerts.count > 0
"""

RETURN = r"""
alerts:
  description: The alerts, in the words of the service.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the alert.
      type: str
    title:
      description: What it says, in short. Written by whoever raised it, so it may quote an attacker.
      type: str
    description:
      description: What it says, at length.
      type: str
    severity:
      description: How bad it is.
      type: str
    status:
      description: Whether somebody works on it.
      type: str
    category:
      description: The kind of attack.
      type: str
    incidentId:
      description: The incident it belongs to. A number from Defender for Endpoint, a text from Microsoft Graph.
      type: raw
    machineId:
      description: The machine it was raised on. From Defender for Endpoint; with Microsoft Graph machines stand in the evidence.
      type: str
    computerDnsName:
      description: The name of that machine. From Defender for Endpoint.
      type: str
    serviceSource:
      description: The product that raised it. From Microsoft Graph.
      type: str
    alertWebUrl:
      description: Its page in the portal. From Microsoft Graph.
      type: str
    assignedTo:
      description: Who has taken it.
      type: str
    classification:
      description: What it turned out to be.
      type: str
    determination:
      description: What it turned out to be, in detail.
      type: str
    detectionSource:
      description: The sensor that raised it.
      type: str
    alertCreationTime:
      description: When it was raised. From Defender for Endpoint.
      type: str
    createdDateTime:
      description: When it was raised. From Microsoft Graph.
      type: str
    firstEventTime:
      description: When the first thing in it happened. From Defender for Endpoint.
      type: str
    firstActivityDateTime:
      description: When the first thing in it happened. From Microsoft Graph.
      type: str
    lastEventTime:
      description: When the last thing in it happened. From Defender for Endpoint.
      type: str
    lastActivityDateTime:
      description: When the last thing in it happened. From Microsoft Graph.
      type: str
    lastUpdateTime:
      description: When it last changed. From Defender for Endpoint.
      type: str
    lastUpdateDateTime:
      description: When it last changed. From Microsoft Graph.
      type: str
    mitreTechniques:
      description: The techniques of the attack.
      type: list
      elements: str
    comments:
      description: What people noted.
      type: list
      elements: dict
    evidence:
      description: What it rests on. From Defender for Endpoint in flat records, empty unless O(evidence=true); from Microsoft Graph in records
        by kind.
      type: list
      elements: dict
    related:
      description: What was read beside the alert, by kind; null for a kind that could not be read.
      returned: with O(related)
      type: dict
  sample:
    - id: da637472900382838869_1364969609
      title: Suspicious signed binary ran code
      severity: High
      status: New
      category: Execution
      incidentId: 1126093
      machineId: 111e6dd8c833c8a052ea231ec1b19adaf497b625
      computerDnsName: fin-lt-0042.corp.contoso.com
      assignedTo:
      alertCreationTime: "2026-11-25T03:14:57.7220239Z"
      mitreTechniques: [T1064, T1085]
      evidence: []
service:
  description: The service that was asked, V(defender) or V(graph).
  returned: success
  type: str
  sample: defender
entities:
  description: What the alerts are about, each thing once, sorted by name. The same from both services.
  returned: success
  type: dict
  contains:
    machines:
      description: The machines, each with C(id) and C(name).
      type: list
      elements: dict
    files:
      description: The files in the evidence, each with C(sha256), C(sha1), C(name) and C(path).
      type: list
      elements: dict
    ips:
      description: The IP addresses in the evidence.
      type: list
      elements: str
    urls:
      description: The URLs in the evidence.
      type: list
      elements: str
    users:
      description: The users, each with C(name), C(domain), C(sid), C(upn) and C(aad_user_id), as far as they are known.
      type: list
      elements: dict
  sample:
    machines: [{id: 111e6dd8c833c8a052ea231ec1b19adaf497b625, name: fin-lt-0042.corp.contoso.com}]
    files: []
    ips: []
    urls: []
    users: [{name: j.doe, domain: CONTOSO, sid: null, upn: null, aad_user_id: null}]
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
  description: What was asked for by its id or name and is not there.
  returned: success, and failure for this reason
  type: list
  elements: str
  sample: []
related_failed:
  description: What of O(related) could not be read, each with C(id) and C(name) of the alert, C(kind), C(msg) and C(error).
  returned: with O(related)
  type: list
  elements: dict
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

from ..module_utils._module.alert_reading import AT_DEFENDER, AT_GRAPH, OPTIONS, RULES
from ..module_utils._module.run import run
from ..module_utils._module.two_services import TwoServices

SHAPE = TwoServices(defender=AT_DEFENDER, graph=AT_GRAPH, options=OPTIONS, rules=RULES)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
