# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookups sign in as modules do, and say what they need in plain words."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar
from unit.plugins.modules.playing import connection


def look_up(name, terms=(), variables=None, **options):
    templar = Templar(loader=DataLoader(), variables=variables or {})
    plugin = lookup_loader.get(f"secops.defender.{name}", loader=None, templar=templar)
    return plugin.run(list(terms), variables=variables or {}, **options)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"DEFENDER_{name}", raising=False)


class TestToken:
    """The token lookup hands over a token and nothing else."""

    def test_it_signs_in_with_keywords(self, simulator):
        (value,) = look_up("token", **connection(simulator))
        assert value.count(".") == 2

    def test_it_signs_in_with_variables(self, simulator):
        variables = {f"defender_{name}": value for name, value in connection(simulator).items()}
        (value,) = look_up("token", variables=variables)
        assert value.count(".") == 2

    def test_it_signs_in_with_the_environment(self, simulator, monkeypatch):
        for name, value in connection(simulator).items():
            monkeypatch.setenv(f"DEFENDER_{name.upper()}", str(value))
        (value,) = look_up("token")
        assert value.count(".") == 2

    def test_a_refused_sign_in_tells_number_and_mend_but_no_secret(self, simulator):
        with pytest.raises(AnsibleError, match="AADSTS7000215") as failure:
            look_up("token", **{**connection(simulator), "client_secret": "not-a-secret-and-wrong"})
        assert "not-a-secret-and-wrong" not in str(failure.value)

    def test_a_term_is_refused_as_it_would_be_passed_over(self, simulator):
        with pytest.raises(AnsibleError, match="keywords only"):
            look_up("token", ["reader"], **connection(simulator))


class TestRequiredRoles:
    """The roles of modules are told without asking anybody."""

    def test_the_groups_of_all_modules_are_told(self):
        assert look_up("required_roles", ["machine_info", "secops.defender.machine_isolation"]) == [
            ["Machine.Read.All", "Machine.ReadWrite.All"],
            ["Machine.Isolate"],
        ]

    def test_an_unknown_module_is_named(self):
        with pytest.raises(AnsibleError, match="machine_isolaton"):
            look_up("required_roles", ["machine_isolaton"])

    def test_no_module_at_all_is_a_mistake(self):
        with pytest.raises(AnsibleError, match="needs names of modules"):
            look_up("required_roles")


class TestIocs:
    """What a report names is sorted."""

    def test_lists_and_words_are_taken(self):
        (found,) = look_up("iocs", [["evil[.]example"], "203.0.113.77", "10.0.0.1"])
        assert (found["domains"], found["ips"]) == (["evil.example"], ["203.0.113.77"])
        assert [entry["value"] for entry in found["refused"]] == ["10.0.0.1"]

    def test_a_file_that_is_not_there_is_said(self, tmp_path):
        with pytest.raises(AnsibleError, match="cannot be read"):
            look_up("iocs", src=str(tmp_path / "report.txt"))
