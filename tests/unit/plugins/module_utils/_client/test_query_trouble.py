# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a hunting query was not answered is told apart."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api.hunting import GRAPH_RUN, MDE_RUN
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    Ended,
    QueryRejected,
    ResultTooLarge,
    ServiceError,
    Throttled,
    TooCostly,
    Unreachable,
)
from ansible_collections.secops.defender.plugins.module_utils._client.no_answer import READ_TIMEOUT
from ansible_collections.secops.defender.plugins.module_utils._client.query_trouble import told_apart


@pytest.mark.parametrize(
    ("status", "said", "kind", "hint"),
    [
        (400, "'where' operator: Failed to resolve table or column expression named 'Nope'", QueryRejected, "names of tables"),
        (400, "Query execution has exceeded the allowed result size. Optimize your query by limiting the amount of results", ResultTooLarge, "project"),
        (400, "Query execution has exceeded the allowed limits. The query execution was preempted.", TooCostly, "has instead of contains"),
        (400, "Query stopped due to excessive resource consumption.", TooCostly, "filters on Timestamp"),
        (400, "words that nobody has seen yet", QueryRejected, "syntax"),
        (504, "", TooCostly, "shorter timespan"),
        (413, "", ServiceError, "Split the lists"),
    ],
)
def test_failures_of_a_query_are_told_apart(status, said, kind, hint):
    failure = told_apart(GRAPH_RUN, ServiceError(f"The service answered {status}: {said}", status=status, code="BadRequest", request_id="1", hint="x"))
    assert failure.__class__ is kind
    assert hint in failure.hint and said in failure.msg
    assert (failure.status, failure.code, failure.request_id) == (status, "BadRequest", "1")


def test_silence_for_too_long_is_a_query_too_costly():
    assert isinstance(told_apart(MDE_RUN, Unreachable("x", code=READ_TIMEOUT)), TooCostly)


@pytest.mark.parametrize("error", [Throttled("x", status=429), ServiceError("x", status=500), Unreachable("x", code="tls")])
def test_other_failures_stay_what_they_are(error):
    assert told_apart(GRAPH_RUN, error) is error


def test_a_service_that_is_gone_has_ended():
    failure = told_apart(MDE_RUN, ServiceError("x", status=410))
    assert isinstance(failure, Ended) and "service to graph" in failure.hint
