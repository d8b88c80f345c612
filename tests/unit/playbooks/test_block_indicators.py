# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report becomes a block: looked at first, sent once, and shown as the text that it is."""

from __future__ import annotations

REPORT = {"block_indicators_case": "1126093", "block_indicators_values": "evil[.]example, 203.0.113.99"}
IMPORT = "indicator.import"


def imports(held) -> int:
    return len([row for row in held.tenant.journal(service="defender") if row["operation"] == IMPORT])


def test_a_check_sends_nothing_and_a_second_run_changes_nothing(every_action):
    every_action.tenant.lock()
    status, log = every_action.play("block_indicators.yml", REPORT, "--check")
    assert status == 0 and "evil[.]example: would be made" in log, log
    every_action.tenant.lock(False)
    status, log = every_action.play("block_indicators.yml", REPORT)
    assert status == 0 and "203[.]0[.]113[.]99: made" in log, log
    status, log = every_action.play("block_indicators.yml", REPORT)
    assert status == 0 and "changed=0" in log and imports(every_action) == 1, log


def test_a_report_may_mix_hashes_with_names(every_action):
    sha1, sha256 = "f5b4deff7e0b7bb0512a0c2d058f4130c1830a38", "bc69b4539e00890f23853610b09156fe202029b21b4262121852e7f0fb551c53"
    report = {"block_indicators_case": "8", "block_indicators_values": f"evil[.]example, {sha1}, {sha256}, 10.20.3.44"}
    status, log = every_action.play("block_indicators.yml", report)
    assert f"{sha1}: made" in log and f"{sha256}: made" in log and "evil[.]example: made" in log, log
    assert status == 2 and "1 value(s) are not as they were asked for, for the reasons above" in log
    # Each reason once when it is planned and once when it is over.
    assert log.count("10.20.3.44 is an address of inside") == 2, log


def test_what_a_report_says_is_not_carried_out(every_action):
    feed = every_action.folder / "feed.csv"
    text = "{{ lookup('pipe', 'touch " + str(every_action.folder / "carried_out") + "') }}"
    feed.write_text(f'value,title\nevil.example,"{text}"\n"{text}\x1b[2J",Feed\n', encoding="utf-8")
    status, log = every_action.play("block_indicators.yml", {"block_indicators_case": "7", "block_indicators_src": str(feed)})
    assert status == 2 and "feed.csv line 3" in log and "\x1b[2J" not in log, log
    assert not (every_action.folder / "carried_out").exists() and imports(every_action) == 1
