# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret of an app: a new one when it is time, proven, then stored, and only then the old ones taken away."""

from __future__ import annotations

import datetime
import typing as t

from .._api import application_credentials
from .._client import moments
from .._client.errors import DefenderError
from .app_change import MAKE, PROVE, REMOVE, STORE, Changed, day, step
from .app_find import Name, Record, the_app
from .app_patience import Patience
from .app_proof import prove
from .app_secret_plan import Rules, SecretPlan, ours, plan_secrets
from .submit import may_have_arrived

OLD_WORKS = "what worked before still works, and is stored as before"
NEW_WORKS = "the new secret works and is stored; old ones work as well"
LOOKS = 5
"""Seconds in which a secret shows whose answer was lost."""


class Place(t.NamedTuple):
    """Where the secret is kept: ``stored`` is what lies there, ``store`` puts another one there."""

    is_known: bool
    stored: str | None
    store: t.Callable[[str], None]


def keep_secret(client, application: Record, rules: Rules, place: Place, patience: Patience) -> Changed:
    """See to it that the app has a secret that lasts.

    :raises DefenderError: a step failed; ``details`` say which, and what works
    """
    now = moments.from_epoch(client.clock.time())
    planned = plan_secrets(application.get("passwordCredentials"), rules, now, stored=place.stored, has_place=place.is_known)
    secret, current, proven, sent = place.stored, planned.current, False, False
    if planned.makes:
        made = _make(client, application, rules, now, patience)
        current = made or _foretold(rules, now)
        if made is not None:
            secret, proven, sent = made["secretText"], True, True
            _prove_and_store(client, application, made, place, patience)
    elif planned.remove:
        with step(PROVE, OLD_WORKS):
            prove(client, application["appId"], patience, client_secret=secret)
            proven = True
    going = (*planned.remove, *planned.expired)
    with step(REMOVE, NEW_WORKS if planned.makes else OLD_WORKS):
        answers = [_remove(client, application, row["keyId"], patience) for row in going]
    sent = sent or any(answer is not None for answer in answers)
    return Changed(
        plans=planned.makes or bool(going),
        sent=sent,
        said=_said(planned, going, sent=sent),
        credential=_shown(current, rules),
        proven=proven,
        removed=tuple(row["keyId"] for row in going),
        kept=tuple(row["keyId"] for row in planned.kept),
        before={"secrets": _days(ours(application.get("passwordCredentials"), rules.name))},
        after={"secrets": _days(row for row in (current, *planned.remove, *planned.kept) if row and row not in going)},
        secret=secret,
    )


def drop_secrets(client, application: Record, name: str, patience: Patience) -> Changed:
    """Take away all secrets of that name."""
    held = ours(application.get("passwordCredentials"), name)
    answers = [_remove(client, application, row["keyId"], patience) for row in held]
    sent = any(answer is not None for answer in answers)
    said = f"{len(held)} secret(s) {'are' if sent else 'would be'} taken away" if held else "there is no such secret"
    return Changed(bool(held), sent, said, None, removed=tuple(row["keyId"] for row in held), before={"secrets": _days(held)}, after={"secrets": []})


def _make(client, application: Record, rules: Rules, now: datetime.datetime, patience: Patience) -> Record | None:
    known = {row["keyId"] for row in application.get("passwordCredentials") or ()}
    wish = {"displayName": rules.name, "endDateTime": moments.spell(now + datetime.timedelta(days=rules.valid))}
    with step(MAKE, OLD_WORKS):
        try:
            return patience.call(client, application_credentials.ADD_PASSWORD, object_id=application["id"], password_credential=wish)
        except DefenderError as error:
            if may_have_arrived(error):
                _forget(client, application, rules.name, known)
            raise


def _forget(client, application: Record, name: str, known: t.AbstractSet[str]) -> None:
    """Take away what may have been made by a call whose answer, and so whose secret, was lost."""

    def lost() -> list[str]:
        return [key_id for key_id, row in _keys(client, application).items() if row.get("displayName") == name and key_id not in known]

    looks = Patience(client, LOOKS)
    looks.until(lambda: bool(lost()))
    for key_id in lost():
        _remove(client, application, key_id, looks)


def _prove_and_store(client, application: Record, made: Record, place: Place, patience: Patience) -> None:
    def undo() -> None:
        _remove(client, application, made["keyId"], patience)

    with step(PROVE, OLD_WORKS, undo):
        prove(client, application["appId"], patience, client_secret=made["secretText"])
    with step(STORE, OLD_WORKS, undo):
        place.store(made["secretText"])


def _remove(client, application: Record, key_id: str, patience: Patience) -> t.Any:
    """Take one away; one that is not there is refused as a bad request (application-removepassword.md), and will do as well."""

    def is_gone() -> Record | None:
        return None if key_id in _keys(client, application) else {}

    return patience.call(client, application_credentials.REMOVE_PASSWORD, object_id=application["id"], key_id=key_id, done=is_gone)


def _keys(client, application: Record) -> dict[str, Record]:
    """The secrets that there are now, by their ids."""
    there = the_app(client, Name(application["appId"], None))
    return {row["keyId"]: row for row in there.get("passwordCredentials") or ()}


def _foretold(rules: Rules, now: datetime.datetime) -> Record:
    return {"keyId": None, "startDateTime": moments.spell(now), "endDateTime": moments.spell(now + datetime.timedelta(days=rules.valid))}


def _shown(row: Record | None, rules: Rules) -> Record | None:
    if row is None:
        return None
    # In check mode a new one has neither an id nor a second of its birth.
    known = row if row["keyId"] else {}
    return {
        "kind": "secret", "name": rules.name, "key_id": row["keyId"], "starts": known.get("startDateTime"), "ends": known.get("endDateTime"),
    }


def _days(rows: t.Iterable[Record]) -> list[str]:
    return sorted(f"until {day(row)}" for row in rows)


def _said(planned: SecretPlan, going: t.Sequence[Record], *, sent: bool) -> str:
    verb = "is" if sent else "would be"
    parts = [f"a new secret {verb} made, as {planned.why}"] if planned.makes else []
    parts += [f"{len(going)} old secret(s) {'are' if sent else 'would be'} taken away"] if going else []
    return ", and ".join(parts) or "the secret still lasts"
