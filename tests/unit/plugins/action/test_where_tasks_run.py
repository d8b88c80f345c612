# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task runs in the controller's process only where that makes no difference, and is packaged wherever it would."""

from __future__ import annotations

import gc
import os
import sys
import threading
from pathlib import Path

from ansible_collections.secops.defender.plugins.module_utils._module.needs import shape_of
from ansible_collections.secops.defender.plugins.plugin_utils.run import run_here

READ: dict = {"secops.defender.machine_info": {"limit": 1}}
ELSEWHERE = {"ansible_python_interpreter": "{{ other_python }}"}

BECOMES_NOBODY_ELSE = """\
#!/bin/sh
while [ "$1" != /bin/sh ]; do shift; done
exec "$@"
"""
"""Stands in for sudo, which need not be there: leaves out its options and runs the command."""


def packaged(section: str) -> bool:
    return "AnsiballZ_" in section


def test_a_task_that_is_not_of_this_process_alone_is_packaged(stage):
    sudo, other_python = stage.folder / "sudo", stage.folder / "python"
    sudo.write_text(BECOMES_NOBODY_ELSE, encoding="ascii")
    sudo.chmod(0o700)
    # Not a link: a Python that is reached through one finds no packages.
    other_python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    other_python.chmod(0o700)
    switch = {"vars": {"defender_in_process": "{{ 'no' }}"}}
    there = {"delegate_to": "there"}
    tasks = {
        "here": {},
        "delegated here": {"delegate_to": "localhost"},
        "in check mode": {"check_mode": True, "diff": True},
        "in a loop": {"loop": [1, 2]},
        "until it is there": {"register": "read", "until": "read.count == 1", "retries": 2, "delay": 0},
        "with time enough": {"timeout": 60},
        "become": {"become": True, "vars": {"ansible_become_exe": str(sudo)}},
        "async": {"async": 60, "poll": 1},
        "async and not waited for": {"async": 60, "poll": 0, "register": "job"},
        "environment": {"environment": {"DEFENDER_REGION": "eu"}},
        "another interpreter": {"vars": ELSEWHERE},
        "delegated elsewhere": there,
        "switched off": switch,
    }
    play = [{"name": name, **READ, **how} for name, how in tasks.items()]
    play.append({"name": "collect", "ansible.builtin.async_status": {"jid": "{{ job.ansible_job_id }}"}, "register": "end",
                 "until": "end is finished", "retries": 60, "delay": 1})
    done = stage.play(play, "-vvvv", "--limit", "localhost", hosts={"localhost": {}, "there": ELSEWHERE}, vars={"other_python": str(other_python)})
    assert done.status == 0, done.output + done.errors
    where = {name: packaged(done.sections[name]) for name in tasks}
    assert [name for name, is_packaged in where.items() if not is_packaged] == list(tasks)[:6]
    # Those that are packaged find the token that those in process have kept.
    assert len(stage.tenant.journal(service="entra", method="POST")) == 1


def test_many_hosts_that_all_delegate_to_the_controller_sign_in_once(stage):
    hosts = {f"app{number:02}": {"ansible_connection": "ssh"} for number in range(20)}
    tasks = [{"name": "read", **READ, "delegate_to": "localhost", "register": "read"}, {"ansible.builtin.assert": {"that": "read.count == 1"}}]
    done = stage.play(tasks, "--forks", "10", "-vvv", hosts=hosts, strategy="free")
    assert done.status == 0, done.output + done.errors
    assert not packaged(done.output)
    assert len(stage.tenant.journal(service="entra", method="POST")) == 1
    assert len(stage.tenant.journal(service="defender")) == 20


def test_a_long_loop_leaves_no_threads_or_open_files_behind(stage, tmp_path):
    shape = shape_of("machine_isolation")
    arguments = {
        **stage.given, "state": "isolated", "machines": stage.machines()[:2], "comment": "drill", "wait": False,
        "token_cache_path": str(tmp_path / "tokens"), "rate_budget_path": str(tmp_path / "rates"),
    }

    def read() -> None:
        assert not run_here(shape, "secops.defender.machine_isolation", arguments, dry=False, diff=True).get("failed")

    def held() -> tuple[int, int]:
        gc.collect()  # what other tests in this process have left behind is not counted
        return threading.active_count(), len(os.listdir("/proc/self/fd"))

    read()
    threads, files = held()
    for _item in range(20):
        read()
    threads_after, files_after = held()
    assert threads_after <= threads and files_after <= files


def test_what_no_log_hides_is_hidden(stage):
    done = stage.play([{"name": "hidden", **READ, "no_log": True}], "-vvvv")
    assert done.status == 0, done.output + done.errors
    assert "censored" in done.sections["hidden"]
    assert "computerDnsName" not in done.output + done.errors


def test_every_action_plugin_runs_the_module_of_its_name():
    for path in Path(__file__).resolve().parents[4].joinpath("plugins", "action").glob("*.py"):
        assert f"from ..modules.{path.stem} import SHAPE" in path.read_text(encoding="utf-8")
