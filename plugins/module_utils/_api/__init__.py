# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the services offer, as data: one file an area, one Operation an endpoint."""

from __future__ import annotations

from .._operation import Operation
from . import (
    alert_facts,
    alerts,
    application_credentials,
    applications,
    graph_alerts,
    hunting,
    incidents,
    indicators,
    investigations,
    library,
    machine_actions,
    machine_facts,
    machines,
    observables,
    permission_grants,
    response_actions,
    service_principals,
)

AREAS = (
    alerts, alert_facts, machines, machine_facts, response_actions, machine_actions, library, indicators, investigations, observables,
    graph_alerts, incidents, hunting, applications, application_credentials, service_principals, permission_grants,
)


def every_operation() -> tuple[Operation, ...]:
    """All declared operations, in order of area."""
    return tuple(value for area in AREAS for value in vars(area).values() if isinstance(value, Operation))
