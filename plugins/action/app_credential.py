# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs app_credential in the controller's own process where the task belongs there."""

from __future__ import annotations

from ..modules.app_credential import SHAPE
from ..plugin_utils.in_process import InProcess


class ActionModule(InProcess):
    """The task of app_credential."""

    shape = SHAPE
