# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How every list answers: query options by its contract, one page, the link to the next."""

from __future__ import annotations

from ..contract import endpoints
from ..odata import ODataError, options
from ..paging import body, next_link, page
from ..rows import Rows
from ..seam import Call, Problem, Reply
from ..world import World

CONTEXTS = {
    "Machine": "Machines", "MachineAction": "MachineActions", "Alert": "Alerts", "User": "Users", "Software": "Software",
    "Vulnerability": "Vulnerabilities", "Recommendation": "Recommendations", "ProductFix": "ProductFixes",
    "LibraryFile": "LibraryFiles", "Indicator": "Indicators", "Investigation": "Investigations",
    "File": "Files", "Ip": "Ips", "Domain": "Domains",
}


def listing(world: World, call: Call, operation: str, rows: Rows) -> Reply:
    """What the query asks of ``rows``, by the contract of that operation."""
    facts = endpoints()[operation]
    try:
        asked = options(call.query, facts)
    except ODataError as error:
        raise Problem(400, "ODataError", str(error)) from error
    shown = page(rows, asked, facts.get("page_size"))
    emptied = frozenset(facts.get("expand", ())) - asked.expand
    link = None
    if shown.next_start is not None and world.settings.next_link:
        link = next_link(call.url, call.query, shown.next_start, world.settings)
    context = f"{call.origin}/api/$metadata#{CONTEXTS[facts['returns']]}"
    return Reply(facts["success"], body(context, rows.encode(shown.rows, emptied), link))
