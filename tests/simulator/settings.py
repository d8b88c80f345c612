# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be set while the simulator runs, beside the settings of the world."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Settings:
    latency_ms: float = 0.0
    """What every answer waits, at the login host and the API."""
    rate_limits: bool = True
    rate_scale: float = 1.0
    """How long a minute and an hour of the rate limits are: with 0.05 a minute lasts three seconds."""
    token_lifetime: int = 3599
    """Seconds, as the pages of Defender show it; really it is 60 to 90 minutes by chance (access-tokens.md)."""
