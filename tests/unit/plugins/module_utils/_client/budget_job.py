# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One job of several on a node: threads that read a machine again and again; options come in as JSON, what it saw goes out as JSON."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.secops.defender.plugins.module_utils._api.machines import GET
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from


class QuickClock:
    """A clock whose minutes are as short as those of the simulator."""

    time = staticmethod(time.time)

    def __init__(self, scale: float) -> None:
        self._scale = scale

    def monotonic(self) -> float:
        return time.monotonic() / self._scale

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds * self._scale)


def main() -> None:
    asked = json.load(sys.stdin)
    client = Client(settings_from(asked["connection"]), clock=QuickClock(asked["scale"]))
    waits = []

    def read(_turn: int) -> None:
        began = client.clock.monotonic()
        client.call(GET, machine_id=asked["machine_id"])
        waits.append(client.clock.monotonic() - began)

    with ThreadPoolExecutor(asked["threads"]) as pool:
        list(pool.map(read, range(asked["calls"])))
    json.dump({"warnings": client.warnings, "longest": max(waits)}, sys.stdout)


if __name__ == "__main__":
    main()
