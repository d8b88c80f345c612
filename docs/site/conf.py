# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx makes HTML of the guides and of the pages that antsibull-docs writes; `make docs` runs it."""

from __future__ import annotations

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
