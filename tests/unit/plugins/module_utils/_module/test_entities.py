# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What alerts name comes out once each, however often and however patchily it is named."""

from __future__ import annotations

import random

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadAnswer
from ansible_collections.secops.defender.plugins.module_utils._module.entities import entities

SID = "S-1-5-21-1-2-3-1001"


def evidence(**facts):
    return {"entityType": "Any", **facts}


def typed(kind, **facts):
    return {"@odata.type": f"#microsoft.graph.security.{kind}", **facts}


def test_no_alerts_name_nothing():
    assert entities([]) == {"machines": [], "files": [], "ips": [], "urls": [], "users": []}


def test_a_machine_in_two_alerts_is_one_machine():
    found = entities([{"machineId": "a1", "computerDnsName": None}, {"machineId": "a1", "computerDnsName": "pc"}, {"machineId": None}])
    assert found["machines"] == [{"id": "a1", "name": "pc"}]


def test_a_user_known_by_name_and_by_sid_is_one_user():
    alert = {
        "relatedUser": {"userName": "j.doe", "domainName": "CONTOSO"},
        "evidence": [evidence(accountName="J.Doe", domainName="contoso", userSid=SID), evidence(userSid=SID, userPrincipalName="j.doe@contoso.com")],
    }
    assert entities([alert])["users"] == [
        {"name": "J.Doe", "domain": "contoso", "sid": SID, "upn": "j.doe@contoso.com", "aad_user_id": None},
    ]


def test_users_of_one_name_and_two_sids_are_two():
    alert = {"evidence": [evidence(accountName="admin", domainName="PC1", userSid=SID), evidence(accountName="admin", domainName="PC1", userSid=SID + "9")]}
    assert len(entities([alert])["users"]) == 2


def test_a_related_user_may_be_a_mere_text():
    assert entities([{"relatedUser": "j.doe"}])["users"][0]["name"] == "j.doe"


def test_a_file_with_the_same_hash_is_one_file_wherever_it_lies():
    alert = {"evidence": [evidence(sha1="AB", fileName="x.exe", filePath="c:\\a"), evidence(sha1="ab", sha256="cd", fileName="y.exe", filePath="c:\\b")]}
    assert entities([alert])["files"] == [{"sha256": "cd", "sha1": "ab", "name": "y.exe", "path": "c:\\b"}]


def test_files_of_one_name_and_different_hashes_are_two():
    alert = {"evidence": [evidence(sha1="aa", fileName="x.exe", filePath="c:\\a"), evidence(sha1="bb", fileName="x.exe", filePath="c:\\a")]}
    assert len(entities([alert])["files"]) == 2


def test_things_are_sorted_and_in_whatever_order_they_are_mentioned_the_same_comes_out():
    pieces = [
        evidence(ipAddress="10.0.0.2"), evidence(url="http://b/"), evidence(ipAddress="10.0.0.1"), evidence(ipAddress="10.0.0.2"),
        evidence(accountName="J.Doe", domainName="contoso"), evidence(accountName="j.doe", domainName="CONTOSO", userSid=SID),
        evidence(sha1="ab", fileName="x.exe", filePath="c:\\a"), evidence(sha1="AB", sha256="cd", fileName="Y.exe", filePath="c:\\b"),
    ]
    found = entities([{"evidence": pieces}])
    assert (found["ips"], found["urls"]) == (["10.0.0.1", "10.0.0.2"], ["http://b/"])
    order = random.Random(7)
    for _again in range(20):
        order.shuffle(pieces)
        assert entities([{"evidence": [piece]} for piece in pieces]) == found


def test_both_services_name_the_same_things():
    classic = {
        "machineId": "a1", "computerDnsName": "pc.contoso.com", "relatedUser": {"userName": "j.doe", "domainName": "CONTOSO"},
        "evidence": [
            evidence(accountName="j.doe", domainName="CONTOSO", userSid=SID, userPrincipalName="j.doe@contoso.com", aadUserId="11-22"),
            evidence(sha256="cd", sha1="ab", fileName="x.exe", filePath="c:\\a", parentProcessFileName="explorer.exe"),
            evidence(ipAddress="10.0.0.1"),
            evidence(url="http://b/"),
        ],
    }
    account = {"accountName": "j.doe", "domainName": "CONTOSO", "userSid": SID, "userPrincipalName": "j.doe@contoso.com", "azureAdUserId": "11-22"}
    image = {"sha256": "cd", "sha1": "ab", "fileName": "x.exe", "filePath": "c:\\a"}
    graph = {
        "evidence": [
            typed("urlEvidence", url="http://b/"),
            typed("processEvidence", imageFile=image, parentProcessImageFile={"fileName": "explorer.exe"}, mdeDeviceId="a1"),
            typed("deviceEvidence", mdeDeviceId="a1", deviceDnsName="pc.contoso.com", loggedOnUsers=[{"accountName": "j.doe", "domainName": "CONTOSO"}]),
            typed("fileEvidence", fileDetails=image),
            typed("ipEvidence", ipAddress="10.0.0.1"),
            typed("userEvidence", userAccount=account),
            typed("evidenceThatNoPageNames", anything={"else": 1}),
        ],
    }
    assert entities([graph]) == entities([classic])
    assert all(entities([graph]).values())


def test_missing_and_empty_parts_are_no_trouble():
    assert entities([{"evidence": None, "loggedOnUsers": None, "relatedUser": None}, {}])["users"] == []


@pytest.mark.parametrize("odd", [5, True, ["x"], {"x": "y"}, "", [None], [["x"]]])
def test_what_is_of_another_kind_than_it_should_be_is_no_thing(odd):
    names = ("ipAddress", "url", "sha1", "userSid", "accountName", "fileDetails", "userAccount", "loggedOnUsers", "mdeDeviceId", "@odata.type")
    alert = {"relatedUser": odd, "loggedOnUsers": odd, "machineId": odd, "evidence": [None, dict.fromkeys(names, odd)]}
    assert not any(entities([alert]).values())


@pytest.mark.parametrize("odd", [5, "text", {"x": "y"}, ["x"]])
def test_evidence_that_cannot_be_read_is_an_error_for_a_machine_might_be_missing(odd):
    with pytest.raises(BadAnswer, match="da1"):
        entities([{"id": "da1", "evidence": odd}])
