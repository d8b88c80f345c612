# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries come from CSV, JSON and STIX; what cannot be read is named by line, and what cannot be looked for by its reason."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_entries import from_file
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_pattern import Unsupported
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_stix import from_bundle, looked_for
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_wanted import Rules, describe
from unit.plugins.modules.playing import run

NOW = dt.datetime(2026, 11, 25, 12, 30, tzinfo=dt.timezone.utc)


def read(tmp_path, name, text):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return from_file(str(path), lambda bundle, content: from_bundle(bundle, content, NOW))


def test_a_table_is_read_with_its_lines(tmp_path):
    text = '\ufeffvalue,title,groups,generate_alert\nevil.example,"two\nlines",a; b,yes\n\nx.example,,,maybe\ny.example\n'
    good, wrong_word, short = read(tmp_path, "f.csv", text).entries
    assert good.given == {"value": "evil.example", "title": "two\nlines", "groups": ["a", "b"], "generate_alert": True}
    assert (good.place, wrong_word.place, short.place) == ("f.csv line 3", "f.csv line 5", "f.csv line 6")
    assert "'maybe'" in wrong_word.fault and "1 cells" in short.fault


def test_lines_and_lists_of_json_are_read(tmp_path):
    text = '{"value": "evil.example", "groups": []}\n[1]\n{"value": 5}\n{"valu": "x"}\n{"value": "a", \n\n'
    entries = read(tmp_path, "f.ndjson", text).entries
    assert entries[0].given == {"value": "evil.example", "groups": []}
    assert [entry.place for entry in entries if entry.fault] == [f"f.ndjson line {number}" for number in (2, 3, 4, 5)]
    assert [entry.given for entry in read(tmp_path, "f.json", '[{"value": "evil.example"}]').entries] == [{"value": "evil.example"}]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("f.csv", "value,colour\n", "'colour'"),
        ("f.csv", "title\n", "no column value"),
        ("f.csv", 'value\n"open\n', "line 2 is not CSV"),
        ("f.csv", b"value\n\xff\n", "not UTF-8 at byte 6"),
        ("f.txt", "evil.example", "does not tell"),
        ("f.json", "{}", "neither"),
        ("f.json", "[" * 100_000, "not JSON"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, name, text, reason):
    with pytest.raises(BadInput, match=reason):
        read(tmp_path, name, text)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("[file:hashes.'SHA-256' = 'aa' OR file:hashes.MD5 = 'bb']", [("FileSha256", "aa"), ("FileMd5", "bb")]),
        ("([url:value = 'http://x.example/\\'a'] OR [ipv6-addr:value = '2001:db8::1'])", [("Url", "http://x.example/'a"), ("IpAddress", "2001:db8::1")]),
        ("[x509-certificate:hashes.'SHA-1' = 'cc']", [("CertificateThumbprint", "cc")]),
        ("[file:hashes.SHA256 = 'aa' OR file:hashes.SHA1 = 'bb']", [("FileSha256", "aa"), ("FileSha1", "bb")]),
    ],
)
def test_equalities_joined_by_or_are_looked_for(pattern, found):
    assert looked_for(pattern) == found


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[url:value != 'a']", "more than equality"),
        ("[url:value NOT = 'a']", "more than equality"),
        ("[url:value LIKE 'a%']", "more than equality"),
        ("[url:value IN ('a', 'b')]", "more than equality"),
        ("[url:value = 'a' AND domain-name:value = 'b']", "several things at once"),
        ("[url:value = 'a'] AND [url:value = 'b']", "several things at once"),
        ("[url:value = 'a'] FOLLOWEDBY [url:value = 'b']", "several things at once"),
        ("[url:value = 'a'] WITHIN 5 SECONDS", "more than equality"),
        ("[url:value = 'a'] REPEATS 5 TIMES", "more than equality"),
        ("[file:name = 'a.exe' OR file:hashes.MD5 = 'b']", "cannot look for file:name"),
        ("[file:size = 5]", "no text"),
        ("[url:value = h'aa']", "no text"),
        ("[domain-name:resolves_to_refs[*].value = '203.0.113.7']", "more than equality"),
        ("[url:value", "cannot be read"),
        (None, "no pattern"),
        ("[" + " OR ".join(["url:value = 'a'"] * 1500) + "]", "too long or too deep"),
        ("(" * 400 + "[url:value = 'a']" + ")" * 400, "too long or too deep"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_pattern_that_says_more_is_left_out_with_the_reason(pattern, reason):
    with pytest.raises(Unsupported, match=reason):
        looked_for(pattern)


def thing(**facts):
    pattern = {"pattern_type": "stix", "pattern": "[url:value = 'http://e.example/']"}
    return {"type": "indicator", "id": "indicator--1", "modified": "2026-01-01T00:00:00Z", **pattern, **facts}


def bundle(*things):
    return from_bundle("b.json", {"type": "bundle", "objects": list(things)}, NOW)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"revoked": True}, "revoked"),
        ({"valid_until": "2026-11-25T12:30:00Z"}, "ended at"),
        ({"valid_from": "2026-11-26T00:00:00.000Z"}, "begins at"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"pattern_type": "yara"}, "yara"),
    ],
)
def test_what_does_not_hold_now_is_left_out_with_the_reason(facts, reason):
    handed = bundle(thing(**facts))
    assert not handed.entries and reason in handed.skips[0].reason


