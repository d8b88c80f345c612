# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypts and decrypts text as ansible-vault does (its format 1.1, and 1.2 with a label), wherever a task runs."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import os
import typing as t

HEADER = "$ANSIBLE_VAULT"
CIPHER = "AES256"
ROUNDS, SALT_BYTES, BLOCK, WIDTH = 10_000, 32, 16, 80
"""As in ansible.parsing.vault, which is on controllers alone and not with modules."""


class NotOpened(ValueError):
    """It is not encrypted like this, or with another password; the text says which."""


class Opened(t.NamedTuple):
    """A decrypted text, and the label under which it was encrypted, where there is one."""

    text: str
    label: str | None


def is_vault(content: bytes) -> bool:
    return content.startswith(HEADER.encode())


def encrypt(text: str, password: bytes, label: str | None = None) -> bytes:
    """The whole content of a file."""
    salt = os.urandom(SALT_BYTES)
    key, mac_key, counter = _keys(password, salt)
    ciphertext = _aes(key, counter).encryptor().update(_padded(text.encode()))
    mac = hmac.new(mac_key, ciphertext, hashlib.sha256).digest()
    inner = b"\n".join(binascii.hexlify(part) for part in (salt, mac, ciphertext))
    body = binascii.hexlify(inner).decode()
    header = f"{HEADER};1.2;{CIPHER};{label}" if label else f"{HEADER};1.1;{CIPHER}"
    return "\n".join((header, *(body[at : at + WIDTH] for at in range(0, len(body), WIDTH)), "")).encode()


def decrypt(content: bytes, password: bytes) -> Opened:
    """:raises NotOpened: it cannot be"""
    try:
        first, *lines = content.decode("ascii").splitlines()
        header = first.split(";")
        if header[0] != HEADER or header[1] not in ("1.1", "1.2") or header[2] != CIPHER:
            raise ValueError(first)
        salt, mac, ciphertext = (binascii.unhexlify(part) for part in binascii.unhexlify("".join(lines)).split(b"\n"))
    except (UnicodeDecodeError, IndexError, ValueError) as error:
        raise NotOpened("it is damaged, or no vault of this form") from error
    key, mac_key, counter = _keys(password, salt)
    if not hmac.compare_digest(hmac.new(mac_key, ciphertext, hashlib.sha256).digest(), mac):
        raise NotOpened("the password is not the one it was encrypted with")
    padded = _aes(key, counter).decryptor().update(ciphertext)
    try:
        text = padded[: -padded[-1]].decode()
    except (UnicodeDecodeError, IndexError) as error:
        raise NotOpened("what it holds is no text") from error
    return Opened(text, header[3] if len(header) > 3 else None)


def _keys(password: bytes, salt: bytes) -> tuple[bytes, bytes, bytes]:
    derived = hashlib.pbkdf2_hmac("sha256", password, salt, ROUNDS, dklen=80)
    return derived[:32], derived[32:64], derived[64:]


def _aes(key: bytes, counter: bytes) -> t.Any:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    return Cipher(algorithms.AES(key), modes.CTR(counter))


def _padded(plain: bytes) -> bytes:
    """PKCS #7, which vault keeps although a stream cipher would not need it."""
    count = BLOCK - len(plain) % BLOCK
    return plain + bytes([count]) * count
