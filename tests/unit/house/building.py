# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The building as the house tests see it: its files, their syntax trees, its modules and roles."""

from __future__ import annotations

import ast
import functools
import importlib
import subprocess
import typing as t
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
COLLECTION = "secops.defender"
PACKAGE = "ansible_collections.secops.defender.plugins"


@functools.cache
def files() -> tuple[Path, ...]:
    """Everything git tracks or would track."""
    listed = subprocess.check_output(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, text=True)
    return tuple(path for name in sorted(filter(None, listed.split("\0"))) if (path := ROOT / name).is_file())


def name_of(path: Path) -> str:
    """The path as seen from the root, for messages and test names."""
    return path.relative_to(ROOT).as_posix()


def under(*folders: str, suffixes: t.Collection[str] = (".py",)) -> list[Path]:
    """The files below these folders; all folders when none is named."""
    places = tuple(f"{folder}/" for folder in folders)
    return [path for path in files() if path.suffix in suffixes and (not places or name_of(path).startswith(places))]


@functools.cache
def tree(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def nodes(path: Path, kind: type[ast.AST]) -> t.Iterator[t.Any]:
    """All nodes of one kind in a file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, kind))


def imported(path: Path) -> t.Iterator[tuple[int, str]]:
    """Line and dotted name of everything a file imports; what is relative is spelt out from the root."""
    for node in nodes(path, ast.Import):
        yield from ((node.lineno, alias.name) for alias in node.names)
    for node in nodes(path, ast.ImportFrom):
        base = ""
        if node.level:
            base = ".".join(path.relative_to(ROOT).parent.parts[: len(path.relative_to(ROOT).parent.parts) - node.level + 1])
        module = ".".join(filter(None, (base, node.module)))
        yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def modules() -> list[str]:
    """The names of our modules."""
    return [path.stem for path in under("plugins/modules") if path.stem != "__init__"]


def shape_of(module: str) -> t.Any:
    """What the module is, without Ansible."""
    return importlib.import_module(f"{PACKAGE}.modules.{module}").SHAPE


def literal(path: Path, name: str) -> str | None:
    """The text a plugin assigns to DOCUMENTATION, EXAMPLES or RETURN."""
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
            return ast.literal_eval(node.value)
    return None


def roles() -> list[Path]:
    """The folders of our roles."""
    return sorted({ROOT.joinpath("roles", path.relative_to(ROOT / "roles").parts[0]) for path in files() if path.is_relative_to(ROOT / "roles")})


def read_yaml(path: Path) -> t.Any:
    """One YAML file, or None where there is none."""
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
