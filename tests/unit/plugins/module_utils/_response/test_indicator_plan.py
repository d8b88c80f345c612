# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out a plan leads to what was wanted, and leaves the indicators of others as they were."""

from __future__ import annotations

import datetime as dt
import itertools

from ansible_collections.secops.defender.plugins.module_utils._response.indicator_entries import from_task
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_owner import marked, taken_apart
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_plan import (
    REMOVE,
    TAKE_OVER,
    WRITTEN,
    Terms,
    by_key,
    is_of_set,
    make_plan,
)
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_wanted import Rules, describe
from hypothesis import given, settings
from hypothesis import strategies as some

NOW = dt.datetime(2026, 11, 25, 12, 30, tzinfo=dt.timezone.utc)
VALUES = ["203.0.113.1", "2001:DB8::1", "Evil.example", "HTTP://Evil.example/A", "a" * 64, "B" * 32]

texts = some.sampled_from([None, "Feed", "a [owner:other] b", "x [owner:other]"])
entries = some.fixed_dictionaries(
    {"value": some.sampled_from(VALUES), "action": some.sampled_from(["Allowed", "Audit", "Warn", "Block"])},
    optional={
        "severity": some.sampled_from(["Low", "High"]), "description": texts, "generate_alert": some.sampled_from([None, True]),
        "groups": some.lists(some.sampled_from(["a", "b"]), unique=True), "expires": some.sampled_from(["2027-01-01T00:00:00Z", "2001-01-01T00:00:00Z"]),
    },
)
sets = some.lists(entries, max_size=8, unique_by=lambda entry: entry["value"])
terms = some.builds(
    Terms, owner=some.just("x"), now=some.just(NOW), days=some.sampled_from([None, 30]), renew_days=some.just(10), watch_hours=some.sampled_from([None, 24]),
    exclusive=some.booleans(), conflicts=some.sampled_from(["fail", "leave", "take_over"]),
)


def described(wanted):
    return describe(from_task(wanted), Rules(now=NOW, defaults={"title": "T"}))


class Tenant:
    """Takes what a plan sends as the pages say: an import creates or updates, and the application stays."""

    def __init__(self) -> None:
        self.rows: dict = {}
        self._ids = itertools.count(1)

    def carry_out(self, steps, now=NOW) -> None:
        for step in steps:
            if step.verdict in WRITTEN:
                before = self.rows.get(step.key, {"id": str(next(self._ids)), "rbacGroupNames": [], "expirationTime": None})
                self.rows[step.key] = {**before, **step.record, "lastUpdateTime": now.isoformat()}
            if step.verdict == REMOVE:
                del self.rows[step.key]

    def keep(self, wanted, terms):
        steps = make_plan(described(wanted), by_key(self.rows.values()), terms)
        self.carry_out(steps)
        return steps


@given(first=sets, others=sets, second=sets, terms=terms)
@settings(max_examples=100, deadline=None)
def test_a_plan_carried_out_is_what_was_wanted(first, others, second, terms):
    tenant = Tenant()
    tenant.keep(others, Terms(owner="other", now=NOW))
    tenant.keep(first, Terms(owner="x", now=NOW))
    foreign = {key: dict(row) for key, row in tenant.rows.items() if is_of_set(row, "other")}

    tenant.keep(second, terms)
    assert not [step for step in make_plan(described(second), by_key(tenant.rows.values()), terms) if step.verdict in (*WRITTEN, REMOVE)]

    wanted = described(second).wanted
    for key, one in wanted.items():
        row = tenant.rows[key]
        if key in foreign and terms.conflicts != TAKE_OVER:
            assert row == foreign[key]
            continue
        assert is_of_set(row, "x")
        assert row["action"] in (one.facts["action"], "Audit") and (terms.watch_hours or row["action"] == one.facts["action"])
        assert row["title"] == "T" and (one.text is None or taken_apart(row["description"]).text == one.text.strip())
    ours = {key for key, row in tenant.rows.items() if is_of_set(row, "x")}
    assert not terms.exclusive or ours <= set(wanted)
    assert {key: row for key, row in tenant.rows.items() if key in foreign and key not in wanted} == {k: v for k, v in foreign.items() if k not in wanted}


@given(text=some.text(max_size=80), owner=some.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True), watched=some.booleans())
def test_a_mark_is_read_as_it_was_written_whatever_the_text_says(text, owner, watched):
    since = NOW if watched else None
    known = taken_apart(marked(text, owner, since))
    assert (known.owner, known.since) == (owner, since and NOW)
    assert known.text == text.strip()


def test_a_value_is_the_same_in_another_spelling():
    tenant = Tenant()
    tenant.keep([{"value": "2001:DB8::1", "action": "Block"}, {"value": "http://EVIL.example/A", "action": "Block"}], Terms(owner="x", now=NOW))
    again = [{"value": "2001:db8:0:0::1", "action": "Block"}, {"value": "HXXP://evil[.]example/A", "action": "Block"}]
    assert [step.verdict for step in tenant.keep(again, Terms(owner="x", now=NOW))] == ["unchanged", "unchanged"]
    assert tenant.rows[("IpAddress", "2001:0db8:0000:0000:0000:0000:0000:0001")]


def test_what_blocks_already_is_not_taken_back_to_watching():
    tenant = Tenant()
    tenant.keep([{"value": "a" * 64, "action": "Warn"}], Terms(owner="x", now=NOW))
    steps = tenant.keep([{"value": "a" * 64, "action": "Block"}], Terms(owner="x", now=NOW, watch_hours=24))
    assert steps[0].record["action"] == "Block"
