#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what the live response library holds."""

from __future__ import annotations

DOCUMENTATION = r"""
module: library_file_info
short_description: Read what the live response library holds
version_added: 0.1.0
description:
  - Lists the scripts and files that live response can use, with their hashes. The content itself cannot be read back.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  name:
    description:
      - The names of the files to look for, to the letter. Without it all are listed.
    type: list
    elements: str
  allow_missing:
    description:
      - Whether to go on when a file that was asked for is not there. RV(not_found) lists those either way.
    type: bool
    default: false
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes
  - secops.defender._permissions.library_file_info
seealso:
  - module: secops.defender.library_file
  - name: List library files
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/list-library-files
"""

EXAMPLES = r"""
- name: See what is in the library
  secops.defender.library_file_info:
  register: library

- name: Find what nobody of this team put there
  ansible.builtin.debug:
    msg: "{{ library.library_files | rejectattr('createdBy', 'in', our_people) | map(attribute='fileName') | list }}"

- name: Make sure that the scripts of the runbook are there before it begins
  secops.defender.library_file_info:
    name: [triage.ps1, triage.sh]
"""

RETURN = r"""
library_files:
  description: The records of the files, in the words of the service.
  returned: success
  type: list
  elements: dict
  contains:
    fileName:
      description: The name.
      type: str
    sha256:
      description: The hash of the content.
      type: str
    description:
      description: What it is for.
      type: str
    creationTime:
      description: When it first came there.
      type: str
    lastUpdatedTime:
      description: When it was last uploaded.
      type: str
    createdBy:
      description: Who uploaded it.
      type: str
    hasParameters:
      description: Whether it takes parameters.
      type: bool
    parametersDescription:
      description: Which.
      type: str
count:
  description: How many there are.
  returned: success
  type: int
  sample: 1
complete:
  description: Whether these are all that fit.
  returned: success
  type: bool
  sample: true
not_found:
  description: What was asked for by its name and is not there.
  returned: success, and failure for this reason
  type: list
  elements: str
  sample: []
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import library as api
from ..module_utils._module.filters import some
from ..module_utils._module.found import Found, missing
from ..module_utils._module.library import shown
from ..module_utils._module.run import run
from ..module_utils._module.shape import Task


def read(client, params):
    """The files that are asked for, in that order, or all."""
    names = None if params["name"] is None else some("name", [name.strip() for name in params["name"]])
    client.require((api.LIST,))
    files = {row["fileName"]: shown(row) for row in client.list(api.LIST)}
    wanted = list(files) if names is None else names
    found = Found([files[name] for name in wanted if name in files], {name: f"no file is called {name}" for name in wanted if name not in files})
    if found.not_found and not params["allow_missing"]:
        raise missing("files", found)
    return {"library_files": found.rows, "count": len(found.rows), "complete": True, "not_found": list(found.not_found)}


SHAPE = Task(
    work=read,
    argument_spec={"name": {"type": "list", "elements": "str"}, "allow_missing": {"type": "bool", "default": False}},
    operations=(api.LIST,),
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
