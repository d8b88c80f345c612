# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The witness: facts of the services' public pages, written down apart from our own declarations.

``filter`` holds the spellings of the list's page, ``filter_also`` those of the OData page and of the JSON.
``always_send`` marks a body name that no page calls required but for which no default is documented.
``observed`` marks what clients see and no page tells.
"""

from __future__ import annotations

import functools
import typing as t
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
AREAS = (
    "alerts", "machines", "machine_actions", "library", "indicators", "investigations", "observables", "graph", "graph_evidence", "applications",
    "service_principals", "hunting", "xdr", "token", "errors", "clouds", "roles",
)
Facts = dict[str, t.Any]


@functools.cache
def area(name: str) -> t.Any:
    """All that one file holds."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@functools.cache
def endpoints() -> dict[str, Facts]:
    """Endpoint id -> its facts, ``service`` among them."""
    return {
        id_: {"service": area(name)["service"], **facts}
        for name in AREAS
        for id_, facts in area(name).get("endpoints", {}).items()
    }


@functools.cache
def types() -> dict[str, Facts]:
    """Type name -> its fields and a sample."""
    return {name: facts for file in AREAS for name, facts in area(file).get("types", {}).items()}


def hunting_tables() -> dict[str, Facts]:
    """Table of advanced hunting -> its page, its columns with their types in Kusto's words, and whether the classic API has it."""
    return t.cast("dict[str, Facts]", area("hunting_tables")["tables"])


def missing() -> dict[str, str]:
    """Endpoint id -> why our declarations do not have it."""
    return {id_: entry["reason"] for entry in area("missing") for id_ in entry["operations"]}
