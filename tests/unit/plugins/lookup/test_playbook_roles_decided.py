# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options and variables decide which roles playbooks need, and what stays closed decides nothing."""

from __future__ import annotations

import pytest
from unit.plugins.lookup.trees import ISOLATE, READ, first, told


class TestOptions:
    """What an option needs is counted where it may be given."""

    @pytest.mark.parametrize(("options", "needed"), [
        ("related: [users]", {READ, "User.Read.All"}),
        ("related: 'users,software'", {READ, "User.Read.All", "Software.Read.All"}),
        ("related: []", {READ}),
        ("related: '{{ omit }}'", {READ}),
        ("related: \"{{ ['users'] if asked else omit }}\"", {READ, "User.Read.All"}),
        ("related: ['{{ kind }}', users]", {READ, "User.Read.All", "Software.Read.All", "Alert.Read.All",
         "Vulnerability.Read.All", "SecurityRecommendation.Read.All"}),
    ])
    def test_a_value_that_is_written_decides_and_any_other_may_be_meant(self, tmp_path, options, needed):
        assert first(told(tmp_path, f"- secops.defender.machine_info: {{{options}}}")["defender"]) == needed

    def test_a_template_around_all_options_may_hold_any(self, tmp_path):
        assert "User.Read.All" in first(told(tmp_path, "- secops.defender.machine_info: '{{ asked }}'")["defender"])

    @pytest.mark.parametrize(("service", "defender", "graph"), [
        ("graph", set(), {"SecurityAlert.Read.All", "SecurityIncident.Read.All"}),
        ("defender", {"Alert.Read.All"}, set()),
        ("auto", {"Alert.Read.All"}, set()),
        ("'{{ asked }}'", {"Alert.Read.All"}, {"SecurityAlert.Read.All", "SecurityIncident.Read.All"}),
    ])
    def test_the_service_decides_whose_roles(self, tmp_path, service, defender, graph):
        report = told(tmp_path, f"- secops.defender.alert_info: {{service: {service}}}")
        assert first(report["defender"]) == defender
        assert first(report["graph"]) == graph

    @pytest.mark.parametrize(("value", "reads_alerts"), [("false", False), ("'no'", False), ("true", True), ("'{{ asked }}'", True)])
    def test_a_switch_that_is_off_needs_nothing(self, tmp_path, value, reads_alerts):
        task = f"- secops.defender.machine_scan: {{machines: [a], comment: c, report_alerts: {value}}}"
        assert ("Alert.Read.All" in first(told(tmp_path, task)["defender"])) == reads_alerts

    def test_options_that_are_defaults_of_the_play_count(self, tmp_path):
        report = told(tmp_path, play="""
            - hosts: localhost
              module_defaults:
                secops.defender.machine_info: {related: [users]}
                group/secops.defender.all: "{{ connection }}"
              tasks:
                - secops.defender.machine_info:
        """)
        assert first(report["defender"]) == {READ, "User.Read.All"}

    def test_a_loop_that_is_written_is_gone_through(self, tmp_path):
        task = "- {secops.defender.machine_info: {related: ['{{ item }}']}, loop: [users, software]}"
        assert first(told(tmp_path, task)["defender"]) == {READ, "User.Read.All", "Software.Read.All"}

    @pytest.mark.parametrize(("options", "needed"), [
        ("path: /api/machines", READ), ("{path: /api/machines/1/isolate, method: POST}", ISOLATE), ("{path: /api/unheard, roles: [Some.Role]}", "Some.Role"),
    ])
    def test_a_request_by_path_needs_what_is_at_the_path(self, tmp_path, options, needed):
        assert first(told(tmp_path, f"- secops.defender.api_request: {options if options.startswith('{') else '{' + options + '}'}")["defender"]) == {needed}


