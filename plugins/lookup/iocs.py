# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report names, sorted by what hunts look for."""

from __future__ import annotations

DOCUMENTATION = r"""
name: iocs
short_description: Sort what a report names into files, addresses, domains and URLs
version_added: 0.1.0
description:
  - Takes hashes, addresses, domains and URLs as reports have them, V(evil[.]example) as well, from a list and from a file, and gives them sorted, in the
    spelling of the service, each once.
  - What is none of them is put aside with the reason, and so is what would find ourselves, such as addresses of inside, the empty file, and your own domains.
  - Signs in nowhere and asks nobody. It runs on the controller.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  _terms:
    description:
      - The hashes, addresses, domains and URLs. 40 hexadecimal digits are the SHA-1 of a file.
    type: list
    elements: str
  src:
    description:
      - A file with more of them, on the controller. Its name tells what it is.
      - V(.txt) has one a line, and comments after a V(#). V(.csv), V(.ndjson), V(.jsonl) and V(.json), also as a STIX 2.1 bundle, are as
        O(secops.defender.indicators#module:src) has them; only the value and its type are read.
    type: path
  own_domains:
    description:
      - Your own domains. Neither they nor what is below or above them is taken.
    type: list
    elements: str
    default: []
  never:
    description:
      - What else is not to be taken, such as addresses, networks, domains and hashes.
    type: list
    elements: str
    default: []
seealso:
  - module: secops.defender.hunting_query
  - module: secops.defender.indicators
"""

EXAMPLES = r"""
- name: Sort what the report names
  ansible.builtin.set_fact:
    named: "{{ query('secops.defender.iocs', 'evil[.]example', '203.0.113.77', own_domains=['contoso.com']) | first }}"

- name: Ask which machines reached the domains
  secops.defender.hunting_query:
    hunt: domain_reached
    parameters:
      domains: "{{ named.domains }}"
  when: named.domains | length > 0
"""

RETURN = r"""
_raw:
  description:
    - One dictionary, with the lists C(files), C(ips), C(domains) and C(urls), and with C(refused), each of which has C(place), C(value) and C(reason).
  type: list
  elements: dict
  sample:
    - files: []
      ips: [203.0.113.77]
      domains: [evil.example]
      urls: []
      refused: []
"""

import datetime

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..module_utils._client.errors import DefenderError
from ..module_utils._client.text import plain
from ..module_utils._response.iocs import handed_in, sorted_out


class LookupModule(LookupBase):
    """The lookup as Ansible calls it."""

    def run(self, terms, variables=None, **kwargs):
        self.set_options(var_options=variables, direct=kwargs)
        now = datetime.datetime.now(datetime.timezone.utc)
        words = [str(word) for term in terms for word in (term if isinstance(term, list) else [term])]
        try:
            handed = handed_in(words, self.get_option("src"), now)
            return [sorted_out(handed, own_domains=self.get_option("own_domains"), never=self.get_option("never"), now=now)]
        except DefenderError as error:
            raise AnsibleError(plain(error.sentence())) from error
        except ImportError as error:
            raise AnsibleError(f"secops.defender.iocs reads STIX bundles with the Python library stix2-patterns, which is not there: {error}") from error
