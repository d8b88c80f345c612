# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that keep a task from cutting off more, or other, machines than meant."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that takes something from machines."""

    DOCUMENTATION = r"""
options:
  max_machines:
    description:
      - The task refuses to act when more machines than this are found, unless O(confirm) says how many they are.
    type: int
    default: 10
  confirm:
    description:
      - How many machines are meant. Must equal the number that is found, or nothing is sent; needed above O(max_machines).
    type: int
  protected_tags:
    description:
      - Machines that bear one of these tags are refused. Compared without case.
    type: list
    elements: str
    default: []
  protected_groups:
    description:
      - Machines of these device groups are refused. Compared without case.
    type: list
    elements: str
    default: []
  protected_values:
    description:
      - Machines of these values are refused. Set to an empty list to act on machines of high value, such as domain controllers.
    type: list
    elements: str
    default: [High]
  protected_names:
    description:
      - Machines whose DNS name matches one of these shell patterns are refused, such as V(dc*.contoso.com). Compared without case.
    type: list
    elements: str
    default: []
  refuse_inactive:
    description:
      - Whether machines that the service calls inactive are refused. When they are not, the service keeps trying them for three days.
    type: bool
    default: false
  refused:
    description:
      - What to do when a machine is refused, be it not found, ambiguous, protected, not onboarded or on its way elsewhere.
      - With V(fail), nothing is sent to any machine and the task fails with every refusal and its reason.
      - With V(skip), the others are acted on, and the refused ones stand in the result.
    type: str
    choices: [fail, skip]
    default: fail
  max_failures:
    description:
      - How many machines may end badly without the task failing. They are reported in any case.
    type: int
    default: 0
notes:
  - The guard protects machines from being cut off. Giving back what was taken is only held against O(max_machines) and O(confirm).
  - A machine that is so already, or on its way there, is never refused, for nothing is sent to it.
"""

    # For modules that only write something down of machines: nobody is cut off, so only their number is held back.
    COUNT = r"""
options:
  max_machines:
    description:
      - The task refuses to act when more machines than this are found, unless O(confirm) says how many they are.
    type: int
    default: 100
  confirm:
    description:
      - How many machines are meant. Must equal the number that is found, or nothing is sent; needed above O(max_machines).
    type: int
  refused:
    description:
      - What to do when a word in O(machines) leads to no machine, or to several.
      - With V(fail), nothing is sent and the task fails with every refusal and its reason.
      - With V(skip), the others are changed, and the refused ones stand in the result.
    type: str
    choices: [fail, skip]
    default: fail
  max_failures:
    description:
      - For how many machines it may fail without the task failing. They are reported in any case.
    type: int
    default: 0
"""
