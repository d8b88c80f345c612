#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell what is known of files, and where they were seen."""

from __future__ import annotations

DOCUMENTATION = r"""
module: file_info
short_description: Tell what is known of files, and where they were seen
version_added: 0.1.0
description:
  - Reads the profile of each file, how common it is in the tenant and worldwide, and on demand the alerts and machines it was seen with.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  hash:
    description:
      - The files, by SHA-1 or SHA-256.
    type: list
    elements: str
    required: true
  related:
    description:
      - What else to read of each, at one call for each and kind.
    type: list
    elements: str
    choices: [alerts, machines]
  look_back_hours:
    description:
      - How far back the statistics look, 720 hours at most.
    type: int
    default: 720
  allow_missing:
    description:
      - Whether to go on when the service knows nothing of a file. RV(not_found) lists those either way.
    type: bool
    default: false
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes
  - secops.defender._permissions.file_info
seealso:
  - module: secops.defender.alert_info
  - name: Get file information
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/get-file-information
"""

EXAMPLES = r"""
- name: Ask how common the file of the alert is, and where it is
  secops.defender.file_info:
    hash: "{{ incident.entities | secops.defender.entities_to_targets('files') }}"
    related: [machines]
    allow_missing: true
  register: seen

- name: See which files only this tenant has
  ansible.builtin.debug:
    msg: "{{ seen.files | selectattr('statistics.globallyPrevalence', 'lt', 10) | map(attribute='name') | list }}"
"""

RETURN = r"""
files:
  description: One entry for each, in the order of the option.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The hash that was asked for.
      type: str
      sample: f2a00fd2f2de1be0214b8529f1e9f67096c1aa70
    profile:
      description: What the service knows of the file, in its words.
      type: dict
      contains:
        sha1:
          description: Its SHA-1.
          type: str
        sha256:
          description: Its SHA-256.
          type: str
        globalPrevalence:
          description: On how many machines it was seen worldwide.
          type: int
        signer:
          description: Who signed it.
          type: str
        determinationType:
          description: What the service takes it for.
          type: str
    statistics:
      description: How common it is, in the words of the service.
      type: dict
      contains:
        organizationPrevalence:
          description: On how many machines of the tenant it was seen.
          type: int
        orgFirstSeen:
          description: When it was first seen in the tenant.
          type: str
        orgLastSeen:
          description: When it was last seen in the tenant.
          type: str
        globallyPrevalence:
          description: On how many machines it was seen worldwide.
          type: int
        topFileNames:
          description: What it is mostly called.
          type: list
          elements: str
    alerts:
      description: The alerts it was seen with, in the words of the service. Null unless O(related) holds V(alerts).
      type: list
      elements: dict
    machines:
      description: The machines it was seen with, in the words of the service. Null unless O(related) holds V(machines).
      type: list
      elements: dict
count:
  description: How many there are.
  returned: success
  type: int
  sample: 1
complete:
  description: Whether these are all that fit.
  returned: success
  type: bool
  sample: true
not_found:
  description: The hashes of which the service knows nothing.
  returned: success, and failure for this reason
  type: list
  elements: str
  sample: []
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import observables as api
from ..module_utils._module.observable_names import file_hash
from ..module_utils._module.observables import ALERTS, MACHINES, Observables
from ..module_utils._module.run import run

SHAPE = Observables(
    noun="files",
    option="hash",
    canonical=file_hash,
    related={ALERTS: api.ALERTS_OF_FILE, MACHINES: api.MACHINES_OF_FILE},
    profile=api.GET_FILE,
    statistics=api.FILE_STATISTICS,
    known_as="sha1",
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
