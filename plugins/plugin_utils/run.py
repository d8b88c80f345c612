# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a shape in the controller's own process; the twin of the modules' run, with the same contract."""

from __future__ import annotations

import datetime
import json
import typing as t
from collections.abc import Mapping

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError

from ..module_utils._client.client import unwatched
from ..module_utils._module.perform import perform, secrets_of_environment
from ..module_utils._module.shape import Shape
from ..module_utils._module.spec import CONNECTION


def run_here(
    shape: Shape,
    name: str,
    args: t.Mapping[str, t.Any],
    *,
    dry: bool,
    diff: bool,
    watch: t.Callable[[t.Any], None] = unwatched,
    tell: t.Callable[[str], None] | None = None,
) -> dict[str, t.Any]:
    """The result that the module ``name`` would give, secrets removed in the same way; ``watch`` and ``tell`` are those of the client."""
    validated = ArgumentSpecValidator({**CONNECTION, **shape.argument_spec}, **shape.rules).validate(_bare(args))
    params = validated.validated_parameters
    secrets = validated._no_log_values | secrets_of_environment()  # pylint: disable=protected-access
    if validated.error_messages:
        result: dict[str, t.Any] = {"failed": True, "msg": _complaint(name, validated)}
        warnings: list[str] = []
    else:
        ending = perform(shape, params, dry=dry, diff=diff, watch=watch, tell=tell)
        result = {**ending.result, **({"failed": True} if ending.failed else {})}
        warnings = ending.warnings
    if warnings:
        result["warnings"] = warnings
    result["invocation"] = {"module_args": params}
    return _without(secrets, json.loads(json.dumps(result)))


def _complaint(name: str, validated: t.Any) -> str:
    """What is wrong with the options, in the words of AnsibleModule."""
    message = validated.error_messages[0]
    if isinstance(validated.errors[0], UnsupportedError):
        return f"Unsupported parameters for ({name}) module: {message}"
    return message


def _without(secrets: set[str], result: dict[str, t.Any]) -> dict[str, t.Any]:
    """As AnsibleModule does it: a secret that looks like true or nothing must not eat a flag."""
    kept = {key: value for key, value in result.items() if value is None or isinstance(value, bool)}
    return {**remove_values(result, secrets), **kept}


def _bare(value: t.Any) -> t.Any:
    """``value`` as JSON would carry it to a module: without tags, and what is vaulted inline opened.

    :raises AnsibleError: a kind of value that no option takes
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _bare(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_bare(entry) for entry in value]
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (datetime.date, datetime.time)):  # what YAML makes of a moment without quotes
        return value.isoformat()
    if hasattr(value, "data"):  # a text vaulted inline, on ansible-core before 2.19
        return str(value)
    raise AnsibleError(f"an option cannot be of the type {type(value).__name__}")
