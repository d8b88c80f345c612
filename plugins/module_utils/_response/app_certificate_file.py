# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The public part of a certificate, read from a PEM file; a key that lies beside it stays where it is."""

from __future__ import annotations

import base64
import datetime
import typing as t

from .._client.certificate import PEM_CERTIFICATE, PEM_KEY
from .._client.errors import BadInput


class Certificate(t.NamedTuple):
    """``key`` is what the directory takes: the certificate in base64. ``holds_private_key`` says that the file holds its key as well."""

    key: str
    thumbprint: str
    ends: datetime.datetime
    holds_private_key: bool


def read_public(option: str, path: str) -> Certificate:
    """The first certificate of the file.

    :raises BadInput: there is none, or it cannot be read
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except OSError as error:
        raise BadInput(f"{option}: {path} cannot be read: {error.strerror}", hint="Check the path and its rights where the task runs") from error
    if PEM_CERTIFICATE not in content:
        raise BadInput(f"{option}: {path} holds no certificate in PEM", hint="Convert it: openssl x509 -inform der, or openssl pkcs12 -nokeys")
    try:
        held = x509.load_pem_x509_certificate(content[content.index(PEM_CERTIFICATE) :])
    except ValueError as error:
        raise BadInput(f"{option}: the certificate in {path} cannot be read", hint="The file is damaged; export it again") from error
    ends = getattr(held, "not_valid_after_utc", None) or held.not_valid_after.replace(tzinfo=datetime.timezone.utc)
    return Certificate(
        key=base64.b64encode(held.public_bytes(Encoding.DER)).decode(),
        thumbprint=held.fingerprint(hashes.SHA1()).hex().upper(),
        ends=ends,
        holds_private_key=PEM_KEY.search(content) is not None,
    )


def same_thumbprint(thumbprint: str, shown: t.Any) -> bool:
    """Whether the directory means this one: it writes thumbprints in hexadecimal or in base64 (resources/keycredential.md)."""
    return str(shown).upper() == thumbprint or str(shown) == base64.b64encode(bytes.fromhex(thumbprint)).decode()
