# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Ansible asks for a connection: the argument spec that every module shares."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from ansible.module_utils.common.parameters import env_fallback
from ansible.module_utils.errors import AnsibleFallbackNotFound

from .._client.settings import OPTIONS, Settings
from .._client.ways import ONLY_WITH_A_CERTIFICATE, WAYS_TO_SIGN_IN
from .._operation import Field

# Of these the environment has no say when the task names another way, which only ``settings_from`` can know.
LEFT_TO_SETTINGS = ("client_id", *WAYS_TO_SIGN_IN, *ONLY_WITH_A_CERTIFICATE)

_DEFAULTS = {entry.name: entry.default for entry in dataclasses.fields(Settings)}


def from_environment(variable: str) -> str:
    """The fallback of an option: the variable's value, where an empty one counts as not set.

    :raises AnsibleFallbackNotFound: as Ansible's own fallbacks do
    """
    if not os.environ.get(variable, "").strip():
        raise AnsibleFallbackNotFound
    return env_fallback(variable)


def _argument(option: Field) -> dict[str, t.Any]:
    # no_log is always said: Ansible warns about names such as token_cache when it is left out.
    argument: dict[str, t.Any] = {"type": "path" if option.name.endswith("_path") else option.type, "no_log": option.secret}
    if option.choices:
        argument["choices"] = list(option.choices)
    if option.name in LEFT_TO_SETTINGS:
        return argument  # without a default, too: that would look as if the task had given it
    if _DEFAULTS[option.name] is not None:
        argument["default"] = _DEFAULTS[option.name]
    argument["fallback"] = (from_environment, [option.wire])
    return argument


CONNECTION = {option.name: _argument(option) for option in OPTIONS}
