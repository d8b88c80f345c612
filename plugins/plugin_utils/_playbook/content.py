# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the files that playbooks name: other playbooks, roles and lists of tasks, as Ansible itself looks for them."""

from __future__ import annotations

import importlib
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ansible import constants

SUFFIXES = ("", ".yml", ".yaml", ".json")
MAIN = "main"


@dataclass(frozen=True)
class Role:
    """A role, by the folder it lies in, and the collection that it came with."""

    path: Path
    collection: str | None = None

    def file(self, folder: str, name: str = MAIN) -> Path | None:
        """The file of that name in one of its folders."""
        return existing(self.path / folder, name)


def collection_of(name: str) -> tuple[str, str] | None:
    """The collection and the rest of a full name such as ``secops.defender.contain``; None when it is none."""
    parts = name.split(".")
    if len(parts) < 3 or not all(part.isidentifier() for part in parts):
        return None
    return ".".join(parts[:2]), "/".join(parts[2:])


def folder_of_collection(collection: str) -> Path | None:
    """Where an installed collection lies."""
    try:
        package = importlib.import_module(f"ansible_collections.{collection}")
    except ImportError:
        return None
    return Path(next(iter(package.__path__)))


def collection_around(path: Path) -> str | None:
    """The collection that a file lies in."""
    parts = path.parts
    places = [place for place, part in enumerate(parts[:-3]) if part == "ansible_collections"]
    return ".".join(parts[places[-1] + 1:places[-1] + 3]) if places else None


def find_playbook(name: str, beside: Path) -> Path | None:
    """A playbook by its path, seen from a folder, or by its full name in a collection."""
    found = existing(beside, name, suffixes=("",))
    in_collection = collection_of(name)
    if found or in_collection is None:
        return found
    collection, short = in_collection
    folder = folder_of_collection(collection)
    return existing(folder / "playbooks", short) if folder else None


def find_role(name: str, *, playbooks: Path, collections: t.Sequence[str] = (), sibling: Path | None = None) -> Role | None:
    """A role by its full name, or by its short one in these collections and then in the folders that Ansible searches."""
    in_collection = collection_of(name)
    named = [in_collection] if in_collection else [(collection, name.replace(".", "/")) for collection in collections]
    for collection, short in named:
        folder = folder_of_collection(collection)
        if folder and _is(folder / "roles" / short, Path.is_dir):
            return Role(folder / "roles" / short, collection)
    searched = (playbooks / "roles", *(Path(path) for path in constants.DEFAULT_ROLES_PATH), playbooks, *((sibling,) if sibling else ()))
    return next((Role(folder / name) for folder in searched if _is(folder / name, Path.is_dir)), None)


def find_tasks(name: str, *, here: Path, role: Role | None, folder: str, playbooks: Path) -> Path | None:
    """A list of tasks, seen from the file that names it, then from its role, then from the playbook."""
    of_role = (role.path / folder, role.path) if role else ()
    return next((found for base in (here, *of_role, playbooks, playbooks / "tasks") if (found := existing(base, name, suffixes=("",)))), None)


def existing(folder: Path, name: str, suffixes: t.Sequence[str] = SUFFIXES) -> Path | None:
    return next((path for suffix in suffixes if _is(path := folder / f"{name}{suffix}", Path.is_file)), None)


def _is(path: Path, kind: t.Callable[[Path], bool]) -> bool:
    """Whether there is such a thing; none where it may not be looked for, or where its name is too long for one."""
    try:
        return kind(path)
    except OSError:
        return False
