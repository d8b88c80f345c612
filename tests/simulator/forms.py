# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies that are forms of several parts, one of them a file (RFC 7578)."""

from __future__ import annotations

import re
import typing as t
from email.message import Message
from email.parser import BytesHeaderParser

from .seam import Problem

BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{1,70}")
TRUE_OR_FALSE = {"true": True, "false": False}


class FormFile(t.NamedTuple):
    name: str
    content: bytes


def form_of(content: bytes, content_type: str, known: t.Mapping[str, t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """Parts by the contract's name; forms do not mind case, and the page spells its file both ways."""
    names = {name.lower(): name for name in known}
    form: dict[str, t.Any] = {}
    for head, value in _parts(content, content_type):
        name = names.get(str(head.get_param("name", "", "content-disposition")).lower())
        if name is None or name in form:
            raise Problem(400, "InvalidRequestBody", "Request body is incorrect")
        form[name] = _read(head, value, known[name]["type"])
    return form


def _read(head: Message, value: bytes, type_: str) -> t.Any:
    file_name = head.get_filename()
    text = value.decode("utf-8", "replace")
    if (type_ == "file") != (file_name is not None):
        raise Problem(400, "InvalidRequestBody", "Request body is incorrect")
    if type_ == "file":
        return FormFile(str(file_name), value)
    if type_ != "boolean":
        return text
    if text and text.lower() not in TRUE_OR_FALSE:
        raise Problem(400, "InvalidRequestBody", "Request body is incorrect")
    return TRUE_OR_FALSE.get(text.lower(), False)


def _parts(content: bytes, content_type: str) -> t.Iterator[tuple[Message, bytes]]:
    boundary = _boundary(content_type)
    first, *parts = (b"\r\n" + content).split(b"\r\n--" + boundary)
    if not parts or parts[-1].rstrip() != b"--":
        raise Problem(400, "InvalidRequestBody", "Request body is incorrect")
    for part in parts[:-1]:
        head, _blank, value = part.partition(b"\r\n\r\n")
        yield BytesHeaderParser().parsebytes(head.strip() + b"\r\n\r\n"), value


def _boundary(content_type: str) -> bytes:
    head = Message()
    head["content-type"] = content_type
    boundary = head.get_param("boundary", "")
    if head.get_content_type() != "multipart/form-data" or not isinstance(boundary, str) or not BOUNDARY.fullmatch(boundary):
        raise Problem(415, "BadRequest", "The request entity's media type is not supported for this resource.")
    return boundary.encode()
