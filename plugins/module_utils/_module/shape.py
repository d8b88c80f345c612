# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module is, as data: what it takes, which operations it uses, and the work itself."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._operation import Operation

Params = t.Mapping[str, t.Any]
Operations = t.Tuple[Operation, ...]


@dataclass(frozen=True)
class Shape:
    """One module, without Ansible.

    ``work(client, params)`` returns the result and raises :class:`DefenderError`; it neither prints nor exits.
    ``rules`` are the further arguments of ``AnsibleModule``, such as ``mutually_exclusive``.

    ``operations`` are used always, ``operations_for`` when the option is given. ``operations_for_some`` are used for
    some values of the option only: there ``work`` itself asks ``client.require`` before the first call.
    """

    work: t.Callable[[t.Any, Params], dict[str, t.Any]]
    argument_spec: t.Mapping[str, t.Mapping[str, t.Any]]
    operations: Operations = ()
    operations_for: t.Mapping[str, Operations] = field(default_factory=dict)
    operations_for_some: t.Mapping[str, Operations] = field(default_factory=dict)
    rules: t.Mapping[str, t.Any] = field(default_factory=dict)

    def operations_used(self, params: Params) -> Operations:
        """What a run with these options surely calls."""
        used = dict.fromkeys(self.operations)
        for option, operations in self.operations_for.items():
            if params.get(option):
                used.update(dict.fromkeys(operations))
        return tuple(used)

    def operations_at_most(self) -> Operations:
        """All that any run may call."""
        used = dict.fromkeys(self.operations)
        for operations in (*self.operations_for.values(), *self.operations_for_some.values()):
            used.update(dict.fromkeys(operations))
        return tuple(used)
