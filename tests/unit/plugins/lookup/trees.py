# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks that tests write, and what is told of them."""

from __future__ import annotations

import textwrap

from unit.plugins.lookup.test_lookups import look_up

READ, ISOLATE, HUNT = "Machine.Read.All", "Machine.Isolate", "ThreatHunting.Read.All"


def told(folder, tasks="", *, play="", files=None, **options):
    """The report on a play with these tasks, or with all of what ``play`` says, beside other files."""
    for name, text in {"site.yml": play or tasks_in_play(tasks), **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    (report,) = look_up("playbook_roles", [str(folder / "site.yml")], **options)
    return report


def tasks_in_play(tasks):
    return "- hosts: localhost\n  tasks:\n" + textwrap.indent(textwrap.dedent(tasks), "    ")


def first(groups):
    return {group[0] for group in groups}
