# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that say where files from machines are kept."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that fetches files."""

    DOCUMENTATION = r"""
options:
  dest:
    description:
      - The folder for the files, on the machine where the task runs. Its parent must be there; the folder itself is made, for its owner
        alone, with the first file.
      - The name of a file is made from the ids of machine and action, so nobody who names machines or files has a say in where it lands.
        A file is readable for its owner alone, is there whole or not at all, and never takes the place of a file of other content.
      - Beside each file lies its SHA-256 in a file whose name ends in C(.sha256), which C(sha256sum --check) takes.
    type: path
  max_file_size:
    description:
      - A file that is larger is not kept. The suffixes K, M and G are understood.
    type: bytes
    default: 2G
notes:
  - Files come from another host than the API, over HTTPS. The firewall and the proxy must allow the hosts of Azure storage in the region of the tenant.
  - The link to a file is a secret. It is asked for, used at once without any token, and forgotten; it is in no result, log or error.
  - A file that could not be fetched leaves its machine V(pending). Hand RV(action_ids) to a later run, which fetches what is missing and nothing twice.
"""
