# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads YAML of Ansible as it is written, with the lines it stands on, and opens nothing that is encrypted."""

from __future__ import annotations

import typing as t
from pathlib import Path

import yaml

from .expression import UNKNOWN
from .known import Verbatim

_SEALED = b"$ANSIBLE_VAULT"
_UNSAFE = "!unsafe"
MOST_BYTES, MOST_VALUES, DEEPEST = 1_000_000, 500_000, 100
"""More than any playbook has. A few lines of aliases make values without end."""


class Sealed(Exception):
    """The file is encrypted as a whole."""


class NotYaml(Exception):
    """The file cannot be read, or not as YAML; the text says why."""


class Lined(dict):
    """A mapping that knows the line it begins on."""

    line = 0


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """What Ansible's own loader reads, but for secrets."""


def _mapping(loader: t.Any, node: yaml.MappingNode) -> t.Iterator[Lined]:
    lined = Lined()
    lined.line = node.start_mark.line + 1
    yield lined
    loader.flatten_mapping(node)
    lined.update(loader.construct_mapping(node))


def _tagged(loader: t.Any, _suffix: str, node: yaml.Node) -> t.Any:
    """A text vaulted inline stays closed, and one that is unsafe is no template."""
    if node.tag == _UNSAFE and isinstance(node, yaml.ScalarNode):
        return Verbatim(loader.construct_scalar(node))
    return UNKNOWN


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_multi_constructor("!", _tagged)


def read(path: Path) -> t.Any:
    """What the file holds.

    :raises Sealed: it is encrypted
    :raises NotYaml: it cannot be read
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotYaml(f"it cannot be read: {error.strerror}") from error
    if content.startswith(_SEALED):
        raise Sealed("it is encrypted")
    if len(content) > MOST_BYTES:
        raise NotYaml(f"it has more than {MOST_BYTES} bytes")
    try:
        held = yaml.load(content, Loader=_Loader)  # noqa: S506 - a safe loader of ours
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise NotYaml("it is not YAML" + (f" from line {mark.line + 1} on" if mark else "")) from error
    except RecursionError as error:
        raise NotYaml("it is nested too deeply") from error
    if _size(held, {}, DEEPEST) > MOST_VALUES:
        raise NotYaml("it is nested too deeply, or its aliases make too much of it")
    return held


def _size(value: t.Any, known: dict[int, int], depth: int) -> int:
    """How many values it holds, those behind an alias at each place they stand in; too many where one holds itself."""
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in known:
        known[id(value)] = MOST_VALUES + 1
        inner = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(each, known, depth - 1) for each in inner) if depth else MOST_VALUES + 1
    return known[id(value)]
