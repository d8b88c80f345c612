# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What alerts are about becomes what the next task acts on."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.defender.plugins.filter.entities_to_targets import targets
from ansible_collections.secops.defender.plugins.module_utils._module.entities import entities

FOUND = entities(
    [
        {"machineId": "a" * 40, "computerDnsName": "fin-07", "evidence": [{"sha1": "b" * 40, "fileName": "x.exe", "filePath": "C:\\"}]},
        {"machineId": None, "computerDnsName": "gone", "relatedUser": {"userName": "lena", "domainName": "CONTOSO"}},
        {"machineId": "a" * 40, "computerDnsName": "fin-07", "evidence": [{"ipAddress": "192.0.2.7"}, {"url": "http://example.com"}, {"fileName": "y.exe"}]},
    ]
)


@pytest.mark.parametrize(
    "kind, named",
    [("machines", ["a" * 40]), ("files", ["b" * 40]), ("ips", ["192.0.2.7"]), ("urls", ["http://example.com"]), ("users", ["lena"])],
)
def test_each_kind_gives_what_its_option_takes(kind, named):
    assert targets(FOUND, kind) == named


def test_machines_are_meant_when_nothing_is_said():
    assert targets(FOUND) == ["a" * 40]


@pytest.mark.parametrize("value, kind", [(FOUND, "mailboxes"), ({}, "machines"), ([], "machines"), (None, "ips")])
def test_what_is_no_such_thing_is_refused(value, kind):
    with pytest.raises(AnsibleFilterError, match="entities_to_targets"):
        targets(value, kind)
