# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wanted of an app, held against what there is: the plan, which nothing has been sent of yet."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .app_find import Record
from .app_roles import APP_IDS, Catalogue, Permission
from .app_state import Present

SINGLE, MULTIPLE = "AzureADMyOrg", "AzureADMultipleOrgs"
GRANT, ASK = "grant", "ask"
PORTAL = "https://portal.azure.com"
"""Where the browser is sent back to after consent (exposed-apis-create-app-partners.md)."""
ROLE = "Role"
Wishes = t.Mapping[str, t.AbstractSet[t.Any]]
"""App id of an API -> the id and the type, Role or Scope, of what is wished for."""


@dataclass(frozen=True)
class Wanted:
    """What is ``None`` stays as it is. ``exclusive`` takes away every application permission that is not asked for."""

    display_name: str | None = None
    sign_in_audience: str | None = None
    redirect_uris: tuple[str, ...] | None = None
    management_reference: str | None = None
    permissions: tuple[Permission, ...] = ()
    exclusive: bool = False
    consent: str = GRANT
    owners: tuple[str, ...] = ()
    restore: bool = False


@dataclass(frozen=True)
class Plan:
    """What is to be done, and how the app looks before and after. ``facts`` are those of the registration, in the service's words."""

    create: bool = False
    restore: bool = False
    facts: t.Mapping[str, t.Any] = field(default_factory=dict)
    principal: bool = False
    grant: tuple[Permission, ...] = ()
    revoke: tuple[Permission, ...] = ()
    owners: tuple[str, ...] = ()
    before: Record = field(default_factory=dict)
    after: Record = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.create or self.restore or self.principal or bool(self.facts or self.grant or self.revoke or self.owners)

    @property
    def steps(self) -> list[str]:
        """What is done, a word each, in the order it is done in."""
        words = {
            "created": self.create, "restored": self.restore, "changed": bool(self.facts) and not self.create,
            "service_principal_created": self.principal, "owners_added": bool(self.owners), "granted": bool(self.grant), "revoked": bool(self.revoke),
        }
        return [word for word, is_done in words.items() if is_done]


def plan(wanted: Wanted, present: Present, catalogue: Catalogue) -> Plan:
    """How to come from ``present`` to ``wanted``."""
    restores = present.application is None and wanted.restore and present.deleted is not None
    there = present.deleted if restores else present.application
    facts = _facts(wanted, there, catalogue)
    drift = {name: value for name, value in facts.items() if not _same(name, value, (there or {}).get(name))}
    asked, granted = set(wanted.permissions), present.granted
    is_granting = wanted.consent == GRANT
    grant = tuple(sorted(asked - granted)) if is_granting else ()
    revoke = tuple(sorted(granted - asked)) if is_granting and wanted.exclusive else ()
    owners = tuple(owner for owner in wanted.owners if owner not in present.owners)
    after_granted = (granted | set(grant)) - set(revoke)
    return Plan(
        create=there is None,
        restore=restores,
        facts=drift,
        principal=present.principal is None,
        grant=grant,
        revoke=revoke,
        owners=owners,
        before=_shown(present.application, present.granted, present.owners, catalogue, has_principal=present.principal is not None),
        after=_shown({**(there or {}), **facts}, after_granted, (*present.owners, *owners), catalogue, has_principal=True),
    )


def _facts(wanted: Wanted, there: Record | None, catalogue: Catalogue) -> Record:
    """What the registration shall show."""
    facts: Record = {}
    if wanted.display_name is not None:
        facts["displayName"] = wanted.display_name
    # The page that documents a default shows another one in its sample, so it is always said (application-post-applications.md).
    audience = wanted.sign_in_audience or (SINGLE if there is None else None)
    if audience is not None:
        facts["signInAudience"] = audience
    uris = _redirect_uris(wanted, there, audience)
    if uris is not None:
        facts["web"] = {"redirectUris": uris}
    if wanted.management_reference is not None:
        facts["serviceManagementReference"] = wanted.management_reference
    if wanted.permissions or wanted.exclusive:
        facts["requiredResourceAccess"] = _spelt(_wishes(wanted, there, catalogue))
    return facts


def _redirect_uris(wanted: Wanted, there: Record | None, audience: str | None) -> list[str] | None:
    """Those that are given; else one at least where somebody else is to consent, as the page of consent needs it."""
    if wanted.redirect_uris is not None:
        return sorted(wanted.redirect_uris)
    present = redirect_uris_of(there)
    if audience == MULTIPLE and PORTAL not in present:
        return sorted((*present, PORTAL))
    return [PORTAL] if wanted.consent == ASK and not present else None


def redirect_uris_of(application: Record | None) -> list[str]:
    web = (application or {}).get("web")
    return [uri for uri in (web.get("redirectUris") or () if isinstance(web, dict) else ()) if isinstance(uri, str)]


def _wishes(wanted: Wanted, there: Record | None, catalogue: Catalogue) -> Wishes:
    """The wish list of the registration grants nothing; it is kept equal to what is granted, so that the portal shows no drift."""
    wishes = dict(_read_wishes((there or {}).get("requiredResourceAccess")))
    if wanted.exclusive:
        wishes = {app_id: {one for one in held if one[1] != ROLE} for app_id, held in wishes.items()}
    for permission in wanted.permissions:
        app_id = APP_IDS[permission.resource]
        wishes[app_id] = {*wishes.get(app_id, ()), (catalogue.role(permission).id, ROLE)}
    return {app_id: held for app_id, held in wishes.items() if held}


def _read_wishes(rows: t.Any) -> Wishes:
    wishes: dict[str, t.Any] = {}
    for row in rows or ():
        wishes.setdefault(row["resourceAppId"], set()).update((one["id"], one["type"]) for one in row.get("resourceAccess") or ())
    return wishes


def _spelt(wishes: Wishes) -> list[Record]:
    return [
        {"resourceAppId": app_id, "resourceAccess": [{"id": id_, "type": type_} for id_, type_ in sorted(held)]} for app_id, held in sorted(wishes.items())
    ]


def _same(name: str, wanted: t.Any, there: t.Any) -> bool:
    if name == "requiredResourceAccess":
        return _read_wishes(wanted) == _read_wishes(there)
    if name == "web":
        return set(wanted["redirectUris"]) == set(redirect_uris_of({"web": there}))
    return bool(wanted == there)


def _shown(
    application: Record | None, granted: t.Iterable[Permission], owners: t.Iterable[str], catalogue: Catalogue, *, has_principal: bool
) -> Record:
    """The app as the diff shows it."""
    if application is None:
        return {}
    wishes = [
        catalogue.of_ids(app_id, id_) or Permission(app_id, id_)
        for app_id, held in _read_wishes(application.get("requiredResourceAccess")).items()
        for id_, type_ in held
        if type_ == ROLE
    ]
    return {
        "display_name": application.get("displayName"),
        "sign_in_audience": application.get("signInAudience"),
        "redirect_uris": sorted(redirect_uris_of(application)),
        "management_reference": application.get("serviceManagementReference"),
        "asked_for": [f"{one.resource}: {one.role}" for one in sorted(wishes)],
        "granted": [f"{one.resource}: {one.role}" for one in sorted(granted)],
        "owners": sorted(owners),
        "service_principal": has_principal,
    }
