# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run or more of every module, such that together they return all that is documented and use all that is declared."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.defender.plugins.module_utils._client.errors import DefenderError
from simulator.worlds import records
from unit.house.building import ROOT
from unit.house.runs_of_apps import OF_APPS
from unit.plugins.modules.playing import work

LOOK_SOON = {"poll_interval": 1, "wait_timeout": 20}
ISOLATE = {"state": "isolated", "comment": "A drill", **LOOK_SOON}
CASE = {"case": "INC-1126093", "ledger": "ledgers"}
RESTRICT = {"state": "restricted", "comment": "A drill", **LOOK_SOON}
SCAN = {"comment": "A drill", **LOOK_SOON}
SET = {"owner": "drill", "action": "Block", "title": "Drill"}
TAKE = {"sha1": "0" * 40, "comment": "A drill", **LOOK_SOON}
COLLECT = {"comment": "A drill", "download": True, "dest": "evidence", **LOOK_SOON}
COMMAND = {
    "comment": "A drill",
    "check_library": True,
    "commands": [{"run_script": "triage.ps1", "args": "winupd32.exe"}, {"get_file": "C:\\Windows\\System32\\drivers\\etc\\hosts"}],
    "dest": "evidence",
    **LOOK_SOON,
}
LEAVE = {"state": "gone", "comment": "A drill", "confirm": 1, **LOOK_SOON}
RELEASE = {"state": "released", "comment": "A drill", **LOOK_SOON}
CALL_OFF = {"state": "cancelled", "type": ["Isolate"], "comment": "A drill"}
RAISE = {
    "event_time": "2026-11-25T03:00:00Z", "title": "Drill", "description": "A drill", "recommended_action": "None", "severity": "Low",
    "category": "General",
}
FIN_07 = "fin-07"
MAIL_OPENED = "da638679130511223344_1364969609"
PASSWORDS_TAKEN = "da638679135900112233_-812345678"
TAKEN_BY_SOMEBODY = "da638679149000776655_771020304"
LEDGERS = ROOT / "tests" / "unit" / "plugins" / "modules" / "files"
FIN_07_ADDRESS = "10.20.3.44"


class Run(t.NamedTuple):
    """What one task asks for, and as which app; ``anew`` when whoever asks again, as for a scan, wants it again."""

    options: dict[str, t.Any]
    app: str = "responder"
    anew: bool = False


