#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign in and prove from the token that the run has the roles it needs."""

from __future__ import annotations

DOCUMENTATION = r"""
module: token
short_description: Sign in and prove from the token that the run has the roles it needs
version_added: 0.1.0
description:
  - Signs in, or takes the token in O(access_token), and reads what the token says.
  - Fails when the token is for another API or another tenant, has expired, or lacks one of O(required_roles).
    The message names what is missing, what is held and what to grant.
  - As the first task of a play it spares you to find out at the tenth machine that a role is missing. The token is kept for the
    tasks that follow, so it costs nothing.
  - Asks the service of Defender for Endpoint nothing at all.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  service:
    description:
      - The service that the token is for, V(defender) for Defender for Endpoint, V(graph) for Microsoft Graph.
      - Each has permissions of its own, so a play that uses both proves both.
    type: str
    choices: [defender, graph]
    default: defender
  required_roles:
    description:
      - The application permissions that the token must carry. Each item is one role, or a list of roles of which any one is enough.
      - P(secops.defender.required_roles#lookup) gives the list for the modules that the play is going to use.
    type: list
    elements: raw
    default: []
  verify_signature:
    description:
      - Whether to check the signature of the token against the keys that the tenant publishes.
      - For a token that came from elsewhere. It costs two calls to the sign-in host.
      - The form of tokens for Microsoft Graph is Graph's own business, so with O(service=graph) it cannot be checked.
    type: bool
    default: false
  return_access_token:
    description:
      - Whether the result holds the token itself, in RV(access_token).
      - Whoever reads the token can act as the app until it expires. Set C(no_log=true) on the task, and on all that print the variable.
      - A token that you gave in O(access_token) stays hidden all the same.
      - To hand a token to another tool, P(secops.defender.token#lookup) is the better way, as nothing is registered.
    type: bool
    default: false
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes
  - secops.defender._permissions.token
attributes:
  check_mode:
    details: Signs in as well, for that changes nothing.
seealso:
  - plugin: secops.defender.token
    plugin_type: lookup
  - plugin: secops.defender.required_roles
    plugin_type: lookup
  - name: Create an app to access Defender for Endpoint without a user
    description: How to register the app and to consent to its permissions.
    link: https://learn.microsoft.com/defender-endpoint/api/exposed-apis-create-app-webapp
"""

EXAMPLES = r"""
- name: Find out before anything else whether this run may isolate machines
  secops.defender.token:
    tenant_id: "{{ defender_tenant_id }}"
    client_id: "{{ defender_client_id }}"
    client_secret: "{{ defender_client_secret }}"
    required_roles:
      - [Machine.Read.All, Machine.ReadWrite.All]
      - Machine.Isolate

- name: Demand the roles of the modules that this play is going to use
  secops.defender.token:
    required_roles: "{{ query('secops.defender.required_roles', 'alert_info', 'machine_isolation') }}"

- name: Sign in by certificate, in the cloud of the US government
  secops.defender.token:
    tenant_id: "{{ defender_tenant_id }}"
    client_id: "{{ defender_client_id }}"
    certificate_path: /etc/defender/responder.pem
    cloud: gcc_high

- name: Demand what hunting needs, which is at Microsoft Graph
  secops.defender.token:
    service: graph
    required_roles: "{{ query('secops.defender.required_roles', 'hunting_query', service='graph') }}"

- name: Judge a token that a colleague has handed over
  secops.defender.token:
    access_token: "{{ handed_over_token }}"
    tenant_id: "{{ defender_tenant_id }}"
    verify_signature: true
  register: judged

- name: Say how long it is good for
  ansible.builtin.debug:
    msg: "{{ judged.token.app_name }} until {{ judged.token.expires_at }} with {{ judged.token.roles | join(', ') }}"
"""

RETURN = r"""
token:
  description: What the token says of itself.
  returned: success
  type: dict
  contains:
    audience:
      description: The API that the token is for, as it stands in the token.
      type: str
    resource:
      description: The name of that API, where it is known.
      type: str
    issuer:
      description: Who issued it.
      type: str
    tenant_id:
      description: The tenant it was issued in.
      type: str
    app_id:
      description: The client id of the app.
      type: str
    app_name:
      description: The name of the app, where the token has it.
      type: str
    object_id:
      description: The object id of the app's service principal, or of the user.
      type: str
    user:
      description: The name of the user behind it, when somebody signed in by a code.
      type: str
    app_only:
      description: Whether no user stands behind it.
      type: bool
    credential:
      description: What the app signed in with, V(secret) or V(certificate), where the token says so.
      type: str
    roles:
      description: The application permissions it carries.
      type: list
      elements: str
    scopes:
      description: The delegated permissions it carries, when a user stands behind it.
      type: list
      elements: str
    version:
      description: The version of its form.
      type: str
    issued_at:
      description: When it was issued.
      type: str
    expires_at:
      description: When it ends.
      type: str
    expires_in:
      description: How many seconds it still lives.
      type: int
  sample:
    audience: https://api.securitycenter.microsoft.com
    resource: Defender for Endpoint (WindowsDefenderATP)
    issuer: https://sts.windows.net/12345678-1234-1234-1234-1234567890ab/
    tenant_id: 12345678-1234-1234-1234-1234567890ab
    app_id: 22222222-1111-1111-1111-111111111111
    app_name: responder
    object_id: 33333333-2222-2222-2222-222222222222
    user: null
    app_only: true
    credential: certificate
    roles: [Alert.Read.All, Machine.Isolate, Machine.Read.All]
    scopes: []
    version: "1.0"
    issued_at: "2026-11-25T10:00:00Z"
    expires_at: "2026-11-25T11:05:00Z"
    expires_in: 3898
signature_verified:
  description: Whether the signature was checked, and found good.
  returned: success
  type: bool
  sample: false
access_token:
  description: The token itself.
  returned: when O(return_access_token=true)
  type: str
  sample: not-a-token
roles_held:
  description: The roles that the token carries.
  returned: when a role is missing
  type: list
  elements: str
  sample: [Alert.Read.All]
roles_missing:
  description: The groups of roles of which the token carries none. Any one role of each group is enough.
  returned: when a role is missing
  type: list
  elements: list
  sample: [[Machine.Read.All, Machine.ReadWrite.All]]
roles_to_grant:
  description: The least privileged role of each missing group.
  returned: when a role is missing
  type: list
  elements: str
  sample: [Machine.Read.All]
error:
  description: What went wrong, for code.
  returned: failure
  type: dict
  contains:
    kind:
      description: The kind of failure, such as V(WrongAudience), V(NoRoles), V(RoleMissing), V(TokenExpired) or V(SignInFailed).
      type: str
    code:
      description: The service's own word, such as V(AADSTS7000215).
      type: str
    status:
      description: The HTTP status, where an answer came.
      type: int
    request_id:
      description: The service's id of the call, to quote to Microsoft's support.
      type: str
    hint:
      description: What to do about it.
      type: str
"""

from ..module_utils._module.run import run
from ..module_utils._module.shape import Task
from ..module_utils._module.token_check import OPTIONS, check_token

SHAPE = Task(work=check_token, argument_spec=OPTIONS)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
