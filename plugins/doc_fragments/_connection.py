# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options to sign in and to reach the service with, for modules and for lookups."""

from __future__ import annotations

import yaml

# Of these the environment has no say when another one is given, so Ansible must not read it by itself.
LEFT_TO_SETTINGS = (
    "client_id",
    "client_secret",
    "certificate_path",
    "certificate_key_path",
    "certificate_passphrase",
    "certificate_send_chain",
    "federated_token_path",
    "federated_token",
    "managed_identity",
    "device_code",
    "access_token",
)


def for_lookups(text: str) -> str:
    """The same options, which a lookup also reads from variables such as ``defender_tenant_id``."""
    documented = yaml.safe_load(text)
    del documented["notes"]
    for name, option in documented["options"].items():
        option["vars"] = [{"name": f"defender_{name}"}]
        if name not in LEFT_TO_SETTINGS:
            option["env"] = [{"name": f"DEFENDER_{name.upper()}"}]
    return yaml.safe_dump(documented, sort_keys=False)


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  tenant_id:
    description:
      - The directory (tenant) id, or a verified domain of the tenant such as V(contoso.com).
      - Needed unless O(access_token) or O(managed_identity) is given; then it is compared with the tenant in the token.
      - Read from E(DEFENDER_TENANT_ID) when not given.
    type: str
  client_id:
    description:
      - The application (client) id of the app registration.
      - Needed unless O(access_token) or O(managed_identity) is given. O(managed_identity) names the identity by itself, so the two exclude each other.
      - Read from E(DEFENDER_CLIENT_ID) when not given.
    type: str
  client_secret:
    description:
      - The value of a client secret of the app, not the secret's id.
      - Exactly one of O(client_secret), O(certificate_path), O(federated_token_path), O(federated_token), O(managed_identity), O(device_code)
        and O(access_token) is needed.
      - Read from E(DEFENDER_CLIENT_SECRET) when no other way to sign in is given.
    type: str
  certificate_path:
    description:
      - A file with a certificate of the app and its private key, as PEM or as PFX (PKCS#12). Safer than a secret.
      - The file is read where the task runs.
      - Read from E(DEFENDER_CERTIFICATE_PATH) when no other way to sign in is given.
    type: path
  certificate_key_path:
    description:
      - A PEM file with the private key, when O(certificate_path) holds the certificate alone.
      - Read from E(DEFENDER_CERTIFICATE_KEY_PATH) together with E(DEFENDER_CERTIFICATE_PATH).
    type: path
  certificate_passphrase:
    description:
      - The passphrase of the private key or of the PFX file.
      - Read from E(DEFENDER_CERTIFICATE_PASSPHRASE) when the sign-in is by certificate.
    type: str
  certificate_send_chain:
    description:
      - Whether the other certificates in the file are sent along, from the issuer of the app's own up to the authority.
      - For an app that trusts a subject name and an issuer (SNI) instead of one certificate, so that certificates are renewed without touching the app.
      - Read from E(DEFENDER_CERTIFICATE_SEND_CHAIN) together with E(DEFENDER_CERTIFICATE_PATH). Without it only the certificate itself is sent.
    type: bool
  federated_token_path:
    description:
      - A file with a token of another identity provider that the app trusts (workload identity federation), in place of a secret.
      - In a pod of Kubernetes with workload identity that is the file that E(AZURE_FEDERATED_TOKEN_FILE) names. It is read anew at each sign-in.
      - Read from E(DEFENDER_FEDERATED_TOKEN_PATH) when no other way to sign in is given.
    type: path
  federated_token:
    description:
      - Such a token itself, where it does not come as a file, as in GitHub Actions and AWX.
      - It ends within minutes to an hour. Tasks that still sign in with it later fail.
      - Read from E(DEFENDER_FEDERATED_TOKEN) when no other way to sign in is given.
    type: str
  managed_identity:
    description:
      - Sign in as the machine that the task runs on. V(system) is the identity of the machine itself; a user-assigned one is chosen by its client id
        or by its whole resource id.
      - On virtual machines of Azure, in App Service, Container Apps, Functions, Automation and Machine Learning, and on servers with Azure Arc.
        There is no secret, and nothing is kept on disk. The host is asked directly, never through a proxy.
      - Read from E(DEFENDER_MANAGED_IDENTITY) when no other way to sign in is given.
    type: str
  device_code:
    description:
      - Sign in as a person. The task shows an address and a code, and waits up to 15 minutes for somebody to enter it in a browser.
      - The app must allow public client flows and hold delegated permissions. The person can do no more than they may do in the portal.
      - Only for work at a terminal or for jobs that somebody watches. The task must run in Ansible's own process, where the code can be shown.
      - Read from E(DEFENDER_DEVICE_CODE) when no other way to sign in is given.
    type: bool
  access_token:
    description:
      - A token that was acquired elsewhere, used as it is and never cached or renewed.
      - For a pipeline that holds no credential, or to try out somebody's token. Tasks that wait longer than it lives will fail.
      - Read from E(DEFENDER_ACCESS_TOKEN) when no other way to sign in is given.
    type: str
  cloud:
    description:
      - The cloud the tenant lives in. It sets O(login_url), O(api_url), O(graph_url) and O(scope) together.
      - Read from E(DEFENDER_CLOUD) when not given.
    type: str
    choices: [commercial, gcc, gcc_high, dod]
    default: commercial
  region:
    description:
      - The region whose host answers, for shorter ways and for rules on where data travels.
      - Exists in the V(commercial) cloud only. Without it the service chooses.
      - Read from E(DEFENDER_REGION) when not given.
    type: str
    choices: [us, eu, uk, au, swa, ina, aea]
  login_url:
    description:
      - The host to sign in at, in place of the one that O(cloud) stands for.
      - For private hosts and for the simulator.
      - Read from E(DEFENDER_LOGIN_URL) when not given.
    type: str
  api_url:
    description:
      - The host of the API, in place of the one that O(cloud) and O(region) stand for.
      - Read from E(DEFENDER_API_URL) when not given.
    type: str
  graph_url:
    description:
      - The host of Microsoft Graph, in place of the one that O(cloud) stands for. Hunting, incidents and newer ways to alerts are there.
      - Read from E(DEFENDER_GRAPH_URL) when not given.
    type: str
  scope:
    description:
      - The scope to ask a token for, in place of the one that O(cloud) stands for. It ends in C(/.default). Microsoft Graph has a scope of its own.
      - Hardly ever needed. The host of the API is not the name of the API in a token.
      - Read from E(DEFENDER_SCOPE) when not given.
    type: str
  ca_path:
    description:
      - A file with the certificates of the authorities to trust, for sign-in and API alike.
      - When a proxy opens TLS with an authority of the company, and for the simulator.
      - Read from E(DEFENDER_CA_PATH) when not given.
    type: path
  validate_certs:
    description:
      - Whether the certificates of the hosts are checked.
      - Without the check anybody on the way can take the credential. Give O(ca_path) instead.
      - Read from E(DEFENDER_VALIDATE_CERTS) when not given.
    type: bool
    default: true
  proxy:
    description:
      - The address of a proxy for sign-in and API, such as V(http://proxy.example.com:3128).
      - Without it the usual variables E(HTTPS_PROXY) and E(NO_PROXY) count. It may hold a user and a password, so it is never shown.
      - Read from E(DEFENDER_PROXY) when not given.
    type: str
  connect_timeout:
    description:
      - How many seconds to wait for a connection.
      - Read from E(DEFENDER_CONNECT_TIMEOUT) when not given.
    type: int
    default: 10
  timeout:
    description:
      - How many seconds to wait for the next piece of an answer.
      - Read from E(DEFENDER_TIMEOUT) when not given.
    type: int
    default: 60
  retry_time:
    description:
      - How many seconds one call may be tried again, when the service is busy or answers with an error that passes.
      - V(0) never tries again. A call that changes something is repeated only when it surely had no effect.
      - Read from E(DEFENDER_RETRY_TIME) when not given.
    type: int
    default: 300
  token_cache:
    description:
      - Whether the token is kept, encrypted, for the other tasks and forks, so that a play signs in once.
      - The key of the encryption is made from the credential. With O(device_code) it is a random one in the same folder, so whoever is the same user
        on this node works as that person until the token ends. The token of a O(managed_identity) is not kept. Switch it off where nothing may be written.
      - Read from E(DEFENDER_TOKEN_CACHE) when not given.
    type: bool
    default: true
  token_cache_path:
    description:
      - The folder for kept tokens. It must belong to the user who runs the task, and be closed to others.
      - Without it a private folder in the user's cache is used.
      - Read from E(DEFENDER_TOKEN_CACHE_PATH) when not given.
    type: path
  rate_budget:
    description:
      - Whether calls are counted, together with those of all other runs of this user on this node, so that they stay within the limits of
        the service. Most calls may be made 100 times a minute and 1,500 times an hour in a tenant.
      - A call that would be one too many waits for its turn. With V(false) it is sent at once, and waits when the service refuses it.
      - Read from E(DEFENDER_RATE_BUDGET) when not given.
    type: bool
    default: true
  rate_budget_path:
    description:
      - The folder for the counts. It must belong to the user who runs the task, and be closed to others.
      - Without it a private folder in the user's cache is used. Give one that lasts where each job has a container of its own.
      - Read from E(DEFENDER_RATE_BUDGET_PATH) when not given.
    type: path
requirements:
  - requests >= 2.31.0
  - msal >= 1.35.0
  - pyjwt[crypto] >= 2.8.0
notes:
  - The libraries are needed where the task runs, which is best the controller with C(delegate_to=localhost) or C(connection=local).
  - Options that all tasks share fit into C(module_defaults) for the group C(group/secops.defender.all).
  - An empty environment variable counts as not set.
"""

    @property
    def LOOKUP(self) -> str:
        return for_lookups(self.DOCUMENTATION)