RUNS: dict[str, tuple[Run, ...]] = {
    "alert": (
        Run({"id": [MAIL_OPENED], "status": "InProgress", "comment": "A drill"}, app="commander"),
        Run({"id": [MAIL_OPENED, PASSWORDS_TAKEN], "status": "InProgress", "assigned_to": "lena@contoso.com"}, app="commander"),
        Run({"id": [TAKEN_BY_SOMEBODY], "assigned_to": "lena@contoso.com"}, app="commander"),
        Run({"id": ["da0000000000000000_1"], "status": "New"}, app="commander"),
        Run({"service": "graph", "id": [MAIL_OPENED, PASSWORDS_TAKEN], "status": "Resolved", "comment": "A drill"}, app="commander"),
        Run({"service": "graph", "id": [MAIL_OPENED, PASSWORDS_TAKEN], "incident_id": "1126094"}, app="commander"),
    ),
    "alert_create": (
        Run({**RAISE, "machine": FIN_07, "report_id": "8420"}, app="commander"),
        Run({**RAISE, "machine": FIN_07_ADDRESS, "report_id": "8420", "title": "Memory of LSASS read"}, app="commander"),
    ),
    "alert_info": (
        Run({}),
        Run({"evidence": True, "severity": ["High"]}),
        Run({"id": [MAIL_OPENED], "related": ["files", "ips", "domains", "machine", "user"]}, app="commander"),
        Run({"service": "graph", "severity": ["High"]}),
        Run({"service": "graph", "incident_id": [1126093, 7], "allow_missing": True}),
        Run({"service": "graph", "id": [MAIL_OPENED]}),
        Run({"machine": [FIN_07, FIN_07_ADDRESS]}),
        Run({"id": ["da0000000000000000_1"]}),
    ),
    "api_request": (
        Run({"path": "/api/machines", "paging": True}),
        Run({"path": "/api/machines", "paging": True, "dest": "machines.ndjson"}),
        Run({"path": "/api/machines/fin-07.contoso.com"}),
        Run({"path": "/api/machines/fin-07.contoso.com/isolate", "method": "POST"}),
    ),
    **{module: tuple(Run(options, app) for options, app in runs) for module, runs in OF_APPS.items()},
    "case_ledger_info": (
        Run({"path": str(LEDGERS / "incident.ndjson"), "entries": True}),
        Run({"path": str(LEDGERS / "tampered.ndjson")}),
    ),
    "incident": (
        Run({"id": ["1126093"], "status": "InProgress", "assigned_to": "lena@contoso.com", "add_tags": ["drill"], "comment": "A drill"}, app="commander"),
        Run({"id": ["1126001"], "assigned_to": "lena@contoso.com"}, app="commander"),
        Run({"id": ["1126093", "1126094"], "merge": True}, app="commander"),
        Run({"id": ["7"], "status": "Active"}, app="commander"),
    ),
    "incident_info": (
        Run({"alerts": True}),
        Run({"id": ["1126093"]}),
        Run({"id": ["7"]}),
    ),
    "indicator": (
        Run({"value": "203.0.113.77", "type": "IpAddress", "action": "Block", "title": "Drill", "description": "A drill"}, app="commander"),
        Run({"value": "198.51.100.23", "type": "IpAddress", "state": "absent"}, app="commander"),
        Run({"value": "10.0.0.1", "type": "IpAddress", "action": "Block", "title": "Drill", "description": "A drill"}, app="commander"),
    ),
    "indicator_info": (
        Run({}, app="commander"),
        Run({"dest": "indicators.csv"}, app="commander"),
        Run({"id": ["1"]}, app="commander"),
    ),
    "indicators": (
        Run({**SET, "indicators": [{"value": "203.0.113.77"}, {"value": "evil[.]example"}]}, app="commander"),
        Run({**SET, "indicators": [{"value": "203.0.113.77"}, {"value": "198.51.100.23"}, {"value": "10.0.0.1"}]}, app="commander"),
        Run({**SET, "owner": "feed-lookalikes", "exclusive": True, "indicators": []}, app="commander"),
        Run({**SET, "indicators": [], "expires": "2001-01-01T00:00:00Z"}, app="commander"),
    ),
    "domain_info": (
        Run({"domain": ["invoices.contoso-billing.example"], "related": ["alerts", "machines"]}, app="commander"),
        Run({"domain": ["a b"]}, app="commander"),
    ),
    "hunting_query": (
        Run({"hunt": "file_ran", "parameters": {"hashes": [records.sha1("winupd32.exe")]}}, app="commander"),
        Run({"query": "DeviceProcessEvents | take 2", "service": "defender"}, app="commander"),
        Run({"query": "DeviceProcessEvents | order by Timestamp asc", "dest": "processes.csv"}, app="commander"),
        Run({"query": "NoSuchTable"}, app="commander"),
    ),
    "file_info": (
        Run({"hash": [records.sha1("winupd32.exe")], "related": ["alerts", "machines"]}, app="commander"),
        Run({"hash": ["0" * 40]}, app="commander"),
    ),
    "investigation_info": (
        Run({}),
        Run({"dest": "investigations.csv"}),
        Run({"machine": [FIN_07, FIN_07_ADDRESS]}),
        Run({"id": ["63004", "da639228963310000000_540020311"]}),
        Run({"id": ["1"]}),
    ),
    "ip_info": (
        Run({"ip": ["203.0.113.77"], "related": ["alerts"]}, app="commander"),
        Run({"ip": ["a"]}, app="commander"),
    ),
    "library_file": (
        Run({"name": "drill.ps1", "content": "Get-Date", "description": "A drill"}, app="commander"),
        Run({"name": "triage.ps1", "content": "Get-Date", "parameters_description": "Any"}, app="commander"),
        Run({"name": "triage.ps1", "state": "absent"}, app="commander"),
        Run({"name": "no/name", "state": "absent"}, app="commander"),
    ),
    "library_file_info": (
        Run({}, app="commander"),
        Run({"name": ["nothing.ps1"]}, app="commander"),
    ),
    "machine_action": (
        Run({**CALL_OFF, "machines": ["reception-1"], "force": True}, app="commander"),
        Run({**CALL_OFF, "machines": ["10.20.2.1"], "force": True}, app="commander"),
        Run({**CALL_OFF, "machines": ["reception-1"]}, app="commander"),
    ),
    "machine_action_info": (
        Run({}),
        Run({"diagnose": True}),
        Run({"machine": [FIN_07, FIN_07_ADDRESS]}),
        Run({"id": ["00000000-0000-4000-8000-000000000000"]}),
    ),
    "machine_app_restriction": (
        Run({**RESTRICT, "machines": [FIN_07], **CASE}, app="commander"),
        Run({**RESTRICT, "machines": ["lab-02"]}, app="commander"),
        Run({**RESTRICT, "machines": [FIN_07_ADDRESS]}, app="commander"),
        Run({**RESTRICT, "tag": "finance"}, app="commander"),
        Run({**RESTRICT, "machines": ["files-02", FIN_07]}, app="commander"),
        Run({**RESTRICT, "state": "unrestricted", "machines": ["dev-04"]}, app="commander"),
    ),
    "machine_evidence": (
        Run({**COLLECT, "machines": [FIN_07], **CASE}, app="commander", anew=True),
        Run({**COLLECT, "machines": ["lab-02"]}, app="commander", anew=True),
        Run({**COLLECT, "machines": [FIN_07_ADDRESS]}, app="commander", anew=True),
        Run({**COLLECT, "tag": "finance"}, app="commander", anew=True),
        Run({**COLLECT, "machines": ["mkt-11", FIN_07]}, app="commander"),
    ),
    "machine_file_quarantine": (
        Run({**TAKE, "machines": [FIN_07], **CASE}, app="commander", anew=True),
        Run({**TAKE, "machines": ["lab-02"]}, app="commander", anew=True),
        Run({**TAKE, "machines": [FIN_07_ADDRESS]}, app="commander", anew=True),
        Run({**TAKE, "tag": "finance"}, app="commander", anew=True),
        Run({**TAKE, "machines": ["app-01", FIN_07]}, app="commander"),
    ),
    "machine_info": (
        Run({}),
        Run({"ip": [FIN_07_ADDRESS]}),
        Run({"tag": "finance"}),
        Run({"dest": "machines.csv"}),
        Run({"name": [FIN_07], "related": ["users", "alerts", "software", "vulnerabilities", "recommendations", "missing_kbs"]}, app="commander"),
        Run({"id": ["0" * 40]}),
    ),
    "machine_isolation": (
        Run({**ISOLATE, "machines": [FIN_07]}),
        Run({**ISOLATE, "machines": ["lab-02"]}),
        Run({**ISOLATE, "machines": [FIN_07_ADDRESS]}),
        Run({**ISOLATE, "tag": "finance"}),
        Run({**ISOLATE, "machines": ["dc-01", FIN_07]}),
        Run({**RELEASE, "machines": ["sales-05"]}),
    ),
    "machine_live_response": (
        Run({**COMMAND, "machines": [FIN_07], **CASE}, app="commander", anew=True),
        Run({**COMMAND, "machines": ["lab-02"]}, app="commander", anew=True),
        Run({**COMMAND, "machines": [FIN_07_ADDRESS]}, app="commander", anew=True),
        Run({**COMMAND, "tag": "finance"}, app="commander", anew=True),
        Run({**COMMAND, "machines": ["dc-01", FIN_07]}, app="commander"),
    ),
    "machine_offboard": (
        Run({**LEAVE, "filter": "computerDnsName eq 'cnc-mill.contoso.com'", **CASE}, app="commander"),
        Run({**LEAVE, "filter": "computerDnsName eq 'lab-02.contoso.com'"}, app="commander"),
        Run({**LEAVE, "machines": [FIN_07_ADDRESS], "inactive_days": 1}, app="commander"),
        Run({**LEAVE, "tag": "web"}, app="commander"),
        Run({**LEAVE, "tag": "finance"}, app="commander"),
    ),
    "machine_scan": (
        Run({**SCAN, "machines": [FIN_07], "report_alerts": True, **CASE}, app="commander", anew=True),
        Run({**SCAN, "machines": ["lab-02"]}, app="commander", anew=True),
        Run({**SCAN, "machines": [FIN_07_ADDRESS]}, app="commander", anew=True),
        Run({**SCAN, "tag": "finance"}, app="commander", anew=True),
        Run({**SCAN, "machines": ["cnc-mill", FIN_07]}, app="commander"),
    ),
    "machine_tags": (
        Run({"machines": [FIN_07, FIN_07_ADDRESS], "add": ["drill"]}, app="commander"),
        Run({"machines": [FIN_07, "hr-03"], "add": ["drill"]}, app="commander"),
        Run({"tag": "finance", "set": ["drill", "second", "third"]}, app="commander"),
        Run({"tag": "finance", "remove": ["finance"]}, app="commander"),
        Run({"machines": [FIN_07, "mkt-11"], "add": ["drill"]}, app="commander"),
    ),
    "machine_value": (
        Run({"machines": [FIN_07, FIN_07_ADDRESS], "value": "Low"}, app="commander"),
        Run({"tag": "finance", "value": "High"}, app="commander"),
        Run({"machines": ["mkt-11"], "value": "High"}, app="commander"),
    ),
    "token": (
        Run({}),
        Run({"return_access_token": True}),
        Run({"required_roles": ["Machine.Isolate"]}, app="reader"),
    ),
    "user_info": (
        Run({"user": ["lena"], "related": ["alerts", "machines"]}),
        Run({"user": ["lena@contoso.com"]}),
    ),
}


def outcome(simulator: t.Any, module: str, run: Run, *, dry: bool = False) -> dict[str, t.Any]:
    """What the task would return, well or badly ended."""
    try:
        return {"changed": False, **work(simulator, module, app=run.app, dry=dry, **run.options)}
    except DefenderError as error:
        return {"changed": False, "failed": True, **error.as_result()}
