# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that have what a task does written down for a case."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that asks for machine actions."""

    DOCUMENTATION = r"""
options:
  case:
    description:
      - The id of the incident or ticket, up to 64 letters, digits, hyphens, underscores, dots and number signs. It has everything that this
        task does written to the ledger of the case, before it is done.
      - The comment of every action gets a marker with the case and the run. A run after a crash finds by it what had arrived,
        so that no action is asked for twice.
      - When the ledger cannot be written, nothing is sent and the task fails.
      - Without it, and in check mode, nothing is written.
    type: str
  ledger:
    description:
      - The folder of the ledgers, on the machine where the task runs. In it lies one file for each tenant and case, which only its
        owner can read. Made when it is not there.
      - Without it C(secops.defender/ledgers) in E(XDG_STATE_HOME) is taken, or in C(~/.local/state).
      - In a container, such as an execution environment of AWX, name a folder that is mounted; what is inside is gone with the container.
      - Without O(case) it has no effect, so it may stand in C(module_defaults).
    type: path
notes:
  - A ledger is verified and read by M(secops.defender.case_ledger_info).
"""
