#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read incidents, with their alerts and with what those are about."""

from __future__ import annotations

DOCUMENTATION = r"""
module: incident_info
short_description: Read incidents, with their alerts and with what those are about
version_added: 0.1.0
description:
  - Reads incidents by id, or by what they are, from Microsoft Graph. An incident holds the alerts of one attack, of all products of Defender.
  - An incident that was merged into another is told by the one that it lives on in, see RV(redirected).
  - With O(alerts) also reads the alerts, and names everything they are about, each thing once, ready for the tasks that act.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  id:
    description:
      - The ids of the incidents, which are the numbers that the portal shows. Each costs a call.
      - Without it all incidents are searched.
    type: list
    elements: str
  status:
    description:
      - Only incidents in these states. Those that need somebody are V(Active) and V(InProgress).
      - V(Redirected) are those that were merged into others.
    type: list
    elements: str
    choices: [Active, InProgress, Resolved, Redirected]
  severity:
    description:
      - Only incidents of these severities, which are those of their worst alerts.
    type: list
    elements: str
    choices: [UnSpecified, Informational, Low, Medium, High]
  assigned_to:
    description:
      - Only incidents that these people have taken, by principal name.
    type: list
    elements: str
  classification:
    description:
      - Only incidents that turned out to be this. V(Unknown) are those of which nobody has decided yet.
    type: list
    elements: str
    choices: [Unknown, TruePositive, InformationalExpectedActivity, FalsePositive]
  created_after:
    description:
      - Only incidents that were opened at this time or later, such as V(2026-11-25T03:00:00Z).
    type: str
  created_before:
    description:
      - Only incidents that were opened before this time.
    type: str
  updated_after:
    description:
      - Only incidents that changed at this time or later. For a job that runs every few minutes, with some overlap.
    type: str
  updated_before:
    description:
      - Only incidents that last changed before this time. Finds those that nobody looks after.
    type: str
  alerts:
    description:
      - Whether to read the alerts as well, of all products, with their evidence.
      - Costs a call or more for each incident, see O(alerts_max). When some cannot be read the task fails, unless O(allow_incomplete=true).
    type: bool
    default: false
  alerts_max:
    description:
      - The task refuses to read the alerts of more incidents than this.
    type: int
    default: 50
  filter:
    description:
      - A filter of your own, as Microsoft Graph spells it (OData). The other options narrow it further.
      - Incidents can be filtered by C(assignedTo), C(classification), C(createdDateTime), C(determination), C(lastUpdateDateTime), C(severity) and
        C(status), whose values begin with small letters there, such as C(inProgress).
    type: str
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._reading
  - secops.defender._attributes
  - secops.defender._permissions.incident_info
seealso:
  - module: secops.defender.incident
  - module: secops.defender.alert_info
  - module: secops.defender.machine_isolation
  - name: List incidents
    description: The page of the service.
    link: https://learn.microsoft.com/graph/api/security-list-incidents
"""

EXAMPLES = r"""
- name: Read the incident of the page with all its alerts
  secops.defender.incident_info:
    id: [1126093]
    alerts: true
  register: incident

- name: See whom and what it is about
  ansible.builtin.debug:
    var: incident.entities

- name: Ask first what isolating its machines would do
  secops.defender.machine_isolation:
    machines: "{{ incident.entities | secops.defender.entities_to_targets }}"
    state: isolated
    comment: "Incident {{ incident.incidents[0].id }}, {{ incident.incidents[0].displayName }}"
  check_mode: true

- name: Find the serious incidents that nobody has looked at since midnight
  secops.defender.incident_info:
    status: [Active]
    severity: [High]
    created_after: "2026-11-25T00:00:00Z"
  register: untouched

- name: Find what was taken last week and is still open
  secops.defender.incident_info:
    status: [InProgress]
    updated_before: "2026-11-18T00:00:00Z"
"""

