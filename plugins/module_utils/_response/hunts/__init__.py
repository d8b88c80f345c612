# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library of hunts, by purpose."""

from __future__ import annotations

from ..hunt import Hunt
from . import files, machines, mail, movement, network, ransomware, sweeps

HUNTS: dict[str, Hunt] = {
    hunt.name: hunt
    for area in (files, network, movement, machines, mail, ransomware, sweeps)
    for hunt in vars(area).values()
    if isinstance(hunt, Hunt)
}
"""Name -> hunt, in the order in which an incident is worked on."""
