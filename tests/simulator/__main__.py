# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: a simulated tenant on this machine, until it is stopped."""

from __future__ import annotations

import argparse
import json
import os
import typing as t
from pathlib import Path

from . import server, tls, worlds
from .app import App
from .certificates import Folder, write_private
from .identity_host import IDENTITY_HEADER
from .settings import Settings
from .state import Simulator
from .tenants import IDENTITIES, PFX_PASSPHRASE, TENANT_ID

ROOT = Path(__file__).resolve().parents[2]
STATE_DIR = ROOT / ".cache" / "simulator"
READY = "ready.json"


def main() -> None:
    asked = _arguments()
    folder = Folder(asked.state_dir.absolute())
    settings = Settings(latency_ms=asked.latency_ms, rate_limits=asked.rate_limits, tenants=asked.tenants)
    world_settings = {} if asked.action_seconds is None else {"action_seconds": asked.action_seconds}
    simulator = Simulator(folder, settings=settings, world_settings=world_settings)
    try:
        simulator.load(asked.world)
    except worlds.UnknownWorld as unknown:
        raise SystemExit(f"--world: {unknown}") from None
    try:
        sockets = server.listen(asked.host, asked.port)
        plain = server.listen(asked.host, 0)
    except OSError as trouble:
        raise SystemExit(f"--port: {asked.port} at {asked.host} cannot be had ({trouble.strerror}); name another, or 0 for any that is free") from None
    (folder.path / READY).unlink(missing_ok=True)
    name = "localhost" if asked.host in ("127.0.0.1", "::1") else asked.host
    facts = _facts(simulator, f"https://{name}:{sockets[0].getsockname()[1]}", f"http://{name}:{plain[0].getsockname()[1]}")

    def ready() -> None:
        write_private(folder.path / READY, json.dumps(facts, indent=2).encode())
        print(_said(facts, folder, simulator) if asked.parent_pid is None else f"simulator ready at {facts['url']}", flush=True)

    context = tls.server_context(folder)
    server.serve(App(simulator), sockets=sockets, plain=plain, context=context, ready=ready, parent=asked.parent_pid)
    (folder.path / READY).unlink(missing_ok=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description="A simulated Defender tenant with its login host")
    parser.add_argument("--world", default="five_machines", help=f"{', '.join(worlds.WORLDS)}, or large:N (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument("--state-dir", type=Path, default=STATE_DIR, help="keys and ready.json; a restart keeps them")
    parser.add_argument("--latency-ms", type=float, default=0, help="what every answer waits")
    parser.add_argument("--no-rate-limits", dest="rate_limits", action="store_false")
    parser.add_argument("--tenants", type=int, default=1, help="how many there are, each with the same apps and a world of its own")
    parser.add_argument("--action-seconds", type=float, help="from a machine action's request to its success")
    parser.add_argument("--parent-pid", type=int, help="end when this process is gone")
    return parser.parse_args()


def _facts(simulator: Simulator, url: str, identity_url: str) -> dict[str, t.Any]:
    """What ready.json says."""
    return {
        "url": url,
        "login_url": url,
        "api_url": url,
        "graph_url": url,
        "ca_path": tls.ca_path(simulator.folder),
        "pid": os.getpid(),
        "tenant_id": TENANT_ID,
        "tenant_ids": [tenant.id for tenant in simulator.tenants()],
        "apps": {app.name: _credentials(app, simulator.folder) for app in simulator.apps.values()},
        "identity_url": identity_url,
        "identity_header": IDENTITY_HEADER,
        "identities": {
            one.name: {"client_id": one.client_id, "object_id": one.object_id, "resource_id": one.resource_id} for one in IDENTITIES
        },
    }


def _credentials(app: t.Any, folder: Folder) -> dict[str, t.Any]:
    known = {"client_id": app.client_id, "client_secret": app.secret}
    if app.certificate is None:
        return known
    return {
        **known,
        "certificate_path": str(app.certificate.path),
        "certificate_thumbprint": app.certificate.sha1,
        "pfx_path": str(folder.pfx(app.certificate, PFX_PASSPHRASE)),
        "pfx_passphrase": PFX_PASSPHRASE,
    }


def _said(facts: dict[str, t.Any], folder: Folder, simulator: Simulator) -> str:
    """How a person uses it."""
    name = "responder" if simulator.world.apps is None else min(simulator.world.apps)
    app = facts["apps"][name]
    proof = "certificate_path" if "certificate_path" in app else "client_secret"
    return f"""\
The simulator is ready, with the world {simulator.world.name}. Ctrl-C ends it. To use it, in another shell:

  export DEFENDER_LOGIN_URL={facts['login_url']}
  export DEFENDER_API_URL={facts['api_url']}
  export DEFENDER_GRAPH_URL={facts['graph_url']}
  export DEFENDER_CA_PATH={facts['ca_path']}
  export DEFENDER_TENANT_ID={facts['tenant_id']}
  export DEFENDER_CLIENT_ID={app['client_id']}
  export DEFENDER_{proof.upper()}={app[proof]}

The app is "{name}". Its secret and the other apps (reader, nobody, expired, ...) stand in
{folder.path / READY}"""


if __name__ == "__main__":
    main()
