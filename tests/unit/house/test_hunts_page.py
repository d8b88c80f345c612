# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that lists the hunts, and the choices of the module, are those of the library."""

from __future__ import annotations

import yaml
from ansible_collections.secops.defender.plugins.module_utils._response.hunts import HUNTS
from unit.house.building import ROOT, literal
from unit.house.hunts_page import page


def test_the_page_of_the_hunts_is_written_from_the_library():
    written = (ROOT / "docs" / "docsite" / "rst" / "hunts.rst").read_text(encoding="utf-8")
    assert written == page(), "python tests/unit/house/hunts_page.py > docs/docsite/rst/hunts.rst"


def test_the_module_describes_each_hunt_by_its_purpose():
    documented = yaml.safe_load(literal(ROOT / "plugins" / "modules" / "hunting_query.py", "DOCUMENTATION"))
    assert documented["options"]["hunt"]["choices"] == {hunt.name: f"{hunt.purpose}." for hunt in HUNTS.values()}
