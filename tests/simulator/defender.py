# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manners of Defender for Endpoint."""

from __future__ import annotations

import typing as t
import uuid
from collections.abc import Mapping

from . import tenants
from .api import Manners
from .asked import Asked
from .contract import area
from .declared import DEFENDER
from .routes import routes_of
from .seam import Problem


def _nowhere(asked: Asked) -> Problem:
    return Problem(404, "NotFound", f"No resource was found that matches {asked.path}")


def _error(_asked: Asked, problem: Problem, _headers: Mapping[str, str]) -> dict[str, t.Any]:
    """The body of common-errors.md; ``target`` is the id of the call."""
    return {"error": {"code": problem.code, "message": problem.message, "target": str(uuid.uuid4())}}


MANNERS = Manners(
    routes=routes_of(DEFENDER),
    resource=tenants.DEFENDER,
    # A token for Defender XDR is good but its roles are of another resource (exposed-apis-create-app-webapp.md).
    also_good=(tenants.XDR,),
    nowhere=_nowhere,
    error=_error,
    headers=lambda _asked: {},
    codes=area("errors")["codes"],
)
