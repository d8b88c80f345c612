# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that lists every permission is the one that the modules make, and none that is needed is missing from it."""

from __future__ import annotations

from ansible_collections.secops.defender.plugins.module_utils._api import every_operation
from unit.house.building import ROOT
from unit.house.permissions_page import page

PAGE = ROOT / "docs" / "docsite" / "rst" / "every_permission.rst"


def test_the_page_of_the_permissions_is_written_from_the_modules():
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(), "python tests/unit/house/permissions_page.py > docs/docsite/rst/every_permission.rst"


def test_whatever_an_operation_needs_stands_on_it():
    written = page()
    assert [role for operation in every_operation() for group in operation.roles for role in group[:1] if f"``{role}``" not in written] == []
