"""What a map layer is: where its rows come from, what is told of them, how they are drawn and by whom seen.

Zooms are those of the tile pyramid with tiles of 512 px, as vector maps count them: one less than Leaflet's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gis.i18n import N_, gettext, pick
from gis.people.models import Role

MAX_ZOOM = 22
STAFF = tuple(Role)
Zooms = Mapping[int, float]
"""A size that grows with the map: ``{zoom: value}``, straight lines between."""


class Shape(StrEnum):
    """What kind of geometry a layer's rows have."""

    POLYGON = "polygon"
    LINE = "line"
    POINT = "point"


class Group(StrEnum):
    """The folders of the layer switch, in their order."""

    CASES = "cases"
    GRID = "grid"
    PIPELINES = "pipelines"
    COMPONENTS = "components"
    GROUND = "ground"

    @property
    def words(self) -> str:
        """Its English title, to be translated when shown."""
        return GROUP_TITLES[self]


GROUP_TITLES = {
    Group.CASES: N_("Cases"),
    Group.GRID: N_("Grid"),
    Group.PIPELINES: N_("Pipelines"),
    Group.COMPONENTS: N_("Components"),
    Group.GROUND: N_("Ground"),
}


@dataclass(frozen=True)
class Field:
    """One thing told of a row. ``both``: the view has it as ``{name}_zh`` and ``{name}_en``.

    ``words`` are codes of ours with their English words, ``{code: N_(word)}``; ``unit`` follows a number.
    """

    name: str
    title: str
    unit: str = ""
    both: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the view it is read from."""
        return (f"{self.name}_zh", f"{self.name}_en") if self.both else (self.name,)


@dataclass(frozen=True)
class Category:
    """One class of a layer: how it looks and what it is called.

    ``title`` is translated; where a standard names the class, ``name_zh`` and ``name_en`` stand instead.
    ``dash`` is an SVG dash array in pixels of a line 2 px wide. ``parent`` is the value of the class above.
    """

    value: str
    colour: str
    title: str = ""
    name_zh: str | None = None
    name_en: str | None = None
    dash: str = ""
    symbol: str = ""
    parent: str = ""

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return gettext(self.title) if self.title else pick(self.name_zh, self.name_en)


class Standard(StrEnum):
    """Classes that are rows of the standards' tables; :mod:`layers.classes` reads them."""

    PIPE_CLASSES = "pipe_classes"
    CASE_CLASSES = "case_classes"


@dataclass(frozen=True)
class Classes:
    """By which column of its rows a layer is told apart, and into what.

    ``sub`` is the column of the class below; then a category's value is ``{by}/{sub}``. ``table`` is the
    standards' table of the classes, where there is one: the legend asks which of them the city has. ``title``
    is what a choice between several is called by.
    """

    by: str
    categories: tuple[Category, ...] | Standard
    sub: str = ""
    table: str = ""
    title: str = ""


@dataclass(frozen=True)
class Symbol:
    """Something drawn for each row. An empty colour is that of the row's class.

    ``only`` keeps to rows whose column has one of some values: ``("level", ("street",))``.
    """

    colour: str = ""
    opacity: float = 1.0
    min_zoom: int = 0
    only: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Fill(Symbol):
    """A filled polygon; ``outline`` is the colour of its edge, one pixel wide."""

    outline: str = ""


@dataclass(frozen=True)
class Line(Symbol):
    """``casing`` is the colour of a wider line beneath; ``dash`` in line widths, the class's where empty.

    ``raised``: drawn above the lines of all layers that are not.
    """

    width: Zooms = field(default_factory=lambda: {0: 1.0})
    casing: str = ""
    casing_width: float = 0.0
    dash: tuple[float, ...] = ()
    raised: bool = False


@dataclass(frozen=True)
class Marker(Symbol):
    """A symbol of :mod:`layers.symbols`: the class's, or one picked by the column ``by``.

    ``shapes`` is ``{value of by: (symbol, title)}``. ``ring`` is the column and the value of rows that get
    the ring of alarm, ``ring_title`` what it means.
    """

    by: str = ""
    shapes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    size: Zooms = field(default_factory=lambda: {0: 1.0})
    ring: tuple[str, str] | None = None
    ring_title: str = ""


