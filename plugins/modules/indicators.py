#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep a set of thousands of indicators as a feed says."""

from __future__ import annotations

DOCUMENTATION = r"""
module: indicators
short_description: Keep a set of indicators as a feed says
version_added: 0.1.0
description:
  - Sees to it that the tenant has these indicators as described, 500 a call, and with O(exclusive) no others of the same set.
  - All indicators of the tenant are read once and compared. What is as wanted is left alone, so a second run writes nothing.
  - An entry that the service would not take, or that would cut off addresses of inside or domains of yours, is refused by itself and named; the others are
    kept all the same. Then the task fails, unless O(max_failures) allows it.
  - A set is known by a mark at the end of the description of its indicators, such as C([owner:feed-x]). Indicators without this mark are never removed,
    and changed only with O(conflicts=take_over).
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  owner:
    description:
      - The name of the set, for the mark. Two feeds that are kept by the same app bear two names. Whoever edits a description in the portal takes the
        mark away or gives it, and with it the indicator.
    type: str
    required: true
  indicators:
    description:
      - The entries of the set. What an entry does not say is taken from the options of the same names. An empty list with O(exclusive) gives the set up.
    type: list
    elements: dict
    suboptions:
      value:
        description:
          - The hash, address, domain or URL, also in the spelling of reports, such as V(evil[.]example).
        type: str
        required: true
      type:
        description:
          - What it is. May be left out where it can be one thing only; 40 digits are a V(FileSha1) or a V(CertificateThumbprint).
        type: str
        choices: [FileSha1, FileSha256, FileMd5, CertificateThumbprint, IpAddress, DomainName, Url]
      external_id:
        description:
          - What you know it by. No page of the service says that it keeps it.
        type: str
      action:
        description:
          - What is done about it.
        type: str
        choices: [Allowed, Audit, Warn, Block, BlockAndRemediate]
      title:
        description:
          - What it is, in short. The alert bears it.
        type: str
      description:
        description:
          - Why it is there.
        type: str
      severity:
        description:
          - How bad an alert it raises.
        type: str
        choices: [Informational, Low, Medium, High]
      generate_alert:
        description:
          - Whether it raises an alert.
        type: bool
      expires:
        description:
          - When it ends. An entry that has ended already is skipped.
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
  values:
    description:
      - The values alone, when the options of the task say all the rest, such as what the filter P(secops.defender.entities_to_targets#filter) gives.
    type: list
    elements: str
  src:
    description:
      - A file with the entries, read where the task runs, 64 MiB at most. Its name tells what it is.
      - V(.csv) has a first line that names the columns, as the options of O(indicators) are named; an unknown column is refused. Groups are separated by
        semicolons.
      - V(.ndjson) and V(.jsonl) have one object a line, V(.json) a list of such objects or a STIX 2.1 bundle.
      - Of a bundle those indicators count that are neither revoked nor over nor yet to begin, and whose pattern is nothing but equalities of hashes, addresses,
        domains and URLs, joined by OR. The others are skipped and named. It needs the Python library C(stix2-patterns).
    type: path
  type:
    description:
      - What those are that do not say it. Without it that is told from the value.
    type: str
    choices: [FileSha1, FileSha256, FileMd5, CertificateThumbprint, IpAddress, DomainName, Url]
  action:
    description:
      - What is done about those that do not say it. V(Audit) lets it pass and raises an alert.
    type: str
    choices: [Allowed, Audit, Warn, Block, BlockAndRemediate]
  actions:
    description:
      - The same by type, such as V(BlockAndRemediate) for V(FileSha256). Goes before O(action).
    type: dict
    default: {}
  title:
    description:
      - What they are, in short. Every indicator has a title; those of a bundle bring their own.
    type: str
  description:
    description:
      - Why they are there.
    type: str
  severity:
    description:
      - How bad an alert they raise. Without it those of a bundle have it from their confidence, 70 High, 30 Medium, 1 Low.
    type: str
    choices: [Informational, Low, Medium, High]
  generate_alert:
    description:
      - Whether they raise an alert, which V(Audit) always does.
    type: bool
  expires:
    description:
      - When they end, to the second, such as V(2027-01-31T00:00:00Z). Goes before O(expires_in_days).
    type: str
  expires_in_days:
    description:
      - They end at the midnight (UTC) after so many days. V(0) leaves the end as it is, and new ones do not end.
    type: int
    default: 90
  renew_days:
    description:
      - An end that is reckoned by O(expires_in_days) is moved on when fewer days than this are left, by default a third of them.
    type: int
  application:
    description:
      - What the notice on the machine names.
    type: str
  recommended_actions:
    description:
      - What to do about an alert.
    type: str
  educate_url:
    description:
      - Where the notice on the machine leads. Only given to URLs that are warned about or blocked.
    type: str
  groups:
    description:
      - The device groups they hold for. An empty list means all devices.
    type: list
    elements: str
  exclusive:
    description:
      - Whether indicators of the set that are not among the entries are removed. Nothing is removed while more than O(max_failures) entries are refused.
    type: bool
    default: false
  max_removals:
    description:
      - When more would be removed the task is refused. Without it that is more than half of the set, or more than 10 of a small one.
    type: int
  conflicts:
    description:
      - What to do with an indicator of the same value that is not of the set. V(fail) leaves it and counts it as a failure, V(leave) leaves it,
        V(take_over) makes it one of the set.
    type: str
    choices: [fail, leave, take_over]
    default: fail
  watch_hours:
    description:
      - New ones that warn or block are made with V(Audit) first. A run after so many full hours gives them the action that is wanted. Certificates
        cannot be watched and are refused.
    type: int
  own_domains:
    description:
      - Your own domains. Neither they nor what is below or above them is watched or blocked.
    type: list
    elements: str
    default: []
  never:
    description:
      - Whatever else is never to be watched or blocked, such as addresses and networks of partners, domains and hashes.
    type: list
    elements: str
    default: []
  max_failures:
    description:
      - So many entries may be refused, in conflict or failed without the task failing.
    type: int
    default: 0
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes.writer
  - secops.defender._permissions.indicators
seealso:
  - module: secops.defender.indicator
  - module: secops.defender.indicator_info
  - name: Import indicators
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/import-ti-indicators
"""

