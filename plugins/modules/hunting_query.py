#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask the events of the tenant a question."""

from __future__ import annotations

DOCUMENTATION = r"""
module: hunting_query
short_description: Ask the events of the tenant a question, in KQL or out of the library
version_added: 0.1.0
description:
  - Runs one query of advanced hunting and hands out its rows, or writes them to a file, as many as there may be, at flat memory.
  - Values from elsewhere go into O(parameters). There they stay values, whatever they hold, and never become part of the query.
  - An answer that may have been cut fails the task, so that a part does not look like the whole.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  query:
    description:
      - The query, in the Kusto query language.
    type: str
  src:
    description:
      - A file with the query. It is read where the task runs.
    type: path
  hunt:
    description:
      - A query of the library, by its name. The guide on hunting shows the text and the parameters of each.
    type: str
    choices:
      file_ran: Who ran these files, and how.
      file_seen: Which machines have or had these files.
      domain_reached: Which machines asked for these domains or connected to them.
      url_reached: Which machines opened these pages or took files from them; what was encrypted often shows the host alone, so look for domains as well.
      address_reached: Which machines connected to these IP addresses, or were reached from them.
      lateral_movement: "Where somebody went on from these machines: to ports of administration within the network, and logons elsewhere that came from them."
      account_used: Where these accounts logged on or tried to, and from where.
      processes_around: What ran on machines around a moment.
      persistence: "What was set up on machines to start by itself: keys of the registry, services, tasks, WMI, folders of the start menu, new accounts."
      remote_tools: On which machines tools of remote control ran.
      network_after: With whom machines still spoke after a moment, such as that of their isolation; none is no proof, as a machine may be off.
      mail_from: Who received mail from these senders.
      mail_with_url: Who received mail that links to these pages.
      mail_with_file: Who received mail with these files.
      url_clicked: Who clicked on links to these pages, and whether they got through.
      first_machines: On which machines signs of an attack came first.
      shadow_copies_deleted: "Where somebody took away the ways back: shadow copies, backups, recovery at start."
      mass_rename: Where one program changed or renamed files by the hundreds within five minutes.
      sweep_files: Which of these files were seen on which machines.
      sweep_addresses: Which of these IP addresses were seen by which machines.
      sweep_domains: Which of these domains were asked for by which machines.
      sweep_urls: Which of these pages were opened by which machines.
  parameters:
    description:
      - Values for the query, by name. Each stands in the query as a constant of this name, put before it by a C(let) statement.
      - A text becomes a C(string), a whole number a C(long), any other number a C(real), V(true) and V(false) a C(bool), a list or a
        dictionary a C(dynamic). Take C(todatetime()) for a time in a query of your own.
      - A name consists of small letters, digits and underscores, so that it is not that of a column.
      - For a O(hunt) these are its parameters, and each value is checked by its kind. A parameter that the query does not use is refused.
    type: dict
    default: {}
  timespan:
    description:
      - To which time the query is bound, in ISO 8601, such as V(P7D), V(PT12H) or V(2026-11-20T00:00:00Z/2026-11-21T00:00:00Z).
        Of this and of what the query says of the time the shorter counts. Without it 30 days.
    type: str
  workspace_id:
    description:
      - The id of a Log Analytics workspace, to ask the tables of Sentinel in it as well. Without it the primary workspace.
    type: str
  service:
    description:
      - Whom to ask. V(graph) knows all tables of Defender. V(defender) is the classic service, which knows the tables of machines alone, takes no
        O(timespan), and ends on 2027-02-01.
    type: str
    choices: [graph, defender]
    default: graph
  past_end_date:
    description:
      - Whether to ask a service whose end date has come. Nothing found is a failure then, as it may mean that nobody looked.
    type: bool
    default: false
  dest:
    description:
      - A file to write the rows to in place of the result, for more than a few thousand.
      - The name tells the format. V(.ndjson) and V(.jsonl) hold one JSON object a line, V(.csv) the columns of the query, with lists as
        JSON, and no cell that a spreadsheet would take for a formula. V(.gz) after that packs the file.
      - The file appears whole or not at all, and only its owner can read it. The folder must exist on the machine where the task runs.
        In check mode the query is asked, and nothing is written.
    type: path
  allow_incomplete:
    description:
      - Whether to go on with 100,000 rows, which is as many as one answer holds, so there may be more. RV(complete) is V(false) then.
    type: bool
    default: false
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes
  - secops.defender._permissions.hunting_query
notes:
  - The tables of Defender go back 30 days. The service counts calls by the minute and the time that queries run by the quarter of an hour,
    for the whole tenant, and gives up a query after three minutes. The classic service lets queries run for 10 minutes an hour and 3 hours a day.
  - A query that is wrong fails as V(QueryRejected), one that finds more than an answer may hold as V(ResultTooLarge), one that runs too long
    or takes too much as V(TooCostly), one too many as V(Throttled). The error holds the words of the service.
seealso:
  - plugin: secops.defender.kql_quote
    plugin_type: filter
  - name: Run a hunting query
    description: The page of Microsoft Graph.
    link: https://learn.microsoft.com/graph/api/security-security-runhuntingquery
  - name: Tables of advanced hunting
    description: What can be asked for.
    link: https://learn.microsoft.com/defender-xdr/advanced-hunting-schema-tables
"""

