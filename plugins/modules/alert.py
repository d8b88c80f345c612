#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take alerts, close them, and say what they were."""

from __future__ import annotations

DOCUMENTATION = r"""
module: alert
short_description: Take alerts, close them, and say what they were
version_added: 0.1.0
description:
  - Changes the status, the owner and the verdict of alerts, and comments on them. What is not given stays as it is.
  - The alerts are read first and each is sent what it lacks, many in one call where they lack the same. What the service made of it is read back.
  - Two services take such changes, Defender for Endpoint and Microsoft Graph, see O(service). The options mean the same at both, and so does the
    result, whose words are those of the options. At Microsoft Graph each alert costs a call, and a comment another one.
  - A comment that stands at an alert already is not made again, so the task can be repeated.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  service:
    description:
      - Whom to tell.
      - V(auto) tells Defender for Endpoint when the app may write alerts there, else Microsoft Graph when it may there. RV(service) says which it was.
      - Only Microsoft Graph has the alerts of other products of Defender.
    type: str
    choices: [auto, defender, graph]
    default: auto
  id:
    description:
      - The ids of the alerts, in any number. They are the same at both services.
    type: list
    elements: str
    required: true
  status:
    description:
      - The state to bring them into.
    type: str
    choices: [New, InProgress, Resolved]
  comment:
    description:
      - A note to add to each.
    type: str
  incident_id:
    description:
      - The incident that they shall belong to, by the number that the portal shows. Only Microsoft Graph can move them.
    type: str
  batch_size:
    description:
      - How many alerts to change in one call at most. The service has a limit, does not document it, and names it when it is passed.
      - Ten such calls a minute are allowed. Microsoft Graph has none for several alerts.
    type: int
    default: 100
  allow_missing:
    description:
      - Whether to go on when an alert is not there. RV(not_found) lists those either way.
    type: bool
    default: false
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes.writer
  - secops.defender._verdict
  - secops.defender._permissions.alert
seealso:
  - module: secops.defender.alert_info
  - module: secops.defender.incident
  - name: Update alert
    description: The page of Defender for Endpoint.
    link: https://learn.microsoft.com/defender-endpoint/api/update-alert
  - name: Batch update alerts
    description: The page of Defender for Endpoint.
    link: https://learn.microsoft.com/defender-endpoint/api/batch-update-alerts
  - name: Update alert
    description: The page of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/security-alert-update
"""

EXAMPLES = r"""
- name: Read the alerts of the incident that nobody has looked at
  secops.defender.alert_info:
    incident_id: [1126093]
    status: [New]
  register: incident

- name: Take them, but from nobody
  secops.defender.alert:
    id: "{{ incident.alerts | map(attribute='id') }}"
    status: InProgress
    assigned_to: lena@contoso.com
    comment: Taken by the on-call shift

- name: Put an alert where it belongs
  secops.defender.alert:
    id: [da637472900382838869_1364969609]
    incident_id: "1126093"

- name: Close them when the case is closed
  secops.defender.alert:
    id: "{{ incident.alerts | map(attribute='id') }}"
    status: Resolved
    classification: TruePositive
    determination: Malware
    comment: Incident 1126093, machines cleaned and released
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: Of 3 alert(s) 2 succeeded, 1 unchanged
service:
  description: The service that was asked, V(defender) or V(graph).
  returned: success
  type: str
  sample: defender
alerts:
  description: One entry for each alert.
  returned: when the alerts were read and nobody else has one of them
  type: list
  elements: dict
  contains:
    id:
      description: The id of the alert.
      type: str
    title:
      description: What it says, in short. Written by whoever raised it, so it may quote an attacker.
      type: str
    outcome:
      description: V(succeeded), V(unchanged), V(planned) (check mode), V(failed) or V(not_sent).
      type: str
    reason:
      description: Why, in words.
      type: str
    changed:
      description: Whether this task changed the alert.
      type: bool
    before:
      description: What differed, as it was.
      type: dict
    after:
      description: What differed, as it is now; in check mode as it would be.
      type: dict
taken:
  description: The alerts that somebody else has, each with C(id) and C(assigned_to).
  returned: when the task is refused for this reason
  type: list
  elements: dict
  contains:
    id:
      description: The id of the alert.
      type: str
    assigned_to:
      description: Who has it.
      type: str
not_found:
  description: The ids that are not there.
  returned: success, and failure for this reason
  type: list
  elements: str
  sample: []
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import alerts as api
from ..module_utils._module import alert_state
from ..module_utils._module.run import run
from ..module_utils._module.two_services import Side, TwoServices
from ..module_utils._response import alert_words as words


def not_in_classic(params):
    return [] if params["incident_id"] is None else ["incident_id"]


SHAPE = TwoServices(
    defender=Side(alert_state.at_classic, operations=alert_state.CLASSIC, needs=lambda params: alert_state.CLASSIC, lacks=not_in_classic),
    graph=Side(alert_state.at_graph, operations=alert_state.GRAPH, needs=lambda params: alert_state.GRAPH),
    options={
        "id": {"type": "list", "elements": "str", "required": True},
        "status": {"type": "str", "choices": list(api.STATUS_TO_SET)},
        "assigned_to": {"type": "str"},
        "take_over": {"type": "bool", "default": False},
        "classification": {"type": "str", "choices": list(words.FITTING)},
        "determination": {"type": "str", "choices": list(words.DETERMINATIONS)},
        "comment": {"type": "str"},
        "incident_id": {"type": "str"},
        "batch_size": {"type": "int", "default": 100},
        "allow_missing": {"type": "bool", "default": False},
    },
    rules={"required_one_of": [alert_state.WANTED], "required_by": {"determination": "classification"}},
    check=alert_state.check,
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
