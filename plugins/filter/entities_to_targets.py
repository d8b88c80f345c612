# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks act on, from what alerts are about."""

from __future__ import annotations

DOCUMENTATION = r"""
name: entities_to_targets
short_description: Make the targets of the next task from the entities of alerts
version_added: 0.1.0
author:
  - secops.defender maintainers
description:
  - C(entities) of M(secops.defender.alert_info) and M(secops.defender.incident_info) holds records. This filter makes of one kind of them a list that
    the option of the next task takes, each thing once and in the same order.
  - What cannot be named in that way is left out, such as a machine without an id or a file whose SHA-1 is not known.
options:
  _input:
    description: What the module returned as C(entities).
    type: dict
    required: true
  kind:
    description:
      - V(machines) gives the ids of machines, V(files) the SHA-1 hashes of files, V(ips) and V(urls) what they say, V(users) the names of accounts
        without their domains, as the service looks them up.
    type: str
    choices: [machines, files, ips, urls, users]
    default: machines
positional: kind
seealso:
  - module: secops.defender.alert_info
"""

EXAMPLES = r"""
- name: Read the alerts of the incident
  secops.defender.alert_info:
    incident_id: [1126093]
    evidence: true
  register: incident

- name: Ask first what isolating its machines would do
  secops.defender.machine_isolation:
    machines: "{{ incident.entities | secops.defender.entities_to_targets }}"
    state: isolated
    comment: Incident 1126093
  check_mode: true

- name: See which files to take into quarantine
  ansible.builtin.debug:
    msg: "{{ incident.entities | secops.defender.entities_to_targets('files') }}"
"""

RETURN = r"""
_value:
  description: The targets.
  type: list
  elements: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

FIELDS = {"machines": "id", "files": "sha1", "users": "name", "ips": None, "urls": None}
"""Which fact names a thing of that kind; those without one are names themselves."""


def targets(entities: t.Any, kind: str = "machines") -> list[str]:
    """The names of all things of one kind."""
    if kind not in FIELDS:
        raise AnsibleFilterError(f"secops.defender.entities_to_targets knows {', '.join(FIELDS)}, not {kind!r}")
    if not isinstance(entities, t.Mapping) or kind not in entities:
        raise AnsibleFilterError("secops.defender.entities_to_targets takes the entities of alert_info")
    field = FIELDS[kind]
    names = (thing[field] if field else thing for thing in entities[kind])
    return list(dict.fromkeys(name for name in names if name))


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., list[str]]]:
        return {"entities_to_targets": targets}
