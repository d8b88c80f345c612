# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mirror the checkout, as git sees it, to DEST/ansible_collections/secops/defender and print that folder.

ansible-test needs a real folder of that name, because it resolves links, and a git repository of its own in it, because
it would see nothing in an ignored folder of ours. Files not committed yet are taken too.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

KEPT = (".git", "tests/output")
NAME = pathlib.Path("ansible_collections", "secops", "defender")


def files_of(root: pathlib.Path) -> set[str]:
    """Relative names of everything git tracks or would track."""
    listed = subprocess.check_output(["git", "ls-files", "-coz", "--exclude-standard"], cwd=root, text=True)
    return {name for name in listed.split("\0") if name and os.path.lexists(root / name)}


def remove_strangers(mirror: pathlib.Path, wanted: set[str]) -> None:
    """Take out of the mirror what is no longer in the checkout."""
    for path in sorted(mirror.rglob("*"), reverse=True):
        name = path.relative_to(mirror).as_posix()
        if any(name == kept or name.startswith(f"{kept}/") for kept in KEPT):
            continue
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif name not in wanted:
            path.unlink()


def copy(source: pathlib.Path, target: pathlib.Path) -> None:
    """Bring one file up to date."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        target.unlink(missing_ok=True)
        target.symlink_to(os.readlink(source))
        return
    new = source.stat()
    old = target.stat() if target.exists() else None
    if old is None or (old.st_mtime_ns, old.st_size, old.st_mode) != (new.st_mtime_ns, new.st_size, new.st_mode):
        shutil.copy2(source, target)


def main() -> None:
    """Make or refresh the mirror."""
    root = pathlib.Path(__file__).resolve().parents[1]
    mirror = pathlib.Path(sys.argv[1]).resolve() / NAME
    wanted = files_of(root)
    if len(wanted) < 20:
        sys.exit(f"only {len(wanted)} files in {root}: a proof on this would prove nothing")
    mirror.mkdir(parents=True, exist_ok=True)
    remove_strangers(mirror, wanted)
    for name in sorted(wanted):
        copy(root / name, mirror / name)
    if not (mirror / ".git").exists():
        subprocess.check_call(["git", "init", "--quiet", str(mirror)])
    print(mirror)


if __name__ == "__main__":
    main()
