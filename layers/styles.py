"""Styles for other clients: one of the whole city, one for each folder of the layer switch.

They are the style of our own map with what an outside client lacks: whole addresses, and the symbols as one
sheet of pictures (a sprite) beside them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

import cairosvg
from PIL import Image
from sqlalchemy.orm import Session

from gis.errors import NotFound
from gis.i18n import N_, _
from layers.layer import GROUP_TITLES, Layer
from layers.maplibre import images, style
from layers.source import city_box

CITY = "city"
MEDIA_TYPE = "application/vnd.mapbox.style+json"
SPRITE_PX = 32  # as the symbols of layers.symbols are drawn
ACROSS = 16


@dataclass(frozen=True)
class NamedStyle:
    """A style that clients ask for by name, and the layers it draws."""

    name: str
    title: str
    layers: tuple[Layer, ...]


def named_styles(layers: Sequence[Layer]) -> list[NamedStyle]:
    """The styles of the layers that a reader may see."""
    found = [NamedStyle(CITY, N_("The whole city"), tuple(layers))]
    for group, title in GROUP_TITLES.items():
        members = tuple(layer for layer in layers if layer.group is group)
        if members:
            found.append(NamedStyle(str(group), title, members))
    return found


def find_style(layers: Sequence[Layer], name: str) -> NamedStyle:
    """A style by its name.

    Raises
    ------
    NotFound
        There is none; the message names those there are.
    """
    known = {one.name: one for one in named_styles(layers)}
    if name not in known:
        raise NotFound(
            _("There is no style {name}; there are: {names}").format(name=name, names=", ".join(known))
        )
    return known[name]


def outside_style(session: Session, chosen: NamedStyle, root: str, query: str = "") -> dict[str, Any]:
    """The style as a client elsewhere needs it.

    ``root`` is the service's address without a slash at its end; ``query`` is put behind each address.
    """
    drawn = style(session, chosen.layers, f"{root}/tiles")
    for source in drawn["sources"].values():
        source["tiles"] = [address + query for address in source["tiles"]]
    box = city_box(session)
    view = {"center": [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], "zoom": 12} if box else {}
    return {"name": _(chosen.title), "sprite": f"{root}/styles/sprite/symbols{query}", **view, **drawn}


@dataclass(frozen=True)
class Sprite:
    """All symbols on one sheet: the PNG, and the place of each on it as JSON."""

    picture: bytes
    index: bytes


def sprite(session: Session, layers: Sequence[Layer], density: int) -> Sprite:
    """The symbols that the styles of some layers name; ``density`` is 1, or 2 for fine screens."""
    return _sheet(tuple(sorted(images(session, layers).items())), density)


@lru_cache(maxsize=16)
def _sheet(drawings: tuple[tuple[str, str], ...], density: int) -> Sprite:
    side = SPRITE_PX * density
    rows = max(1, -(-len(drawings) // ACROSS))
    sheet = Image.new("RGBA", (side * ACROSS, side * rows))
    index: dict[str, dict[str, int]] = {}
    for number, (name, drawing) in enumerate(drawings):
        x, y = number % ACROSS * side, number // ACROSS * side
        png = cairosvg.svg2png(bytestring=drawing.encode(), output_width=side, output_height=side)
        sheet.paste(Image.open(BytesIO(png)), (x, y))
        index[name] = {"x": x, "y": y, "width": side, "height": side, "pixelRatio": density}
    packed = BytesIO()
    sheet.save(packed, "PNG", optimize=True)
    return Sprite(packed.getvalue(), json.dumps(index, separators=(",", ":")).encode())


def style_metadata(chosen: NamedStyle, links: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What OGC API Styles tells of a style; ``links`` has ``self``, ``stylesheet`` and each layer by name."""
    sheet = {"title": _(chosen.title), "version": "8", "native": True, "link": links["stylesheet"]}
    sheet["specification"] = "https://maplibre.org/maplibre-style-spec/"
    return {
        "id": chosen.name,
        "title": _(chosen.title),
        "keywords": [layer.name for layer in chosen.layers],
        "scope": "style",
        "version": "1",
        "stylesheets": [sheet],
        "layers": [
            {"id": layer.name, "type": str(layer.shape), "sampleData": links[layer.name]}
            for layer in chosen.layers
        ],
        "links": [links["self"]],
    }
