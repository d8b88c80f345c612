# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that say who takes alerts or incidents, and what they turned out to be."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that change alerts and incidents."""

    DOCUMENTATION = r"""
options:
  assigned_to:
    description:
      - Who takes them, by principal name.
      - When somebody else has one of them, the task is refused and nothing is sent, see O(take_over).
    type: str
  take_over:
    description:
      - Whether to take them from whoever has them.
    type: bool
    default: false
  classification:
    description:
      - What they turned out to be.
      - When one has a determination that does not go with it, give O(determination) as well; nothing is sent otherwise.
    type: str
    choices: [TruePositive, InformationalExpectedActivity, FalsePositive]
  determination:
    description:
      - What they turned out to be, in detail. Must go with O(classification), which is checked before anything is sent.
      - With V(TruePositive) go V(MultiStagedAttack), V(MaliciousUserActivity), V(CompromisedUser), V(Malware), V(Phishing), V(UnwantedSoftware) and
        V(Other); with V(InformationalExpectedActivity) go V(SecurityTesting), V(LineOfBusinessApplication), V(ConfirmedActivity) and V(Other);
        with V(FalsePositive) go V(NotMalicious), V(InsufficientData) and V(Other).
      - The pages of the services have other names for some, which mean the same here. V(ConfirmedUserActivity) is V(ConfirmedActivity), V(Clean) is
        V(NotMalicious), V(CompromisedAccount) is V(CompromisedUser), V(NotEnoughDataToValidate) and V(NoEnoughDataToValidate) are
        V(InsufficientData). Each service is sent the name that it takes.
    type: str
    choices: [MultiStagedAttack, MaliciousUserActivity, CompromisedUser, Malware, Phishing, UnwantedSoftware, Other, SecurityTesting,
      LineOfBusinessApplication, ConfirmedActivity, NotMalicious, InsufficientData, ConfirmedUserActivity, Clean, CompromisedAccount,
      NotEnoughDataToValidate, NoEnoughDataToValidate]
"""
