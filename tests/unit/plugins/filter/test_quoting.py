# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No value ends the literal that it was put into."""

from __future__ import annotations

import re

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.defender.plugins.filter import kql_quote, odata_quote
from hypothesis import given
from hypothesis import strategies as st

HOSTILE = st.text(st.sampled_from(list("\"'\\`|;@/*\n\r\t\u2028\u2029\x00\x85abu09 é\U0001f600")), max_size=40) | st.text(max_size=40)
KQL_LITERAL = re.compile(r'"(?:[^"\\\n\r]|\\["\'\\nrt]|\\u[0-9a-f]{4})*"')
ODATA_LITERAL = re.compile(r"'(?:[^']|'')*'", re.DOTALL)
NAMED = {"n": "\n", "r": "\r", "t": "\t"}


def read_kql(literal: str) -> str:
    """What the service reads, by the escapes of the language."""

    def spelt_out(found: re.Match[str]) -> str:
        return chr(int(found[1][1:], 16)) if found[1][0] == "u" else NAMED.get(found[1], found[1])

    text = re.sub(r"\\(u[0-9a-f]{4}|.)", spelt_out, literal[1:-1])
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


@given(HOSTILE)
def test_a_literal_of_a_query_is_whole_and_means_the_text(text):
    literal = kql_quote.quoted(text)
    assert KQL_LITERAL.fullmatch(literal) and literal.isprintable()
    assert read_kql(literal) == text


@given(HOSTILE)
def test_a_literal_of_a_filter_is_whole_and_means_the_text(text):
    literal = odata_quote.quoted(text)
    assert ODATA_LITERAL.fullmatch(literal)
    assert literal[1:-1].replace("''", "'") == text


@pytest.mark.parametrize(
    "text, literal",
    [
        ("winupd32.exe", '"winupd32.exe"'),
        ("x' or 1==1 //", '"x\' or 1==1 //"'),
        ('x" | take 1', '"x\\" | take 1"'),
        ("C:\\Temp\\", '"C:\\\\Temp\\\\"'),
        ("one\ntwo\u202e", '"one\\ntwo\\u202e"'),
    ],
)
def test_a_literal_of_a_query_reads_well(text, literal):
    assert kql_quote.quoted(text) == literal


@pytest.mark.parametrize("quoted", [kql_quote.quoted, odata_quote.quoted])
@pytest.mark.parametrize("value", [["a"], None, 7, {"a": 1}])
def test_what_is_no_text_is_refused(quoted, value):
    with pytest.raises(AnsibleFilterError, match="takes a text"):
        quoted(value)
