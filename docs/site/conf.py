# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx makes HTML of the guides and of the pages that antsibull-docs writes; `make docs` runs it."""

from __future__ import annotations

from docutils import nodes

project = "secops.defender"
author = "secops.defender maintainers"
title = "Microsoft Defender for Endpoint for Ansible"
html_title = title
html_short_title = "secops.defender"

# No intersphinx: it would fetch lists from other sites, and a build must work where there is no way out.
extensions = ["sphinx_antsibull_ext"]
html_theme = "sphinx_ansible_theme"
html_theme_options = {
    "documentation_home_url": "index.html",
    "topbar_links": {"Microsoft's pages": "https://learn.microsoft.com/en-us/defender-endpoint/api/exposed-apis-list"},
    "show_extranav": False,
    "show_rtd_ethical_ads": False,
}
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"

html_show_copyright = False
html_show_sphinx = False
html_show_sourcelink = False
html_copy_source = False
html_use_index = False

ANSIBLE = "https://docs.ansible.com/ansible/latest"
BUILTIN = "ansible_collections.ansible.builtin."
ELSEWHERE = {
    "action_plugins": "plugins/action.html",
    "common_return_values": "reference_appendices/common_return_values.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
}
"""Labels that antsibull-docs links to and that stand in Ansible's own documentation."""


def setup(app) -> None:
    """Called by Sphinx."""
    app.connect("missing-reference", elsewhere)


def elsewhere(app, env, node, contnode):
    """A link to a page of Ansible's own, or ``None``, which Sphinx then complains about."""
    label = node.get("reftarget")
    page = ELSEWHERE.get(label)
    if label.startswith(BUILTIN):
        page = f"collections/ansible/builtin/{label[len(BUILTIN):]}.html"
    return nodes.reference("", "", contnode, internal=False, refuri=f"{ANSIBLE}/{page}") if page else None
