# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and certificates that outlive a restart: made once, kept in the state folder."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

LONG = dt.timedelta(days=30 * 365)
"""Past anything the clock is put forward to."""


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate with its key; ``path`` holds both as PEM."""

    path: Path
    key: RSAPrivateKey
    x509: x509.Certificate

    @property
    def public_key(self) -> RSAPublicKey:
        return self.key.public_key()

    @property
    def sha1(self) -> str:
        """The thumbprint that people see, and that ``x5t`` holds in base64url."""
        return self.x509.fingerprint(hashes.SHA1()).hex().upper()

    @property
    def x5t(self) -> str:
        return base64url(self.x509.fingerprint(hashes.SHA1()))

    @property
    def x5t_s256(self) -> str:
        return base64url(self.x509.fingerprint(hashes.SHA256()))

    @property
    def x5c(self) -> str:
        return base64.b64encode(self.x509.public_bytes(Encoding.DER)).decode()


class Folder:
    """The state folder, private to its owner."""

    def __init__(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path
        self._read: dict[str, Certificate] = {}

    def certificate(self, name: str, *, expired: bool = False) -> Certificate:
        """The certificate of that name, made when it is not there yet."""
        if name in self._read:
            return self._read[name]
        path = self.path / f"{name}.pem"
        if not path.exists():
            write_private(path, _made(name, expired=expired))
        content = path.read_bytes()
        key = load_pem_private_key(content, None)
        assert isinstance(key, RSAPrivateKey)
        self._read[name] = Certificate(path, key, x509.load_pem_x509_certificate(content))
        return self._read[name]

    def pfx(self, certificate: Certificate, passphrase: str) -> Path:
        """The same certificate and key as a PFX file."""
        path = certificate.path.with_suffix(".pfx")
        if not path.exists():
            protection = BestAvailableEncryption(passphrase.encode())
            content = pkcs12.serialize_key_and_certificates(
                path.stem.encode(), certificate.key, certificate.x509, None, protection
            )
            write_private(path, content)
        return path


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _made(name: str, *, expired: bool) -> bytes:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    now = dt.datetime.now(dt.timezone.utc)
    begins, ends = (now - LONG, now - dt.timedelta(days=1)) if expired else (now - dt.timedelta(days=1), now + LONG)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} of the simulator")])
    certificate = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=subject, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem + certificate.public_bytes(Encoding.PEM)
