# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant's directory: registrations, service principals, what is granted to them and what they prove themselves with."""

from __future__ import annotations

from .model import Directory, Lags

__all__ = ["Directory", "Lags"]
