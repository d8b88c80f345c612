#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell how common domains are, and where they were seen."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_info
short_description: Tell how common domains are, and where they were seen
version_added: 0.1.0
description:
  - Reads how many machines spoke with each domain, and on demand the alerts it was seen with and the machines. What the service has not seen counts zero.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  domain:
    description:
      - The domains, each the name of a host.
      - What a report spells C(login[.]example[.]com) goes through the filter P(secops.defender.refang#filter).
    type: list
    elements: str
    required: true
  related:
    description:
      - What else to read of each, at one call for each and kind.
      - The service tells at most 500 machines of a domain; when it told so many, RV(complete) is V(false).
    type: list
    elements: str
    choices: [alerts, machines]
  look_back_hours:
    description:
      - How far back the statistics look, 720 hours at most.
    type: int
    default: 720
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes
  - secops.defender._permissions.domain_info
seealso:
  - module: secops.defender.alert_info
  - name: Get domain statistics
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/get-domain-statistics
"""

EXAMPLES = r"""
- name: Ask which machines reached the domain of the phishing mail
  secops.defender.domain_info:
    domain: ["{{ 'login[.]example[.]com' | secops.defender.refang }}"]
    related: [machines, alerts]
"""

RETURN = r"""
domains:
  description: One entry for each, in the order of the option.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The domain.
      type: str
      sample: login.example.com
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
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import observables as api
from ..module_utils._module.observable_names import domain
from ..module_utils._module.observables import ALERTS, MACHINES, Observables
from ..module_utils._module.run import run

SHAPE = Observables(
    noun="domains",
    option="domain",
    canonical=domain,
    related={ALERTS: api.ALERTS_OF_DOMAIN, MACHINES: api.MACHINES_OF_DOMAIN},
    statistics=api.DOMAIN_STATISTICS,
    at_most={MACHINES: api.MOST_MACHINES_OF_A_DOMAIN},
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
