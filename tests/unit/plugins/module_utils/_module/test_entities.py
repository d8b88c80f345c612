# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What alerts name comes out once each, however often and however patchily it is named."""

from __future__ import annotations

from ansible_collections.secops.defender.plugins.module_utils._module.entities import entities

SID = "S-1-5-21-1-2-3-1001"


def evidence(**facts):
    return {"entityType": "Any", **facts}


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
        {"name": "j.doe", "domain": "CONTOSO", "sid": SID, "upn": "j.doe@contoso.com", "aad_user_id": None},
    ]


def test_users_of_one_name_and_two_sids_are_two():
    alert = {"evidence": [evidence(accountName="admin", domainName="PC1", userSid=SID), evidence(accountName="admin", domainName="PC1", userSid=SID + "9")]}
    assert len(entities([alert])["users"]) == 2


def test_a_related_user_may_be_a_mere_text():
    assert entities([{"relatedUser": "j.doe"}])["users"][0]["name"] == "j.doe"


def test_a_file_with_the_same_hash_is_one_file_wherever_it_lies():
    alert = {"evidence": [evidence(sha1="AB", fileName="x.exe", filePath="c:\\a"), evidence(sha1="ab", sha256="cd", fileName="y.exe", filePath="c:\\b")]}
    assert entities([alert])["files"] == [{"sha256": "cd", "sha1": "AB", "name": "x.exe", "path": "c:\\a"}]


def test_files_of_one_name_and_different_hashes_are_two():
    alert = {"evidence": [evidence(sha1="aa", fileName="x.exe", filePath="c:\\a"), evidence(sha1="bb", fileName="x.exe", filePath="c:\\a")]}
    assert len(entities([alert])["files"]) == 2


def test_addresses_and_urls_keep_the_order_of_first_mention():
    alert = {"evidence": [evidence(ipAddress="10.0.0.2"), evidence(url="http://b/"), evidence(ipAddress="10.0.0.1"), evidence(ipAddress="10.0.0.2")]}
    found = entities([alert])
    assert (found["ips"], found["urls"]) == (["10.0.0.2", "10.0.0.1"], ["http://b/"])


def test_missing_and_empty_parts_are_no_trouble():
    assert entities([{"evidence": None, "loggedOnUsers": None, "relatedUser": None}, {}])["users"] == []
