# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library of live response: what it holds, bringing a file there, taking one away."""

from __future__ import annotations

from ..contract import endpoints
from ..forms import FormFile
from ..library import NAME, LibraryFile
from ..rows import Listed
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .lists import listing

UPLOAD = "library_file.upload"


@behaviour("library_file.list")
def list_files(world: World, call: Call) -> Reply:
    return listing(world, call, "library_file.list", Listed((one.shown() for one in world.library.values()), key="fileName"))


@behaviour(UPLOAD)
def upload(world: World, call: Call) -> Reply:
    """The page gives one 400 for all that is wrong, a name that is there already among it."""
    sent: FormFile = call.body["file"]
    if not NAME.fullmatch(sent.name):
        raise Problem(400, "BadRequest", f"'{sent.name}' is not a name for a file of the library")
    if len(sent.content) > endpoints()[UPLOAD]["body"]["file"]["max_bytes"]:
        raise Problem(400, "BadRequest", "The file is larger than 20 MB")
    before = world.library.get(sent.name)
    if before is not None and not call.body.get("OverrideIfExists"):
        raise Problem(400, "BadRequest", f"The file '{sent.name}' already exists")
    kept = LibraryFile(
        name=sent.name,
        content=sent.content,
        created=before.created if before else call.now,
        updated=call.now,
        created_by=call.app.client_id,
        description=call.body.get("Description") or None,
        parameters_description=call.body.get("ParametersDescription") or None,
        # HasParameters stands only in the page's example.
        has_parameters=call.body.get("HasParameters", bool(call.body.get("ParametersDescription"))),
    )
    world.library.keep(kept)
    return Reply(200, kept.shown())


@behaviour("library_file.delete")
def delete(world: World, call: Call) -> Reply:
    name = call.values["fileName"]
    if name not in world.library:
        raise Problem(404, "ResourceNotFound", f"The file '{name}' was not found")
    world.library.remove(name)
    return Reply(204)
