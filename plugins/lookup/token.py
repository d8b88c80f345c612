# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands an access token to other tools."""

from __future__ import annotations

DOCUMENTATION = r"""
name: token
short_description: Get an access token to hand to another tool
version_added: 0.1.0
description:
  - Signs in as the modules of this collection do, with the same cache, and returns the access token.
  - For calls that have no module yet, with M(ansible.builtin.uri), and for other programs.
  - It runs on the controller. Whoever reads the token can act as the app until it expires, an hour or so, so set C(no_log=true) on the
    task that uses it.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  _terms:
    description: Nothing; the lookup takes keywords only.
  service:
    description:
      - The service that the token is for, V(defender) for Defender for Endpoint, V(graph) for Microsoft Graph.
    type: str
    choices: [defender, graph]
    default: defender
extends_documentation_fragment:
  - secops.defender._connection.lookup
notes:
  - The token's roles are not looked at. P(secops.defender.required_roles#lookup) and M(secops.defender.token) do that.
seealso:
  - module: secops.defender.token
"""

EXAMPLES = r"""
- name: Count the open alerts of a machine, for which there is no module
  ansible.builtin.uri:
    url: https://api.security.microsoft.com/api/machines/{{ machine_id }}/alerts/$count?$filter=status%20ne%20'Resolved'
    headers:
      Authorization: Bearer {{ lookup('secops.defender.token') }}
  vars:
    defender_tenant_id: "{{ vault_tenant_id }}"
    defender_client_id: "{{ vault_client_id }}"
    defender_client_secret: "{{ vault_client_secret }}"
  no_log: true

- name: Give a script a token for another identity
  ansible.builtin.command:
    cmd: /usr/local/bin/weekly-export
  environment:
    DEFENDER_ACCESS_TOKEN: "{{ lookup('secops.defender.token', certificate_path='/etc/defender/reader.pem', client_id=reader_id) }}"
  no_log: true
  changed_when: false
"""

RETURN = r"""
_raw:
  description: The access token, alone.
  type: list
  elements: str
"""

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ..module_utils._client.client import Client
from ..module_utils._client.errors import DefenderError
from ..module_utils._client.text import plain
from ..plugin_utils.connection import read_options


class LookupModule(LookupBase):
    """The lookup as Ansible calls it."""

    def run(self, terms, variables=None, **kwargs):
        options = read_options(self, self._templar, variables, kwargs)
        if terms:
            raise AnsibleError("secops.defender.token takes keywords only, such as client_id=...")
        try:
            client = Client.open(options)
            client.tell = lambda line: Display().display(line, stderr=True)
            value = client.line(options["service"]).token.value
        except DefenderError as error:
            raise AnsibleError(plain(error.sentence())) from error
        for warning in client.warnings:
            Display().warning(plain(warning))
        return [value]
