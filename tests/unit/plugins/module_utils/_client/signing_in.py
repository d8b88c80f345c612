# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ways to sign in without a secret need around them: trust, a person, a machine."""

from __future__ import annotations

import re
import typing as t

GITHUB = {"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:contoso/soc:ref:refs/heads/main"}
AUDIENCE = "api://AzureADTokenExchange"
ANALYST = "analyst@contoso.com"
SCOPES = {"https://api.securitycenter.microsoft.com": ["Machine.Read", "Alert.Read"], "https://graph.microsoft.com": ["ThreatHunting.Read.All"]}
CODE = re.compile(r"enter the code ([0-9A-Z]+)\.")
FOREIGN_VARIABLES = ("IDENTITY_SERVER_THUMBPRINT", "IMDS_ENDPOINT", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET")


def trust(simulator, app: str = "responder", audience: str = AUDIENCE, **names: str) -> None:
    """Let the app trust tokens of another issuer from now on."""
    simulator.settings(credential_lag=0)
    object_id = simulator.apps[app]["client_id"].replace("-4000-8000-", "-4000-a000-")
    administrator = simulator.token("administrator", scope="https://graph.microsoft.com/.default")
    answer = simulator.session.post(
        f"{simulator.url}/v1.0/applications/{object_id}/federatedIdentityCredentials",
        json={"name": f"pipeline-{len(audience)}", "audiences": [audience], **GITHUB, **names},
        headers={"Authorization": f"Bearer {administrator}"},
    )
    answer.raise_for_status()


class Somebody:
    """Reads what is told, and does what a person does with a code; ``said`` is what they were told."""

    def __init__(self, simulator, *, declines: bool = False, resource: str = "https://api.securitycenter.microsoft.com", scopes: t.Sequence[str] | None = None):
        self.said: list[str] = []
        self._simulator = simulator
        self._person = None if declines else ANALYST
        self._consent = {"resource": resource, "scopes": list(SCOPES[resource] if scopes is None else scopes)}

    def __call__(self, line: str) -> None:
        self.said.append(line)
        code = CODE.search(line)
        if code:
            body = {"user_code": code.group(1), "person": self._person, **({} if self._person is None else self._consent)}
            self._simulator.session.post(f"{self._simulator.url}/_simulator/device_codes", json=body).raise_for_status()


def stand_on(monkeypatch, **variables: str) -> None:
    """Say in the environment where the host of managed identities is, and nowhere else."""
    for name in (*FOREIGN_VARIABLES, "AZURE_POD_IDENTITY_AUTHORITY_HOST"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def hosts_of(simulator) -> dict[str, dict[str, str]]:
    """Kind of host -> the variables by which a machine there finds it."""
    url = simulator.facts["identity_url"]
    return {
        "vm": {"AZURE_POD_IDENTITY_AUTHORITY_HOST": url},
        "app_service": {"IDENTITY_ENDPOINT": f"{url}/msi/token", "IDENTITY_HEADER": simulator.facts["identity_header"]},
        "arc": {"IDENTITY_ENDPOINT": f"{url}/metadata/identity/oauth2/token", "IMDS_ENDPOINT": url},
    }
