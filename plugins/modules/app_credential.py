#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give an app a secret, a certificate or a federated credential, and renew it in time."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app_credential
short_description: Give an app a secret, a certificate or a federated credential, and renew it in time
version_added: 0.1.0
description:
  - Sees to it that an app can sign in. A new secret is made only when it is time, and goes only where you say.
  - Whatever is new is proven first, by signing in with it, as the login host takes seconds to minutes to hear of it. Then it is stored, and only then
    are old ones taken away. When a step fails, what worked before still works, and the message says which step it was.
  - Credentials of another O(name) are not touched.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  app_id:
    description:
      - The application (client) id. One of O(app_id) and O(display_name) is needed.
    type: str
  display_name:
    description:
      - The name of the app, if it is the only one of that name.
    type: str
  kind:
    description:
      - What the app proves itself with. V(federated) takes tokens of another identity provider, such as GitHub or Kubernetes, so there is no secret;
        a V(certificate) keeps its key where it is; a V(secret) is what is stolen most easily.
    type: str
    choices: [secret, certificate, federated]
    required: true
  name:
    description:
      - What the credential is called. Take another name for each place that keeps a secret of its own, as the others of the same name are taken away.
    type: str
    default: ansible
  state:
    description:
      - V(present) keeps it and renews it in time; V(absent) takes away all of that kind and name.
    type: str
    choices: [present, absent]
    default: present
  valid_days:
    description:
      - For how many days a new secret is good. Policies of the tenant may allow less.
    type: int
    default: 180
  rotate_before:
    description:
      - With how many days left a secret is renewed.
    type: int
    default: 30
  overlap:
    description:
      - For how many days old secrets or certificates stay after a new one was made, for those who still use them. A later run takes them away.
    type: int
    default: 0
  vault_file:
    description:
      - The file of variables that keeps the secret, encrypted as by C(ansible-vault). It is made when it is not there, for its owner alone, and written
        in one move. What else is in it stays.
      - A file that keeps the secret of another app, by an id in it that O(vault_variables_also) would change, is refused.
      - The file is read and written where the task runs.
      - The secret in it is also what tells which of the app's secrets is in use.
    type: path
  vault_variable:
    description:
      - The variable in O(vault_file) that holds the secret.
    type: str
    default: defender_client_secret
  vault_variables_also:
    description:
      - Further variables that are written beside a new secret, such as the client id and the tenant.
    type: dict
    default: {}
  vault_password:
    description:
      - The password of O(vault_file).
    type: str
  vault_password_file:
    description:
      - A file that holds that password. Of a program give the output as O(vault_password).
    type: path
  vault_id:
    description:
      - The label under which O(vault_file) is encrypted. Without it the file keeps its own.
    type: str
  stored_secret:
    description:
      - The secret as you keep it elsewhere, in place of O(vault_file). Without either nobody can tell which secret is in use, so old ones are left.
    type: str
  return_secret:
    description:
      - Whether the result holds the secret, in RV(secret), when it is new or known. Set C(no_log=true) on the task then, and store it at once.
    type: bool
    default: false
  new_certificate_path:
    description:
      - A PEM file with the certificate. Only its public part is sent.
    type: path
  new_key_path:
    description:
      - A PEM file with the private key of O(new_certificate_path), to prove it with. It is not needed when the same file holds it.
      - Without a key nothing is proven, and old certificates are left.
    type: path
  new_key_passphrase:
    description:
      - The passphrase of that key.
    type: str
  issuer:
    description:
      - Who issues the tokens that a federated credential takes, to the letter, such as V(https://token.actions.githubusercontent.com).
    type: str
  subject:
    description:
      - What they must be about, to the letter, such as V(repo:contoso/soc:ref:refs/heads/main). The audience is that of O(cloud).
    type: str
  description:
    description:
      - What a federated credential is for.
    type: str
  proof_token:
    description:
      - Such a token, to prove the federated credential with.
    type: str
  allow_last:
    description:
      - Whether O(state=absent) may take away the last credential with which the app can sign in.
    type: bool
    default: false
  wait_timeout:
    description:
      - For how many seconds to wait, in all, until the login host takes what is new.
    type: int
    default: 180
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes.writer
  - secops.defender._permissions.app_credential
requirements:
  - cryptography, and PyYAML for O(vault_file)
notes:
  - The identity that runs this is not the app whose credential it is. Keep its own credential apart.
  - In check mode nothing is made, so nothing new is proven.
seealso:
  - module: secops.defender.app_registration
  - name: Add password to an application
    description: The page of the service.
    link: https://learn.microsoft.com/graph/api/application-addpassword
"""

EXAMPLES = r"""
- name: Renew the secret of the responder when it has less than a month left, and keep it in the encrypted file of the playbooks
  secops.defender.app_credential:
    display_name: Defender responder
    kind: secret
    vault_file: vars/defender.yml
    vault_password_file: ~/.vault-password

- name: Give it a certificate, and take away the one before after a week
  secops.defender.app_credential:
    display_name: Defender responder
    kind: certificate
    new_certificate_path: /etc/defender/responder.crt
    new_key_path: /etc/defender/responder.key
    overlap: 7

- name: Let a workflow of GitHub sign in without a secret
  secops.defender.app_credential:
    display_name: Defender responder
    kind: federated
    name: github-main
    issuer: https://token.actions.githubusercontent.com
    subject: repo:contoso/soc:ref:refs/heads/main

- name: Make a secret for a place of your own
  secops.defender.app_credential:
    display_name: Defender responder
    kind: secret
    name: key-vault
    stored_secret: "{{ kept_secret | default(omit) }}"
    return_secret: true
  register: renewed
  no_log: true
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'Defender responder: a new secret is made, as it ends in 12 day(s), and 1 old secret(s) are taken away'
app_id:
  description: The application (client) id.
  returned: success
  type: str
credential:
  description: The credential in use, without what is secret. Empty when it is absent.
  returned: success
  type: dict
  contains:
    kind:
      description: What it is.
      type: str
    name:
      description: What it is called.
      type: str
    key_id:
      description: The id of it in the directory. Empty in check mode when it would be new, and for a certificate that was uploaded just now.
      type: str
    starts:
      description: Since when it is good, for a secret and a certificate. Empty in check mode when it would be new.
      type: str
    ends:
      description: Until when it is good, for a secret and a certificate. Empty in check mode when a secret would be new.
      type: str
    thumbprint:
      description: The SHA-1 thumbprint of a certificate, by which the portal lists it.
      type: str
    issuer:
      description: Whose tokens a federated credential takes.
      type: str
    subject:
      description: What they must be about.
      type: str
    audiences:
      description: What they must be for.
      type: list
      elements: str
    description:
      description: What a federated credential is for.
      type: str
proven:
  description: Whether somebody signed in with it just now.
  returned: success
  type: bool
removed:
  description: The ids of old ones that were taken away, or would be.
  returned: success
  type: list
  elements: str
kept:
  description: The ids of old ones that are left for now.
  returned: success
  type: list
  elements: str
secret:
  description: The secret in use, where it is new or was stored.
  returned: when O(return_secret=true)
  type: str
  sample: not-a-secret
failed_step:
  description: The step that failed, V(make), V(prove), V(store) or V(remove).
  returned: when a step failed
  type: str
works:
  description: What the app can sign in with now.
  returned: when a step failed
  type: str
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._module.app_credentials import OPERATIONS, OPTIONS, RULES, keep_credential
from ..module_utils._module.run import run
from ..module_utils._module.shape import Task

SHAPE = Task(work=keep_credential, argument_spec=OPTIONS, rules=RULES, operations=OPERATIONS)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
