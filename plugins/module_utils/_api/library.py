# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library of scripts and files that live response can use on a machine."""

from __future__ import annotations

from .._operation import MULTIPART, NONE, PAGE, WRITE, Field, Operation

# There is no role that only reads.
LIBRARY_MANAGE = (("Library.Manage",),)

LIST = Operation(
    id="library_file.list",
    method="GET",
    path="/api/libraryfiles",
    source="list-library-files.md",
    roles=LIBRARY_MANAGE,
    reply=PAGE,
)

UPLOAD = Operation(
    id="library_file.upload",
    method="POST",
    path="/api/libraryfiles",
    source="upload-library.md, live-response.md",
    roles=LIBRARY_MANAGE,
    effect=WRITE,
    body_fields=(
        # The page's table says File, its example file.
        Field("file", "file", type="file", required=True, max_bytes=20 * 1024 * 1024),
        Field("description", "Description"),
        Field("parameters_description", "ParametersDescription"),
        Field("has_parameters", "HasParameters", type="bool"),
        # Without it a name that is there is expected to be refused; the page does not say how.
        Field("override", "OverrideIfExists", type="bool"),
    ),
    body_kind=MULTIPART,
    hints=(("BadRequest", "The name may be taken since the library was read, or not fit: letters, digits, hyphen, underscore and full stop"),),
)

DELETE = Operation(
    id="library_file.delete",
    method="DELETE",
    path="/api/libraryfiles/{fileName}",
    source="delete-library.md",
    roles=LIBRARY_MANAGE,
    effect=WRITE,
    reply=NONE,
    success=(204,),
    path_fields=(Field("file_name", "fileName", required=True),),
)
