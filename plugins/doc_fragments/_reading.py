# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that all modules share which read things."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  limit:
    description:
      - How many to read at most. Without it all are read, whatever number of pages that takes.
      - The service does not promise an order, so this is for a look and not for the newest.
      - When the limit is reached RV(complete) is V(false), for there may be more.
    type: int
  allow_missing:
    description:
      - Whether to go on when something that was asked for by its name or id is not there. RV(not_found) lists those either way.
      - By default the task fails, so that a mistyped name does not look like a clean machine.
    type: bool
    default: false
  allow_incomplete:
    description:
      - Whether to go on when a list could not be read to its end, for example because the service links to nowhere. RV(complete) is
        V(false) then.
      - By default the task fails, so that a part does not look like the whole. What is asked for by id, name, address or machine
        is read whole or not at all, either way.
    type: bool
    default: false
"""

    # For those that can write what they read to a file.
    TO_DISK = r"""
options:
  dest:
    description:
      - A file to write to in place of the result, for more than a few thousand. Memory stays flat, whatever the number.
      - The name tells the format. V(.ndjson) and V(.jsonl) hold one JSON object a line, to the letter as the service sent it;
        V(.csv) holds the usual columns, with lists as JSON, and no cell that a spreadsheet would take for a formula.
        V(.gz) after that packs the file.
      - The file appears whole or not at all, and only its owner can read it. In check mode nothing is written; all is read
        nevertheless, to tell what the file would be.
      - The folder must exist on the machine where the task runs.
    type: path
"""
