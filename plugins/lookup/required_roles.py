# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells which roles a run of our modules needs."""

from __future__ import annotations

DOCUMENTATION = r"""
name: required_roles
short_description: Tell which application permissions a run of modules needs
version_added: 0.1.0
description:
  - Computes from the modules themselves which application permissions a run of them may need, and no more than that.
  - Signs in nowhere and asks nobody. It runs on the controller.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  _terms:
    description:
      - Names of modules of this collection, with or without C(secops.defender.) in front.
      - What one value of an option needs is counted when it is named as well, as in V(machine_info:related=users).
    required: true
    type: list
    elements: str
  service:
    description:
      - Whose permissions are asked for, V(defender) for those of WindowsDefenderATP, V(graph) for those of Microsoft Graph.
    type: str
    choices: [defender, graph]
    default: defender
notes:
  - Call it with C(query) or with C(wantlist=true), for its result is a list of lists.
  - What only some options of a module need is counted, as the run may use them. The page of each module says what its options need.
seealso:
  - module: secops.defender.token
"""

EXAMPLES = r"""
- name: Fail before the first call when this play could not do all of its work
  secops.defender.token:
    required_roles: "{{ query('secops.defender.required_roles', 'alert_info', 'machine_info', 'machine_isolation') }}"

- name: Fail early when the users and the software of the machines could not be read
  secops.defender.token:
    required_roles: "{{ query('secops.defender.required_roles', 'machine_info:related=users', 'machine_info:related=software') }}"

- name: Fail before the first call when the incidents could not be read, which are at Microsoft Graph
  secops.defender.token:
    service: graph
    required_roles: "{{ query('secops.defender.required_roles', 'incident_info', service='graph') }}"

- name: Tell the administrator what to grant
  ansible.builtin.debug:
    msg: "{{ query('secops.defender.required_roles', 'machine_isolation') | map('first') | list }}"
"""

RETURN = r"""
_raw:
  description:
    - Groups of roles. A run needs one role out of every group; the first of each is the least privileged one, and the one to grant.
  type: list
  elements: list
  sample: [[Machine.Read.All, Machine.ReadWrite.All], [Machine.Isolate]]
"""

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..module_utils._client.errors import DefenderError
from ..module_utils._client.text import plain
from ..module_utils._module.needs import least_roles


class LookupModule(LookupBase):
    """The lookup as Ansible calls it."""

    def run(self, terms, variables=None, **kwargs):
        self.set_options(var_options=variables, direct=kwargs)
        if not terms:
            raise AnsibleError("secops.defender.required_roles needs names of modules, such as machine_info")
        try:
            groups = least_roles((str(term) for term in terms), self.get_option("service"))
        except DefenderError as error:
            raise AnsibleError(plain(error.sentence())) from error
        return [list(group) for group in groups]
