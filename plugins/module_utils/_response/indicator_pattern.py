# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks through a parsed STIX pattern and takes its equalities, as long as it consists of nothing else."""

from __future__ import annotations

import re
import typing as t

from .._client.text import plain

JOINED_BY_OR = {
    "PatternContext", "ObservationExpressionOrContext", "ObservationExpressionSimpleContext", "ObservationExpressionCompoundContext",
    "ComparisonExpressionContext", "PropTestParenContext",
}
OF_A_PATH = {"ObjectPathContext", "ObjectTypeContext", "FirstPathComponentContext", "KeyPathStepContext"}
WITH_ONE_PART = {"ObservationExpressionsContext", "ObservationExpressionAndContext", "ComparisonExpressionAndContext"}
"""Rules that stand for FOLLOWEDBY and AND when they have more than one part."""
OF_A_LITERAL = {"PrimitiveLiteralContext", "OrderableLiteralContext"}
EQUAL = "PropTestEqualContext"

Equality = tuple[str, tuple[str, ...], str]


class Unsupported(ValueError):
    """The pattern says more than one of the service's indicators can."""


class Walk:
    """A listener in the words of the parser: it is told of every rule that begins, in the order of the text."""

    def __init__(self) -> None:
        self.found: list[Equality] = []

    def enterEveryRule(self, rule: t.Any) -> None:  # noqa: N802  # pylint: disable=invalid-name
        """Take an equality, pass by what surrounds it, refuse the rest."""
        name = type(rule).__name__
        if name == EQUAL and not rule.NOT() and rule.EQ():
            self.found.append(_equality(rule))
        elif name in WITH_ONE_PART and rule.getChildCount() > 1:
            raise Unsupported("it wants several things at once, which no indicator can say")
        elif name not in JOINED_BY_OR | OF_A_PATH | OF_A_LITERAL | WITH_ONE_PART:
            raise Unsupported(f"it says more than equality: {plain(rule.getText())[:100]}")

    def exitEveryRule(self, rule: t.Any) -> None:  # noqa: N802  # pylint: disable=invalid-name
        """The end of a rule tells nothing."""

    def visitTerminal(self, node: t.Any) -> None:  # noqa: N802  # pylint: disable=invalid-name
        """Words are read where their rule begins."""

    def visitErrorNode(self, node: t.Any) -> None:  # noqa: N802  # pylint: disable=invalid-name
        """The parser has refused such a pattern already."""


def equalities(pattern: t.Any) -> list[Equality]:
    """Kind of object, path and value of every equality of a pattern that is nothing but those, joined by OR.

    :raises Unsupported: it is more
    """
    walk = Walk()
    pattern.walk(walk)
    return walk.found


def _equality(rule: t.Any) -> Equality:
    path = rule.objectPath()
    kind, _colon, rest = path.getText().partition(":")
    literal = rule.primitiveLiteral().getText()
    if not literal.startswith("'"):
        raise Unsupported(f"it compares with {plain(literal)[:100]}, which is no text")
    return kind, tuple(_bare(step) for step in re.findall(r"'(?:\\.|[^'\\])*'|[^.']+", rest)), _bare(literal)


def _bare(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith("'") else text
