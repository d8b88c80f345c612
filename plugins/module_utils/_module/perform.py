# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the work of a shape with checked options, and says how it ended; the same wherever the task runs."""

from __future__ import annotations

import os
import traceback
import typing as t

from ansible.module_utils.basic import missing_required_lib

from .._client.client import Client, unwatched
from .._client.errors import DefenderError
from .._client.settings import OPTIONS
from .._client.text import plain
from .shape import Shape, Task

DISTRIBUTIONS = {"jwt": "pyjwt[crypto]", "stix2patterns": "stix2-patterns"}
"""Where a library is installed under another name than it is imported by."""


class Ending(t.NamedTuple):
    """How the work ended. ``result`` has ``msg`` where ``failed``; ``warnings`` hold either way."""

    failed: bool
    result: dict[str, t.Any]
    warnings: list[str]


def perform(
    shape: Shape,
    params: t.Mapping[str, t.Any],
    *,
    dry: bool,
    diff: bool,
    watch: t.Callable[[t.Any], None] = unwatched,
    tell: t.Callable[[str], None] | None = None,
) -> Ending:
    """The ending of ``shape.work``. The diff is left out unless somebody asked for it; ``watch`` and ``tell`` are those of the client."""
    warnings: list[str] = []
    client = None
    try:
        if not (isinstance(shape, Task) and shape.offline):
            client = Client.open(params, dry=dry)
            warnings = client.warnings
            client.watch, client.tell = watch, tell
        failed, result = False, {"changed": False, **shape.work(client, params)}
    except DefenderError as error:
        failed, result = True, {**error.as_result(), "msg": plain(error.sentence())}
    except ImportError as error:
        library = (error.name or str(error)).partition(".")[0]
        failed, result = True, {"msg": missing_required_lib(DISTRIBUTIONS.get(library, library)), "exception": traceback.format_exc()}
    finally:
        if client is not None:
            client.close()  # the process may have many more tasks to do
    shown = {name: value for name, value in result.items() if diff or name != "diff"}
    return Ending(failed, shown, [plain(warning) for warning in warnings])


def secrets_of_environment() -> set[str]:
    """Secrets that stand in for options. Ansible hides those among the options by itself, but does not know these."""
    secrets = (os.environ.get(option.wire, "").strip() for option in OPTIONS if option.secret)
    return {secret for secret in secrets if secret}
