#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raise an alert on an event that a hunting query has found."""

from __future__ import annotations

DOCUMENTATION = r"""
module: alert_create
short_description: Raise an alert on an event that a hunting query has found
version_added: 0.1.0
description:
  - Makes an alert of an event, so that it is seen in the portal, belongs to an incident and can be worked on like those of the sensors.
  - The event must be one that the service knows, as a row of a hunting query names it.
  - The service merges a new alert into an open one of the same title on the same machine, and does not say so. So that is looked for first, and while
    there is one nothing is sent. Give different findings different titles.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  machine:
    description:
      - The machine of the event, by its id, which is C(DeviceId) of the row.
      - A DNS name or a current IP address will do as well, when it means exactly one machine. It is looked up first, which takes the permission to
        read machines.
    type: str
    required: true
  report_id:
    description:
      - The number of the event, which is C(ReportId) of the row.
    type: str
    required: true
  event_time:
    description:
      - The time of the event with all its digits, which is C(Timestamp) of the row.
      - In a play written by hand it needs quotes, or YAML makes another text of it.
    type: str
    required: true
  title:
    description:
      - What was found, in short.
    type: str
    required: true
  description:
    description:
      - What was found, at length.
    type: str
    required: true
  recommended_action:
    description:
      - What whoever takes the alert should do.
    type: str
    required: true
  severity:
    description:
      - How bad it is.
    type: str
    choices: [Low, Medium, High]
    required: true
  category:
    description:
      - The kind of attack.
    type: str
    choices: [General, CommandAndControl, Collection, CredentialAccess, DefenseEvasion, Discovery, Exfiltration, Exploit, Execution, InitialAccess,
      LateralMovement, Malware, Persistence, PrivilegeEscalation, Ransomware, SuspiciousActivity]
    required: true
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes.writer
  - secops.defender._permissions.alert_create
notes:
  - The service takes 15 alerts a minute.
  - Microsoft Graph has no counterpart, so this needs an app with permissions of Defender for Endpoint.
seealso:
  - module: secops.defender.alert
  - module: secops.defender.alert_info
  - name: Create alert
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/create-alert-by-reference
"""

EXAMPLES = r"""
- name: Raise an alert on each machine that ran the tool
  secops.defender.alert_create:
    machine: "{{ item.DeviceId }}"
    report_id: "{{ item.ReportId }}"
    event_time: "{{ item.Timestamp }}"
    title: Tunnel tool started
    description: Found by the hunt for case INC-1126093
    recommended_action: Isolate the machine and collect evidence
    severity: High
    category: CommandAndControl
  loop: "{{ hunted.rows }}"
  loop_control:
    label: "{{ item.DeviceName }}"

- name: Raise one on an event that is known
  secops.defender.alert_create:
    machine: fin-lt-0042.corp.contoso.com
    report_id: "20776"
    event_time: "2026-11-25T03:12:57.7220239Z"
    title: Suspicious service account logon
    description: The account logged on where it never did before
    recommended_action: Ask its owner
    severity: Medium
    category: LateralMovement
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'The alert is raised: da637472900382838869_1364969609'
alert:
  description: The alert in the words of the service, see M(secops.defender.alert_info); the one that is there already, null in check mode.
  returned: success
  type: dict
  contains:
    id:
      description: The id of the alert.
      type: str
    title:
      description: What it says, in short.
      type: str
    status:
      description: Whether somebody works on it.
      type: str
    machineId:
      description: The machine.
      type: str
  sample:
    id: da637472900382838869_1364969609
    title: Tunnel tool started
    status: New
    machineId: 111e6dd8c833c8a052ea231ec1b19adaf497b625
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import alerts, machines
from ..module_utils._module.alert_creating import TOLD, work
from ..module_utils._module.run import run
from ..module_utils._module.shape import Task

CHOICES = {field.name: list(field.choices) for field in alerts.CREATE_BY_REFERENCE.body_fields if field.choices}
PLAIN = {"type": "str", "required": True}

SHAPE = Task(
    work=work,
    argument_spec={
        "machine": PLAIN,
        **{name: {**PLAIN, "choices": CHOICES[name]} if name in CHOICES else PLAIN for name in TOLD},
    },
    operations=(alerts.LIST_OF_MACHINE, alerts.CREATE_BY_REFERENCE),
    operations_for={"machine": (machines.LIST, machines.FIND_BY_IP)},
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