class TestVariables:
    """What rules a task out, and what does not."""

    @pytest.mark.parametrize(("when", "extra_vars", "runs"), [
        ("false", {}, False),
        ("asked", {}, True),
        ("null", {}, True),
        ("asked", {"asked": False}, False),
        ("asked | default(false) | bool", {"asked": "no"}, False),
        ("asked and known", {"asked": False}, False),
        ("asked or known", {"asked": False}, True),
        ("not asked", {"asked": True}, False),
        ("[known, asked]", {"asked": False}, False),
        ("kind == 'scan'", {"kind": "isolate"}, False),
        ("kind in ['scan', 'isolate']", {"kind": "isolate"}, True),
        ("kind is defined", {"kind": None}, True),
        ("machines | length > 0", {"machines": []}, False),
        ("site.asked", {"site": {"asked": False}}, False),
        ("machines | community.general.odd", {"machines": []}, True),
        ("'{% if asked %}true{% endif %}'", {"asked": False}, True),
    ])
    def test_only_what_is_given_rules_out(self, tmp_path, when, extra_vars, runs):
        report = told(tmp_path, f"- secops.defender.machine_info:\n  when: {when}", extra_vars=extra_vars)
        assert bool(report["defender"]) == runs
        assert bool(report["left_out"]) != runs

    PLAY = """
        - hosts: localhost
          vars: {hunts: false, asked: "{{ hunts }}"}
          tasks:
            - {secops.defender.machine_info: , when: asked}
            %s
    """

    @pytest.mark.parametrize(("also", "as_written", "runs"), [
        ("", False, True),
        ("", True, False),
        ("- {set_fact: {hunts: true}}", True, True),
        ("- {set_fact: '{{ many }}'}", True, True),
        ("- {include_vars: site.yml}", True, True),
        ("- {stat: {path: x}, register: hunts}", True, True),
    ])
    def test_what_is_written_counts_when_it_is_asked_for_and_no_task_changes_it(self, tmp_path, also, as_written, runs):
        assert bool(told(tmp_path, play=self.PLAY % also, as_written=as_written)["defender"]) == runs

    def test_the_nearest_value_counts(self, tmp_path):
        files = {"roles/ours/defaults/main.yml": "looks: true\n", "roles/ours/tasks/main.yml": "- {secops.defender.machine_info: , when: looks}\n"}
        assert told(tmp_path, "- include_role: {name: ours}", files=files, as_written=True)["defender"]
        assert not told(tmp_path, "- {include_role: {name: ours}, vars: {looks: false}}", files=files, as_written=True)["defender"]

    @pytest.mark.parametrize("folder", ["defaults", "vars"])
    def test_what_a_role_gives_a_value_may_count_outside_of_it(self, tmp_path, folder):
        files = {f"roles/ours/{folder}/main.yml": "looks: true\n", "roles/ours/tasks/main.yml": "- debug:\n"}
        tasks = "- import_role: {name: ours}\n- {secops.defender.machine_info: , when: looks | default(false)}"
        assert told(tmp_path, tasks, files=files, as_written=True)["defender"]

    def test_files_of_variables_count_where_their_name_is_written(self, tmp_path):
        play = "- {hosts: all, vars_files: [flags.yml], tasks: [{secops.defender.machine_info: , when: looks | default(false)}]}\n"
        assert told(tmp_path, play=play, files={"vars/flags.yml": "looks: true\n"}, as_written=True)["defender"]
        assert not told(tmp_path, play=play, files={"vars/flags.yml": "looks: false\n"}, as_written=True)["defender"]


class TestSecrets:
    """What is encrypted stays closed."""

    SEALED = "$ANSIBLE_VAULT;1.1;AES256\n3163\n"

    def test_tasks_that_are_encrypted_are_named(self, tmp_path):
        report = told(tmp_path, "- include_tasks: sealed.yml", files={"sealed.yml": self.SEALED})
        assert "it is encrypted" in report["unresolved"][0]["reason"]
        assert report["encrypted"] == [str(tmp_path / "sealed.yml")]

    def test_variables_that_are_encrypted_may_be_anything_and_leave_nothing_open(self, tmp_path):
        files = {"roles/ours/defaults/main.yml": self.SEALED, "roles/ours/tasks/main.yml": "- {secops.defender.machine_info: , when: asked | default(false)}\n"}
        report = told(tmp_path, "- include_role: {name: ours}", files=files, as_written=True)
        assert (first(report["defender"]), report["unresolved"], len(report["encrypted"])) == ({READ}, [], 1)

    def test_a_text_vaulted_inline_may_be_anything(self, tmp_path):
        report = told(tmp_path, "- secops.defender.machine_info: {related: [!vault '3163']}", as_written=True)
        assert "User.Read.All" in first(report["defender"])

    def test_nothing_is_run(self, tmp_path):
        trap = tmp_path / "sprung"
        told(tmp_path, f"- {{secops.defender.machine_info: {{filter: \"{{{{ lookup('pipe', 'touch {trap}') }}}}\"}}, when: lookup('pipe', 'touch {trap}')}}")
        assert not trap.exists()
