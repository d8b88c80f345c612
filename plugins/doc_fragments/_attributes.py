# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module promises about check mode, diff mode and where it runs."""

from __future__ import annotations


class ModuleDocFragment:
    # For modules that read, and for nothing else.
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and tell what it would do, without changing anything.
    support: full
    details: Reads the same in check mode.
  diff_mode:
    description: Shows what changed, or would change in C(check_mode), when in diff mode.
    support: none
    details: Changes nothing, so there is nothing to compare.
  platform:
    description: Where the module can run.
    support: full
    platforms: posix
"""

    # For modules that bring something into a state.
    WRITER = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and tell what it would do, without changing anything.
    support: full
    details: Reads and judges as a real run does, and stops before the first call that changes something.
  diff_mode:
    description: Shows what changed, or would change in C(check_mode), when in diff mode.
    support: full
  platform:
    description: Where the module can run.
    support: full
    platforms: posix
"""
