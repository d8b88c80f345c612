# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is committed is at home anywhere: it does not name the place where it was written."""

from __future__ import annotations

import re

import pytest
from unit.house.building import ROOT, files, name_of

TEXTS = [path for path in files() if path.name != "LICENSE"]


def neighbours() -> list[str]:
    """This checkout and what lies beside it, as absolute paths."""
    if len(ROOT.parts) < 3:
        return [str(ROOT)]
    return [str(path) for path in ROOT.parent.iterdir() if not path.name.startswith(".")]


HERE = re.compile("|".join(re.escape(path) + r"(?![\w.-])" for path in neighbours()))
TICKETS = re.compile(r"\bissues? #?\d+\b", re.IGNORECASE)


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_no_path_of_this_machine_is_named(path):
    assert HERE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_no_ticket_is_named(path):
    assert TICKETS.findall(path.read_text(encoding="utf-8")) == []
