#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what the tenant allows, watches and blocks."""

from __future__ import annotations

DOCUMENTATION = r"""
module: indicator_info
short_description: Read what the tenant allows, watches and blocks
version_added: 0.1.0
description:
  - Reads the active indicators, up to the 15,000 that a tenant may have, into the result or to a file.
  - An indicator that has expired is no longer shown, from that second on.
  - With the permission C(Ti.ReadWrite) an app sees only what it made itself, and the result cannot tell that there is more. With
    C(Ti.ReadWrite.All) it sees all.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  id:
    description:
      - The ids of the indicators to read. The service cannot look them up, so all are read and looked through.
    type: list
    elements: str
  value:
    description:
      - Only indicators of these values, in the spelling in which they were made.
    type: list
    elements: str
  type:
    description:
      - Only indicators of these types.
    type: list
    elements: str
    choices: [FileSha1, FileSha256, FileMd5, CertificateThumbprint, IpAddress, DomainName, Url]
  action:
    description:
      - Only indicators with these actions. V(Alert) and V(AlertAndBlock) ended in 2022 and may be found still.
    type: list
    elements: str
    choices: [Warn, Block, Audit, Alert, AlertAndBlock, BlockAndRemediate, Allowed]
  severity:
    description:
      - Only indicators whose alerts have these severities.
    type: list
    elements: str
    choices: [Informational, Low, Medium, High]
  title:
    description:
      - Only indicators with these titles.
    type: list
    elements: str
  created_by:
    description:
      - Only indicators made by these users or apps, by principal name or client id.
    type: list
    elements: str
  external_id:
    description:
      - Only indicators with these external ids. The service cannot search by them, so all that fit otherwise are read and looked at here.
    type: list
    elements: str
  created_after:
    description:
      - Only indicators made at this time or later, such as V(2026-11-25T03:00:00Z).
    type: str
  expires_before:
    description:
      - Only indicators that end before this time. Finds what must be renewed; those without an end are not among them.
    type: str
  filter:
    description:
      - A filter of your own, as the service spells it (OData). The other options narrow it further.
      - The service filters by C(application), C(createdByDisplayName), C(expirationTime), C(generateAlert), C(title), C(rbacGroupNames),
        C(rbacGroupIds), C(indicatorValue), C(indicatorType), C(creationTimeDateTimeUtc), C(createdBy), C(action) and C(severity).
    type: str
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._reading
  - secops.defender._reading.to_disk
  - secops.defender._attributes
  - secops.defender._permissions.indicator_info
attributes:
  check_mode:
    details: Reads the same in check mode. With O(dest) nothing is written, and the result says what would be.
seealso:
  - module: secops.defender.alert_info
  - name: List indicators
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/get-ti-indicators-collection
"""

EXAMPLES = r"""
- name: See whether the command server of incident 1126093 is blocked
  secops.defender.indicator_info:
    value: [203.0.113.77]
  register: known

- name: Find what ends this week and may have to be renewed
  secops.defender.indicator_info:
    expires_before: "2026-12-02T00:00:00Z"

- name: Keep a copy of all before the feed is changed
  secops.defender.indicator_info:
    dest: /var/lib/secops/indicators.ndjson.gz

- name: Find exceptions, which an attacker likes, too
  secops.defender.indicator_info:
    action: [Allowed]
"""

RETURN = r"""
indicators:
  description: The indicators, in the words of the service.
  returned: success, without O(dest)
  type: list
  elements: dict
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
file:
  description: The file.
  returned: success, with O(dest)
  type: str
  sample: /var/lib/secops/indicators.ndjson.gz
format:
  description: What it holds, V(ndjson) or V(csv).
  returned: success, with O(dest)
  type: str
  sample: ndjson
bytes:
  description: How long it is.
  returned: success, with O(dest)
  type: int
  sample: 8123
sha256:
  description: Its hash.
  returned: success, with O(dest)
  type: str
  sample: 3b2e8a2f4f7f4b0e2f2b6c1a7d9b9b8f0a1c2d3e4f5061728394a5b6c7d8e9f0
count:
  description: How many there are.
  returned: success
  type: int
  sample: 1
complete:
  description: Whether these are all that fit. V(false) when O(limit) was reached, or with O(allow_incomplete=true) when the list broke off.
  returned: success
  type: bool
  sample: true
not_found:
  description: What was asked for by its id and is not there.
  returned: success, and failure for this reason
  type: list
  elements: str
  sample: []
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import indicators
from ..module_utils._module.filters import BEFORE, SINCE, Filter
from ..module_utils._module.info import Info
from ..module_utils._module.run import run

ACTIONS = ("Warn", "Block", "Audit", "Alert", "AlertAndBlock", "BlockAndRemediate", "Allowed")
COLUMNS = (
    "id", "indicatorValue", "indicatorType", "action", "title", "description", "severity", "generateAlert", "expirationTime", "application",
    "externalId", "recommendedActions", "educateUrl", "rbacGroupNames", "createdBy", "createdByDisplayName", "creationTimeDateTimeUtc",
    "lastUpdatedBy", "lastUpdateTime",
)

SHAPE = Info(
    noun="indicators",
    listing=indicators.LIST,
    filters=(
        Filter("value", "indicatorValue"),
        Filter("type", "indicatorType", choices=indicators.TYPES),
        Filter("action", "action", choices=ACTIONS),
        Filter("severity", "severity", choices=indicators.SEVERITIES),
        Filter("title", "title"),
        Filter("created_by", "createdBy"),
        Filter("external_id", "externalId", sent=False),
        Filter("created_after", "creationTimeDateTimeUtc", compare=SINCE),
        Filter("expires_before", "expirationTime", compare=BEFORE),
    ),
    columns=COLUMNS,
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
