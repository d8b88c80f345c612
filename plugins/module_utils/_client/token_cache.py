# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps tokens between tasks and forks, in files that only the credential itself can open.

A file's name and key are derived from the credential, tenant, app, login host and scope. Whoever has not the
very same secret finds nothing and can open nothing: MSAL's own cache does not look at the secret and would
hand out a token for a wrong one (msal 1.39.0). A file that is broken or foreign counts as not there.

A person who signs in by a code has no secret here: a random key in the same folder stands for it. The token of
a managed identity is not kept, as its host keeps it itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import time
import typing as t

from .cache_folder import CacheFolder, cache_folder
from .cache_key import random_key
from .clouds import endpoints
from .credential import material_of
from .errors import TokenRejected
from .private_folder import OURS, Unusable, is_private_file
from .settings import Settings
from .sign_in import sign_in
from .token import Token, decode

MARGIN = 300
"""Seconds of life a token must have left to be handed out."""

MARK = b"secops.defender token 1\n"
SALT, NONCE = 16, 12
LARGEST = 256 * 1024


def token_for(
    settings: Settings,
    *,
    warn: t.Callable[[str], None],
    clock: t.Any = time,
    ask: t.Callable[..., Token] = sign_in,
) -> Token:
    """A token with at least ``MARGIN`` seconds left: the one given, the one kept, or a new one.

    However many forks come at once, one asks and the others wait for it. A token that is given is handed
    back as it is, old or not: ``judge`` it.

    :param warn: is told when the cache cannot be used, which costs a sign-in but never the task
    :param clock: has ``time``, ``monotonic`` and ``sleep``, as the module ``time`` has
    :raises SignInFailed, Unreachable, BadAnswer, BadInput, TokenRejected: as ``sign_in`` does
    """
    if settings.access_token:
        return decode(settings.access_token)
    if not _is_kept(settings):
        return ask(settings, clock=clock)
    try:
        with _opened(settings) as drawer:
            return drawer.fresh(clock.time()) or _asked_once(drawer, settings, warn=warn, clock=clock, ask=ask)
    except Unusable as reason:
        warn(f"Tokens are not kept, each task signs in anew: {reason}. Set token_cache_path to a folder of your own, or token_cache to false")
    return ask(settings, clock=clock)


def forget(settings: Settings, token: Token | None = None) -> None:
    """Throw away what is kept for these settings; with ``token`` only if it is that one and no fork has renewed it."""
    if not _is_kept(settings):
        return
    with contextlib.suppress(Unusable), _opened(settings) as drawer, drawer.locked():
        if token is None or drawer.read() == token:
            drawer.empty()


def _is_kept(settings: Settings) -> bool:
    return settings.token_cache and not settings.access_token and not settings.managed_identity


def _asked_once(drawer: _Drawer, settings: Settings, *, warn: t.Callable[[str], None], clock: t.Any, ask: t.Callable[..., Token]) -> Token:
    began = clock.monotonic()
    with drawer.locked():
        kept = drawer.fresh(clock.time())
        if kept:
            return kept
        # The time for retries counts from when we came, or forks would fail one after the other, each in full length.
        token = ask(settings, clock=clock, since=began)
        try:
            drawer.write(token)
        except OSError as error:
            warn(f"The token could not be kept in {drawer.folder.path}: {error.strerror}")
        return token


class _Drawer:
    """The one file of one identity."""

    def __init__(self, folder: CacheFolder, settings: Settings) -> None:
        try:
            # Only these: all of cryptography takes five times as long to import.
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError as error:
            raise Unusable("the Python library cryptography is not installed") from error
        self._aes_gcm, self._invalid_tag = AESGCM, InvalidTag
        there = endpoints(settings)
        whom = (settings.tenant_id or "", settings.client_id or "", there.login_url, there.scope)
        self.folder = folder
        self._whom = b"".join(len(name).to_bytes(4, "big") + name for name in (word.lower().encode() for word in whom))
        self._material = material_of(settings) or b"person\0" + random_key(folder)
        self._name = self._derive(b"name", salt=MARK, length=20).hex()

    def fresh(self, now: float) -> Token | None:
        """What is kept, if it will do."""
        token = self.read()
        return token if token and token.expires_at - now > MARGIN else None

    def read(self) -> Token | None:
        """What is kept, or ``None`` where there is nothing, or nothing that we have written."""
        try:
            content = self._content()
            salt, nonce, sealed = content[:SALT], content[SALT : SALT + NONCE], content[SALT + NONCE :]
            return decode(self._cipher(salt).decrypt(nonce, sealed, MARK).decode())
        except (OSError, ValueError, self._invalid_tag, TokenRejected):
            return None

    def write(self, token: Token) -> None:
        """Keep it; readers see the old file or the new one, never half of one. Only under ``locked``."""
        salt, nonce = os.urandom(SALT), os.urandom(NONCE)
        sealed = self._cipher(salt).encrypt(nonce, token.value.encode(), MARK)
        half = self._name + ".new"
        fd = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | OURS, 0o600, dir_fd=self.folder.fd)
        with os.fdopen(fd, "wb") as file:
            os.fchmod(fd, 0o600)
            file.write(MARK + salt + nonce + sealed)
        os.replace(half, self._name, src_dir_fd=self.folder.fd, dst_dir_fd=self.folder.fd)

    def empty(self) -> None:
        with contextlib.suppress(OSError):
            os.unlink(self._name, dir_fd=self.folder.fd)

    def locked(self) -> contextlib.AbstractContextManager[int]:
        """Alone among all processes. The lock file stays: to remove it would let two in at once."""
        return self.folder.locked(self._name + ".lock")

    def _content(self) -> bytes:
        """The file behind its mark; an ``OSError`` or a ``ValueError`` where it is not ours."""
        with os.fdopen(os.open(self._name, os.O_RDONLY | OURS, dir_fd=self.folder.fd), "rb") as file:
            if not is_private_file(file.fileno()):
                raise ValueError("not a private file of ours")
            content = file.read(LARGEST)
        if not content.startswith(MARK):
            raise ValueError("not written by us")
        return content[len(MARK) :]

    def _cipher(self, salt: bytes) -> t.Any:
        return self._aes_gcm(self._derive(b"key", salt=salt, length=32))

    def _derive(self, use: bytes, *, salt: bytes, length: int) -> bytes:
        """HKDF with SHA-256 (RFC 5869), of at most one block."""
        extracted = hmac.new(salt, self._material, hashlib.sha256).digest()
        return hmac.new(extracted, self._whom + use + b"\x01", hashlib.sha256).digest()[:length]


@contextlib.contextmanager
def _opened(settings: Settings) -> t.Iterator[_Drawer]:
    with cache_folder(settings.token_cache_path) as folder:
        yield _Drawer(folder, settings)
