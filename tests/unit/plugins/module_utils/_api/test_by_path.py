# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An operation is known by its path, however the path is spelt."""

from __future__ import annotations

import re

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import every_operation
from ansible_collections.secops.defender.plugins.module_utils._api.by_path import ROOTS, declared_at

ISOLATE = ("defender", "POST", "machine.isolate")
INCIDENT = ("graph", "PATCH", "graph_incident.update")


@pytest.mark.parametrize(
    ("what", "path"),
    [
        (ISOLATE, "/api/machines/a1/isolate"),
        (ISOLATE, "/API/Machines/a1/ISOLATE/"),
        (ISOLATE, "/api//machines/a1//isolate"),
        (ISOLATE, "/api/v1.0/machines/a1/isolate"),
        (ISOLATE, "/api/v2/machines/a1/isolate"),
        (ISOLATE, "/api/machines/a1/%69%73olate"),
        (ISOLATE, "/api/machines/a1%2Fisolate"),
        (ISOLATE, "/api/machines/a1%5Cisolate"),
        (ISOLATE, "/api/machines/a1/isolate%20"),
        (ISOLATE, "/api/machines/a1/isolate."),
        (ISOLATE, "/api/machines/a1;x=y/isolate;x=y"),
        (ISOLATE, "/api/machines('a1')/isolate"),
        (ISOLATE, "/api/machines(id='a1')/Microsoft.Somewhere.isolate"),
        (INCIDENT, "/v1.0/security/incidents/5"),
        (INCIDENT, "/beta/security/incidents/5"),
        (INCIDENT, "/v1.0/myorganization/security/incidents/5"),
        (INCIDENT, "/v1.0/security/incidents('5')"),
        (INCIDENT, "/v1.0/security/incidents(5)"),
        (("graph", "POST", "hunting.graph_run"), "/v1.0/security/microsoft.graph.security.runHuntingQuery"),
        (("defender", "GET", "machine.get"), "/api/machines/fin-07.contoso.com"),
        (("defender", "GET", "machine.find_by_ip"), "/api/machines/findbyip(ip='10.0.0.7',timestamp=2026-11-25T03:00:00Z)"),
        (("defender", "GET", "domain.get_statistics"), "/api/domains/microsoft.com/stats"),
        (("defender", "GET", None), "/api/machines/a1/isolate"),
        (("defender", "POST", None), "/api/machines/a1/isolated"),
    ],
)
def test_no_spelling_of_a_path_hides_its_operation(what, path):
    service, method, wanted = what
    known = declared_at(service, method, path)
    assert (known and known.id) == wanted


@pytest.mark.parametrize("operation", every_operation(), ids=lambda operation: operation.id)
def test_each_operation_is_found_at_its_own_path(operation):
    assert declared_at(operation.service, operation.method, re.sub(r"\{[^}]+\}", "7", operation.path)) == operation
    assert operation.path.startswith(ROOTS[operation.service])
