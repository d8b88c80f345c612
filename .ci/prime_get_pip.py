# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let ansible-test put pip into its bare environments from the package index alone; it wants to download get-pip from elsewhere."""

from __future__ import annotations

import inspect
import pathlib
import re
import sys

from ansible_test._internal import python_requirements

STAND_IN = '''\
import subprocess, sys
# in a process of its own: ensurepip points PIP_CONFIG_FILE at /dev/null
subprocess.check_call([sys.executable, "-m", "ensurepip"], stdout=subprocess.DEVNULL)
options = [a for a in sys.argv[1:] if a not in ("--no-setuptools", "--no-wheel")]
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", *options]))
'''


def main() -> None:
    """Write a stand-in for every get-pip that this ansible-core asks for."""
    versions = set(re.findall(r"pip='([0-9.]+)'", inspect.getsource(python_requirements)))
    if not versions:
        sys.exit("this ansible-core names its pip in a way this script does not know")
    for version in versions:
        path = pathlib.Path.home() / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STAND_IN, encoding="utf-8")


if __name__ == "__main__":
    main()
