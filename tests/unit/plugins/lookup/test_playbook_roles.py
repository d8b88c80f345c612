# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which roles playbooks need is told from the playbooks, and what cannot be told is named."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleError
from unit.house.building import ROOT, name_of
from unit.plugins.lookup.test_lookups import look_up
from unit.plugins.lookup.trees import HUNT, ISOLATE, READ, first, tasks_in_play, told

PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))


class TestShipped:
    """Playbooks of this collection."""

    @pytest.mark.parametrize("path", PLAYBOOKS, ids=name_of)
    @pytest.mark.parametrize("as_written", [False, True], ids=["whatever is given", "as written"])
    def test_nothing_is_left_unresolved(self, path, as_written):
        (report,) = look_up("playbook_roles", [str(path)], as_written=as_written)
        assert report["unresolved"] == []
        assert report["modules"]

    def test_a_playbook_is_found_by_its_full_name(self):
        (report,) = look_up("playbook_roles", ["secops.defender.contain_machine"])
        assert first(report["defender"]) == {READ, ISOLATE}

    def test_what_a_variable_rules_out_is_not_needed_and_is_named(self):
        (report,) = look_up("playbook_roles", ["secops.defender.respond_to_incident"], extra_vars={"respond_collect": False})
        assert first(report["defender"]) == {"Alert.Read.All", READ, ISOLATE}
        assert any("respond_collects" in entry["reason"] for entry in report["left_out"])

    def test_those_that_only_read_are_told_apart_from_those_that_act(self):
        (report,) = look_up("playbook_roles", ["secops.defender.respond_to_incident"], as_written=True)
        assert first(report["read"]["defender"]) == {"Alert.Read.All"}
        assert first(report["act"]["defender"]) == {READ, ISOLATE}


class TestForms:
    """A module is found however it is named."""

    @pytest.mark.parametrize("task", [
        "- secops.defender.machine_info:",
        "- secops.defender.machine_info: limit=1",
        "- action: secops.defender.machine_info limit=1",
        "- action: {module: secops.defender.machine_info, limit: 1}",
        "- local_action: {module: secops.defender.machine_info}",
        "- {secops.defender.machine_info: , args: {limit: 1}}",
        "- block: [{secops.defender.machine_info: }]",
        "- {block: [{debug: }], rescue: [{secops.defender.machine_info: }]}",
        "- {block: [{debug: }], always: [{secops.defender.machine_info: }]}",
        "- {machine_info: , collections: [secops.defender]}",
        "- {secops.defender.machine_info: {filter: !unsafe '{{ no template }}'}}",
    ])
    def test_it_is_found(self, tmp_path, task):
        report = told(tmp_path, task)
        assert (first(report["defender"]), report["unresolved"]) == ({READ}, [])

    def test_its_file_and_line_are_named(self, tmp_path):
        (use,) = told(tmp_path, "- debug:\n\n- name: Ask\n  secops.defender.machine_info:")["modules"]
        assert (use["module"], use["file"], use["line"], use["acts"]) == ("machine_info", str(tmp_path / "site.yml"), 5, False)

    @pytest.mark.parametrize("part", ["pre_tasks", "tasks", "post_tasks", "handlers"])
    def test_it_is_found_in_every_part_of_a_play(self, tmp_path, part):
        report = told(tmp_path, play=f"- hosts: all\n  collections: [secops.defender]\n  {part}:\n    - machine_info:\n")
        assert first(report["defender"]) == {READ}

    @pytest.mark.parametrize(("task", "reason"), [
        ("- machine_info:", "collections does not name"),
        ("- secops.defender.machine_inof:", "no module secops.defender.machine_inof"),
        ("- action: '{{ what }} limit=1'", "only the run knows"),
        ("- {secops.defender.machine_info: , ansible.builtin.debug: }", "several actions"),
        ("- name: Nothing", "no action"),
        ("- include_tasks: '{{ stage }}.yml'", "only the run knows"),
        ("- include_tasks: gone.yml", "is not there"),
        ("- include_role: {name: '{{ role }}'}", "only the run knows"),
        ("- include_role: {name: community.none.such}", "is not there"),
        ("- include_role: {name: secops.defender.scan, tasks_from: '{{ part }}'}", "only the run knows from where"),
        ("- include_role: {name: secops.defender.scan, tasks_from: gone}", "has no tasks gone"),
        ("- secops.defender.api_request: {path: '{{ where }}'}", "path of api_request"),
        ("- secops.defender.api_request: {path: /api/never/heard/of}", "nothing is known of the path"),
    ])
    def test_what_cannot_be_told_is_named(self, tmp_path, task, reason):
        (entry,) = told(tmp_path, task)["unresolved"]
        assert reason in entry["reason"]
        assert entry["file"] == str(tmp_path / "site.yml")

    def test_a_module_of_others_is_no_matter(self, tmp_path):
        report = told(tmp_path, "- ansible.builtin.copy:\n- community.general.xml:\n- uri:")
        assert (report["modules"], report["unresolved"]) == ([], [])


