# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine reads literals and compares texts as Kusto does (learn.microsoft.com/kusto/query/scalar-data-types/string)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.simulator.hunting_table import Asking


@pytest.fixture(scope="module")
def asking() -> Asking:
    return Asking()


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (r'"plain"', "plain"),
        (r"'a \"b\" c'", 'a "b" c'),
        ("\"it's\"", "it's"),
        (r'"tab\tnew\nline\\end"', "tab\tnew\nline\\end"),
        (r'"\a\b\f\v\r"', "\a\b\f\v\r"),
        (r'"\x41\u00e9\U0001F4A5"', "Aé💥"),
        (r'"\ud83d\udca5"', "💥"),
        (r'"\101\60\7"', "A0\a"),
        (r'"\0011"', "\x011"),
        ('@"c:\\temp\\new"', "c:\\temp\\new"),
        ('@"say ""no"""', 'say "no"'),
        ("@'it''s'", "it's"),
        ('h"hidden"', "hidden"),
        ("H'hidden'", "hidden"),
        ('h@"c:\\x"', "c:\\x"),
        ("```two\nlines \"and\" \\n```", 'two\nlines "and" \\n'),
        ("~~~old\nway~~~", "old\nway"),
        ("'a' \"b\"", "ab"),
        ("'a''b'", "ab"),
        ('"// no comment"', "// no comment"),
        ('"a" // a comment with a "quote', "a"),
        ("\"'; DROP TABLE held; --\"", "'; DROP TABLE held; --"),
        ("''", ""),
    ],
)
def test_a_literal_is_read_as_kusto_reads_it(asking, literal, value):
    assert asking.value(literal) == value


@pytest.mark.parametrize("literal", [r'"\w"', r'"\8"', r'"\xZ1"', r'"\u12"', r'"\U00110000"', '"two\nlines"', "'open", '@"open', "```open", r'"\"'])
def test_what_is_no_literal_is_refused(asking, literal):
    assert asking.refusal(f"print x = {literal}").startswith("A recognition error occurred.")


def _quoted(text: str) -> str:
    """By the rule of the language alone: what could end a literal or a line is escaped."""
    named = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
    return '"' + "".join(named.get(one, one) for one in text) + '"'


# NUL is left to the literals above: no text of a service has it.
@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
def test_any_text_in_a_literal_stays_that_text(asking, text):
    rows = asking.rows(f"let wanted = {_quoted(text)};\nprint x = wanted | extend same = x == wanted, listed = x in (dynamic([{_quoted(text)}]))")
    assert rows == [{"x": text, "same": True, "listed": True}]


def test_a_long_text_stays_as_it_is(asking):
    text = "ab' | take 1 //\\" * 700
    assert asking.value(_quoted(text)) == text


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('"a" == "A"', False), ('"a" =~ "A"', True), ('"a" != "A"', True), ('"a" !~ "A"', False),
        ('"a" in ("A", "b")', False), ('"a" in~ ("A", "b")', True), ('"a" !in ("A")', True), ('"a" !in~ ("A")', False),
        ('"foo.bar" has "BAR"', True), ('"foobar" has "bar"', False), ('"foo.bar" has_cs "BAR"', False), ('"foobar" !has "bar"', True),
        ('"foobar" contains "OBA"', True), ('"foobar" contains_cs "OBA"', False), ('"50ax" contains "0_"', False), ('"50%x" contains "0%"', True),
        ('"foobar" startswith "FOO"', True), ('"foobar" startswith_cs "FOO"', False), ('"foobar" endswith "BAR"', True),
        ('"one two" has_any ("two", "three")', True), ('"one two" has_all ("two", "three")', False),
        ('"one two" hasprefix "tw"', True), ('"one two" hassuffix "ne"', True),
        ('"abc" matches regex "^a.c$"', True), ('"ABC" matches regex "^a.c$"', False),
        ("5 between (1 .. 5)", True), ("5 !between (1 .. 4)", True), ("0x10 == 16", True), ("7 / 2 == 3", True),
        ("datetime(2026-11-20T12:00:00Z) == now()", True), ("ago(1d) == datetime(2026-11-19 12:00)", True), ("1h == 60m", True),
        ("isempty('')", True), ("isnull(int(null))", True), ("true and not(false)", True), ('dynamic({"a": [1, 2]}).a[1] == 2', True),
    ],
)
def test_texts_numbers_and_times_are_compared_as_kusto_does(asking, condition, holds):
    assert asking.value(condition) is holds


@pytest.mark.parametrize(
    ("expression", "type_", "value"),
    [
        ('"x"', "String", "x"), ("5", "Int64", 5), ("int(5)", "Int32", 5), ("1.5", "Double", 1.5), ("true", "SByte", True),
        ("datetime(2026-11-20 10:00)", "DateTime", "2026-11-20T10:00:00.0000000Z"), ("1d + 2h + 3s", "TimeSpan", "1.02:00:03"),
        ("-90s", "TimeSpan", "-00:01:30"), ("dynamic([1, 'a'])", "Object", [1, "a"]), ("real(nan)", "Double", None), ("int(null)", "Int32", None),
        ("guid(74be27de-1e4e-49d9-b579-fe0b331d3642)", "Guid", "74be27de-1e4e-49d9-b579-fe0b331d3642"),
        ("datetime(2026-11-20T10:00:00.1234567Z)", "DateTime", "2026-11-20T10:00:00.1234560Z"),
    ],
)
def test_each_type_has_its_word_and_its_spelling(asking, expression, type_, value):
    answer = asking.answer(f"print x = {expression}")
    assert (answer.schema("name", "type"), asking.value(expression)) == ([{"name": "x", "type": type_}], value)
