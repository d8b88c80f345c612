# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes certificates and keys in every form a user may bring; none of them opens anything."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

PASSPHRASE = "not-a-secret-passphrase"


def an_rsa_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def an_elliptic_key():
    return ec.generate_private_key(ec.SECP256R1())


def a_certificate(key, name: str = "responder", issuer: str | None = None):
    """A certificate for ``key``, which says of itself who issued it; nothing is proven by it."""
    subject, by = (x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, who)]) for who in (name, issuer or name))
    begins = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + dt.timedelta(days=730))
        .sign(key, hashes.SHA256())
    )


def pem_of_key(key, passphrase: str | None = None, form: str = "PKCS8") -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, getattr(serialization.PrivateFormat, form), _encryption(passphrase))


def pem_of_certificate(certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def pfx_of(key, certificate, passphrase: str | None = None, chain=None) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"responder", key, certificate, chain, _encryption(passphrase))


def _encryption(passphrase: str | None):
    return serialization.BestAvailableEncryption(passphrase.encode()) if passphrase is not None else serialization.NoEncryption()
