# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees that lead nowhere, or without end, are read to an end all the same, and what is not told is named."""

from __future__ import annotations

import pytest
from unit.plugins.lookup.trees import ISOLATE, READ, first, tasks_in_play, told

OURS = "- secops.defender.machine_info:\n"
DOUBLED = "".join(f"    v{level}: &v{level} [{', '.join([f'*v{level - 1}'] * 9)}]\n" for level in range(1, 10))
NESTED = "".join("  " * level + "- block:\n" for level in range(200)) + "  " * 200 + OURS


def test_roles_that_depend_on_each_other_are_read_once(tmp_path):
    files = {
        "roles/one/meta/main.yml": "dependencies: [two]\n", "roles/two/meta/main.yml": "dependencies: [{role: one}]\n",
        "roles/one/tasks/main.yml": OURS, "roles/two/tasks/main.yml": "- secops.defender.machine_isolation:\n",
    }
    report = told(tmp_path, play="- {hosts: all, roles: [one]}\n", files=files)
    assert (first(report["defender"]), report["unresolved"]) == ({READ, ISOLATE}, [])


@pytest.mark.parametrize(("text", "reason"), [
    (f"- vars:\n    v0: &v0 [x]\n{DOUBLED}  debug:\n", "aliases"),
    ("- vars: {own: &own [*own]}\n  debug:\n", "aliases"),
    (NESTED, "too deeply"),
    ("- debug: " + "[" * 5000 + "]" * 5000, "not YAML"),
    ("- debug:\n" * 120_000, "bytes"),
], ids=["aliases of aliases", "a list in itself", "blocks", "brackets", "size"])
def test_a_file_that_is_too_much_is_named(tmp_path, text, reason):
    (entry,) = told(tmp_path, "- include_tasks: more.yml\n" + OURS, files={"more.yml": text})["unresolved"]
    assert "more.yml is not read" in entry["reason"] and reason in entry["reason"]


def test_a_name_that_no_file_can_have_is_not_there(tmp_path):
    play = tasks_in_play(f"- include_tasks: {'x' * 300}.yml\n- include_role: {{name: {'y' * 300}}}\n") + f"  vars_files: [{'z' * 300}]\n"
    assert all("is not there" in entry["reason"] for entry in told(tmp_path, play=play)["unresolved"])


@pytest.mark.parametrize("when", ["(1e999 | int) > 3", "(" * 3000 + "1" + ")" * 3000, "{1: 2}[[3]]"])
def test_a_condition_that_comes_to_nothing_rules_nothing_out(tmp_path, when):
    report = told(tmp_path, f"- secops.defender.machine_info:\n  when: '{when}'\n", as_written=True)
    assert (first(report["defender"]), report["unresolved"]) == ({READ}, [])


def test_a_fact_whose_name_is_a_template_may_be_any(tmp_path):
    tasks = "- set_fact: {'{{ item }}': true}\n  loop: [acts]\n- secops.defender.machine_info:\n  when: acts\n"
    report = told(tmp_path, play=tasks_in_play(tasks) + "  vars: {acts: false}\n", as_written=True)
    assert first(report["defender"]) == {READ}
