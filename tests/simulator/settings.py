# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be set while the simulator runs, beside the settings of the world."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Settings:
    latency_ms: float = 0.0
    """What every answer waits, at the login host and the API."""
    tenants: int = 1
    """How many there are; each has the same apps, begins with the same world, and knows nothing of the others."""
    rate_limits: bool = True
    rate_scale: float = 1.0
    """How long a minute and an hour of the rate limits are: with 0.05 a minute lasts three seconds."""
    token_lifetime: int = 3599
    """Seconds, as the pages of Defender show it; really it is 60 to 90 minutes by chance (access-tokens.md)."""
    device_code_lifetime: int = 900
    """Seconds that a person has to sign in (v2-oauth2-device-code.md)."""
    device_code_interval: int = 5
    """Seconds that an app shall wait between two looks whether the person has."""
    administrator_agrees: bool = True
    """Whether the administrator consents to what an app asks for on the page for it."""
    identity_token_lifetime: int = 86399
    """Seconds; Azure hands out the same token of a managed identity until it is nearly over (how-to-use-vm-token.md)."""
    arc_tokens: str = ""
    """Folder for the key files of Azure Arc; the state folder's own when empty. Clients look in /var/opt/azcmagent/tokens only."""
    arc_agent_is_old: bool = False
    """Whether the agent of Azure Arc gives the machine's own token whatever identity is asked for."""
