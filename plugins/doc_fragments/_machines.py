# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options with which a task says which machines it means."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that acts on machines."""

    DOCUMENTATION = r"""
options:
  machines:
    description:
      - The machines, each by its machine id (40 hexadecimal digits), its DNS name or an IP address; the three can be mixed.
      - A DNS name may be given without its domain. A word that leads to no machine or to several is refused, and the several are shown.
        A record that was merged into another stands for the other.
      - An empty list is an error, so that a filter that went wrong does not look like work done.
    type: list
    elements: str
  at:
    description:
      - When an IP address in O(machines) was in use, in UTC, such as V(2026-11-25T03:10:00Z). The service looks 15 minutes to both sides,
        and no further back than 30 days.
      - Now, when not given.
    type: str
  tag:
    description:
      - Every machine that bears this tag, instead of O(machines).
    type: str
  filter:
    description:
      - Every machine that this OData filter finds, instead of O(machines). Strings go in single quotes, times bare.
      - "The service can filter by C(computerDnsName), C(id), C(version), C(deviceValue), C(aadDeviceId), C(machineTags), C(lastSeen),
        C(exposureLevel), C(onboardingStatus), C(lastIpAddress), C(healthStatus), C(osPlatform), C(riskScore) and C(rbacGroupId)."
    type: str
"""
