# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the page that lists the library of hunts, from the library itself.

    python tests/unit/house/hunts_page.py > docs/docsite/rst/hunts.rst
"""

from __future__ import annotations

import sys
import textwrap
import typing as t
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "plugins"))

from module_utils._response.hunt import Hunt, Parameter  # noqa: E402
from module_utils._response.hunts import HUNTS  # noqa: E402

HEAD = """\
..
  GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. _ansible_collections.secops.defender.docsite.hunts:

The library of hunts
====================

Queries by purpose, for the option ``hunt`` of :ansplugin:`secops.defender.hunting_query#module`. This page is written from the library itself. How to use
them stands in :ref:`Hunting <ansible_collections.secops.defender.docsite.hunting>`.

Each is bounded in time and answers in order. A parameter without a default must be given; values are checked before anything is asked.

.. contents::
   :local:
   :depth: 1
"""
KINDS = {
    "moment": "a time in UTC, such as ``2026-11-25T03:00:00Z``",
    "whole": "a whole number",
    "texts": "list of texts",
    "hashes": "list of hashes",
    "sha256s": "list of SHA-256",
    "addresses": "list of IP addresses",
    "domains": "list of domains",
    "urls": "list of URLs",
    "senders": "list of addresses of mail, or of domains",
    "machines": "list of ids or names",
}


def page() -> str:
    return "\n".join((HEAD, *(_section(hunt) for hunt in HUNTS.values())))


def _section(hunt: Hunt) -> str:
    return "\n".join(_lines(hunt)) + "\n"


def _lines(hunt: Hunt) -> t.Iterator[str]:
    yield from (hunt.name, "-" * len(hunt.name), "", f"{hunt.purpose}.", "")
    for parameter in hunt.parameters:
        yield f"* ``{parameter.name}``: {_described(parameter)}"
    yield ""
    if hunt.one_of:
        yield from (f"At least one of {', '.join(f'``{name}``' for name in hunt.one_of)} must be given.", "")
    if not hunt.for_any_service:
        yield from ("Not for the classic service.", "")
    yield from (".. code-block:: text", "", textwrap.indent(hunt.query, "    ").rstrip())


def _described(parameter: Parameter) -> str:
    described = f"{parameter.about.rstrip('.')} ({KINDS[parameter.kind]})"
    return f"{described}." if parameter.default in (None, "dynamic([])") else f"{described}; without it ``{parameter.default}``."


if __name__ == "__main__":
    sys.stdout.write(page())
