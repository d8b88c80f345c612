#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask the services for what no module is for."""

from __future__ import annotations

DOCUMENTATION = r"""
module: api_request
short_description: Ask the services for what no module is for
version_added: 0.1.0
description:
  - Sends one request to Defender for Endpoint or Microsoft Graph, or reads one list to its end, with the sign-in, the retries, the rate
    limits and the check mode of this collection.
  - What this collection knows of a request holds here, too. Its permissions are looked for in the token before anything is sent, its calls are
    counted with those of all other tasks, and what the service has ended is refused with the date and what to do instead. RV(operation)
    tells whether it is known.
  - Of any other request nothing is known. Name its permissions in O(roles), and say with O(effect) when a V(POST) only reads.
  - What a module of this collection writes is refused here, because the module looks before it acts. See O(unguarded).
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  service:
    description:
      - Which service to ask.
    type: str
    choices: [defender, graph]
    default: defender
  method:
    description:
      - The HTTP method.
    type: str
    choices: [GET, POST, PATCH, PUT, DELETE]
    default: GET
  path:
    description:
      - The path, without the host. It begins with C(/api/) for V(defender), and with C(/v1.0/) or C(/beta/) for V(graph).
      - Addresses with a host are refused, because the token goes to nobody but the service.
    type: str
    required: true
  query:
    description:
      - What follows the question mark, such as C($filter). It is encoded for you.
      - Put values of others into a filter with P(secops.defender.odata_quote#filter).
    type: dict
  body:
    description:
      - The body, as a dictionary or a list. It is sent as JSON.
      - It is shown in the result with the other options when Ansible is verbose. Set C(no_log=true) when it holds a secret.
    type: raw
  effect:
    description:
      - Whether the request changes something. In check mode a V(read) is sent, and a V(write) is not.
      - A V(read) is sent again when its answer gets lost. A V(write) is sent again only when it surely had no effect.
      - By default it is what this collection knows of the request, else V(read) for O(method=GET) and V(write) for all others.
    type: str
    choices: [read, write]
  roles:
    description:
      - The application permissions that the token must carry before anything is sent. Each item is one role, or a list of roles of which any one is enough.
    type: list
    elements: raw
    default: []
  status:
    description:
      - The HTTP statuses that are good ones. V([200, 404]) takes what is not there for an answer, too.
      - By default those from 200 to 299.
    type: list
    elements: int
  paging:
    description:
      - Whether the answer is a list that is to be read to its end, whatever number of pages that takes.
      - A list that cannot be read to its end makes the task fail.
    type: bool
    default: false
  limit:
    description:
      - With O(paging=true), how many rows to read at most. When it is reached RV(complete) is V(false), for there may be more.
    type: int
  dest:
    description:
      - With O(paging=true), a file to write the rows to in place of the result. Memory stays flat, whatever the number.
      - The name ends in V(.ndjson) or V(.jsonl), for one JSON object a line. V(.gz) after that packs the file.
      - The file appears whole or not at all, and only its owner can read it. In check mode nothing is written.
      - The folder must exist on the machine where the task runs.
    type: path
  unguarded:
    description:
      - Whether to send what a module of this collection is for, or a batch, which may hold it unseen.
      - Nothing of what the module does is done then. Neither protected machines nor the number of machines are looked at, nothing goes into the ledger of
        a case, and what is under way already is asked for once more.
    type: bool
    default: false
  past_end:
    description:
      - Whether to send what the service has ended. For the case that the end was put off, and this collection does not know of it yet.
    type: bool
    default: false
  return_secrets:
    description:
      - Whether the result holds what looks like a secret. That is a link with a signature, a token, or a field with a name such as C(secretText).
      - By default it is replaced by asterisks, and a request whose answer is known to be a secret link is refused.
      - Set C(no_log=true) on the task with it, and on all that print the variable.
    type: bool
    default: false
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes.writer
  - secops.defender._permissions.api_request
attributes:
  check_mode:
    details: What reads is sent, and what writes is not. The result is C(changed) then, as nobody can tell what the service would make of it.
  diff_mode:
    support: none
    details: What a request changes is not known here.
notes:
  - The permissions that a request needs are those of its path. They stand on its page in the documentation of the service.
  - A request that writes is C(changed) whenever the service takes it. It is not looked whether anything is different afterwards.
  - Answers that are not JSON, such as reports that the service redirects to, cannot be read.
seealso:
  - module: secops.defender.machine_isolation
  - module: secops.defender.token
  - plugin: secops.defender.odata_quote
    plugin_type: filter
  - name: The API of Defender for Endpoint
    description: The pages of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/exposed-apis-list
  - name: The security API of Microsoft Graph
    description: The pages of the service.
    link: https://learn.microsoft.com/graph/api/resources/security-api-overview
"""

