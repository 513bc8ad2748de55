"""JSON and XML of one answer: rows of plain values, written as either."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from xml.etree import ElementTree as ET

from fastapi import Path, Request
from starlette.responses import Response

Format = Literal["json", "xml"]
Row = Mapping[str, Any]
MEDIA_TYPES: dict[Format, str] = {"json": "application/json", "xml": "text/xml"}
# What the children of a list are called in XML: the list's name → theirs.
CHILD = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "moments": "moment",
}
# What is open to everybody may be read by pages of others, too; they send no cookie with it.
FOR_ALL = {"access-control-allow-origin": "*", "access-control-expose-headers": "Link"}
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


async def by_ending(format: Annotated[Format, Path(description="json or xml")]) -> None:
    """An address that ends in a format, such as ``requests.xml``; :func:`format_of` reads it."""


def format_of(request: Request) -> Format:
    """The format asked for: by the ending of the address, else by ``Accept``; JSON where either will do."""
    ending = request.url.path.rpartition(".")[2]
    if ending in MEDIA_TYPES:
        return "xml" if ending == "xml" else "json"
    wishes = _wishes(request.headers.get("accept", ""))
    xml = max(wishes.get(kind, 0.0) for kind in ("text/xml", "application/xml"))
    return "xml" if xml > wishes.get("application/json", 0.0) else "json"


def _wishes(accept: str) -> dict[str, float]:
    """Media types of an ``Accept`` header with their quality; what cannot be read counts as 1."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        kind, *options = (word.strip().lower() for word in part.split(";"))
        quality = 1.0
        for option in options:
            name, _equals, value = option.partition("=")
            if name == "q" and re.fullmatch(r"[01](\.\d*)?", value):
                quality = float(value)
        found[kind] = quality
    return found


def answer(
    request: Request,
    root: str,
    content: Sequence[Row] | Row,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer in the format asked for.

    ``root`` names the outermost element of XML; JSON has none. A list becomes a list of its children.
    """
    wanted = format_of(request)
    body = as_json(content) if wanted == "json" else as_xml(root, content)
    told = {"vary": "Accept, Accept-Language", **(headers or {})}
    if request.method == "GET":
        told |= FOR_ALL
    return Response(body, status, told, media_type=f"{MEDIA_TYPES[wanted]}; charset=utf-8")


def as_json(content: Sequence[Row] | Row) -> bytes:
    """JSON in UTF-8; moments as RFC 3339."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, default=_moment).encode()


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value))


def as_xml(root: str, content: Sequence[Row] | Row) -> bytes:
    """XML in UTF-8 with its declaration; what is unknown is an empty element."""
    element = ET.Element(root)
    _fill(element, content)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(element, encoding="unicode").encode()


def _fill(element: ET.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _fill(ET.SubElement(element, name), inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _fill(ET.SubElement(element, CHILD[element.tag]), inner)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif isinstance(value, datetime):
        element.text = value.isoformat()
    elif value is not None:
        element.text = NOT_IN_XML.sub("", str(value))
