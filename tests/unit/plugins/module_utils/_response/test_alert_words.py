# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both services' words for a thing are one word of ours, and what is sent is the right name of each."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import alerts, graph_alerts, incidents
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._response import alert_words as words


def choices(operation, name):
    return set(next(field.choices for field in operation.body_fields if field.name == name))


@pytest.mark.parametrize("operation", [graph_alerts.UPDATE, incidents.UPDATE], ids=lambda operation: operation.id)
def test_graph_is_sent_names_that_it_takes(operation):
    assert {words.graphs("determination", word) for word in words.DETERMINATIONS} < choices(operation, "determination")
    assert {words.graphs("classification", word) for word in words.FITTING} < choices(operation, "classification")


def test_our_words_are_those_of_the_classic_service():
    assert set(words.DETERMINATIONS) - set(words.ALSO_CALLED) == choices(alerts.UPDATE, "determination")
    assert set(words.FITTING) == choices(alerts.UPDATE, "classification")


@pytest.mark.parametrize(
    ("prop", "shown", "word"),
    [
        ("determination", "compromisedAccount", "CompromisedUser"),
        ("determination", "CompromisedUser", "CompromisedUser"),
        ("determination", "Clean", "NotMalicious"),
        ("determination", "confirmedUserActivity", "ConfirmedActivity"),
        ("determination", "notEnoughDataToValidate", "InsufficientData"),
        ("determination", "unknown", None),
        ("determination", "NotAvailable", None),
        ("classification", "informationalExpectedActivity", "InformationalExpectedActivity"),
        ("classification", None, None),
        ("status", "inProgress", "InProgress"),
        ("status", "redirected", "Redirected"),
        ("severity", "unknown", "UnSpecified"),
        ("severity", "brandNew", "brandNew"),
        ("severity", 5, None),
    ],
)
def test_a_word_of_either_service_is_one_of_ours(prop, shown, word):
    assert words.ours(prop, shown) == word


def test_what_is_sent_comes_back_as_what_was_meant():
    for prop, known in words.GRAPH.items():
        assert {words.ours(prop, words.graphs(prop, word)) for word in known} == set(known)


@pytest.mark.parametrize("determination", ["Clean", "NotMalicious", "NotEnoughDataToValidate", "Other"])
def test_a_pair_may_be_spelt_either_way(determination):
    words.check_verdict("FalsePositive", determination)


def test_a_pair_that_is_not_legal_is_refused():
    with pytest.raises(BadInput, match="CompromisedAccount does not go with the classification FalsePositive"):
        words.check_verdict("FalsePositive", "CompromisedAccount")
