# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app is found by exactly its name, or not at all."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._response.app_find import Name, the_one

NAME = Name(None, "Defender responder")


def row(display_name: str, number: int = 1) -> dict:
    return {"displayName": display_name, "appId": f"app-{number}", "id": f"object-{number}", "createdDateTime": "2026-11-25T03:00:00Z"}


def test_none_is_none():
    assert the_one([], NAME) is None


def test_of_names_that_differ_in_capitals_the_exact_one_is_meant():
    assert the_one([row("defender RESPONDER", 1), row("Defender responder", 2)], NAME)["appId"] == "app-2"


def test_a_name_that_differs_in_capitals_alone_makes_no_second_app():
    with pytest.raises(BadInput, match="differs in capitals alone"):
        the_one([row("defender RESPONDER")], NAME)


def test_of_two_of_one_name_both_are_shown():
    with pytest.raises(BadInput, match=r"not the only .* \(app-1, of 2026-11-25T03:00:00Z\) and .* \(app-2,") as caught:
        the_one([row("Defender responder", 2), row("Defender responder", 1)], NAME)
    assert [one["app_id"] for one in caught.value.details["candidates"]] == ["app-1", "app-2"]
