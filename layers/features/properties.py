"""What a collection tells of each feature: the columns of its view, with their types, titles and words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.filtering.table import Type
from gis.i18n import N_, get_locale, gettext
from layers.layer import Layer

# Types of PostgreSQL; what is none of these is told and compared as text.
_TYPES = {
    "bool": Type.YES,
    "int2": Type.WHOLE,
    "int4": Type.WHOLE,
    "int8": Type.WHOLE,
    "numeric": Type.NUMBER,
    "float4": Type.NUMBER,
    "float8": Type.NUMBER,
    "date": Type.DATE,
    "timestamptz": Type.MOMENT,
}
_COLUMNS = """
SELECT a.attname AS name, t.typname AS type,
       CASE WHEN t.typname = 'geometry' THEN upper(postgis_typmod_type(a.atttypmod)) END AS shape
FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
WHERE a.attrelid = CAST(:source AS regclass) AND a.attnum > 0 AND NOT a.attisdropped
"""
# Columns that people are shown by their names, and programs by their codes.
CODES: dict[str, str] = {
    "class_code": N_("Class code"),
    "sub_code": N_("Sub-class code"),
    "major_code": N_("Code of the main class"),
    "held": N_("Who must act"),
    "mark": N_("Drawn as"),
    "is_open": N_("Open"),
    "valid_to": N_("In force until"),
    "kind": N_("Kind"),
}
_LANGUAGES = {"zh": N_("Chinese"), "en": N_("English")}


@dataclass(frozen=True)
class Property:
    """One property; its name is the column's. ``words``: ``{value: English word}`` of its codes."""

    name: str
    type: Type
    title: str
    language: str = ""
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Its title in the reader's language; of a pair of names, which of the two it is."""
        title = gettext(self.title)
        return f"{title} ({gettext(_LANGUAGES[self.language])})" if self.language else title

    @property
    def short(self) -> str:
        """Its title where one language is shown."""
        return gettext(self.title)

    @property
    def is_shown(self) -> bool:
        """Whether a page for people shows it: of a pair of names the one in the reader's language."""
        return not self.language or self.language == get_locale()[:2]


def properties_of(session: Session, layer: Layer, source: str = "") -> tuple[Property, ...]:
    """The properties of a layer, what people are told first, then the codes that programs go by.

    ``source`` is another view of the same rows (``layer.ever``); its columns are left out where it has none.
    """
    types = column_types(session, source or layer.source)
    found: dict[str, Property] = {}
    for one in layer.fields:
        for name in one.columns:
            language = name.removeprefix(f"{one.name}_") if one.both else ""
            if name in types:
                found[name] = Property(name, types[name], one.title, language, one.unit, one.words)
    for name in _named(layer):
        if name in types and name not in found:
            found[name] = Property(name, types[name], CODES.get(name, name))
    return tuple(found.values())


def column_types(session: Session, source: str) -> dict[str, Type]:
    """The columns of a view with their types, the geometry left out."""
    return _view(session, source)[0]


def shape_type(session: Session, source: str) -> str:
    """What geometries a view has, as PostGIS says it: ``POINT``, ``LINESTRINGZ``; ``GEOMETRY`` for any."""
    return _view(session, source)[1]


_known: dict[str, tuple[dict[str, Type], str]] = {}


def _view(session: Session, source: str) -> tuple[dict[str, Type], str]:
    """Read once a process: views are only made anew by an upgrade."""
    if source not in _known:
        rows = session.execute(text(_COLUMNS), {"source": source}).all()
        types = {row.name: _TYPES.get(row.type, Type.TEXT) for row in rows if row.type != "geometry"}
        shapes = [row.shape for row in rows if row.type == "geometry"]
        _known[source] = types, shapes[0] if shapes else "GEOMETRY"
    return _known[source]


@cache
def _named(layer: Layer) -> tuple[str, ...]:
    """The columns that tiles, classes, search and time go by."""
    classes = (layer.classes.by, layer.classes.sub) if layer.classes else ()
    names = (*classes, *layer.in_tiles, *layer.search, layer.times, "valid_from" if layer.ever else "")
    return tuple(dict.fromkeys(name for name in names if name and name != "id"))
