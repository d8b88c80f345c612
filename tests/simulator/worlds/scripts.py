# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library that most worlds begin with: two scripts for Windows and one for the others."""

from __future__ import annotations

import datetime as dt

from ..library import Library, LibraryFile

BY = "analyst@contoso.com"

AUTORUNS = b"""# Lists what starts by itself.
Write-Output "SecurityHealth C:\\Windows\\System32\\SecurityHealthSystray.exe"
Write-Output "Teams C:\\Program Files\\Teams\\Teams.exe"
"""
TRIAGE = b"""# Looks for a file by name: Args is the name.
Write-Output "looking for $args"
Write-Output "done"
"""
TRIAGE_SH = b"""#!/bin/sh
# Looks for a file by name: the argument is the name.
echo "looking for $@"
echo "done"
"""


def library(now: dt.datetime) -> Library:
    made = now - dt.timedelta(days=90)
    return Library([
        LibraryFile("autoruns.ps1", AUTORUNS, made, made, BY, description="Lists what starts by itself"),
        LibraryFile("triage.ps1", TRIAGE, made, made, BY, parameters_description="Name of the file", has_parameters=True),
        LibraryFile("triage.sh", TRIAGE_SH, made, made, BY, parameters_description="Name of the file", has_parameters=True),
    ])
