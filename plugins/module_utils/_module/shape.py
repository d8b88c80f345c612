# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module is, without Ansible: what it takes, which operations it uses, and the work itself."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._operation import Operation

Params = t.Mapping[str, t.Any]
Operations = t.Sequence[Operation]


class Anything:
    """Stands for a value that only the run will know, where a task is read and not run."""


ANYTHING = Anything()


class OneOf(tuple):
    """Stands for one of these values, of which only the run will know which."""


class Shape(t.Protocol):
    """What ``run`` and the permissions pages read of a module.

    ``argument_spec`` holds its own options, to which ``run`` adds the connection; ``rules`` are further arguments
    of ``AnsibleModule``, such as ``mutually_exclusive``. ``operations`` are what it may use in any case,
    ``operations_for`` what it may use only when that option is given, or has that value: ``related`` or ``related=users``.
    """

    @property
    def argument_spec(self) -> t.Mapping[str, t.Any]: ...

    @property
    def rules(self) -> t.Mapping[str, t.Any]: ...

    @property
    def operations(self) -> Operations: ...

    @property
    def operations_for(self) -> t.Mapping[str, Operations]: ...

    def work(self, client: t.Any, params: Params) -> dict[str, t.Any]:
        """Ask ``client.require`` for what this run needs, then do it; neither print nor exit.

        :raises DefenderError: whatever went wrong
        """


@dataclass(frozen=True)
class Task:
    """The shape of a module that has no other.

    One that is ``offline`` gets no client, so nothing to sign in with need be given. ``foretold`` tells which operations a run with these options
    may call where no single option says so; values may be ANYTHING, and BadInput is raised where they say too little.
    """

    work: t.Callable[[t.Any, Params], dict[str, t.Any]]
    argument_spec: t.Mapping[str, t.Any] = field(default_factory=dict)
    rules: t.Mapping[str, t.Any] = field(default_factory=dict)
    operations: Operations = ()
    operations_for: t.Mapping[str, Operations] = field(default_factory=dict)
    offline: bool = False
    foretold: t.Callable[[Params], Operations] | None = None
