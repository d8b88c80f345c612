# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The investigations of the world under attack, all from before 2026-09-01, when they ended (MC1411577)."""

from __future__ import annotations

from collections.abc import Mapping

from .records import Record, machine_id


def investigations(machines: Mapping[str, Record]) -> list[Record]:
    fin, sales, dev, kiosk = (machines[machine_id(key)] for key in ("fin-07", "sales-05", "dev-04 before", "old-kiosk"))
    return [
        _investigation("63004", "da639172843640000000_1011995739", sales, "2026-06-17T09:12:44Z", "2026-06-17T10:02:05Z", "SuccessfullyRemediated"),
        _investigation("63127", "da639210192100000000_-2090715321", dev, "2026-07-30T14:40:10Z", "2026-07-31T02:11:38Z", "PartiallyRemediated"),
        _investigation("63350", "da639228963310000000_540020311", fin, "2026-08-21T08:05:31Z", "2026-08-21T08:31:02Z", "Benign"),
        _investigation(
            "63401", "da639238134000000000_77120944", kiosk, "2026-08-31T22:50:00Z", "2026-09-01T00:00:00Z", "TerminatedBySystem",
            statusDetails="The investigation was ended by the system",
        ),
    ]


def _investigation(id_: str, alert: str, on: Record, began: str, ended: str, state: str, **special: str) -> Record:
    return {
        "id": id_, "startTime": began, "endTime": ended, "state": state, "cancelledBy": None, "statusDetails": None,
        "machineId": on["id"], "computerDnsName": on["computerDnsName"], "triggeringAlertId": alert, **special,
    }
