#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Allow, watch or block a file, address, domain or certificate."""

from __future__ import annotations

DOCUMENTATION = r"""
module: indicator
short_description: Allow, watch or block a file, address, domain or certificate
version_added: 0.1.0
description:
  - Sees to it that the tenant has this indicator as described, or not at all. It is known by its type and value, in which case matters
    for the path of a URL alone.
  - What the service would not take, and what would cut off addresses of inside, domains of yours, or what every machine has or needs, is refused before
    anything is sent.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  value:
    description:
      - The hash, address, domain or URL. Ranges and wildcards are not taken; a domain covers all below it.
    type: str
    required: true
  type:
    description:
      - What O(value) is.
    type: str
    required: true
    choices: [FileSha1, FileSha256, FileMd5, CertificateThumbprint, IpAddress, DomainName, Url]
  state:
    description:
      - V(present) creates or changes it; V(absent) takes it away.
    type: str
    choices: [present, absent]
    default: present
  action:
    description:
      - What is done about it. Begin with V(Audit), which lets it pass and raises an alert.
      - V(BlockAndRemediate) is for files and certificates, and certificates take nothing else but V(Allowed).
    type: str
    choices: [Allowed, Audit, Warn, Block, BlockAndRemediate]
  title:
    description:
      - What it is, in short. The alert bears it.
    type: str
  description:
    description:
      - Why it is there, such as the number of the incident.
    type: str
  severity:
    description:
      - How bad an alert it raises. Without it the present one stays.
    type: str
    choices: [Informational, Low, Medium, High]
  generate_alert:
    description:
      - Whether it raises an alert, which V(Audit) always does.
    type: bool
  expires:
    description:
      - When it ends, to the second, such as V(2027-01-31T00:00:00Z). Without it the present end stays, and a new one does not end.
    type: str
  application:
    description:
      - What the notice on the machine names. The service takes it when the indicator is made, and keeps that.
    type: str
  recommended_actions:
    description:
      - What to do about an alert.
    type: str
  educate_url:
    description:
      - Where the notice on the machine leads, for URLs that are warned about or blocked.
    type: str
  groups:
    description:
      - The device groups it holds for. An empty list means all devices.
    type: list
    elements: str
  external_id:
    description:
      - What you know it by.
    type: str
  own_domains:
    description:
      - Your own domains. Neither they nor what is below or above them is watched or blocked.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes.writer
  - secops.defender._permissions.indicator
seealso:
  - module: secops.defender.indicator_info
  - name: Submit or update an indicator
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/post-ti-indicator
"""

EXAMPLES = r"""
- name: Block the command server of incident 1126093 for a month
  secops.defender.indicator:
    value: 203.0.113.77
    type: IpAddress
    action: Block
    title: Command server
    description: Incident 1126093
    severity: High
    expires: "2099-01-31T00:00:00Z"

- name: Take it away again
  secops.defender.indicator:
    value: 203.0.113.77
    type: IpAddress
    state: absent
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: '203.0.113.77 is changed: severity'
indicator:
  description: The record, in the words of the service; in check mode as it would be. Empty when it is absent.
  returned: success
  type: dict
  contains:
    id:
      description: The number of the indicator, as text.
      type: str
    indicatorValue:
      description: What is looked for.
      type: str
    indicatorType:
      description: What kind of thing that is.
      type: str
    action:
      description: What is done about it.
      type: str
    title:
      description: What it is, in short.
      type: str
    description:
      description: Why it is there.
      type: str
    severity:
      description: How bad an alert it raises.
      type: str
    generateAlert:
      description: Whether it raises one.
      type: bool
    expirationTime:
      description: When it ends, to the second. Empty when it does not.
      type: str
    application:
      description: What the notice on the machine names.
      type: str
    externalId:
      description: What whoever made it knows it by.
      type: str
    recommendedActions:
      description: What to do about an alert.
      type: str
    educateUrl:
      description: Where the notice on the machine leads.
      type: str
    rbacGroupNames:
      description: The device groups it holds for. Empty means all devices.
      type: list
      elements: str
    rbacGroupIds:
      description: Their ids.
      type: list
      elements: str
    source:
      description: Where it came from.
      type: str
    sourceType:
      description: Whether a user or an app made it.
      type: str
    createdBySource:
      description: Where it was made, such as V(Portal) or V(PublicApi).
      type: str
    createdBy:
      description: Who made it.
      type: str
    createdByDisplayName:
      description: Who made it, by name.
      type: str
    creationTimeDateTimeUtc:
      description: When it was made.
      type: str
    lastUpdatedBy:
      description: Who last changed it.
      type: str
    lastUpdateTime:
      description: When it last changed.
      type: str
drift:
  description: What differed, in the words of the service.
  returned: success
  type: list
  elements: str
  sample: [severity]
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import indicators
from ..module_utils._module import indicator_state
from ..module_utils._module.ensure import PRESENT, Ensure
from ..module_utils._module.indicator_facts import ENTRY
from ..module_utils._module.run import run

SHAPE = Ensure(
    noun="indicator",
    options={
        **ENTRY,
        "type": {**ENTRY["type"], "required": True},
        "own_domains": {"type": "list", "elements": "str", "default": []},
    },
    describe=indicator_state.describe,
    find=indicator_state.find,
    put=indicator_state.put,
    remove=indicator_state.remove,
    operations=(indicators.LIST, indicators.SUBMIT, indicators.DELETE),
    rules={"required_if": [("state", PRESENT, ("action", "title", "description"))]},
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
