# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What apps prove themselves with: the secrets, which no row holds, and since when each proof is there."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import functools
import hmac
import secrets
import typing as t
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from ..clock import Clock, moment, stamp
from .shelf import Row

if t.TYPE_CHECKING:
    from .model import Lags

SECRET_LASTS = dt.timedelta(days=730)
"""Two years, when nobody says how long (application-addpassword.md)."""
HINT = 3
GOOD, EXPIRED, WRONG = "good", "expired", "wrong"


class Proofs:
    """Of all apps; a new one is refused for a while, since the login host hears of it late."""

    def __init__(self, clock: Clock, lags: Lags) -> None:
        self._clock = clock
        self._lags = lags
        self._texts: dict[str, str] = {}
        self._since: dict[str, dt.datetime] = {}

    def new_secret(self, application: Row, facts: Row, *, text: str | None = None) -> Row:
        """Adds a secret to the application, and tells it this once. With a ``text`` it is an old one."""
        begins = facts.get("startDateTime") or stamp(self._clock.now())
        kept = {
            "keyId": str(uuid.uuid4()),
            "displayName": facts.get("displayName"),
            "startDateTime": begins,
            "endDateTime": facts.get("endDateTime") or stamp(moment(begins) + SECRET_LASTS),
            "secretText": None,
            "customKeyIdentifier": None,
        }
        told = text or f"{secrets.token_urlsafe(HINT)[:HINT]}~not.a.secret-{secrets.token_urlsafe(20)}"
        kept["hint"] = told[:HINT]
        self._texts[kept["keyId"]] = told
        if text is None:
            self._since[kept["keyId"]] = self._clock.now()
        application["passwordCredentials"].append(kept)
        return {**kept, "secretText": told}

    def begin(self, key_id: str) -> None:
        """A certificate or a federated credential is new from now on, also when only a word of it was changed."""
        self._since[key_id] = self._clock.now()

    def is_known(self, key_id: str) -> bool:
        """Whether the login host has heard of it."""
        since = self._since.get(key_id)
        return since is None or (self._clock.now() - since).total_seconds() >= self._lags.credential_lag

    def judge_secret(self, application: Row, secret: str) -> str:
        """GOOD, EXPIRED or WRONG; one the login host has not heard of is wrong."""
        rows = application["passwordCredentials"]
        now = self._clock.now()
        for row in rows:
            if not hmac.compare_digest(self._texts[row["keyId"]].encode(), secret.encode()) or not self.is_known(row["keyId"]):
                continue
            if moment(row["endDateTime"]) <= now:
                return EXPIRED
            return GOOD if moment(row["startDateTime"]) <= now else WRONG
        # With nothing but expired secrets Entra says so whatever was sent.
        return EXPIRED if rows and all(moment(row["endDateTime"]) <= now for row in rows) else WRONG

    def certificates(self, application: Row) -> list[tuple[x509.Certificate, bool]]:
        """Certificates that an assertion may be signed with, and whether it is their time."""
        now = self._clock.now()
        return [
            (read_certificate(row["key"]), moment(row["startDateTime"]) <= now < moment(row["endDateTime"]))
            for row in application["keyCredentials"]
            if row["usage"] == "Verify" and self.is_known(row["keyId"])
        ]


@functools.lru_cache(maxsize=256)
def read_certificate(key: str) -> x509.Certificate:
    """Of the base64 of its DER, or of its PEM: portals and scripts send both.

    :raises ValueError: it is none
    """
    try:
        content = base64.b64decode(key, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    return x509.load_pem_x509_certificate(content) if content.startswith(b"-----") else x509.load_der_x509_certificate(content)


def key_credential(key: str, facts: Row) -> Row:
    """A certificate as the directory keeps it; what is not said is read from it.

    :raises ValueError: it is no certificate
    """
    certificate = read_certificate(key)
    return {
        "keyId": facts.get("keyId") or str(uuid.uuid4()),
        "displayName": facts.get("displayName") or certificate.subject.rfc4514_string(),
        "type": facts["type"],
        "usage": facts["usage"],
        "key": key,
        "customKeyIdentifier": certificate.fingerprint(hashes.SHA1()).hex().upper(),
        "startDateTime": facts.get("startDateTime") or stamp(certificate.not_valid_before_utc),
        "endDateTime": facts.get("endDateTime") or stamp(certificate.not_valid_after_utc),
    }
