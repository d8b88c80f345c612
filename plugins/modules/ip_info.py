#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell how common IP addresses are, and which alerts name them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ip_info
short_description: Tell how common IP addresses are, and which alerts name them
version_added: 0.1.0
description:
  - Reads how many machines spoke with each address, and on demand the alerts it was seen with. What the service has not seen counts zero.
  - Which machine had an address is told by M(secops.defender.machine_info).
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  ip:
    description:
      - The addresses, IPv4 or IPv6.
    type: list
    elements: str
    required: true
  related:
    description:
      - What else to read of each, at one call for each and kind.
    type: list
    elements: str
    choices: [alerts]
  look_back_hours:
    description:
      - How far back the statistics look, 720 hours at most.
    type: int
    default: 720
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes
  - secops.defender._permissions.ip_info
seealso:
  - module: secops.defender.alert_info
  - name: Get IP statistics
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/get-ip-statistics
"""

EXAMPLES = r"""
- name: Ask who else spoke with the address
  secops.defender.ip_info:
    ip: [203.0.113.77]
    related: [alerts]
    look_back_hours: 168
"""

RETURN = r"""
ips:
  description: One entry for each, in the order of the option.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The address.
      type: str
      sample: 203.0.113.77
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
    alerts:
      description: The alerts it was seen with, in the words of the service. Null unless O(related) holds V(alerts).
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
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import observables as api
from ..module_utils._module.observable_names import address
from ..module_utils._module.observables import ALERTS, Observables
from ..module_utils._module.run import run

SHAPE = Observables(
    noun="ips",
    option="ip",
    canonical=address,
    related={ALERTS: api.ALERTS_OF_IP},
    statistics=api.IP_STATISTICS,
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
