# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a file that an option names."""

from __future__ import annotations

from .errors import BadInput
from .settings import Settings


def read_given(settings: Settings, name: str) -> bytes:
    """The content of the file that the option ``name`` leads to.

    :raises BadInput: it cannot be read
    """
    path = getattr(settings, name)
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise BadInput(f"{name} {path} cannot be read: {error.strerror}", hint="Check the path and its permissions where the task runs") from error
