#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell which alerts and machines a user is seen with."""

from __future__ import annotations

DOCUMENTATION = r"""
module: user_info
short_description: Tell which alerts and machines a user is seen with
version_added: 0.1.0
description:
  - Reads the alerts that name each user, and the machines the user logged on to. Of a user that is not known both are empty.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  user:
    description:
      - The users, by the name of the account alone, so V(lena) for C(lena@contoso.com). Accounts of one name in several domains cannot be told apart.
    type: list
    elements: str
    required: true
  related:
    description:
      - What to read of each, at one call for each and kind.
    type: list
    elements: str
    choices: [alerts, machines]
    default: [alerts, machines]
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes
  - secops.defender._permissions.user_info
seealso:
  - module: secops.defender.alert_info
  - name: Get user related machines
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/get-user-related-machines
"""

EXAMPLES = r"""
- name: Ask where the user of the alert is logged on
  secops.defender.user_info:
    user: [lena]
    related: [machines]
"""

RETURN = r"""
users:
  description: One entry for each, in the order of the option.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name of the account.
      type: str
      sample: lena
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
from ..module_utils._module.observable_names import account
from ..module_utils._module.observables import ALERTS, MACHINES, Observables
from ..module_utils._module.run import run

SHAPE = Observables(
    noun="users",
    option="user",
    canonical=account,
    related={ALERTS: api.ALERTS_OF_USER, MACHINES: api.MACHINES_OF_USER},
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
