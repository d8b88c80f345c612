# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users are told with the alerts that name them and the machines they logged on to."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from unit.plugins.modules.playing import work


def ask(tenant, *users, **options):
    return work(tenant, "user_info", user=list(users), **options)


def test_a_user_is_told_with_alerts_and_machines(tenant):
    lena, nobody = ask(tenant, "lena", "nobody-at-all")["users"]
    assert [machine["computerDnsName"] for machine in lena["machines"]] == ["fin-07.contoso.com"]
    assert len(lena["alerts"]) == 2 and nobody["alerts"] == nobody["machines"] == []


def test_only_what_is_asked_for_is_read(tenant):
    [lena] = ask(tenant, "lena", related=["machines"])["users"]
    assert lena["alerts"] is None
    assert [row["operation"] for row in tenant.journal(service="defender")] == ["user.list_machines"]


@pytest.mark.parametrize("word", ["", "lena@contoso.com", "CONTOSO\\lena", "../machines"])
def test_what_is_more_than_an_account_is_refused_before_anything_is_asked(tenant, word):
    with pytest.raises(BadInput, match="not the name of an account alone"):
        ask(tenant, word)
    assert not tenant.journal(service="defender")
