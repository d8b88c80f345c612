# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing to an alert, whichever service is asked to."""

from __future__ import annotations

import datetime as dt
import typing as t
from collections.abc import Mapping

from .clock import stamp
from .rows import Row
from .world import World


def written(world: World, id_: str, fields: Mapping[str, t.Any], *, now: dt.datetime) -> Row:
    """Fields in the words of Defender for Endpoint; what is left out stays."""
    resolved = {"resolvedTime": stamp(now)} if fields.get("status") == "Resolved" else {}
    return world.all_alerts.shelf(id_).write(id_, **{**fields, **resolved, "lastUpdateTime": stamp(now)})


def commented(world: World, id_: str, comment: str, *, by: str, now: dt.datetime) -> Row:
    """A comment is added to those that are there."""
    before = t.cast(Row, world.all_alerts.get(id_))["comments"]
    note = {"comment": comment, "createdBy": by, "createdTime": stamp(now)}
    return written(world, id_, {"comments": [*before, note]}, now=now)
