"""The parameters of features, as one table: what each may hold, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi import Request
from starlette.datastructures import QueryParams

from gis.errors import InvalidInput
from gis.i18n import _
from gis.page import read_cursor, write_cursor
from gis.settings import get_settings
from layers.features.asking import Question, read_span
from layers.features.places import box_in_city
from layers.features.systems import LONLAT, System, find_system

NUMBER_DEFAULT = 100
LANGUAGES = ("cql2-text", "cql2-json")
# Of the standards, each with its JSON Schema; what else is sent must be a property of the collection.
PARAMETERS: Mapping[str, dict[str, Any]] = {
    "bbox": {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
    "bbox-crs": {"type": "string", "format": "uri"},
    "datetime": {"type": "string"},
    "limit": {"type": "integer", "minimum": 1},
    "crs": {"type": "string", "format": "uri"},
    "filter": {"type": "string"},
    "filter-lang": {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
    "filter-crs": {"type": "string", "format": "uri"},
    "properties": {"type": "array", "items": {"type": "string"}},
    "resulttype": {"type": "string", "enum": ["results", "hits"], "default": "results"},
    "offset": {"type": "integer", "minimum": 0},
    "cursor": {"type": "string"},
    "f": {"type": "string"},
    "api_key": {"type": "string"},
}
FARTHEST = 2**31  # rows that an offset may skip


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A request for features, read. ``limit`` is None where none was sent."""

    question: Question
    limit: int | None = None
    offset: int = 0
    after: int | None = None
    before: int | None = None
    system: System = LONLAT
    properties: str | None = None
    hits: bool = False
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_first(self) -> bool:
        """Whether nothing stands before this page."""
        return self.after is None and self.before is None and not self.offset


def read_parameters(request: Request, known: frozenset[str]) -> Wanted:
    """The request for features of a collection, whose properties are ``known``.

    Raises
    ------
    InvalidInput
        A parameter is unknown, stands twice, or holds what it cannot; ``errors`` name it.
    """
    query = request.query_params
    _check_names(query, known)
    said = dict(query)
    cursor = _cursor(said.get("cursor"))
    result = said.get("resulttype", "results")
    if result not in ("results", "hits"):
        raise _wrong("resulttype", result, "results, hits")
    return Wanted(
        question=_question(said, known),
        limit=_whole(said, "limit", 1, None),
        offset=_whole(said, "offset", 0, FARTHEST) or 0,
        after=cursor[1] if cursor and cursor[0] == "after" else None,
        before=cursor[1] if cursor and cursor[0] == "before" else None,
        system=find_system(said["crs"]) if "crs" in said else LONLAT,
        properties=said.get("properties"),
        hits=result == "hits",
        said=said,
    )


def page_limit(limit: int | None) -> int:
    """How many features a page holds.

    Raises
    ------
    InvalidInput
        More were asked for than one answer may hold: who counts on them must not get fewer without a word.
    """
    most = get_settings().page_limit
    if limit is not None and limit > most:
        raise InvalidInput(
            _("limit is {limit}, at most {most}").format(limit=limit, most=most),
            errors=[{"pointer": "/limit", "detail": str(most)}],
        )
    return limit or min(NUMBER_DEFAULT, most)


def cursor_of(direction: str, item_id: int) -> str:
    """Where the next page (``after``) or the one before (``before``) begins."""
    return write_cursor(direction, item_id)


def _question(said: Mapping[str, str], known: frozenset[str]) -> Question:
    box = _numbers(said["bbox"]) if "bbox" in said else None
    box_system = find_system(said["bbox-crs"], "/bbox-crs") if "bbox-crs" in said else LONLAT
    return Question(
        box=None if box is None else box_in_city(box, box_system),
        heights=(box[2], box[5]) if box is not None and len(box) == 6 else None,
        span=read_span(said["datetime"]) if "datetime" in said else None,
        equal={name: value for name, value in said.items() if name in known and name not in PARAMETERS},
        filter=_filter(said),
        filter_system=find_system(said["filter-crs"], "/filter-crs") if "filter-crs" in said else LONLAT,
    )


def _check_names(query: QueryParams, known: frozenset[str]) -> None:
    for name, _value in query.multi_items():
        if name not in PARAMETERS and name not in known:
            raise InvalidInput(
                _("There is no parameter {name} here; there are: {known}").format(
                    name=name[:60], known=", ".join([*PARAMETERS, *sorted(known)])
                ),
                errors=[{"pointer": f"/{name[:60]}"}],
            )
        if len(query.getlist(name)) > 1:
            raise InvalidInput(
                _("The parameter {name} stands there twice").format(name=name),
                errors=[{"pointer": f"/{name}"}],
            )


def _filter(said: Mapping[str, str]) -> str | dict[str, Any] | None:
    language = said.get("filter-lang", LANGUAGES[0])
    if language not in LANGUAGES:
        raise _wrong("filter-lang", language, ", ".join(LANGUAGES))
    text = said.get("filter")
    return read_json_filter(text) if text and language == "cql2-json" else text


def read_json_filter(text: str) -> dict[str, Any]:
    """A filter in CQL2 JSON.

    Raises
    ------
    InvalidInput
        It is no JSON object; ``errors`` say at which character (from 1).
    """
    try:
        tree = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            _("The filter is no JSON: character {at}").format(at=error.pos + 1),
            errors=[{"pointer": "/filter", "detail": error.msg, "character": error.pos + 1}],
        ) from error
    if not isinstance(tree, dict):
        raise InvalidInput(_("A comparison is expected here"), errors=[{"pointer": "/filter"}])
    return tree


def _cursor(said: str | None) -> tuple[str, int] | None:
    if said is None:
        return None
    direction, item_id = read_cursor(said, str, int)
    if direction not in ("after", "before") or not 0 <= item_id < 2**63:
        raise InvalidInput(
            _("This cursor is not one of ours; begin again without it"), errors=[{"pointer": "/cursor"}]
        )
    return direction, item_id


def _numbers(said: str) -> list[float]:
    try:
        return [float(part) for part in said.split(",")]
    except ValueError as error:
        raise InvalidInput(
            _("A box has four numbers, or six with heights"), errors=[{"pointer": "/bbox"}]
        ) from error


def _whole(said: Mapping[str, str], name: str, least: int, most: int | None) -> int | None:
    text = said.get(name)
    if text is None:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1
    if number < least or (most is not None and number > most):
        raise _wrong(name, text, _("a whole number from {least} on").format(least=least))
    return number


def _wrong(name: str, said: str, known: str) -> InvalidInput:
    return InvalidInput(
        _("{name} is {said}; it may be: {known}").format(name=name, said=said[:40], known=known),
        errors=[{"pointer": f"/{name}", "detail": said[:40]}],
    )
