# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate of an app: uploaded, proven by its key where that is at hand, and only then the old ones taken away."""

from __future__ import annotations

import datetime
import typing as t

from .._api import applications
from .._client import moments
from .._client.errors import BadInput, ServiceError
from .app_certificate_file import Certificate, same_thumbprint
from .app_change import MAKE, PROVE, REMOVE, Changed, day, step
from .app_find import Name, Record, the_app
from .app_patience import Patience
from .app_proof import prove
from .app_secret_plan import begins, ends, ours

OLD_WORKS = "what worked before still works"
NEW_WORKS = "the new certificate works, and old ones as well"


def keep_certificate(
    client, application: Record, certificate: Certificate, *, name: str, overlap: int, key: t.Mapping[str, t.Any] | None, patience: Patience
) -> Changed:
    """See to it that the app takes this certificate.

    :param key: the options of a connection that lead to its private key; without them nothing is proven, and old ones stay
    :raises BadInput: it has ended
    :raises DefenderError: a step failed; ``details`` say which, and what works
    """
    now = moments.from_epoch(client.clock.time())
    if certificate.ends <= now:
        raise BadInput(f"new_certificate_path: the certificate ended on {moments.spell(certificate.ends)}", hint="Make a new one")
    held = list(application.get("keyCredentials") or ())
    current = next((row for row in held if _has([row], certificate.thumbprint)), None)
    adds = current is None
    named = [row for row in ours(held, name) if row is not current]
    expired = [row for row in named if ends(row) <= now]
    begun = now if current is None else begins(current)
    is_due = begun + datetime.timedelta(days=overlap) <= now
    remove = [row for row in named if row not in expired] if key is not None and is_due else []
    row = current or _row(certificate, name, now)
    proven = sent = False
    if adds:
        with step(MAKE, OLD_WORKS):
            sent = _write(client, application, [*held, row], certificate.thumbprint, patience)
    if key is not None and (sent or (remove and not adds)):
        with step(PROVE, OLD_WORKS, (lambda: _withdraw(client, application, certificate, patience)) if adds else None):
            prove(client, application["appId"], patience, **key)
        proven = True
    going = [*remove, *expired]
    if going:
        with step(REMOVE, NEW_WORKS):
            sent = _leave(client, application, certificate if sent or not adds else None, going, patience) or sent
    kept = [one for one in named if one not in going]
    return Changed(
        plans=adds or bool(going),
        sent=sent,
        said=_said(adds, len(going), sent=sent),
        credential=_shown(row, certificate, name, sent=sent or not adds),
        proven=proven,
        removed=tuple(one["keyId"] for one in going),
        kept=tuple(one["keyId"] for one in kept),
        before={"certificates": _days(([] if adds else [row]) + named)},
        after={"certificates": _days([row, *kept])},
    )


def drop_certificates(client, application: Record, name: str, patience: Patience) -> Changed:
    """Take away all certificates of that name."""
    held = list(application.get("keyCredentials") or ())
    going = ours(held, name)
    sent = bool(going) and _write(client, application, [row for row in held if row not in going], None, patience)
    said = f"{len(going)} certificate(s) {'are' if sent else 'would be'} taken away" if going else "there is no such certificate"
    before = {"certificates": _days(going)}
    return Changed(bool(going), sent, said, None, removed=tuple(row["keyId"] for row in going), before=before, after={"certificates": []})


def _row(certificate: Certificate, name: str, now: datetime.datetime) -> Record:
    """From now on, so that an old one stays for its time beside it, however long ago the certificate was made."""
    return {
        "displayName": name, "type": "AsymmetricX509Cert", "usage": "Verify", "key": certificate.key,
        "startDateTime": moments.spell(now), "endDateTime": moments.spell(certificate.ends),
    }


def _write(client, application: Record, rows: t.Sequence[Record], thumbprint: str | None, patience: Patience) -> bool:
    """Set the list, of which every one that shall stay must be part (application-update.md); their keys need not be."""

    def is_there() -> Record | None:
        return {} if thumbprint and _has(_now(client, application), thumbprint) else None

    done = is_there if thumbprint else None
    return patience.call(client, applications.UPDATE, object_id=application["id"], key_credentials=list(rows), done=done) is not None


def _leave(client, application: Record, certificate: Certificate | None, going: t.Sequence[Record], patience: Patience) -> bool:
    """Take away those that go. The list is written as a whole, so the new one must be seen in it first."""
    if certificate is not None and not patience.until(lambda: _has(_now(client, application), certificate.thumbprint)):
        raise ServiceError("The directory does not show the new certificate yet", hint="Run the task again in some minutes, or raise wait_timeout")
    ids = {row["keyId"] for row in going}
    return _write(client, application, [row for row in _now(client, application) if row["keyId"] not in ids], None, patience)


def _withdraw(client, application: Record, certificate: Certificate, patience: Patience) -> None:
    rows = _now(client, application)
    _write(client, application, [row for row in rows if not _has([row], certificate.thumbprint)], None, patience)


def _has(rows: t.Iterable[Record], thumbprint: str) -> bool:
    return any(same_thumbprint(thumbprint, row.get("customKeyIdentifier")) for row in rows)


def _now(client, application: Record) -> list[Record]:
    return list(the_app(client, Name(application["appId"], None)).get("keyCredentials") or ())


def _shown(row: Record, certificate: Certificate, name: str, *, sent: bool) -> Record:
    return {
        "kind": "certificate", "name": name, "key_id": row.get("keyId"), "starts": row["startDateTime"] if sent else None, "ends": row["endDateTime"],
        "thumbprint": certificate.thumbprint,
    }


def _days(rows: t.Iterable[Record]) -> list[str]:
    return sorted(f"until {day(row)}" for row in rows)


def _said(adds: bool, gone: int, *, sent: bool) -> str:
    parts = [f"the certificate {'is' if sent else 'would be'} uploaded"] if adds else []
    parts += [f"{gone} old one(s) {'are' if sent else 'would be'} taken away"] if gone else []
    return ", and ".join(parts) or "the certificate is there"
