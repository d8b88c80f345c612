# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module gives the same result in the controller's process and packaged, and says as much when it fails."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[4]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")

OF_THE_DIRECTORY = {"client_id": "{{ administrator.client_id }}", "client_secret": "{{ administrator.client_secret }}"}
"""For modules that look after apps and not after machines."""

ARGUMENTS = {
    "alert": {"id": ["da000000000000000000_1"], "allow_missing": True, "status": "InProgress"},
    "alert_create": {
        "machine": "{{ machine_name }}", "report_id": "1", "event_time": "2026-11-25T03:00:00Z", "title": "Drill", "description": "Drill",
        "recommended_action": "None", "severity": "Low", "category": "General",
    },
    "alert_info": {"limit": 2, "evidence": True},
    "api_request": {"path": "/api/machines", "paging": True, "limit": 2},
    "app_credential": {
        "display_name": "reader", "kind": "secret", "vault_file": "{{ new_vault }}", "vault_password": "not-a-secret-of-the-vault", **OF_THE_DIRECTORY,
    },
    "app_registration": {"display_name": "drill", **OF_THE_DIRECTORY},
    "case_ledger_info": {"path": str(ROOT / "tests" / "unit" / "plugins" / "modules" / "files" / "incident.ndjson"), "entries": True},
    "incident": {"id": ["1126093"], "allow_missing": True, "status": "InProgress"},
    "incident_info": {"limit": 2, "alerts": True},
    "indicator": {"value": "203.0.113.77", "type": "IpAddress", "action": "Block", "title": "Drill", "description": "Drill"},
    "indicator_info": {"type": ["IpAddress"]},
    "indicators": {"owner": "drill", "indicators": [{"value": "203.0.113.77"}], "action": "Block", "title": "Drill"},
    "domain_info": {"domain": ["example.com"], "related": ["machines"]},
    "hunting_query": {"query": "print Name = it, Begin = begin", "parameters": {"it": 'x" or true', "begin": datetime.date(2026, 11, 24)}},
    "file_info": {"hash": ["0" * 40], "allow_missing": True},
    "investigation_info": {"state": ["Benign"]},
    "ip_info": {"ip": ["203.0.113.77"], "related": ["alerts"]},
    "library_file": {"name": "drill.ps1", "content": "Get-Date # not a secret, all the same not shown"},
    "library_file_info": {},
    "machine_action": {"state": "cancelled", "machines": ["{{ machine_name }}"], "type": ["Isolate"], "comment": "drill"},
    "machine_action_info": {"type": "Isolate"},
    "machine_app_restriction": {"state": "restricted", "machines": ["{{ machine_name }}"], "comment": "drill"},
    "machine_evidence": {"machines": ["{{ machine_name }}"], "comment": "drill", "dest": "evidence"},
    "machine_file_quarantine": {"sha1": "0" * 40, "machines": ["{{ machine_name }}"], "comment": "drill"},
    "machine_info": {"name": ["{{ machine_name }}"]},
    "machine_isolation": {"state": "isolated", "machines": ["{{ machine_name }}"], "comment": "drill"},
    "machine_live_response": {"machines": ["{{ machine_name }}"], "comment": "drill", "commands": [{"run_script": "triage.ps1"}]},
    "machine_offboard": {"state": "gone", "filter": "computerDnsName eq '{{ machine_name }}'", "comment": "drill", "confirm": 1},
    "machine_scan": {"machines": ["{{ machine_name }}"], "comment": "drill"},
    "machine_tags": {"machines": ["{{ machine_name }}"], "add": ["drill"]},
    "machine_value": {"machines": ["{{ machine_name }}"], "value": "High"},
    "token": {"required_roles": ["Machine.Read.All"]},
    "user_info": {"user": ["lena"]},
}
"""Arguments with which each module does something; in check mode, so that the second run meets what the first met."""

VARYING = {"invocation", "expires_in", "age_seconds"}


@pytest.fixture
def both_ways(simulator, tmp_path):
    """Pairs of results, in process and packaged, of tasks that are (module, arguments)."""

    def run(*tasks: tuple[str, dict], **connection: str) -> list[list[dict]]:
        pairs = []
        for number, (module, arguments) in enumerate(tasks):
            task = {f"secops.defender.{module}": arguments, "ignore_errors": True, "check_mode": True}
            pairs.append({**task, "register": f"here_{number}"})
            pairs.append({**task, "register": f"packaged_{number}", "vars": {"defender_in_process": False}})
        results = ", ".join(f"[here_{number}, packaged_{number}]" for number in range(len(tasks)))
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": {"group/secops.defender.all": {**commander(simulator), **connection}},
            "vars": {"machine_name": first_name(simulator), "administrator": simulator.apps["administrator"], "new_vault": str(tmp_path / "vault.yml")},
            "tasks": [
                *pairs,
                {"ansible.builtin.copy": {"content": f"{{{{ [{results}] | to_json }}}}", "dest": str(tmp_path / "results.json"), "mode": "0600"}},
            ],
        }
        playbook = tmp_path / "both.yml"
        playbook.write_text(yaml.safe_dump([play]), encoding="utf-8")
        environment = {**os.environ, "ANSIBLE_LOCAL_TEMP": str(tmp_path / "temp"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        done = subprocess.run(
            [Path(sys.executable).with_name("ansible-playbook"), playbook], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return steady(json.loads((tmp_path / "results.json").read_text(encoding="utf-8")))

    return run


def commander(simulator) -> dict[str, str]:
    credentials = {name: simulator.apps["commander"][name] for name in ("client_id", "client_secret")}
    hosts = dict.fromkeys(("login_url", "api_url", "graph_url"), simulator.url)
    return {"tenant_id": simulator.tenant_id, "ca_path": simulator.ca_path, **hosts, **credentials}


def first_name(simulator) -> str:
    bearer = {"Authorization": f"Bearer {simulator.token()}"}
    return simulator.session.get(f"{simulator.url}/api/machines?$top=1", headers=bearer, timeout=30).json()["value"][0]["computerDnsName"]


def steady(value):
    if isinstance(value, dict):
        return {key: steady(entry) for key, entry in value.items() if key not in VARYING}
    return [steady(entry) for entry in value] if isinstance(value, list) else value


def test_every_module_has_an_action_plugin_and_arguments_to_be_compared_with():
    actions = sorted(path.stem for path in (ROOT / "plugins" / "action").glob("*.py"))
    assert actions == sorted(ARGUMENTS) == MODULES


def test_result_is_the_same_both_ways(both_ways):
    for (here, packaged), module in zip(both_ways(*ARGUMENTS.items()), ARGUMENTS):
        assert not here.get("failed"), (module, here)
        assert here == packaged, module


def test_wrong_options_are_refused_in_the_same_words(both_ways):
    excluding = {"state": "isolated", "machines": ["a"], "tag": "b", "comment": "drill"}
    unknown, exclusive = both_ways(("machine_info", {"hostname": "fin-07"}), ("machine_isolation", excluding))
    assert "Unsupported parameters for (secops.defender.machine_info)" in unknown[0]["msg"]
    assert "mutually exclusive" in exclusive[0]["msg"]
    for here, packaged in (unknown, exclusive):
        assert here["failed"] and here["msg"] == packaged["msg"]


def test_failure_says_the_same_and_hides_the_secret_both_ways(both_ways):
    secret = "not-a-secret-but-wrong-all-the-same"
    [[here, packaged]] = both_ways(("machine_info", {"limit": 1}), client_secret=secret)
    assert here["error"]["code"] == packaged["error"]["code"] == "AADSTS7000215"
    assert secret not in json.dumps([here, packaged])
