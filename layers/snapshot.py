"""What a map in one file holds: tiles of an area over some zooms, style, symbols, legend, whose data it is.

Zooms here are Leaflet's, as the address of the map has them: one more than those of the tile pyramid.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, isfinite, log2

import folium
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotFound, TooLarge
from gis.i18n import _, pick
from layers.catalog import LAYERS
from layers.folium_map import city_drawing, city_map
from layers.layer import MAX_ZOOM, Layer
from layers.legend import Entry, legend
from layers.source import city_box
from layers.tile_cache import packed_tile
from layers.tiles import Box, When
from layers.tilesets import attribution, limits

ADDRESS = "citygrid://{layer}/{{z}}/{{x}}/{{y}}"
MOST_TILES = 6000  # of all layers together; more would take minutes to read and no mail would carry
PAGE_PX = 700  # a window that an area should fit into
DEEPER = 3  # zooms below the one that shows the whole area
FIRST_ZOOM, LAST_ZOOM = 5, MAX_ZOOM


@dataclass(frozen=True)
class Snapshot:
    """A map to be written into one file. ``tiles`` is ``{layer: {"z/x/y": gzip in base64}}``."""

    map: folium.Map
    layers: tuple[Layer, ...]
    legends: dict[str, tuple[Entry, ...]]
    tiles: dict[str, dict[str, str]]
    box: Box
    zooms: tuple[int, int]
    attribution: str
    left_out: tuple[Layer, ...]


def take(
    session: Session,
    box: Box,
    layers: Sequence[Layer],
    zooms: tuple[int, int],
    as_of: date | None,
    most_bytes: int,
) -> Snapshot:
    """Read all that a map in one file needs; complete or not at all.

    ``box`` is west, south, east, north in degrees. Of a past day, layers without a history are left out.

    Raises
    ------
    TooLarge
        More than :data:`MOST_TILES` tiles, or more than ``most_bytes`` of them as they are written.
    InvalidInput
        No layer is left to draw.
    """
    drawn = tuple(layer for layer in layers if as_of is None or layer.ever)
    if not drawn:
        raise InvalidInput(_("None of these layers has a history; leave the day out"))
    tiles = _tiles(session, box, drawn, zooms, as_of, most_bytes)
    drawing = city_drawing(session, drawn)
    for name, source in drawing["style"]["sources"].items():
        source["tiles"] = [ADDRESS.format(layer=name)]
        source["maxzoom"] = zooms[1] - 1
        source["minzoom"] = min(max(source.get("minzoom", 0), zooms[0] - 1), zooms[1] - 1)
        source["bounds"] = list(box)
    west, south, east, north = box
    drawing |= {"bounds": [[south, west], [north, east]], "zooms": list(zooms)}
    found = city_map(session, drawn, drawing)
    legends = {layer.name: legend(session, layer) for layer in drawn}
    left_out = tuple(layer for layer in layers if layer not in drawn)
    return Snapshot(found, drawn, legends, tiles, box, zooms, attribution(session), left_out)


def _tiles(
    session: Session,
    box: Box,
    layers: Sequence[Layer],
    zooms: tuple[int, int],
    as_of: date | None,
    most_bytes: int,
) -> dict[str, dict[str, str]]:
    wanted = [
        (layer, int(limit["tileMatrix"]), x, y)
        for limit in limits(box, range(zooms[0] - 1, zooms[1]))
        for layer in layers
        if int(limit["tileMatrix"]) >= layer.min_zoom
        for x in range(limit["minTileCol"], limit["maxTileCol"] + 1)
        for y in range(limit["minTileRow"], limit["maxTileRow"] + 1)
    ]
    advice = _("choose a smaller area, fewer zooms or fewer layers")
    if len(wanted) > MOST_TILES:
        raise TooLarge(
            _("The map would need {n} tiles, at most {most}: {advice}").format(
                n=len(wanted), most=MOST_TILES, advice=advice
            )
        )
    found: dict[str, dict[str, str]] = {layer.name: {} for layer in layers}
    weight = 0
    for layer, z, x, y in wanted:
        packed = packed_tile(session, layer, z, x, y, When(as_of))
        if packed.is_empty:
            continue
        written = b64encode(packed.content).decode()
        weight += len(written)
        if weight > most_bytes:
            raise TooLarge(
                _("The map would be larger than {most} MB: {advice}").format(
                    most=most_bytes // 1_000_000, advice=advice
                )
            )
        found[layer.name][f"{z}/{x}/{y}"] = written
    return found


def choose_layers(names: str, cases: bool) -> list[Layer]:
    """The layers that are named with commas between; else those that a map shows at first.

    Raises
    ------
    NotFound
        There is no layer of that name.
    InvalidInput
        A layer of cases is named, but cases were not asked for.
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in LAYERS]
    if unknown:
        raise NotFound(
            _("There is no layer {name}; there are: {names}").format(name=unknown[0], names=", ".join(LAYERS))
        )
    chosen = [layer for layer in LAYERS.values() if (layer.name in wanted if wanted else layer.visible)]
    hidden = [layer for layer in chosen if "case" in layer.tables and not cases]
    if wanted and hidden:
        raise InvalidInput(
            _("{layer} shows cases: add --cases if whoever gets the file may see them").format(
                layer=hidden[0].name
            )
        )
    return [layer for layer in chosen if layer not in hidden]


