"""The legend: for each layer what is drawn and what it means, made of the same rows as the map itself."""

from dataclasses import dataclass
from html import escape

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.i18n import _
from layers.classes import categories_by
from layers.layer import Category, Classes, Fill, Heat, Layer, Line, Marker, Shape
from layers.symbols import symbol

INK = "#46545b"


@dataclass(frozen=True)
class Entry:
    """One line of the legend. ``swatch`` is an SVG image; ``value`` is its class, empty for the whole layer.

    ``present``: the city has such rows now. ``parent`` is the value of the class above.
    """

    value: str
    title: str
    swatch: str
    parent: str = ""
    present: bool = True


def legend(session: Session, layer: Layer, by: Classes | None = None) -> tuple[Entry, ...]:
    """What a layer shows, in the reader's language; ``by``: one of its ``also_by``, not its usual classes."""
    marks = next((symbol for symbol in layer.symbols if isinstance(symbol, Marker) and symbol.by), None)
    if marks is not None:
        return tuple(
            Entry(value, _(title), symbol(shape, INK)) for value, (shape, title) in marks.shapes.items()
        )
    categories = categories_by(session, by or layer.classes)
    if not categories:
        return _by_symbol(layer)
    present = _present(session, layer)
    return tuple(
        Entry(
            category.value,
            category.label,
            _swatch(layer, category),
            category.parent,
            present is None or category.value in present,
        )
        for category in categories
    ) + _extra(layer)


def _present(session: Session, layer: Layer) -> set[str] | None:
    """Values of the classes that have rows; None where that is not worth asking."""
    classes = layer.classes
    if classes is None or not classes.table:
        return None
    columns = (classes.by, *((classes.sub,) if classes.sub else ()))
    same = " AND ".join(f"v.{name} = k.{name}" for name in columns)
    # One look into an index for each class of the table, however many rows the layer has.
    rows = session.execute(
        text(
            f"SELECT {', '.join(f'k.{name}' for name in columns)} FROM {classes.table} AS k"
            f" WHERE EXISTS (SELECT 1 FROM {layer.source} AS v WHERE {same})"
        )
    )
    found: set[str] = set()
    for row in rows:
        found |= {row[0], "/".join(row)}
    return found


def _extra(layer: Layer) -> tuple[Entry, ...]:
    """What stands for no class: the ring of alarm, a glow."""
    found: list[Entry] = []
    for part in layer.symbols:
        if isinstance(part, Marker) and part.ring:
            found.append(Entry("", _(part.ring_title), symbol("circle", "#8a979c", ring=True)))
        elif isinstance(part, Heat):
            found.append(Entry("", _("Few, many"), _glow(part)))
    return tuple(found)


def _by_symbol(layer: Layer) -> tuple[Entry, ...]:
    """A layer without classes: its lines or fills, told apart by what they keep to."""
    field = {field.name: field for field in layer.fields}
    found: list[Entry] = []
    for part in layer.symbols:
        if isinstance(part, Heat):
            found.append(Entry("", _("Few, many"), _glow(part)))
        if not isinstance(part, Line | Fill) or (isinstance(part, Fill) and not part.outline):
            continue
        if part.only is None:
            found.append(Entry("", _(layer.title), _drawn(layer, part, part.colour)))
            continue
        column, values = part.only
        words = field[column].words
        found += [Entry("", _(words[value]), _drawn(layer, part, part.colour)) for value in values]
    return tuple(reversed(found))


def _swatch(layer: Layer, category: Category) -> str:
    for part in layer.symbols:
        if part.only and part.only[1] != (category.value,):
            continue
        if isinstance(part, Marker) and category.symbol:
            return symbol(category.symbol, category.colour)
        if isinstance(part, Line):
            return _drawn(layer, part, category.colour, category.dash)
    return symbol("circle", category.colour)


def _glow(part: Heat) -> str:
    wide = 32 / len(part.ramp)
    return _svg(
        "".join(
            f'<rect x="{number * wide:g}" y="9" width="{wide:g}" height="14" fill="{escape(colour)}"/>'
            for number, colour in enumerate(part.ramp)
        )
    )


def _drawn(layer: Layer, part: Line | Fill, colour: str, dash: str = "") -> str:
    if isinstance(part, Fill):
        edge = escape(part.outline)
        return _svg(f'<rect x="6" y="8" width="20" height="16" fill="{escape(colour)}" stroke="{edge}"/>')
    dash = dash or " ".join(f"{step * 2:g}" for step in getattr(part, "dash", ()))
    dashes = f' stroke-dasharray="{escape(dash)}"' if dash else ""
    line = (
        f'<path d="M1 16h30" stroke="{escape(colour)}" stroke-width="3" opacity="{part.opacity:g}"{dashes}/>'
    )
    if isinstance(part, Line) and part.casing:
        rails = '<path d="M1 13.8h30M1 18.2h30" stroke="{}" stroke-width="0.9" opacity="{}"/>'
        solid = layer.classes is not None and layer.shape is Shape.LINE and not layer.classes.table
        line += rails.format(escape(part.casing), "1" if solid else "0.55")
    return _svg(line)


def _svg(drawing: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">{drawing}</svg>'
    )
