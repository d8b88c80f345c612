# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says which API a token is for when it is the wrong one."""

from __future__ import annotations

import typing as t

from .clouds import CLOUDS, DEFAULT_SUFFIX, XDR_APP_ID, bare, resource_of
from .errors import WrongAudience


def wrong_audience(audience: str, wanted: t.Sequence[str]) -> WrongAudience:
    """The refusal of a token for ``audience`` where one of ``wanted`` is needed, the first of them by choice."""
    right, got = resource_of(wanted[0]), resource_of(audience)
    scope = wanted[0] + DEFAULT_SUFFIX
    if got is not None and got == right:
        cloud = next((cloud.name for cloud in CLOUDS.values() if bare(audience) in cloud.audiences), "another")
        return WrongAudience(
            f"The token is for {got.title} in another cloud: {audience} ({cloud})",
            hint=f"Set cloud to the cloud of the tenant, or get a token with scope {scope}",
        )
    hint = f"Get a token with scope {scope}"
    if got is not None and got.app_id == XDR_APP_ID:
        hint += "; api.security.microsoft.com is the address of both APIs, but as an audience it means Defender XDR"
    named = f"{got.title}, {audience}" if got else audience or "nothing at all"
    return WrongAudience(f"The token is for {named}, not for {right.title if right else wanted[0]}", hint=hint)
