# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every error that the service may answer an action with stands beside its machine, with what to do about it."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import PartlyFailed
from simulator.worlds.records import machine_id
from unit.plugins.modules.acting import Asking

ASKED = {
    "machine.isolate": ("machine_isolation", {"state": "isolated", "machines": ["hr-03"]}),
    "machine.unisolate": ("machine_isolation", {"state": "released", "machines": ["sales-05"]}),
    "machine.restrict_code_execution": ("machine_app_restriction", {"state": "restricted", "machines": ["hr-03"]}),
    "machine.unrestrict_code_execution": ("machine_app_restriction", {"state": "unrestricted", "machines": ["dev-04"]}),
    "machine.run_antivirus_scan": ("machine_scan", {"machines": ["hr-03"]}),
    "machine.stop_and_quarantine_file": ("machine_file_quarantine", {"sha1": "0" * 40, "machines": ["hr-03"]}),
    "machine.offboard": ("machine_offboard", {"state": "gone", "machines": [machine_id("app-01")], "confirm": 1}),
}
EVERYWHERE = (
    (400, "BadRequest", "Look at the values of the task"),
    (400, "ActiveRequestAlreadyExists", "Wait for the action that is under way"),
    (400, "OsPlatformNotSupported", "does not exist for the operating system"),
    (400, "ClientVersionNotSupported", "Update the Defender client"),
    (400, "MissingRequiredParameter", "A value is missing"),
    (400, "InvalidRequestBody", "minds upper and lower case"),
    (403, "DisabledFeature", "Turn the feature on in the Defender portal"),
    (403, "DisallowedOperation", "whatever roles one has"),
    (403, "Forbidden", "The token holds the role; look at device groups"),
)
ROWS = [
    *((operation, *row) for operation in ASKED for row in EVERYWHERE),
    ("machine.stop_and_quarantine_file", 400, "InvalidHashValue", "Give the SHA-1"),
]


def ask(tenant, operation: str):
    tenant.settings(action_seconds=0.2)
    module, options = ASKED[operation]
    return Asking(tenant, module, **options)


@pytest.mark.parametrize(("operation", "status", "code", "hint"), ROWS, ids=str)
def test_error_of_the_reference_has_its_hint(tenant, operation, status, code, hint):
    asking = ask(tenant, operation)
    tenant.faults([{"match": {"operation": operation}, "kind": "status", "status": status, "code": code}])
    with pytest.raises(PartlyFailed) as failed:
        asking(wait=False)
    [told] = failed.value.details["machines"]
    assert told["outcome"] == "failed" and not told["changed"]
    assert (told["error"]["code"], told["error"]["status"]) == (code, status)
    assert hint in told["error"]["hint"] and told["error"]["request_id"]
    assert hint in told["reason"]


@pytest.mark.parametrize("operation", ASKED)
def test_machine_that_the_service_knows_no_more_is_told(tenant, operation):
    asking = ask(tenant, operation)
    tenant.faults([{"match": {"operation": operation}, "kind": "status", "status": 404, "code": "ResourceNotFound"}])
    with pytest.raises(PartlyFailed) as failed:
        asking(wait=False)
    [told] = failed.value.details["machines"]
    assert (told["error"]["kind"], told["error"]["code"]) == ("NotFound", "ResourceNotFound")
    assert told["error"]["hint"] in told["reason"]


@pytest.mark.parametrize("operation", ASKED)
def test_code_that_nobody_knows_is_shown_with_status_and_request_id(tenant, operation):
    asking = ask(tenant, operation)
    tenant.faults([{"match": {"operation": operation}, "kind": "status", "status": 409, "code": "SomethingNew"}])
    with pytest.raises(PartlyFailed) as failed:
        asking(wait=False)
    [told] = failed.value.details["machines"]
    assert (told["error"]["code"], told["error"]["status"]) == ("SomethingNew", 409)
    assert told["error"]["request_id"]


@pytest.mark.parametrize("operation", ASKED)
@pytest.mark.parametrize(
    "fault",
    [{"kind": "status", "status": 429, "retry_after": 1}, {"kind": "status", "status": 500}, {"kind": "status", "status": 502}, {"kind": "drop_after"}],
    ids=lambda fault: str(fault.get("status", fault["kind"])),
)
def test_trouble_that_passes_leads_to_one_action_and_no_second(tenant, operation, fault):
    asking = ask(tenant, operation)
    tenant.faults([{"match": {"operation": operation}, "times": 1, **fault}])
    done = asking()
    assert done["changed"] and done["summary"]["succeeded"] == 1
    assert sum(tenant.machine(done["machines"][0]["id"])["actions_asked"].values()) == 1
