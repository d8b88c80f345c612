# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does what the plan for an app says, step by step, and waits until a second look finds nothing left to do."""

from __future__ import annotations

import typing as t

from .._api import applications, service_principals
from .._client.errors import DefenderError, NotFound
from .._operation import GRAPH
from .app_find import Name, Record, find_app
from .app_patience import Patience
from .app_plan import Plan
from .app_roles import Catalogue, Permission
from .app_state import Present, find_principal, read_assignments, read_owners
from .submit import may_have_arrived

SHOWN = ("WindowsAzureActiveDirectoryIntegratedApp",)
"""The tag by which the portal lists a service principal among the enterprise applications (serviceprincipal-post-serviceprincipals.md)."""
NAMES = {
    "displayName": "display_name", "signInAudience": "sign_in_audience", "web": "web", "requiredResourceAccess": "required_resource_access",
    "serviceManagementReference": "service_management_reference",
}
"""What the service calls a fact -> what the declaration calls it."""


class Standing(t.NamedTuple):
    """What there is after the steps, as far as it is known; ``sent`` says whether anything was asked for."""

    application: Record | None
    principal: Record | None
    sent: bool


def take_steps(client, plan: Plan, present: Present, catalogue: Catalogue, patience: Patience) -> Standing:
    """Take all steps; in check mode none is sent, and what they would make is not there.

    :raises DefenderError: a step failed; those before it stand, and a second run goes on from there
    """
    application, was_sent = _registration(client, plan, present, patience)
    if application is None:
        return Standing(None, None, sent=False)
    principal = present.principal or _principal(client, application["appId"], patience)
    answers = [_add_owner(client, application["id"], owner, patience) for owner in plan.owners]
    if principal is not None:
        answers += [_grant(client, principal["id"], permission, catalogue, patience) for permission in plan.grant]
        answers += [_revoke(client, present.assignments[permission]) for permission in plan.revoke]
        was_sent |= plan.principal
    return Standing(application, principal, sent=was_sent or any(answer is not None for answer in answers))


def _registration(client, plan: Plan, present: Present, patience: Patience) -> tuple[Record | None, bool]:
    facts = {NAMES[name]: value for name, value in plan.facts.items()}
    if plan.create:
        made = _create(client, facts, patience)
        return made, made is not None
    there = present.application
    was_sent = False
    if plan.restore and present.deleted is not None:
        there = present.deleted
        was_sent = patience.call(client, applications.RESTORE, object_id=there["id"], done=lambda: _live(client, present.deleted)) is not None
    if facts and there is not None:
        was_sent |= patience.call(client, applications.UPDATE, object_id=there["id"], **facts) is not None
    return there, was_sent


def _live(client, deleted: Record | None) -> Record | None:
    return find_app(client, Name((deleted or {}).get("appId"), None))


def _create(client, facts: Record, patience: Patience) -> Record | None:
    """A new registration. Asking twice would make two, so one whose answer was lost is looked for instead."""
    try:
        return client.call(applications.CREATE, **facts)
    except DefenderError as error:
        if not may_have_arrived(error):
            raise
        name = Name(None, facts["display_name"])
        if not patience.until(lambda: find_app(client, name) is not None):
            error.hint = "It may have been made all the same. Look for it in some minutes before this runs again: two of one name are hard to tell apart"
            raise
        return find_app(client, name)


def _principal(client, app_id: str, patience: Patience) -> Record | None:
    return patience.call(client, service_principals.CREATE, app_id=app_id, tags=list(SHOWN), done=lambda: find_principal(client, app_id))


def _add_owner(client, application_id: str, owner: str, patience: Patience) -> t.Any:
    def is_owner() -> str | None:
        return owner if owner in read_owners(client, application_id) else None

    address = f"{client.line(GRAPH).url}/v1.0/directoryObjects/{owner}"
    return patience.call(client, applications.ADD_OWNER, object_id=application_id, owner_url=address, done=is_owner)


def _grant(client, principal_id: str, permission: Permission, catalogue: Catalogue, patience: Patience) -> t.Any:
    """Consent, by one assignment; where it is there already the service answers with the same code as where something is not known yet."""
    resource, role = catalogue.resource(permission.resource), catalogue.role(permission)
    return patience.call(
        client,
        service_principals.GRANT_ROLE_ON,
        object_id=resource.object_id,
        principal_id=principal_id,
        resource_id=resource.object_id,
        app_role_id=role.id,
        done=lambda: read_assignments(client, principal_id, catalogue).get(permission),
    )


def _revoke(client, ids: tuple[str, str]) -> t.Any:
    resource_id, assignment_id = ids
    return gone(lambda: client.call(service_principals.REVOKE_ROLE_ON, object_id=resource_id, assignment_id=assignment_id))


def gone(remove: t.Callable[[], t.Any]) -> t.Any:
    """What ``remove`` answers; that there is nothing of the kind will do as well. After a lost answer it is asked again."""
    try:
        return remove()
    except NotFound:
        return {}
    except DefenderError as error:
        if not may_have_arrived(error):
            raise
    try:
        return remove()
    except NotFound:
        return {}
