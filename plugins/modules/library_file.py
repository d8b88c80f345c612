#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep a file in the live response library."""

from __future__ import annotations

DOCUMENTATION = r"""
module: library_file
short_description: Keep a script or a file in the live response library
version_added: 0.1.0
description:
  - Sees to it that the library of live response holds a file with this content, or none of this name. Scripts must lie there before live
    response can run them on a machine, and files before it can put them on one.
  - The hash in the library is compared with that of the content, so a file is sent only when it differs.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  name:
    description:
      - The name in the library, of letters, digits, hyphens, underscores and full stops.
      - Without it the file is called as in O(src).
    type: str
  state:
    description:
      - V(present) uploads the file unless the library holds the same; V(absent) takes it out of the library.
    type: str
    choices: [present, absent]
    default: present
  src:
    description:
      - The file to upload, 20 MB at most. It is read where the task runs.
    type: path
  content:
    description:
      - The text to upload, instead of O(src). It is never shown.
    type: str
  description:
    description:
      - What the file is for, shown in the library. Without it the present one stays.
      - The library changes it only together with the file, which is uploaded again.
    type: str
  parameters_description:
    description:
      - Which parameters a script takes. An empty text says that it takes none; without it the present one stays.
    type: str
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes.writer
  - secops.defender._permissions.library_file
notes:
  - The library belongs to the whole tenant. A file of the same name is replaced, whoever put it there.
seealso:
  - module: secops.defender.library_file_info
  - name: Upload files to the live response library
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/upload-library
"""

EXAMPLES = r"""
- name: Have the triage script of this case at hand
  secops.defender.library_file:
    src: files/triage.ps1
    description: Lists what starts by itself, incident 1126093
    parameters_description: The name of the file to look for

- name: Upload a script that was made for this case
  secops.defender.library_file:
    name: find-note-1126093.ps1
    content: |
      Get-ChildItem C:\Users -Recurse -Filter '{{ note_name }}' -ErrorAction SilentlyContinue

- name: Take it out when the case is closed
  secops.defender.library_file:
    name: find-note-1126093.ps1
    state: absent
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'triage.ps1 is changed: sha256'
library_file:
  description: The record of the file, in the words of the service; in check mode as it would be. Empty when it is absent.
  returned: success
  type: dict
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
drift:
  description: What differed, in the words of the service.
  returned: success
  type: list
  elements: str
  sample: [sha256]
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import library as api
from ..module_utils._module import library
from ..module_utils._module.ensure import ABSENT, PRESENT, Ensure
from ..module_utils._module.run import run

SHAPE = Ensure(
    noun="library_file",
    options={
        "name": {"type": "str"},
        "src": {"type": "path"},
        # A script may hold what nobody should read in a log.
        "content": {"type": "str", "no_log": True},
        "description": {"type": "str"},
        "parameters_description": {"type": "str"},
    },
    describe=library.describe,
    find=library.find,
    put=library.put,
    remove=library.remove,
    operations=(api.LIST, api.UPLOAD, api.DELETE),
    rules={
        "mutually_exclusive": [("src", "content")],
        "required_if": [("state", PRESENT, ("src", "content"), True), ("state", ABSENT, ("name",))],
        "required_by": {"content": "name"},
    },
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