@pytest.mark.parametrize("wrong", [{"labels": 5}, {"labels": "x"}, {"indicator_types": {}}, {"name": []}, {"description": 1}, {"confidence": []}])
def test_a_fact_of_the_wrong_kind_does_not_take_the_bundle_with_it(wrong):
    assert [entry.given["value"] for entry in bundle(thing(**wrong)).entries] == ["http://e.example/"]


def test_of_several_versions_the_newest_counts():
    assert bundle(thing(), thing(modified="2026-02-01T00:00:00Z", revoked=True)).entries == []


def test_hostile_text_of_a_bundle_becomes_one_short_line():
    entry = bundle(thing(name="a\x1b[2J\n" * 500, description="b" * 5000, labels=["x\n"])).entries[0]
    assert "\x1b" not in entry.given["title"] and len(entry.given["title"]) == 200
    assert "\n" not in entry.given["description"] and len(entry.given["description"]) < 1200


@pytest.mark.parametrize(("confidence", "severity"), [(0, "Informational"), (29, "Low"), (30, "Medium"), (100, "High"), (101, None), ("x", None)])
def test_confidence_offers_a_severity(confidence, severity):
    assert bundle(thing(confidence=confidence)).entries[0].offered.get("severity") == severity


def test_of_two_guesses_of_a_severity_the_graver_counts_and_what_is_said_before_both():
    handed = bundle(thing(confidence=20), thing(id="indicator--2", confidence=90))
    for rules, severity in ((Rules(now=NOW, defaults={"action": "Block"}), "High"), (Rules(now=NOW, defaults={"action": "Block", "severity": "Low"}), "Low")):
        described = describe(handed, rules)
        assert not described.refused and [wanted.facts["severity"] for wanted in described.wanted.values()] == [severity]


def test_without_the_library_it_is_named(tmp_path):
    path = tmp_path / "b.json"
    path.write_text(json.dumps({"type": "bundle", "objects": [thing()]}), encoding="utf-8")
    identity = {"tenant_id": "contoso.com", "client_id": "5a1f0e4c-0000-4000-8000-000000000001", "client_secret": "not-a-secret"}
    ended = run("indicators", {**identity, "owner": "x", "src": str(path), "action": "Block"}, first="import sys; sys.modules['stix2patterns'] = None")
    assert ended.result["failed"] and "stix2-patterns" in ended.result["msg"]
