# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One app registration: brought into the state that is wanted, or deleted."""

from __future__ import annotations

import typing as t

from .._api import applications, service_principals
from .._client.errors import BadInput, NotFound, Refused
from .._client.words import and_list
from .._operation import GRAPH, roles_needed
from .._response.app_consent import consent_url, tenant_of
from .._response.app_find import Name, Record, find_app
from .._response.app_patience import Patience
from .._response.app_plan import ASK, GRANT, MULTIPLE, SINGLE, Plan, Wanted, plan, redirect_uris_of
from .._response.app_roles import GRAPH as GRAPH_API
from .._response.app_roles import Catalogue, Permission, read_catalogue
from .._response.app_state import Present, read_present
from .._response.app_steps import Standing, gone, take_steps
from .app_options import NAMED, ROLES, WAIT, least, name_of
from .ensure import ABSENT, PRESENT

OPTIONS: dict[str, t.Any] = {
    **NAMED,
    "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
    "restore": {"type": "bool", "default": False},
    "sign_in_audience": {"type": "str", "choices": [SINGLE, MULTIPLE]},
    "redirect_uris": {"type": "list", "elements": "str"},
    "management_reference": {"type": "str"},
    **{option: {"type": "list", "elements": "raw"} for option in ROLES},
    "exclusive": {"type": "bool", "default": False},
    "consent": {"type": "str", "choices": [GRANT, ASK], "default": GRANT},
    "owners": {"type": "list", "elements": "str", "default": []},
    "confirm": {"type": "str"},
    **WAIT,
}
RULES = {"required_one_of": [("app_id", "display_name")], "required_if": [("state", ABSENT, ("confirm",))]}
OPERATIONS = (
    applications.LIST, applications.GET_BY_APP_ID, applications.CREATE, applications.UPDATE, applications.DELETE,
    service_principals.GET_BY_APP_ID, service_principals.CREATE, service_principals.LIST_ROLES,
)
OPERATIONS_FOR = {
    f"consent={GRANT}": (service_principals.GRANT_ROLE_ON, service_principals.REVOKE_ROLE_ON),
    "owners": (applications.LIST_OWNERS, applications.ADD_OWNER),
    "restore": (applications.LIST_DELETED, applications.RESTORE),
}
NOT_SHOWN_YET = "The directory does not show all of it yet, although it took it. Run the task again in some minutes rather than now, or raise wait_timeout"
SAID = {
    "created": "registered", "restored": "restored", "changed": "changed", "service_principal_created": "given a service principal",
    "owners_added": "given owners", "granted": "given permissions", "revoked": "stripped of permissions",
}