EXAMPLES = r"""
- name: Read what Defender recommends to do first
  secops.defender.api_request:
    path: /api/recommendations
    query:
      $filter: status eq 'Active'
    paging: true
    roles: [SecurityRecommendation.Read.All]
  register: advice

- name: Write down which machines have which software, all of them
  secops.defender.api_request:
    path: /api/machines/SoftwareInventoryByMachine
    paging: true
    roles: [Software.Read.All]
    dest: /var/lib/secops/software.ndjson.gz

- name: Read the secure score of the last seven days
  secops.defender.api_request:
    service: graph
    path: /v1.0/security/secureScores
    query:
      $top: 7
    roles: [SecurityEvents.Read.All]
  register: scores

- name: Hold back the sign-ins of the user whose mailbox sent the invoices
  secops.defender.api_request:
    service: graph
    method: POST
    path: "/v1.0/users/{{ mailbox_user | urlencode }}/revokeSignInSessions"
    roles: [User.RevokeSessions.All]

- name: Ask who reached the command server, by a POST that only reads
  secops.defender.api_request:
    service: graph
    method: POST
    path: /v1.0/security/runHuntingQuery
    body:
      Query: DeviceNetworkEvents | where RemoteIP == '203.0.113.77' | summarize count() by DeviceName
    effect: read

- name: Find out whether a machine is known, where that it is not is an answer, too
  secops.defender.api_request:
    path: "/api/machines/{{ machine_id }}"
    status: [200, 404]
  register: looked_up
"""

RETURN = r"""
operation:
  description: What this collection knows the request as. Empty when it does not know it.
  returned: success
  type: str
  sample: machine.list
status:
  description: The HTTP status. Empty in check mode for what was not sent.
  returned: success, without O(paging)
  type: int
  sample: 200
json:
  description: What the service answered. Empty when it answered with nothing, and in check mode for what was not sent.
  returned: success, without O(paging)
  type: raw
request_id:
  description: The service's id of the call, to quote to Microsoft's support.
  returned: success, without O(paging), when something was sent
  type: str
  sample: 0c4fd6a5-8ee4-4b06-8b9f-7e9d2a1c3b5d
rows:
  description: The rows of the list, in the words of the service.
  returned: success, with O(paging) and without O(dest)
  type: list
  elements: dict
count:
  description: How many rows there are.
  returned: success, with O(paging)
  type: int
  sample: 118
complete:
  description: Whether these are all. V(false) when O(limit) was reached.
  returned: success, with O(paging)
  type: bool
  sample: true
file:
  description: The file.
  returned: success, with O(dest)
  type: str
  sample: /var/lib/secops/software.ndjson.gz
format:
  description: What it holds.
  returned: success, with O(dest)
  type: str
  sample: ndjson
bytes:
  description: How long it is.
  returned: success, with O(dest)
  type: int
  sample: 81230
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

from ..module_utils._module.any_request import OPTIONS, foretold, send
from ..module_utils._module.run import run
from ..module_utils._module.shape import Task

SHAPE = Task(work=send, argument_spec=OPTIONS, foretold=foretold)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
