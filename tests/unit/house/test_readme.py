# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first page names all that is here, and nothing that is not."""

from __future__ import annotations

import re

import pytest
from unit.house.building import ROOT, modules, roles, under

CELL = re.compile(r"^\| (.+?) \|", re.MULTILINE)
WORD = re.compile(r"`([\w.]+)`")


def held() -> dict[str, set[str]]:
    """By the head of its table, what there is."""
    plugins = {path.stem for folder in ("lookup", "filter") for path in under(f"plugins/{folder}")}
    return {
        "Module": set(modules()),
        "Role": {role.name for role in roles()},
        "[Playbook](playbooks/README.md)": {path.name for path in (ROOT / "playbooks").glob("*.yml")},
        "Lookup or filter": plugins - {"__init__"},
    }


def named(head: str, page: str = "README.md") -> set[str]:
    """What the table with this head names in its first column."""
    text = (ROOT / page).read_text(encoding="utf-8")
    _before, found, rest = text.partition(f"| {head} |")
    assert found, f"there is no table {head!r}"
    table = rest.partition("\n\n")[0]
    return {word for cell in CELL.findall(table) for word in WORD.findall(cell)}


@pytest.mark.parametrize("head", held())
def test_the_first_page_names_all_that_is_here(head):
    assert named(head) == held()[head]


def test_the_page_of_the_playbooks_names_them_all():
    assert named("playbook", "playbooks/README.md") == held()["[Playbook](playbooks/README.md)"]


@pytest.mark.parametrize("path", under("docs/docsite/rst", suffixes=(".rst",)), ids=lambda path: path.stem)
def test_every_guide_is_linked_from_the_first_page_and_stands_in_the_table_of_contents(path):
    assert f"docs/docsite/rst/{path.name}" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"- {path.stem}\n" in (ROOT / "docs/docsite/extra-docs.yml").read_text(encoding="utf-8")