EXAMPLES = r"""
- name: See what the feed of this morning would change
  secops.defender.indicators:
    owner: feed-abuse
    src: feeds/abuse.csv
    title: Abuse feed
    action: Block
    severity: Medium
    exclusive: true
    own_domains: [contoso.com]
  check_mode: true
  diff: true

- name: Keep a STIX bundle, watching new ones for two days before they block
  secops.defender.indicators:
    owner: isac-2026
    src: feeds/isac.json
    action: Block
    actions:
      FileSha256: BlockAndRemediate
    watch_hours: 48
    own_domains: [contoso.com]
    never: [198.51.100.0/24, partner.example]
    exclusive: true
    max_failures: 20

- name: Read the alerts of the incident
  secops.defender.alert_info:
    incident_id: [1126093]
    evidence: true
  register: incident

- name: Block the files that the incident is about
  secops.defender.indicators:
    owner: incident-1126093
    values: "{{ incident.entities | secops.defender.entities_to_targets('files') }}"
    type: FileSha1
    title: Incident 1126093
    action: BlockAndRemediate
    severity: High
    expires_in_days: 30
"""

RETURN = r"""
msg:
  description: How many were created, changed and so on, in one sentence, with the first of those that are not well.
  returned: always
  type: str
  sample: '4999 created, 1 refused; feed.csv line 12: value: 10.0.0.1 is an address of inside.'
indicators:
  description: All that are not simply as wanted already, and all entries that were not taken.
  returned: success, or when some failed
  type: list
  elements: dict
  contains:
    type:
      description: What kind of thing it is. Empty when it could not be told.
      type: str
    value:
      description: The value as the service has it or gets it.
      type: str
    verdict:
      description: What the plan says, V(create), V(update), V(remove), V(waiting) while it is only watched, V(conflict), V(left), V(refused) or V(skipped).
      type: str
    outcome:
      description: What became of it, V(done), V(planned) in check mode, V(nothing), V(refused), V(conflict), V(failed), V(unknown) or V(not_sent).
      type: str
    reason:
      description: Why.
      type: str
    drift:
      description: What differed, in the words of the service.
      type: list
      elements: str
    place:
      description: Where the entry stands. Empty for what is removed.
      type: str
    id:
      description: The number that it had before.
      type: str
    error:
      description: The kind of the failure, with code, HTTP status, request id and hint.
      type: dict
failed_items:
  description: Those of RV(indicators) that were refused, in conflict, failed, unclear or not tried.
  returned: success, or when some failed
  type: list
  elements: dict
summary:
  description: How many, by what became of them.
  returned: success, or when some failed
  type: dict
  contains:
    wanted:
      description: Different indicators that the entries want.
      type: int
    doubles:
      description: Entries that only repeat others.
      type: int
    created:
      description: New ones, in check mode those that would be.
      type: int
    updated:
      description: Changed ones.
      type: int
    removed:
      description: Removed ones.
      type: int
    unchanged:
      description: Those as wanted already.
      type: int
    waiting:
      description: Those that are watched for now and have nothing else to change.
      type: int
    conflict:
      description: Those that others have, with O(conflicts=fail).
      type: int
    left:
      description: Those that others have, with O(conflicts=leave).
      type: int
    refused:
      description: Entries that were not taken.
      type: int
    skipped:
      description: Entries that are over, revoked, or of a kind that the service cannot look for.
      type: int
    failed:
      description: Those that the service refused.
      type: int
    unknown:
      description: Those of which no clear answer came.
      type: int
    not_sent:
      description: Those that were not tried, as something stopped them all.
      type: int
quota:
  description: The room in the tenant, as far as the app can see it.
  returned: success, or when some failed
  type: dict
  contains:
    most:
      description: How many a tenant may have.
      type: int
    used:
      description: How many it had.
      type: int
    after:
      description: How many by the plan.
      type: int
    left:
      description: How many more would fit then.
      type: int
owned:
  description: How many were of the set before.
  returned: success, or when some failed
  type: int
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import indicators
from ..module_utils._module import indicator_set
from ..module_utils._module.run import run
from ..module_utils._module.shape import Task

SHAPE = Task(
    work=indicator_set.keep,
    argument_spec=indicator_set.OPTIONS,
    rules={"mutually_exclusive": [indicator_set.WAYS_IN], "required_one_of": [indicator_set.WAYS_IN]},
    operations=(indicators.LIST, indicators.IMPORT),
    operations_for={"exclusive": (indicators.BATCH_DELETE,)},
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
