# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a shape as an Ansible module; the only place that exits."""

from __future__ import annotations

import os
import traceback
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._client.client import Client
from .._client.errors import DefenderError
from .._client.settings import OPTIONS
from .._client.text import plain
from .shape import Shape
from .spec import CONNECTION

DISTRIBUTIONS = {"jwt": "pyjwt[crypto]"}
"""Where a library is installed under another name than it is imported by."""


def run(shape: Shape) -> t.NoReturn:
    """Do the work of ``shape`` with the options of this task, and exit with its result."""
    module = AnsibleModule(argument_spec={**CONNECTION, **shape.argument_spec}, supports_check_mode=True, **shape.rules)
    _hide_secrets_of_environment(module)
    try:
        client = Client.open(module.params, dry=module.check_mode)
        result = _work(module, shape, client)
    except DefenderError as error:
        module.fail_json(**_shown(module, {**error.as_result(), "msg": plain(error.sentence())}))
    except ImportError as error:
        library = (error.name or str(error)).partition(".")[0]
        module.fail_json(msg=missing_required_lib(DISTRIBUTIONS.get(library, library)), exception=traceback.format_exc())
    module.exit_json(**_shown(module, {"changed": False, **result}))


def _work(module: AnsibleModule, shape: Shape, client: Client) -> dict[str, t.Any]:
    try:
        return shape.work(client, module.params)
    finally:
        for warning in client.warnings:
            module.warn(plain(warning))


def _shown(module: AnsibleModule, result: dict[str, t.Any]) -> dict[str, t.Any]:
    """The result without the diff that nobody asked for."""
    wanted = module._diff  # pylint: disable=protected-access
    return {name: value for name, value in result.items() if wanted or name != "diff"}


def _hide_secrets_of_environment(module: AnsibleModule) -> None:
    """Ansible hides the secrets among the options by itself, but does not know those that stand in for options."""
    secrets = (os.environ.get(option.wire, "").strip() for option in OPTIONS if option.secret)
    module.no_log_values.update(filter(None, secrets))
