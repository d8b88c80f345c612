# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets plain pytest import the collection as ansible_collections.secops.defender from a checkout of any name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent

# A CA bundle of the machine would win over the simulator's own CA in every session that trusts the environment.
for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
    os.environ.pop(name, None)


def _collections_path() -> Path:
    """The folder that holds ansible_collections: the checkout's own, or one with a link to it."""
    if ROOT.parts[-3:] == ("ansible_collections", "secops", "defender"):
        return ROOT.parents[2]
    base = ROOT / ".cache" / "pytest"
    link = base / "ansible_collections" / "secops" / "defender"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not (link.is_symlink() and Path(os.readlink(link)) == ROOT):
        fresh = link.with_name(f".{link.name}-{os.getpid()}")  # several workers may do this at once
        fresh.symlink_to(ROOT, target_is_directory=True)
        os.replace(fresh, link)
    return base


def _install_collection() -> None:
    base = str(_collections_path())
    others = os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep)
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = os.pathsep.join([base, *(path for path in others if path and path != base)])

    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader([base])


if "ansible_collections" not in sys.modules:  # ansible-test brings a loader of its own
    _install_collection()


def pytest_collection_modifyitems(items) -> None:
    """Refuse names of cases that change from run to run: workers that run at once would not agree on what there is."""
    changing = [item.nodeid for item in items if " at 0x" in item.nodeid]
    assert not changing, f"give these cases names of their own (ids=...): {changing}"
