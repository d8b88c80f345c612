# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be said of a template before the run: its value, or that only the run will know."""

from __future__ import annotations

import typing as t

import jinja2
from jinja2 import nodes

from .expression import UNKNOWN, Look, Mark, value_of


class Verbatim(str):
    """A text that is no template, whatever it holds."""


_SYNTAX = jinja2.Environment(autoescape=False)  # noqa: S701 - it renders nothing


def is_template(value: t.Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Verbatim) and ("{{" in value or "{%" in value)


def resolved(value: t.Any, look: Look) -> t.Any:
    """``value`` with every template in it replaced by what is known of it."""
    if isinstance(value, dict):
        return {key: resolved(entry, look) for key, entry in value.items()}
    if isinstance(value, list):
        return [resolved(entry, look) for entry in value]
    return _rendered(value, look) if is_template(value) else value


def possible(value: t.Any, look: Look) -> list[t.Any]:
    """What a template may come to: the sides of a choice that only the run will make, or what is known of it."""
    node = _expression(value)
    if isinstance(node, nodes.CondExpr) and node.expr2 is not None and value_of(node.test, look) is UNKNOWN:
        return [value_of(side, look) for side in (node.expr1, node.expr2)]
    return [resolved(value, look)]


def condition(value: t.Any, look: Look) -> bool | None:
    """Whether what ``when`` says holds; None where only the run will know."""
    if isinstance(value, list):
        each = [condition(entry, look) for entry in value]
        return False if False in each else None if None in each else True
    if value is None:
        return True
    if isinstance(value, str) and not is_template(value):
        value = f"{{{{ {value} }}}}"
    found = resolved(value, look)
    if isinstance(found, bool):
        return found
    # Texts and numbers are taken one way or another by the version of ansible-core.
    return False if found in ("", None) or found == [] else None


def _rendered(text: str, look: Look) -> t.Any:
    parts = _parts(text)
    if parts is None:
        return UNKNOWN
    values = [node.data if isinstance(node, nodes.TemplateData) else value_of(node, look) for node in parts]
    if len(values) == 1:
        return values[0]
    return UNKNOWN if any(isinstance(value, Mark) for value in values) else "".join(map(str, values))


def _expression(value: t.Any) -> nodes.Node | None:
    """The one expression that a template consists of."""
    parts = _parts(value) if is_template(value) else None
    return parts[0] if parts and len(parts) == 1 else None


def _parts(text: str) -> list[nodes.Node] | None:
    """Text and expressions; None where there are statements between them, or what is no Jinja."""
    try:
        body = _SYNTAX.parse(text).body
    except (jinja2.TemplateSyntaxError, RecursionError):
        return None
    if not all(isinstance(part, nodes.Output) for part in body):
        return None
    return [node for part in body for node in t.cast(nodes.Output, part).nodes if not _is_blank(node)]


def _is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TemplateData) and not node.data.strip()