def register(client, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """See to it.

    :raises BadInput: the options do not fit together, or a role is unknown
    :raises Refused: it is to be deleted, and its app id was not confirmed
    :raises DefenderError: the rest of the tree
    """
    name, patience = name_of(params), Patience(client, params["wait_timeout"])
    if params["state"] == ABSENT:
        return _delete(client, name, params, patience)
    roles = {resource: least(option, params[option]) for option, resource in ROLES.items() if params[option] is not None}
    if params["exclusive"] and not roles:
        raise BadInput("exclusive is set, but no roles are given", hint=f"Give {and_list(ROLES)}, or an empty list to take away all")
    client.require(_operations(params, roles))
    catalogue = read_catalogue(client)
    wanted = _wanted(name, params, [catalogue.permission(resource, role) for resource, names in roles.items() for role in names])

    def look() -> Present:
        return read_present(client, name, catalogue, owners=bool(wanted.owners), deleted=wanted.restore)

    present = look()
    there = present.application or present.deleted
    if there is None and name.app_id is not None:
        hint = "Set restore: true if it was deleted; a new one gets an id of its own"
        raise NotFound(f"There is no app registration {name.app_id} in this tenant", hint=hint)
    planned = plan(wanted, present, catalogue)
    _guard_itself(client, present, planned, _operations(params, roles))
    standing = take_steps(client, planned, present, catalogue, patience)
    if standing.sent and not patience.until(lambda: not plan(wanted, look(), catalogue)):
        client.warnings.append(NOT_SHOWN_YET)
    return _result(client, wanted, planned, present, standing, catalogue)


def _operations(params: t.Mapping[str, t.Any], roles: t.Mapping[str, t.Any]) -> list[t.Any]:
    further = {
        f"consent={GRANT}": params["consent"] == GRANT and bool(roles), "owners": bool(params["owners"]), "restore": params["restore"],
    }
    return [*OPERATIONS, *(operation for use, is_made in further.items() if is_made for operation in OPERATIONS_FOR[use])]


def _guard_itself(client, present: Present, planned: Plan, operations: t.Sequence[t.Any]) -> None:
    """Who takes away from itself what it does this with could not even give it back.

    :raises Refused: it would
    """
    if present.application is None or present.application["appId"] != client.line(GRAPH).token.app_id:
        return
    used = {role for group in roles_needed(operations) for role in group}
    lost = [one.role for one in planned.revoke if one.resource == GRAPH_API and one.role in used]
    if lost:
        raise Refused(
            f"{present.application['displayName']} is what this task signs in as, and would lose {and_list(lost)}",
            hint="Check display_name and app_id. To change that app, sign in as another, or name these permissions in graph_roles",
        )


def _wanted(name: Name, params: t.Mapping[str, t.Any], permissions: t.Sequence[Permission]) -> Wanted:
    uris = params["redirect_uris"]
    return Wanted(
        display_name=name.display_name,
        sign_in_audience=params["sign_in_audience"],
        redirect_uris=None if uris is None else tuple(dict.fromkeys(uris)),
        management_reference=params["management_reference"],
        permissions=tuple(dict.fromkeys(permissions)),
        exclusive=params["exclusive"],
        consent=params["consent"],
        owners=tuple(dict.fromkeys(owner.strip().lower() for owner in params["owners"])),
        restore=params["restore"],
    )


def _result(client, wanted: Wanted, planned: Plan, present: Present, standing: Standing, catalogue: Catalogue) -> dict[str, t.Any]:
    application = standing.application
    granted = (present.granted | set(planned.grant)) - set(planned.revoke)
    missing = sorted(set(wanted.permissions) - granted)
    audience = planned.facts.get("signInAudience") or (application or {}).get("signInAudience") or SINGLE
    uris = redirect_uris_of({"web": planned.facts.get("web") or (application or {}).get("web")})
    done = and_list(SAID[step] for step in planned.steps)
    label = planned.after["display_name"]
    verb = "is" if standing.sent else "would be"
    said = f"{label} {verb} {done}" if planned else f"{label} is as described already"
    if missing:
        said += f"; an administrator must consent to {len(missing)} permission(s)"
    return {
        "changed": bool(planned),
        "msg": said,
        "display_name": label,
        "tenant_id": tenant_of(client),
        "app_id": (application or {}).get("appId"),
        "object_id": (application or {}).get("id"),
        "service_principal_id": (standing.principal or {}).get("id"),
        "sign_in_audience": audience,
        "steps": planned.steps,
        "permissions_granted": _listed(sorted(granted)),
        "permissions_missing": [{**one, "about": catalogue.role(Permission(**one)).about} for one in _listed(missing)],
        "permissions_revoked": _listed(planned.revoke),
        "consent_url": consent_url(client, {"appId": application["appId"], "web": {"redirectUris": uris}}, audience) if application else None,
        "diff": {"before": planned.before, "after": planned.after} if planned else {"before": {}, "after": {}},
    }


def _listed(permissions: t.Iterable[Permission]) -> list[dict[str, str]]:
    return [{"resource": one.resource, "role": one.role} for one in permissions]


def _delete(client, name: Name, params: t.Mapping[str, t.Any], patience: Patience) -> dict[str, t.Any]:
    """To where it can be restored from for 30 days."""
    client.require((applications.LIST, applications.GET_BY_APP_ID, applications.DELETE))
    found = find_app(client, name)
    if found is None:
        return _gone(client, name, f"{name} is absent already", None)
    if name.display_name is not None and found["displayName"] != name.display_name:
        raise BadInput(f"{name.app_id} is the app id of {found['displayName']}, not of {name.display_name}", hint="Give the two of one app")
    if (params["confirm"] or "").strip().lower() != found["appId"]:
        raise Refused(
            f"{found['displayName']} is not deleted: confirm is not its app id",
            hint=f"Whatever signs in with it stops working. Set confirm: {found['appId']} if that is meant",
        )
    sent = gone(lambda: client.call(applications.DELETE, object_id=found["id"])) is not None
    if sent and not patience.until(lambda: find_app(client, name) is None):
        client.warnings.append(NOT_SHOWN_YET)
    return _gone(client, name, f"{found['displayName']} {'is' if sent else 'would be'} deleted, and can be restored for 30 days", found)


def _gone(client, name: Name, said: str, found: Record | None) -> dict[str, t.Any]:
    before = {"display_name": found["displayName"], "app_id": found["appId"]} if found else {}
    return {
        "changed": found is not None,
        "msg": said,
        "display_name": found["displayName"] if found else name.display_name,
        "tenant_id": tenant_of(client),
        "app_id": found["appId"] if found else name.app_id,
        "object_id": (found or {}).get("id"),
        "service_principal_id": None,
        "sign_in_audience": (found or {}).get("signInAudience"),
        "steps": ["deleted"] if found else [],
        "permissions_granted": [],
        "permissions_missing": [],
        "permissions_revoked": [],
        "consent_url": None,
        "diff": {"before": before, "after": {}},
    }