class TestTrees:
    """All that a playbook leads to is read."""

    @pytest.mark.parametrize(("tasks", "files"), [
        ("- include_tasks: more.yml", {"more.yml": "- secops.defender.machine_info:\n"}),
        ("- import_tasks: {file: tasks/more.yml}", {"tasks/more.yml": "- include_tasks: deep.yml\n", "tasks/deep.yml": "- secops.defender.machine_info:\n"}),
        ("- {include_tasks: '{{ item }}.yml', loop: [one, two]}", {"one.yml": "- debug:\n", "two.yml": "- secops.defender.machine_info:\n"}),
        ("- include_role: {name: ours}", {"roles/ours/tasks/main.yml": "- secops.defender.machine_info:\n"}),
        ("- import_role: {name: ours, tasks_from: look}", {"roles/ours/tasks/look.yaml": "- secops.defender.machine_info:\n"}),
        ("- include_role: {name: ours}", {"roles/ours/handlers/main.yml": "- secops.defender.machine_info:\n"}),
        ("- include_role: {name: ours}", {"roles/ours/meta/main.yml": "dependencies: [{role: theirs}]\n",
                                          "roles/theirs/tasks/main.yml": "- include_tasks: sub/more.yml\n",
                                          "roles/theirs/tasks/sub/more.yml": "- secops.defender.machine_info:\n"}),
        ("- include_role: {name: ours}", {"roles/ours/meta/main.yml": "collections: [secops.defender]\n", "roles/ours/tasks/main.yml": "- machine_info:\n"}),
    ])
    def test_what_it_includes_is_read(self, tmp_path, tasks, files):
        report = told(tmp_path, tasks, files=files)
        assert (first(report["defender"]), report["unresolved"]) == ({READ}, [])

    @pytest.mark.parametrize("play", [
        "- import_playbook: other.yml\n",
        "- {ansible.builtin.import_playbook: '{{ which }}.yml', vars: {which: '{{ said }}'}}\n",
        "- {hosts: all, roles: [ours]}\n",
        "- {hosts: all, roles: [{role: ours, when: yes}]}\n",
        "- import_playbook: secops.defender.verify_access\n",
    ])
    def test_playbooks_and_roles_of_a_playbook_are_read(self, tmp_path, play):
        other = {"other.yml": tasks_in_play("- secops.defender.machine_info:"), "roles/ours/tasks/main.yml": "- secops.defender.machine_info:\n"}
        report = told(tmp_path, play=play, files=other, extra_vars={"said": "other"})
        assert (first(report["defender"]), report["unresolved"]) == ({READ}, [])

    def test_what_includes_itself_comes_to_an_end(self, tmp_path):
        files = {"again.yml": "- include_tasks: again.yml\n- secops.defender.machine_info:\n"}
        assert first(told(tmp_path, "- include_tasks: again.yml", files=files)["defender"]) == {READ}

    def test_roles_and_modules_may_be_named_beside_playbooks(self):
        (report,) = look_up("playbook_roles", roles=["secops.defender.scan"], modules=["hunting_query"])
        assert (first(report["defender"]), first(report["graph"])) == ({READ, "Machine.Scan", "Alert.Read.All"}, {HUNT})

    def test_a_playbook_that_is_not_there_is_a_mistake(self):
        with pytest.raises(AnsibleError, match=r"no playbook gone\.yml"):
            look_up("playbook_roles", ["gone.yml"])

    def test_naming_nothing_is_a_mistake(self):
        with pytest.raises(AnsibleError, match="needs a playbook"):
            look_up("playbook_roles")