def read_box(session: Session, bbox: str, area: str) -> tuple[Box, str]:
    """The area of a map, degrees, and its name: a box, an area by its code, else the whole city.

    Raises
    ------
    InvalidInput
        Both are given, or the box is none.
    NotFound
        There is no area of that code.
    """
    if bbox and area:
        raise InvalidInput(_("Say where once: either --bbox or --area"))
    if bbox:
        return parse_box(bbox), ""
    if area:
        query = text(
            "SELECT ST_XMin(b) AS west, ST_YMin(b) AS south, ST_XMax(b) AS east, ST_YMax(b) AS north,"
            " name_zh, name_en FROM (SELECT Box3D(ST_Transform(ST_Force2D(geom), 4490)) AS b,"
            " name_zh, name_en FROM app.areas WHERE code = :code) AS a"
        )
        row = session.execute(query, {"code": area}).one_or_none()
        if row is None:
            raise NotFound(_("There is no area {code}").format(code=area[:30]))
        return (row.west, row.south, row.east, row.north), pick(row.name_zh, row.name_en)
    box = city_box(session)
    if box is None:
        raise NotFound(_("The city is empty: there is nothing to draw"))
    return box, ""


def parse_box(told: str) -> Box:
    """``W,S,E,N`` in degrees.

    Raises
    ------
    InvalidInput
        It is not four numbers, or not a box on the map.
    """
    try:
        west, south, east, north = (float(part) for part in told.split(","))
    except ValueError:
        raise InvalidInput(_("A box is four numbers, W,S,E,N in degrees")) from None
    sides = (west, south, east, north)
    if not all(map(isfinite, sides)) or not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise InvalidInput(_("A box lies within ±180 and ±85 degrees, west before east, south before north"))
    return sides


def read_zooms(told: str, box: Box) -> tuple[int, int]:
    """``15`` or ``14-17``; when empty, from the zoom that shows the whole box to three deeper.

    Raises
    ------
    InvalidInput
        It is no zoom, or a range that is none.
    """
    if not told:
        whole = floor(log2(360 / max(box[2] - box[0], (box[3] - box[1]) * 1.3) * PAGE_PX / 256))
        first = min(max(whole, FIRST_ZOOM), LAST_ZOOM - DEEPER)
        return first, first + DEEPER
    low, _dash, high = told.partition("-")
    if not (low.isdecimal() and (high or low).isdecimal()):
        raise InvalidInput(_("A zoom is a number such as 15, or a range such as 14-17"))
    zooms = int(low), int(high or low)
    if not FIRST_ZOOM <= zooms[0] <= zooms[1] <= LAST_ZOOM:
        raise InvalidInput(
            _("Zooms are {first} to {last}, the lower one first").format(first=FIRST_ZOOM, last=LAST_ZOOM)
        )
    return zooms
