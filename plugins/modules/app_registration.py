#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Register an app and give it exactly the permissions it needs."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app_registration
short_description: Register an app and give it exactly the permissions it needs
version_added: 0.1.0
description:
  - Sees to it that the tenant has an app registration with a service principal, that it asks for these application permissions, and that they
    are consented to. Permissions go by their names; their ids are looked up in the tenant.
  - Where you may not consent yourself, O(consent=ask) prepares everything and tells what an administrator has to consent to, and where.
  - The directory takes seconds to minutes until all of it knows what it was told. That is waited for, until a second run would find nothing to do.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  app_id:
    description:
      - The application (client) id of a registration that is there, or was deleted.
      - One of O(app_id) and O(display_name) is needed. With both, the app of that id is renamed.
    type: str
  display_name:
    description:
      - The name of the app. A registration of that name is made when there is none.
      - Several apps may bear one name. Then none of them is touched, and the task shows them all.
    type: str
  state:
    description:
      - V(present) registers or changes it; V(absent) deletes it, and with it all that was granted. It can be restored for 30 days.
    type: str
    choices: [present, absent]
    default: present
  confirm:
    description:
      - For O(state=absent) the app id of what is to be deleted, so that nothing is deleted by its name alone.
    type: str
  restore:
    description:
      - Whether an app that was deleted within the last 30 days is brought back rather than made anew. Only so does it keep its app id.
    type: bool
    default: false
  sign_in_audience:
    description:
      - Who may use the app, V(AzureADMyOrg) for this tenant alone, V(AzureADMultipleOrgs) for the tenants of customers as well.
      - Without it the present one stays, and a new app is for this tenant alone.
    type: str
    choices: [AzureADMyOrg, AzureADMultipleOrgs]
  redirect_uris:
    description:
      - The web addresses to which a browser may be sent back, all of them. Without it the present ones stay.
      - An app for many tenants gets V(https://portal.azure.com), as Microsoft's page for partners wants it, and so does one with O(consent=ask)
        that has none.
    type: list
    elements: str
  management_reference:
    description:
      - The number of the app in your own catalogue of services (C(serviceManagementReference)). The policy of some tenants wants one.
    type: str
  defender_roles:
    description:
      - Application permissions of C(WindowsDefenderATP), such as V(Machine.Isolate).
      - An item may be a list of roles of which any one is enough; then the first is taken. So
        P(secops.defender.required_roles#lookup) fits in as it is.
    type: list
    elements: raw
  graph_roles:
    description:
      - The same of C(Microsoft Graph), such as V(ThreatHunting.Read.All).
    type: list
    elements: raw
  xdr_roles:
    description:
      - The same of C(Microsoft Threat Protection). Nothing in this collection needs one.
    type: list
    elements: raw
  exclusive:
    description:
      - Whether every application permission that is not asked for is taken away, of whatever API it is. Delegated permissions stay.
      - The app that the task signs in as keeps what the task itself needs, or the task is refused.
    type: bool
    default: false
  consent:
    description:
      - V(grant) consents for the whole tenant, which takes the permission to grant anything to anyone.
      - V(ask) grants and revokes nothing. It returns what is missing, and the address at which an administrator consents to it.
    type: str
    choices: [grant, ask]
    default: grant
  owners:
    description:
      - Object ids of people or service principals that own the registration, and so may change it. Other owners stay.
    type: list
    elements: str
    default: []
  wait_timeout:
    description:
      - For how many seconds to wait, in all, until the directory knows what it was told.
    type: int
    default: 180
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes.writer
  - secops.defender._permissions.app_registration
notes:
  - The identity that runs this is not the one that is made. Keep its credential apart, and use it for this alone.
  - With V(Application.ReadWrite.OwnedBy) it may change the apps that it made itself, or owns, and no others.
  - A token that is out keeps the permissions that it was issued with for up to 90 minutes.
seealso:
  - module: secops.defender.app_credential
  - plugin: secops.defender.required_roles
    plugin_type: lookup
  - name: Create an app to access Defender for Endpoint without a user
    description: The same by hand.
    link: https://learn.microsoft.com/defender-endpoint/api/exposed-apis-create-app-webapp
"""

EXAMPLES = r"""
- name: Register the app of the runbooks, with what they need and not one permission more
  secops.defender.app_registration:
    display_name: Defender responder
    defender_roles: "{{ query('secops.defender.required_roles', 'alert_info', 'machine_isolation') }}"
    graph_roles: "{{ query('secops.defender.required_roles', 'alert_info', 'machine_isolation', service='graph') }}"
    exclusive: true
  register: responder

- name: Prepare an app that only reads, for an administrator to consent to
  secops.defender.app_registration:
    display_name: Defender reader
    defender_roles: [Alert.Read.All, Machine.Read.All]
    consent: ask
  register: reader

- name: Say where to consent
  ansible.builtin.debug:
    msg: "{{ reader.consent_url }}"

- name: Register an app for the tenants of customers
  secops.defender.app_registration:
    display_name: Contoso managed response
    sign_in_audience: AzureADMultipleOrgs
    defender_roles: [Alert.Read.All, Machine.Read.All, Machine.Isolate]

- name: Bring back what somebody deleted yesterday, with the same app id
  secops.defender.app_registration:
    app_id: "{{ responder.app_id }}"
    restore: true

- name: Delete it
  secops.defender.app_registration:
    display_name: Defender reader
    state: absent
    confirm: "{{ reader.app_id }}"
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: Defender responder is registered, given a service principal and given permissions
display_name:
  description: The name of the app.
  returned: success
  type: str
tenant_id:
  description: The tenant, as you named it.
  returned: success
  type: str
app_id:
  description: The application (client) id, by which it signs in. Empty while it is not there, as in check mode.
  returned: success
  type: str
object_id:
  description: The object id of the registration.
  returned: success
  type: str
service_principal_id:
  description: The object id of the service principal, which is the app in this tenant and holds what is granted.
  returned: success
  type: str
sign_in_audience:
  description: Who may use it.
  returned: success
  type: str
steps:
  description: What was done, or would be in check mode, such as V(created), V(restored), V(changed), V(service_principal_created),
    V(owners_added), V(granted), V(revoked) or V(deleted).
  returned: success
  type: list
  elements: str
permissions_granted:
  description: The application permissions that it holds; in check mode as it would be.
  returned: success
  type: list
  elements: dict
  contains:
    resource:
      description: The API, such as V(WindowsDefenderATP).
      type: str
    role:
      description: The permission, as it stands in a token.
      type: str
permissions_missing:
  description: What was asked for and is not consented to. Only with O(consent=ask).
  returned: success
  type: list
  elements: dict
  contains:
    resource:
      description: The API.
      type: str
    role:
      description: The permission.
      type: str
    about:
      description: How an administrator sees it on the page of consent.
      type: str
permissions_revoked:
  description: What was taken away.
  returned: success
  type: list
  elements: dict
  contains:
    resource:
      description: The API.
      type: str
    role:
      description: The permission. Its id, where the API is none of the three.
      type: str
consent_url:
  description: Where an administrator consents to all that the registration asks for. For an app for many tenants this is the link for customers.
    Empty when there is no redirect URI to end at.
  returned: success
  type: str
candidates:
  description: The registrations between which the task could not choose.
  returned: when the name is not that of one app alone
  type: list
  elements: dict
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._module.app_registering import OPERATIONS, OPERATIONS_FOR, OPTIONS, RULES, register
from ..module_utils._module.run import run
from ..module_utils._module.shape import Task

SHAPE = Task(work=register, argument_spec=OPTIONS, rules=RULES, operations=OPERATIONS, operations_for=OPERATIONS_FOR)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
