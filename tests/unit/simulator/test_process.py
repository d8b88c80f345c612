# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator as a process and its control API."""

from __future__ import annotations

import json
import os
import ssl
import stat
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import pytest
import requests
from simulator.handle import TESTS, Handle, SimulatorFailed


def test_ready_file_is_private_and_says_all(running_simulator: Handle) -> None:
    ready = Path(running_simulator.ca_path).parent / "ready.json"
    assert stat.S_IMODE(ready.stat().st_mode) == 0o600
    assert stat.S_IMODE(ready.parent.stat().st_mode) == 0o700
    facts = json.loads(ready.read_text(encoding="utf-8"))
    assert facts["url"] == facts["login_url"] == facts["api_url"] == facts["graph_url"]
    assert facts["tenant_id"] == "5a1f0e4c-0000-4000-8000-00000000d0d0"
    assert {"responder", "reader", "nobody", "expired", "disabled"} <= set(facts["apps"])
    assert facts["apps"]["responder"]["client_secret"] == "not-a-secret-of-responder"


def test_keys_of_apps_are_private(running_simulator: Handle) -> None:
    for name in ("certificate_path", "pfx_path"):
        assert stat.S_IMODE(os.stat(running_simulator.apps["responder"][name]).st_mode) == 0o600


def test_certificate_is_of_its_own_authority(running_simulator: Handle) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(running_simulator.url, verify=ssl.get_default_verify_paths().cafile or True, timeout=10)
    for name in ("localhost", "127.0.0.1"):
        url = running_simulator.url.replace("localhost", name)
        assert requests.get(url, verify=running_simulator.ca_path, timeout=10).status_code == 404


def test_restart_keeps_authority_keys_and_tokens(tmp_path: Path) -> None:
    with Handle.start(tmp_path, "--world", "five_machines") as first:
        ca, token = Path(first.ca_path).read_bytes(), first.token()
    with Handle.start(tmp_path, "--world", "five_machines") as second:
        assert Path(second.ca_path).read_bytes() == ca
        answer = second.session.get(f"{second.url}/api/machines", headers={"Authorization": f"Bearer {token}"})
        assert answer.ok


def test_stops_quickly_when_told_to(tmp_path: Path) -> None:
    handle = Handle.start(tmp_path, "--latency-ms", "30000")
    with pytest.raises(requests.Timeout):
        handle.session.get(handle.url, timeout=0.2)  # one request is still under way
    began = time.monotonic()
    handle.stop()
    assert time.monotonic() - began < 10, "it waited for the request under way"
    assert not (tmp_path / "ready.json").exists()


def test_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    script = (
        "import sys; from simulator.handle import Handle; import os\n"
        f"print(Handle.start({str(tmp_path)!r}).facts['pid'], flush=True); os._exit(0)"
    )
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    pid = int(subprocess.check_output([sys.executable, "-c", script], env=environment))
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}").exists()


def test_person_is_told_how_to_use_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulator", "--state-dir", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen(command, env=environment, cwd=TESTS, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ends = str(tmp_path / "ready.json")
        shown = ""
        while not shown.rstrip().endswith(ends):
            line = process.stdout.readline()
            assert line, f"it said only: {shown}"
            shown += line
        process.terminate()
    assert process.returncode == 0
    assert "DEFENDER_CA_PATH=" + str(tmp_path / "ca.pem") in shown
    assert "DEFENDER_CLIENT_ID=c11e0000-0000-4000-8000-000000000001" in shown
    assert "not-a-secret" not in shown


def test_unknown_world_is_told(tmp_path: Path) -> None:
    with pytest.raises(SimulatorFailed):
        Handle.start(tmp_path, "--world", "atlantis")


def test_requests_do_not_queue_behind_the_latency(simulator: Handle) -> None:
    from concurrent.futures import ThreadPoolExecutor

    token = simulator.token()
    simulator.settings(latency_ms=500)
    url, headers = f"{simulator.url}/api/machines", {"Authorization": f"Bearer {token}"}

    def call(_number: int) -> int:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(url, headers=headers, verify=simulator.ca_path, timeout=30).status_code

    began = time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(call, range(10))) == {200}
    assert time.monotonic() - began < 4, "ten after one another take five seconds"


def test_loading_a_world_begins_anew(simulator: Handle) -> None:
    simulator.faults([{"kind": "drop", "match": {"service": "defender"}}])
    simulator.settings(token_lifetime=1, action_seconds=900)
    simulator.advance(1000)
    simulator.lock()
    assert simulator.load("under_attack")["name"] == "under_attack"
    assert simulator.faults_seen() == simulator.journal() == []
    settings = simulator.settings()
    assert (settings["token_lifetime"], settings["rate_limits"]) == (3599, True)
    assert not simulator.lock(False)["locked"]
    clock = simulator.session.get(f"{simulator.url}/_simulator/clock").json()
    assert abs(clock["time"] - time.time()) < 10


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "world", {"name": "atlantis"}, 400),
        ("POST", "world", {"world": "empty"}, 400),
        ("POST", "clock", {"advance": "long"}, 400),
        ("POST", "settings", {"latency": 5}, 400),
        ("POST", "settings", {"rate_limits": 1}, 400),
        ("POST", "settings", [1], 400),
        ("POST", "lock", {}, 400),
        ("POST", "faults", {"kind": "drop"}, 400),
        ("GET", "weather", None, 404),
        ("PUT", "world", None, 405),
        ("GET", "machines/none", None, 404),
    ],
)
def test_control_refuses_what_it_does_not_know(
    simulator: Handle, method: str, path: str, body: t.Any, status: int
) -> None:
    answer = simulator.session.request(method, f"{simulator.url}/_simulator/{path}", json=body)
    assert answer.status_code == status
    assert "problem" in answer.json()
