# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks through playbooks, their roles and their lists of tasks, and runs nothing."""

from __future__ import annotations

import typing as t
from dataclasses import replace
from pathlib import Path

from .content import MAIN, collection_around, existing, find_playbook, find_role, find_tasks
from .expression import UNKNOWN, Mark
from .findings import Findings, Spot
from .known import is_template
from .module_use import module_of, operations_of_task
from .place import HANDLERS, TASKS, Place, listed
from .scope import ANY_NAME, Scope
from .sources import Sources
from .written import FREE_FORM, Unclear, Written, written

BLOCK = ("block", "rescue", "always")
PARTS = ("pre_tasks", TASKS, "post_tasks", HANDLERS)
IMPORTED_PLAYBOOK = ("import_playbook", "ansible.builtin.import_playbook")
OF_AN_ENTRY = ("role", "name", "when", "vars", "tags")
"""What is no parameter in an entry of ``roles``."""


class Walk:
    def __init__(self, found: Findings, sources: Sources) -> None:
        self._found = found
        self._sources = sources

    def playbook(self, path: Path, scope: Scope, named_at: Spot | None = None, above: tuple[Path, ...] = ()) -> None:
        own = collection_around(path)
        place = Place(path, path.parent, scope, collections=(own,) if own else (), above=(*above, path))
        for play in self._sources.entries(path, named_at or Spot(path, 1)):
            imported = next((name for name in IMPORTED_PLAYBOOK if isinstance(play, dict) and name in play), None)
            if not isinstance(play, dict):
                self._unresolved(place.spot(play), "it is no play")
            elif imported:
                self._import_playbook(play[imported], play, place.within(play))
            else:
                self._play(play, place)

    def role(self, name: str, place: Place, spot: Spot, begins: t.Mapping[str, t.Any] | None = None, params: t.Any = None) -> None:
        """All that a role may do; ``begins`` holds ``tasks_from`` and its like."""
        role = find_role(name, playbooks=place.playbooks, collections=place.collections, sibling=place.role.path.parent if place.role else None)
        if role is None:
            self._unresolved(spot, f"the role {name} is not there")
            return
        start = {folder: (begins or {}).get(f"{folder}_from") or MAIN for folder in (TASKS, HANDLERS, "defaults", "vars")}
        if any(isinstance(each, Mark) for each in start.values()):
            self._unresolved(spot, f"the role {name}: only the run knows from where")
            return
        files = {folder: role.file(folder, str(start[folder])) for folder in start}
        if files[TASKS] is None and start[TASKS] != MAIN:
            self._unresolved(spot, f"the role {name} has no tasks {start[TASKS]}")
        meta = self._sources.variables(role.file("meta"))
        defaults, variables = (self._sources.of_role(role, folder, files[folder]) for folder in ("defaults", "vars"))
        own = (role.collection,) if role.collection else ()
        inside = replace(
            place, role=role, scope=place.scope.over(defaults).within(variables, params), collections=(*own, *listed(meta.get("collections"))),
        )
        if role.path not in place.above:  # roles that depend on each other
            self._roles(meta.get("dependencies"), replace(inside, file=role.file("meta") or place.file, above=(*place.above, role.path)), spot)
        for folder in (TASKS, HANDLERS):
            if file := files[folder]:
                self._tasks_file(file, replace(inside, folder=folder), spot)

    def _import_playbook(self, name: t.Any, play: t.Any, place: Place) -> None:
        known, spot = place.scope.known(name), place.spot(play)
        path = find_playbook(known, place.playbooks) if isinstance(known, str) else None
        if place.never(play):
            self._left_out(spot, play)
        elif path is None:
            self._unresolved(spot, _missing("playbook", name, known))
        elif path not in place.above:
            self.playbook(path, place.scope, spot, place.above)

    def _play(self, play: t.Any, place: Place) -> None:
        self._found.made.update(str(prompt.get("name")) for prompt in listed(play.get("vars_prompt")) if isinstance(prompt, dict))
        inside = place.within(play)
        files = (self._vars_file(name, inside) for name in listed(play.get("vars_files")))
        inside = replace(inside, scope=inside.scope.within(*files))
        self._roles(play.get("roles"), inside, place.spot(play))
        for part in PARTS:
            self._tasks(play.get(part), replace(inside, folder=HANDLERS if part == HANDLERS else TASKS))

    def _vars_file(self, name: t.Any, place: Place) -> dict[str, t.Any]:
        """What a file of variables says. One that only the run can name says nothing here, as the inventory does not."""
        names = (place.scope.known(each) for each in listed(name))
        places = ((folder, known) for known in names if isinstance(known, str) for folder in (place.playbooks, place.playbooks / "vars"))
        return self._sources.variables(next((path for folder, known in places if (path := existing(folder, known, suffixes=("",)))), None))

    def _roles(self, roles: t.Any, place: Place, otherwise: Spot) -> None:
        for entry in listed(roles):
            lines = entry if isinstance(entry, dict) else {"role": entry}
            name, spot = lines.get("role", lines.get("name")), place.spot(entry) if isinstance(entry, dict) else otherwise
            inside = place.within(lines)
            known = inside.scope.known(name)
            if inside.never(lines):
                self._left_out(spot, lines)
            elif not isinstance(known, str):
                self._unresolved(spot, _missing("role", name, known))
            else:
                self.role(known, inside, spot, params={key: value for key, value in lines.items() if key not in OF_AN_ENTRY})

    def _tasks_file(self, path: Path, place: Place, named_at: Spot) -> None:
        if path not in place.above:  # a list that leads to itself does nothing new
            self._tasks(self._sources.entries(path, named_at), replace(place, file=path, above=(*place.above, path)))

    def _tasks(self, tasks: t.Any, place: Place) -> None:
        for lines in listed(tasks):
            if not isinstance(lines, dict):
                self._unresolved(place.spot(lines), "it is no task")
            elif any(part in lines for part in BLOCK):
                self._block(lines, place.within(lines))
            else:
                self._task(lines, place.within(lines))

    def _block(self, lines: t.Any, place: Place) -> None:
        if place.never(lines):
            self._left_out(place.spot(lines), lines)
            return
        for part in BLOCK:
            self._tasks(lines.get(part), place)

    def _task(self, lines: t.Any, place: Place) -> None:
        turns = list(place.turns(lines))
        if not turns:
            self._left_out(place.spot(lines), lines)
        try:
            task = written(lines)
            if turns:
                self._keep_names(task, lines)
            for turn in turns:
                self._do(task, lines, turn)
        except Unclear as unclear:
            self._unresolved(place.spot(lines), str(unclear))

    def _keep_names(self, task: Written, lines: t.Any) -> None:
        """Remember what the run gives a value."""
        self._found.made.update(map(str, listed(lines.get("register"))))
        if task.builtin == "set_fact":
            is_clear = task.options is not UNKNOWN and FREE_FORM not in task.options and not any(map(is_template, task.options))
            self._found.made.update(map(str, task.options) if is_clear else [ANY_NAME])
        if task.builtin == "include_vars":
            self._found.made.add(ANY_NAME)

    def _do(self, task: Written, lines: t.Any, place: Place) -> None:
        """One turn of a task.

        :raises Unclear: it cannot be told what it does
        """
        action, spot = place.scope.known(task.action), place.spot(lines)
        if not isinstance(action, str):
            raise Unclear(_missing("action", task.action, action))
        task = replace(task, action=action)
        if task.builtin in ("include_tasks", "import_tasks"):
            name, known = _named(task, place, "file")
            path = find_tasks(known, here=place.file.parent, role=place.role, folder=place.folder, playbooks=place.playbooks)
            if path is None:
                raise Unclear(_missing("list of tasks", name, known))
            self._tasks_file(path, place, spot)
        elif task.builtin in ("include_role", "import_role"):
            self.role(_named(task, place, "name", "role")[1], place, spot, begins=place.scope.known(task.options))
        elif module := module_of(task, place):
            self._found.use(module, spot, operations_of_task(module, task, place))

    def _left_out(self, spot: Spot, lines: t.Mapping[str, t.Any]) -> None:
        self._found.left_out[spot, f"never when {lines['when']}" if "when" in lines else "its loop is empty"] = None

    def _unresolved(self, spot: Spot, reason: str) -> None:
        self._found.unresolved[spot, reason] = None


def _named(task: Written, place: Place, *options: str) -> tuple[t.Any, str]:
    """What a task names, as written and as known.

    :raises Unclear: it names nothing, or only the run knows what
    """
    given = task.options if isinstance(task.options, dict) else {}
    name = next((given[option] for option in (*options, FREE_FORM) if option in given), None)
    known = place.scope.known(name)
    if not isinstance(known, str):
        raise Unclear(_missing(task.builtin, name, known))
    return name, known


def _missing(what: str, name: t.Any, known: t.Any) -> str:
    return f"the {what} {name} is not there" if isinstance(known, str) else f"the {what} {name}: only the run knows which"
