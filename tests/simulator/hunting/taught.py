# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that responders use and the KQL library has not, or takes too lightly."""

from __future__ import annotations

from dataclasses import dataclass, replace

from duckdb_kql.translate.functions import AGGREGATE_FUNCTIONS, SCALAR_FUNCTIONS, AggregateSpec, FunctionSpec

SCALARS = {
    # Kusto says when a row came in; here that is when it happened.
    "ingestion_time": (0, '"Timestamp"'),
    "url_decode": (1, "url_decode({0})"),
    "url_encode": (1, "url_encode({0})"),
    "ipv4_is_private": (
        1,
        r"CASE WHEN regexp_full_match({0}, '\d+\.\d+\.\d+\.\d+') THEN regexp_matches({0}, '^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)') END",
    ),
}
SETS = {
    "make_set": (1, AGGREGATE_FUNCTIONS["make_set"].template),
    "make_set_if": (2, "to_json(coalesce(list_distinct(list({0}) FILTER (WHERE ({1}) AND {0} IS NOT NULL)), []))"),
}
LISTS = {
    "make_list": (1, AGGREGATE_FUNCTIONS["make_list"].template),
    "make_list_if": (2, "coalesce(list({0}) FILTER (WHERE ({1}) AND {0} IS NOT NULL), [])"),
}
"""Name -> how many arguments stand before the greatest size, which the library ignores; its SQL."""


@dataclass(frozen=True)
class AtMost(AggregateSpec):
    """An aggregate that may be told how long its list may be."""

    before: int = 1

    def render(self, args: list[str]) -> str:
        if len(args) not in (self.before, self.before + 1):
            raise ValueError(f"{self.name}() takes {self.before} or {self.before + 1} arguments, got {len(args)}")
        whole = self.template.format(*args[: self.before])
        return whole if len(args) == self.before else f"list_slice({whole}, 1, {args[self.before]})"


def teach() -> None:
    """Once, before the first query."""
    for name, (arguments, template) in SCALARS.items():
        SCALAR_FUNCTIONS[name] = FunctionSpec(name, "template", template, (arguments,))
    for prefix, taught in (("set", SETS), ("list", LISTS)):
        for name, (before, template) in taught.items():
            known = AtMost(name=name, template=template, name_prefix=prefix, before=before)
            # A set is made as JSON, of which no part can be taken as of a list.
            AGGREGATE_FUNCTIONS[name] = replace(known, template=f"CAST({template} AS JSON[])") if prefix == "set" else known


teach()
