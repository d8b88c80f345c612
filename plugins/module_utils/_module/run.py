# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a shape as an Ansible module; the only place that exits."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .perform import perform, secrets_of_environment
from .shape import Shape
from .spec import CONNECTION


def run(shape: Shape) -> None:
    """Do the work of ``shape`` with the options of this task, and exit with its result."""
    module = AnsibleModule(argument_spec={**CONNECTION, **shape.argument_spec}, supports_check_mode=True, **shape.rules)
    module.no_log_values.update(secrets_of_environment())
    ending = perform(shape, module.params, dry=module.check_mode, diff=module._diff)  # pylint: disable=protected-access
    for warning in ending.warnings:
        module.warn(warning)
    if ending.failed:
        module.fail_json(**ending.result)
    module.exit_json(**ending.result)
