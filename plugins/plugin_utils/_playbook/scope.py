# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of one place in a playbook, as far as they are known before the run."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from .expression import OMITTED, UNDEFINED, UNKNOWN, Mark
from .known import condition, is_template, possible, resolved

Variables = t.Mapping[str, t.Any]

ANY_NAME = "*"
"""Among the names that are made: any may be."""
_OF_ANSIBLE = frozenset(("environment", "group_names", "groups", "hostvars", "inventory_dir", "inventory_file", "item", "playbook_dir", "role_name",
                         "role_path", "vars", "lookup", "query", "q"))
"""Names that are there without anybody giving them a value; those that begin with ansible_ and inventory_hostname are, too."""


class OfRole(dict):
    """The variables of a role. Other places of the play see them as well, in a way that depends on how and when the role is run."""


@dataclass(frozen=True)
class Scope:
    """``stated`` is what the run will be given, and wins over all.

    ``layers`` are the variables of the places around, the nearest last, as they are written. What is written plainly there may be overridden
    when it runs, so it counts only where ``as_written``; a template is followed to what was stated. ``made`` are the names that tasks give a value.
    """

    stated: Variables = field(default_factory=dict)
    as_written: bool = False
    made: frozenset[str] = frozenset()
    of_roles: frozenset[str] = frozenset()
    """Names that roles elsewhere give a value."""
    layers: tuple[Variables, ...] = ()
    bound: Variables = field(default_factory=dict)
    """What a loop gives in this turn."""

    def within(self, *layers: t.Any) -> Scope:
        """The same with these variables nearer."""
        return replace(self, layers=(*self.layers, *(layer for layer in layers if isinstance(layer, dict))))

    def over(self, defaults: t.Any) -> Scope:
        """The same with the defaults of a role behind all else."""
        return replace(self, layers=(defaults, *self.layers)) if isinstance(defaults, dict) else self

    def turn(self, name: str, value: t.Any) -> Scope:
        return replace(self, bound={**self.bound, name: value})

    def known(self, value: t.Any) -> t.Any:
        """``value`` with all of its templates resolved; a Mark stands where that is not possible."""
        return resolved(value, self._look)

    def possible(self, value: t.Any) -> list[t.Any]:
        """What ``value`` may come to."""
        return possible(value, self._look)

    def holds(self, when: t.Any) -> bool | None:
        """Whether the condition holds; None where only the run will know."""
        return condition(when, self._look)

    def _look(self, name: str, behind: frozenset[str] = frozenset()) -> t.Any:
        if name == "omit":
            return OMITTED
        for certain in (self.stated, self.bound):
            if name in certain:
                return _whole(certain[name])
        if name in behind or not self.made.isdisjoint((name, ANY_NAME)):
            return UNKNOWN
        if name in self.of_roles and not any(name in layer for layer in self.layers if isinstance(layer, OfRole)):
            return UNKNOWN
        for layer in reversed(self.layers):
            if name in layer:
                return self._written(layer[name], behind | {name})
        there_anyway = name in _OF_ANSIBLE or name.startswith(("ansible_", "inventory_hostname"))
        return UNDEFINED if self.as_written and not there_anyway else UNKNOWN

    def _written(self, value: t.Any, behind: frozenset[str]) -> t.Any:
        if not (self.as_written or is_template(value)):
            return UNKNOWN
        return _whole(resolved(value, lambda name: self._look(name, behind)))


def _whole(value: t.Any) -> t.Any:
    """``value``, unless a part of it is not known: then nothing can be said of it in an expression."""
    return UNKNOWN if not isinstance(value, Mark) and _has_gaps(value) else value


def _has_gaps(value: t.Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_gaps, value.values()))
    if isinstance(value, list):
        return any(map(_has_gaps, value))
    return isinstance(value, Mark)
