# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells which application permissions playbooks need, from the playbooks themselves."""

from __future__ import annotations

DOCUMENTATION = r"""
name: playbook_roles
short_description: Tell which application permissions playbooks need, from the playbooks themselves
version_added: 0.1.0
description:
  - Reads playbooks with all that they import and include, finds every task that uses a module of this collection, and works out the application
    permissions that these may need, and no more than that.
  - Runs nothing, signs in nowhere, and opens no file that is encrypted. It runs on the controller.
  - What an option needs is counted where a task gives that option. What only one value needs is counted with that value, and with every value that only
    the run will know, such as a template.
  - What it cannot tell is in the result under C(unresolved), and warned about. As long as that is not empty, more may be needed.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  _terms:
    description:
      - Playbooks, by their path, seen from the folder of the playbook that is running and then from where you stand, or by their full name in a collection,
        as in V(secops.defender.respond_to_incident).
    type: list
    elements: str
  roles:
    description:
      - Roles of Ansible to read as well, by their name, as in V(secops.defender.contain).
    type: list
    elements: str
    default: []
  modules:
    description:
      - Modules of this collection that the run uses besides, as P(secops.defender.required_roles#lookup) takes them.
    type: list
    elements: str
    default: []
  extra_vars:
    description:
      - Variables that the run will be given, with their values. A task whose C(when) they rule out is not counted, and is named under C(left_out).
      - Give only what holds for every run of the app, since nothing else is looked at.
    type: dict
    default: {}
  as_written:
    description:
      - Whether all other variables have the value that is written in the playbooks and roles, their defaults included, and none where there is no such value.
      - The inventory, group_vars, host_vars and files whose names only the run knows are not looked at, so state in O(extra_vars) what they say.
      - Without it a variable that is not in O(extra_vars) may have any value, because the inventory, the command line and encrypted files may give it one.
      - What tasks register or set during the run may have any value in both cases.
    type: bool
    default: false
notes:
  - A lookup gives a list; take the C(first) of it.
  - What P(secops.defender.token#module) or the role C(access) is told to demand is not counted, as it calls nothing.
  - Requests that other modules send to the service, such as those of P(ansible.builtin.uri#module), are not seen.
  - Of C(module_defaults) options that are written out are counted. A template there is taken to hold the connection and nothing else.
seealso:
  - plugin: secops.defender.required_roles
    plugin_type: lookup
  - module: secops.defender.token
"""

EXAMPLES = r"""
- name: Work out what the app for incidents needs, when it collects no evidence
  ansible.builtin.set_fact:
    needed: "{{ lookup('secops.defender.playbook_roles', 'secops.defender.respond_to_incident', extra_vars={'respond_collect': false}) }}"

- name: Say so
  ansible.builtin.debug:
    msg: "Grant {{ needed.defender | map('first') | join(', ') }} of WindowsDefenderATP"

- name: Stop when something could not be told
  ansible.builtin.assert:
    that: needed.unresolved | length == 0
    fail_msg: "{{ needed.unresolved }}"

- name: Prove before the first call that the token is good for the playbooks of this project
  secops.defender.token:
    required_roles: "{{ lookup('secops.defender.playbook_roles', 'site.yml', 'nightly/hunts.yml').defender }}"
"""

RETURN = r"""
_raw:
  description:
    - One dictionary.
    - Groups of roles are as P(secops.defender.required_roles#lookup) gives them. One role out of every group is needed; the first is the least privileged one.
  type: list
  elements: dict
  contains:
    defender:
      description: The groups of roles of WindowsDefenderATP that are needed.
      type: list
      elements: list
    graph:
      description: The groups of roles of Microsoft Graph that are needed.
      type: list
      elements: list
    read:
      description: What an identity needs with which only those tasks sign in that change nothing, with C(defender) and C(graph).
      type: dict
    act:
      description: What an identity needs for the tasks that may change something. They read as well, before and after.
      type: dict
    modules:
      description:
        - Every use of a module of this collection, with C(module), C(file), C(line), whether it C(acts), and the C(defender) and C(graph) groups it needs.
      type: list
      elements: dict
    left_out:
      description: What never runs by the variables that were given, with C(file), C(line) and C(reason).
      type: list
      elements: dict
    unresolved:
      description: What could not be told, with C(file), C(line) and C(reason). A name that is a template, a file or a role that is not there, and so on.
      type: list
      elements: dict
    encrypted:
      description: Encrypted files that were met and not opened.
      type: list
      elements: str
  sample:
    - defender: [[Machine.Read.All, Machine.ReadWrite.All], [Machine.Isolate]]
      graph: []
      read: {defender: [[Machine.Read.All, Machine.ReadWrite.All]], graph: []}
      act: {defender: [[Machine.Read.All, Machine.ReadWrite.All], [Machine.Isolate]], graph: []}
      modules: []
      left_out: []
      unresolved: []
      encrypted: []
"""

from pathlib import Path

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ..module_utils._client.errors import DefenderError
from ..module_utils._client.text import plain
from ..plugin_utils._playbook.needed import Wanted, findings

SHOWN = 3
"""How many of those that could not be told a warning names."""


class LookupModule(LookupBase):
    """The lookup as Ansible calls it."""

    def run(self, terms, variables=None, **kwargs):
        self.set_options(var_options=variables, direct=kwargs)
        wanted = Wanted([str(term) for term in terms], **{name: self.get_option(name) for name in ("roles", "modules", "extra_vars", "as_written")})
        if not (wanted.playbooks or wanted.roles or wanted.modules):
            raise AnsibleError("secops.defender.playbook_roles needs a playbook, or something in roles or modules")
        beside = (variables or {}).get("playbook_dir")
        try:
            report = findings(wanted, [Path(folder) for folder in (beside, Path.cwd()) if folder]).report()
        except DefenderError as error:
            raise AnsibleError(plain(error.sentence())) from error
        _warn(report["unresolved"])
        return [report]


def _warn(unresolved):
    if unresolved:
        named = "; ".join(f"{each['file']}:{each['line']}: {each['reason']}" for each in unresolved[:SHOWN])
        more = f", and {len(unresolved) - SHOWN} more" if len(unresolved) > SHOWN else ""
        Display().warning(plain(f"Which roles the playbooks need could not be told in full: {named}{more}"))
