# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manners that every file keeps, so that whoever opens one is at home."""

from __future__ import annotations

import ast
import re

import pytest
from unit.house.building import literal, name_of, nodes, tree, under

PYTHON = [path for path in under() if path.read_text(encoding="utf-8").strip()]
PLUGINS = under("plugins")
EXITS = ("fail_json", "exit_json")
THE_ONE_EXIT = "plugins/module_utils/_module/run.py"
BRANCHES = {
    "plugins/module_utils/_client/client.py": "a call that changes something is not sent",
    "plugins/module_utils/_module/rows_file.py": "a file is not written",
    "plugins/module_utils/_response/ledger.py": "the ledger is read and not written",
    "plugins/module_utils/_response/pipeline.py": "nothing is asked for, so there is nothing to spread or to wait for",
}
"""Where check mode may be asked for, and why there."""
LONGEST = 250


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_a_file_opens_with_one_sentence(path):
    opening = (ast.get_docstring(tree(path)) or "").split("\n\n")[0]
    assert opening.endswith("."), "no sentence"
    assert not re.search(r"[.!?]\s+[A-Z]", opening), "more than one"
    assert " and also " not in opening, "split the file"


@pytest.mark.parametrize("path", under(suffixes=(".py", ".yml", ".yaml", ".toml")), ids=name_of)
def test_a_file_says_its_licence(path):
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or "SPDX-License-Identifier: GPL-3.0-or-later" in "\n".join(text.splitlines()[:4])


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_annotations_are_not_evaluated(path):
    assert [node for node in nodes(path, ast.ImportFrom) if node.module == "__future__"]


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_a_file_is_short(path):
    pages = (literal(path, name) or "" for name in ("DOCUMENTATION", "EXAMPLES", "RETURN"))
    lines = path.read_text(encoding="utf-8").count("\n") - sum(page.count("\n") for page in pages)
    assert lines <= LONGEST


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_an_except_says_what_it_expects(path):
    too_broad = [
        node.lineno
        for node in nodes(path, ast.ExceptHandler)
        if not _cleans_up_only(node)
        and (node.type is None or {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} & {"Exception", "BaseException"})
    ]
    assert not too_broad


def _cleans_up_only(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@pytest.mark.parametrize("path", PLUGINS, ids=name_of)
def test_no_decision_rests_on_the_text_of_an_error(path):
    lines = [
        compared.lineno
        for handler in nodes(path, ast.ExceptHandler)
        if handler.name
        for compared in ast.walk(handler)
        if isinstance(compared, ast.Compare) and _reads_text_of(handler.name, compared)
    ]
    assert not lines


def _reads_text_of(error: str, compared: ast.Compare) -> bool:
    for node in ast.walk(compared):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str":
            if any(isinstance(name, ast.Name) and name.id == error for name in ast.walk(node)):
                return True
        if isinstance(node, ast.Attribute) and node.attr in ("args", "message", "msg"):
            if isinstance(node.value, ast.Name) and node.value.id == error:
                return True
    return False


@pytest.mark.parametrize("path", [path for path in PLUGINS if name_of(path) != THE_ONE_EXIT], ids=name_of)
def test_only_run_exits(path):
    assert not [node.lineno for node in nodes(path, ast.Attribute) if node.attr in EXITS]


@pytest.mark.parametrize("path", [path for path in PLUGINS if name_of(path) not in BRANCHES], ids=name_of)
def test_check_mode_is_asked_for_only_where_something_would_change(path):
    tests = [node.test for kind in (ast.If, ast.IfExp, ast.While, ast.Assert) for node in nodes(path, kind)]
    words = {
        word
        for test in tests
        for node in ast.walk(test)
        for word in (getattr(node, "attr", None), getattr(node, "id", None))
        if word in ("check_mode", "_ansible_check_mode", "dry", "dry_run")
    }
    assert not words
