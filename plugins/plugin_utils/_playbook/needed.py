# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads playbooks, roles and names of modules to the end: what a run of them may need."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from pathlib import Path

from ...module_utils._client.errors import BadInput
from ...module_utils._module.needs import operations_of
from .content import find_playbook
from .findings import Findings, Spot
from .place import Place
from .scope import Scope, Variables
from .sources import Sources
from .walk import Walk

NAMED_FOR_ITSELF = Spot(None, 0)


@dataclass(frozen=True)
class Wanted:
    """``extra_vars`` are the variables that the run will be given; with ``as_written`` all others have the values that are written in playbooks and roles."""

    playbooks: t.Sequence[str] = ()
    roles: t.Sequence[str] = ()
    modules: t.Sequence[str] = ()
    extra_vars: Variables = field(default_factory=dict)
    as_written: bool = False


def findings(wanted: Wanted, folders: t.Sequence[Path]) -> Findings:
    """All that is found, playbooks and roles being looked for in ``folders``.

    :raises BadInput: a playbook is not there, or there is no such module
    """
    playbooks = [_playbook(name, folders) for name in wanted.playbooks]
    names: tuple[frozenset[str], frozenset[str]] = frozenset(), frozenset()
    kept: dict[Path, t.Any] = {}
    while True:
        found = Findings()
        walk = Walk(found, Sources(found, kept))
        scope = Scope(wanted.extra_vars, wanted.as_written, *names)
        for path in playbooks:
            walk.playbook(path, scope)
        for name in wanted.roles:
            walk.role(name, Place(folders[0], folders[0], scope), NAMED_FOR_ITSELF)
        # A task or a role may give a value to a name that has decided already, before it was met.
        more = names[0] | found.made, names[1] | found.of_roles
        if more == names:
            break
        names = more
    for name in wanted.modules:
        found.use(name, NAMED_FOR_ITSELF, operations_of(name))
    return found


def _playbook(name: str, folders: t.Sequence[Path]) -> Path:
    found = next((path for folder in folders if (path := find_playbook(name, folder))), None)
    if found is None:
        where = " and ".join(map(str, folders))
        raise BadInput(f"There is no playbook {name}", hint=f"Give its path, from {where}, or its full name in a collection that is installed")
    return found
