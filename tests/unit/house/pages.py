# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every piece of YAML that a reader may copy: examples of plugins, code blocks of the guides, playbooks, tasks of roles."""

from __future__ import annotations

import re
import textwrap
import typing as t

import yaml
from unit.house.building import ROOT, literal, name_of, under

MARKDOWN = re.compile(r"^```ya?ml\n(.*?)^```", re.MULTILINE | re.DOTALL)
RESTRUCTURED = re.compile(r"^\.\. code-block:: yaml(?:\+jinja)?\n((?:[ \t]+\S.*\n|[ \t]*\n)+)", re.MULTILINE)


class Page(t.NamedTuple):
    """A piece of YAML and where it stands."""

    place: str
    text: str

    def read(self) -> t.Any:
        """What it says; Ansible's own tags are of no matter here."""
        return yaml.load(self.text, Loader=_AnyTag)  # noqa: S506


class _AnyTag(yaml.SafeLoader):
    pass


_AnyTag.add_multi_constructor("!", lambda loader, _suffix, node: loader.construct_scalar(node))


def every_page() -> list[Page]:
    """All of them, in order of their files."""
    return [
        *(Page(name_of(path), text) for path in under("plugins") if (text := literal(path, "EXAMPLES"))),
        *_blocks(MARKDOWN, under(suffixes=(".md",))),
        *_blocks(RESTRUCTURED, under(suffixes=(".rst",))),
        *(Page(name_of(path), path.read_text(encoding="utf-8")) for path in under("playbooks", "roles", suffixes=(".yml", ".yaml"))),
    ]


def _blocks(pattern: re.Pattern[str], paths) -> t.Iterator[Page]:
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for found in pattern.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            # Options of a block, such as :caption:, stand before its first empty line.
            body = re.sub(r"\A(?:[ \t]+:[\w-]+:.*\n)+", "", found.group(1))
            yield Page(f"{path.relative_to(ROOT).as_posix()}:{line}", textwrap.dedent(body))


def mappings(value: t.Any, key: str | None = None) -> t.Iterator[tuple[str | None, dict]]:
    """Every mapping in it, however deep, with the key it stands under."""
    if isinstance(value, dict):
        yield key, value
        for name, inner in value.items():
            yield from mappings(inner, name)
    if isinstance(value, list):
        for inner in value:
            yield from mappings(inner, key)


def strings(value: t.Any) -> t.Iterator[str]:
    """Every string in it, however deep."""
    if isinstance(value, str):
        yield value
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    if isinstance(value, list):
        for inner in value:
            yield from strings(inner)
