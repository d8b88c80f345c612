# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk in the place of sign-in, and a clock that stands still, for the tests of the token cache."""

from __future__ import annotations

import pathlib

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.token_cache import token_for
from unit.plugins.module_utils._client.identity import NOW, a_token


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def time(self) -> float:
        return self.now

    monotonic = time


class Desk:
    """Stands where sign-in stands and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, settings, *, clock, since=None):
        self.asked += 1
        return a_token(uti=f"token {self.asked}", iat=clock.time(), nbf=clock.time(), exp=clock.time() + 3900)


def fetched(settings, desk, clock=None, warn=pytest.fail):
    return token_for(settings, warn=warn, clock=clock or Clock(), ask=desk)


def kept_files(folder: pathlib.Path) -> list[pathlib.Path]:
    return [path for path in folder.iterdir() if not path.suffix]