@dataclass(frozen=True)
class Bubble(Symbol):
    """A circle that grows with ``count``; ``numbered`` writes the number into it."""

    numbered: bool = True


@dataclass(frozen=True)
class Heat(Symbol):
    """How densely rows lie, as a glow. ``ramp`` are its colours from few to many, the last the darkest.

    ``reach`` is how far the glow of one row goes, in pixels. Drawn below ``max_zoom`` only.
    """

    ramp: tuple[str, ...] = ()
    reach: Zooms = field(default_factory=lambda: {0: 20.0})
    max_zoom: int = MAX_ZOOM


@dataclass(frozen=True)
class Label(Symbol):
    """Words of a row: a column, or a pair in Chinese and English. ``along``: they follow a line."""

    text: tuple[str, ...] = ()
    size: Zooms = field(default_factory=lambda: {0: 12.0})
    along: bool = False
    spaced: bool = False
    max_zoom: int = MAX_ZOOM


@dataclass(frozen=True)
class Merge:
    """Below a zoom, lines that agree in ``by`` become one, simplified to half a pixel; none is left out."""

    below: int
    by: tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """Below a zoom, points become one point a cell with their number in ``count``; none is left out.

    ``cells`` is the number of cells along a tile's side. ``sums`` adds ``{name: condition on in_tiles}``.
    """

    below: int
    cells: int = 8
    sums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Layer:
    """One row of the catalogue.

    Attributes
    ----------
    name : the name of the collection and of the tiles
    source : the view it reads, with ``id`` (bigint) and ``geom`` (the city's CRS)
    tables : the tables behind the view; when none of them changed, a tile has not changed either
    fields : what a click tells, in this order
    in_tiles : columns that the tiles carry; what the symbols need and nothing else
    drawn : a true-or-false column of the view; which rows the tiles show (empty: all)
    ever : the view of every state there was, with ``valid_from``, ``valid_to`` and the ``entity_id`` of
        what it is a state of; empty: no history is kept
    times : the column of moments by which the rows of a time span are chosen; empty: there is none
    collection : whether other systems read it as a collection of features, too
    min_zoom : below it, tiles are empty
    also_by : other classes that the reader may have its markers told apart by
    heading : a field that stands as the title of a row
    search : columns by which a row is found
    page : the address of a row's own page, with columns in braces; ``page_title`` what leads there
    refresh_s : seconds after which an open map asks again; 0: only when it is moved
    """

    name: str
    title: str
    group: Group
    shape: Shape
    source: str
    tables: tuple[str, ...]
    fields: tuple[Field, ...]
    heading: str
    symbols: tuple[Symbol, ...]
    in_tiles: tuple[str, ...] = ()
    drawn: str = ""
    ever: str = ""
    times: str = ""
    collection: bool = True
    min_zoom: int = 0
    classes: Classes | None = None
    also_by: tuple[Classes, ...] = ()
    generalise: Merge | Count | None = None
    search: tuple[str, ...] = ()
    page: str = ""
    page_title: str = N_("Open the case")
    refresh_s: int = 0
    visible: bool = True
    roles: tuple[Role, ...] = STAFF

    @property
    def marks_by(self) -> str:
        """The column by which a row's mark is picked; empty where marks do not differ."""
        return next((part.by for part in self.symbols if isinstance(part, Marker) and part.by), "")

    @property
    def labels_from(self) -> int | None:
        """The zoom from which tiles of a polygon layer carry a point a row for its words; None: never."""
        zooms = [symbol.min_zoom for symbol in self.symbols if isinstance(symbol, Label)]
        return min(zooms) if zooms and self.shape is Shape.POLYGON else None

    def is_whole_at(self, zoom: int) -> bool:
        """Whether tiles of a zoom hold the rows themselves, neither merged nor counted."""
        return self.generalise is None or zoom >= self.generalise.below
