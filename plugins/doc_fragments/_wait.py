# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options with which a task waits for machine actions to end, or takes up a wait again."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that asks for machine actions."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the actions have ended. Without it the task ends when the service has accepted them, and RV(action_ids) says which to wait for.
      - All actions are looked at in one call a round, however many they are.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds to wait at most. An online machine takes minutes; the service keeps trying an offline machine for three days.
    type: int
    default: 900
  poll_interval:
    description:
      - Seconds between the first two looks. The time between looks grows, to one minute at most.
    type: int
    default: 5
  allow_pending:
    description:
      - Whether machines may still be pending when O(wait_timeout) is over without the task failing.
    type: bool
    default: false
  action_ids:
    description:
      - Take up the wait for these actions of an earlier run, instead of asking for new ones. Nothing is sent.
    type: list
    elements: str
"""
