# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of the modules that look after apps: options, and as which app."""

from __future__ import annotations

import typing as t

from unit.house.building import ROOT

CERTIFICATE = str(ROOT / "tests" / "unit" / "plugins" / "modules" / "files" / "certificate.pem")
ANALYST = "a1100000-0000-4000-8000-000000000001"
GITHUB = {"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:contoso/soc:environment:drill"}
READER = "c11e0000-0000-4000-8000-000000000002"

OF_APPS: dict[str, tuple[tuple[dict[str, t.Any], str], ...]] = {
    "app_credential": (
        ({"display_name": "reader", "kind": "secret", "return_secret": True}, "administrator"),
        ({"app_id": READER, "kind": "secret", "vault_file": "vault.yml", "vault_password": "not-a-secret-of-the-vault"}, "administrator"),
        ({"app_id": READER, "kind": "secret", "name": "made by hand", "state": "absent"}, "administrator"),
        ({"app_id": READER, "kind": "certificate", "new_certificate_path": CERTIFICATE}, "administrator"),
        ({"app_id": READER, "kind": "certificate", "new_certificate_path": CERTIFICATE, "new_key_path": CERTIFICATE}, "administrator"),
        ({"app_id": READER, "kind": "federated", **GITHUB}, "administrator"),
        ({"app_id": READER, "kind": "federated", **GITHUB, "name": "github"}, "administrator"),
        ({"app_id": READER, "kind": "federated", "name": "github", "state": "absent"}, "administrator"),
    ),
    "app_registration": (
        ({"display_name": "Drill", "defender_roles": ["Machine.Read.All"], "owners": [ANALYST]}, "administrator"),
        ({"display_name": "responder", "defender_roles": ["Machine.Read.All"], "exclusive": True}, "administrator"),
        ({"display_name": "Drill", "defender_roles": ["Machine.Read.All"], "consent": "ask"}, "bootstrapper"),
        ({"display_name": "retired", "restore": True}, "administrator"),
        ({"app_id": READER, "state": "absent", "confirm": READER}, "administrator"),
        ({"display_name": "READER"}, "administrator"),
    ),
}