EXAMPLES = r"""
- name: Ask who ran the file of the alert
  secops.defender.hunting_query:
    hunt: file_ran
    parameters:
      hashes: "{{ incident.entities | secops.defender.entities_to_targets('files') }}"
  register: ran

- name: Ask which machines reached the domains, in the last day
  secops.defender.hunting_query:
    hunt: domain_reached
    timespan: P1D
    parameters:
      domains: [invoices.contoso-billing.example]
  register: reached

- name: Ask a question of your own; what comes from outside is a parameter
  secops.defender.hunting_query:
    query: |
      DeviceLogonEvents
      | where Timestamp > todatetime(begin)
      | where AccountName =~ account and LogonType in (kinds)
      | summarize Events = count() by DeviceName, LogonType
      | order by Events desc
    parameters:
      account: "{{ suspect }}"
      begin: "2026-11-24T22:00:00Z"
      kinds: [RemoteInteractive, Network]
  register: logons

- name: Write all connections of a day to a file
  secops.defender.hunting_query:
    src: files/connections.kql
    timespan: 2026-11-24T00:00:00Z/2026-11-25T00:00:00Z
    dest: /var/tmp/connections.ndjson.gz
  register: export

- name: See whether an isolated machine still speaks with anybody
  secops.defender.hunting_query:
    hunt: network_after
    parameters:
      machines: [fin-07.contoso.com]
      moment: "{{ isolation.machines[0].action.lastUpdateDateTimeUtc }}"
"""

RETURN = r"""
rows:
  description: What was found, one member for each column.
  returned: success, without O(dest)
  type: list
  elements: dict
  sample:
    - Timestamp: "2026-11-24T23:14:07.1182731Z"
      DeviceId: 1e5bc9d7e413ddd7902c2932e418702b84d0cc07
      DeviceName: fin-07.contoso.com
      FileName: winupd32.exe
columns:
  description: The columns in their order, also when there are no rows.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      sample: Timestamp
    type:
      description: The type in the words of the engine, such as V(String), V(DateTime), V(Int64), V(SByte) for a truth, V(Object).
      type: str
      sample: DateTime
count:
  description: How many rows there are.
  returned: success
  type: int
  sample: 1
complete:
  description: Whether these are all. V(false) with O(allow_incomplete=true) when there are as many as one answer holds.
  returned: success
  type: bool
  sample: true
service:
  description: Who was asked.
  returned: success
  type: str
  sample: graph
query:
  description: The query as it was asked, with its parameters in it. It can be pasted into the portal.
  returned: success
  type: str
statistics:
  description: What the classic service tells of the work it had. Null when it tells nothing, as Graph does.
  returned: success
  type: dict
file:
  description: The file.
  returned: success, with O(dest)
  type: str
  sample: /var/tmp/connections.ndjson.gz
format:
  description: What it holds, V(ndjson) or V(csv).
  returned: success, with O(dest)
  type: str
  sample: ndjson
bytes:
  description: How long it is.
  returned: success, with O(dest)
  type: int
  sample: 8123456
sha256:
  description: Its hash.
  returned: success, with O(dest)
  type: str
  sample: 3b2e8a2f4f7f4b0e2f2b6c1a7d9b9b8f0a1c2d3e4f5061728394a5b6c7d8e9f0
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import hunting as api
from ..module_utils._module import hunting
from ..module_utils._module.run import run
from ..module_utils._module.shape import Task

SHAPE = Task(
    work=hunting.work,
    argument_spec=hunting.OPTIONS,
    rules=hunting.RULES,
    operations_for={"service=graph": (api.GRAPH_RUN,), "service=defender": (api.MDE_RUN,)},
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