RETURN = r"""
incidents:
  description: The incidents, in the words of the service, and what this collection adds.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the incident.
      type: str
    displayName:
      description: Its name. Made by the service of the alerts, so it may quote an attacker.
      type: str
    status:
      description: Whether somebody works on it.
      type: str
    severity:
      description: How bad it is.
      type: str
    classification:
      description: What it turned out to be.
      type: str
    determination:
      description: What it turned out to be, in detail.
      type: str
    assignedTo:
      description: Who has taken it.
      type: str
    customTags:
      description: The tags that people gave it.
      type: list
      elements: str
    comments:
      description: What people noted.
      type: list
      elements: dict
    incidentWebUrl:
      description: Its page in the portal.
      type: str
    createdDateTime:
      description: When it was opened.
      type: str
    lastUpdateDateTime:
      description: When it last changed.
      type: str
    redirectIncidentId:
      description: The incident that it was merged into.
      type: str
    alerts:
      description: Its alerts, in the words of the service, see M(secops.defender.alert_info). Null where they could not be read.
      returned: with O(alerts=true)
      type: list
      elements: dict
    redirected_from:
      description: The ids it was asked for by that were merged into it.
      returned: when asked for by O(id)
      type: list
      elements: str
  sample:
    - id: "1126093"
      displayName: Multi-stage incident on one endpoint
      status: inProgress
      severity: high
      classification: unknown
      determination: unknown
      assignedTo: lena@contoso.com
      customTags: []
      redirected_from: []
entities:
  description: What the alerts of all these incidents are about, each thing once, sorted by name.
  returned: with O(alerts=true)
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
redirected:
  description: The ids asked for that were merged into another incident, each with C(id) and C(into).
  returned: success
  type: list
  elements: dict
  sample: []
count:
  description: How many there are.
  returned: success
  type: int
  sample: 1
complete:
  description: Whether these are all that fit, with all their alerts. V(false) when O(limit) was reached, or with O(allow_incomplete=true) when something
    could not be read.
  returned: success
  type: bool
  sample: true
not_found:
  description: The ids that are not there.
  returned: success, and failure for this reason
  type: list
  elements: str
  sample: []
alerts_failed:
  description: The incidents whose alerts could not be read, each with C(id), C(msg) and C(error).
  returned: with O(alerts=true)
  type: list
  elements: dict
  sample: []
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import incidents
from ..module_utils._module.filters import BEFORE, SINCE, Filter
from ..module_utils._module.incident_reading import by_id, summary, with_alerts
from ..module_utils._module.info import Info, Way
from ..module_utils._module.run import run
from ..module_utils._response import alert_words as words

STATUS = ("Active", "InProgress", "Resolved", "Redirected")
UNDECIDED = {"Unknown": "unknown"}

SHAPE = Info(
    noun="incidents",
    listing=incidents.LIST,
    by_id=Way(by_id, operations=(incidents.GET,)),
    options={"alerts": {"type": "bool", "default": False}, "alerts_max": {"type": "int", "default": 50}},
    enrich=with_alerts,
    operations_of_steps={"alerts": (incidents.LIST_ALERTS,)},
    filters=(
        Filter("status", "status", choices=STATUS, spelt=words.GRAPH[words.STATUS]),
        Filter("severity", "severity", choices=tuple(words.GRAPH[words.SEVERITY]), spelt=words.GRAPH[words.SEVERITY]),
        Filter("assigned_to", "assignedTo"),
        Filter(
            "classification", "classification", choices=(*UNDECIDED, *words.GRAPH[words.CLASSIFICATION]),
            spelt={**UNDECIDED, **words.GRAPH[words.CLASSIFICATION]},
        ),
        Filter("created_after", "createdDateTime", compare=SINCE),
        Filter("created_before", "createdDateTime", compare=BEFORE),
        Filter("updated_after", "lastUpdateDateTime", compare=SINCE),
        Filter("updated_before", "lastUpdateDateTime", compare=BEFORE),
    ),
    summary=summary,
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
