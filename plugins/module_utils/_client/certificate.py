# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate of the app, its key and its chain, read from PEM or PFX."""

from __future__ import annotations

import re
import typing as t

from .errors import BadInput
from .given_file import read_given
from .settings import Settings

PEM = b"-----BEGIN "
PEM_KEY = re.compile(rb"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.+?-----END \1PRIVATE KEY-----", re.DOTALL)
PEM_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
# Both headers of an encrypted key hold the word: BEGIN ENCRYPTED PRIVATE KEY, and Proc-Type: 4,ENCRYPTED.
ENCRYPTED = b"ENCRYPTED"
# Every PFX holds the object identifier of PKCS #7 data, 1.2.840.113549.1.7.1.
PFX_MARK = bytes.fromhex("06092a864886f70d010701")


class Held(t.NamedTuple):
    """What the files hold: the app's key and certificate, and whatever other certificates lie beside it."""

    key: t.Any
    certificate: t.Any
    others: tuple[t.Any, ...] = ()

    @property
    def chain(self) -> tuple[t.Any, ...]:
        """The certificate, then its issuer, and so on as far as the files know them; the order of x5c (RFC 7515, section 4.1.6)."""
        chain, left = [self.certificate], list(self.others)
        while chain[-1].issuer != chain[-1].subject:
            issuer = next((other for other in left if other.subject == chain[-1].issuer), None)
            if issuer is None:
                break
            chain.append(issuer)
            left.remove(issuer)
        return tuple(chain)


def read_certificate(settings: Settings) -> Held:
    """What ``certificate_path`` and the options beside it lead to; needs the library cryptography.

    :raises BadInput: a file cannot be used; says which, why and the mend
    """
    content = read_given(settings, "certificate_path")
    if PEM in content:
        return _from_pem(settings, content)
    if settings.certificate_key_path:
        raise BadInput(
            f"certificate_key_path is given, but {settings.certificate_path} is not a PEM file",
            hint="A PFX holds its key itself: leave certificate_key_path out, or give the certificate as PEM",
        )
    return _from_pfx(settings, content)


def _from_pem(settings: Settings, content: bytes) -> Held:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    key_name = "certificate_key_path" if settings.certificate_key_path else "certificate_path"
    key_path = getattr(settings, key_name)
    block = PEM_KEY.search(read_given(settings, key_name))
    if block is None:
        raise BadInput(
            f"{key_name} {key_path} holds no private key",
            hint="Put the key into the same file as the certificate, or give its own file as certificate_key_path",
        )
    if PEM_CERTIFICATE not in content:
        raise BadInput(
            f"certificate_path {settings.certificate_path} holds no certificate",
            hint="Put certificate and key into one PEM file, or give the certificate here and the key as certificate_key_path",
        )
    key = _private_key(block.group(), key_path, settings.certificate_passphrase)
    try:
        certificates = x509.load_pem_x509_certificates(content)
        # A file may hold the whole chain, in any order.
        mine = [certificate for certificate in certificates if _public(certificate) == _public(key)]
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadInput(f"The certificate in {settings.certificate_path} cannot be read", hint="The file is damaged; export it again") from error
    if not mine:
        raise BadInput(
            f"Certificate and key do not belong together: {settings.certificate_path}, {key_path}",
            hint="Give the key that the certificate was made for",
        )
    return Held(key, mine[0], tuple(certificate for certificate in certificates if certificate != mine[0]))


def _private_key(block: bytes, path: str, passphrase: str | None) -> t.Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    is_encrypted = ENCRYPTED in block
    if is_encrypted and not passphrase:
        raise BadInput(f"The key in {path} is encrypted", hint="Give certificate_passphrase")
    try:
        key = load_pem_private_key(block, passphrase.encode() if is_encrypted and passphrase else None)
    except (ValueError, UnsupportedAlgorithm) as error:
        hint = "certificate_passphrase is wrong, or the file is damaged" if is_encrypted else "The file is damaged, or its format is not known here"
        raise BadInput(f"The key in {path} cannot be opened", hint=hint) from error
    return _rsa(key, path)


def _public(holder: t.Any) -> bytes:
    """The public half of a key or of a certificate, as bytes that can be compared."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return holder.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _from_pfx(settings: Settings, content: bytes) -> Held:
    from cryptography.hazmat.primitives.serialization import pkcs12

    if PFX_MARK not in content:
        raise BadInput(
            f"certificate_path {settings.certificate_path} is neither PEM nor PFX",
            hint="Give a PEM file with certificate and key, or a PFX (PKCS #12) file; a bare .cer or .der holds no key",
        )
    password = settings.certificate_passphrase.encode() if settings.certificate_passphrase else None
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, password)
    except ValueError as error:
        hint = "certificate_passphrase is wrong, or the file is damaged" if password else "Give certificate_passphrase; the file seems to be protected"
        raise BadInput(f"{settings.certificate_path} cannot be opened", hint=hint) from error
    if key is None or certificate is None:
        raise BadInput(f"{settings.certificate_path} does not hold both a certificate and its key", hint="Export it again, with the private key")
    return Held(_rsa(key, settings.certificate_path or ""), certificate, tuple(others))


def _rsa(key: t.Any, path: str) -> t.Any:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if isinstance(key, RSAPrivateKey):
        return key
    # certificate-credentials.md: the assertion is signed with PS256 or RS256, both RSA.
    raise BadInput(f"The key in {path} is not an RSA key", hint="Entra ID takes RSA certificates only; make one of 2048 bits or more")
