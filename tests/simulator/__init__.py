# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Defender tenant to practise on: sign-in, machines, alerts and actions, with faults on demand."""

from __future__ import annotations
