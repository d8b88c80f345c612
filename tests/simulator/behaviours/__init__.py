# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each operation does to the world; importing this registers them all with the seam."""

from __future__ import annotations

from . import (
    alert_changes,
    alert_create,
    alert_facts,
    alerts,
    application_credentials,
    application_owners,
    applications,
    graph_alerts,
    hunting,
    incidents,
    indicators,
    investigations,
    library,
    live_response,
    machine_actions,
    machine_facts,
    machines,
    observables,
    permission_grants,
    response_actions,
    service_principals,
    tags,
)

AREAS = (
    alert_changes, alert_create, alert_facts, alerts, application_credentials, application_owners, applications, graph_alerts, hunting,
    incidents, indicators, investigations, library, live_response, machine_actions, machine_facts, machines, observables, permission_grants,
    response_actions, service_principals, tags,
)
