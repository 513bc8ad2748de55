"""What the tiles of layers hold and where, told to clients: TileJSON, and tile sets as OGC describes them.

Shapes follow TileJSON 3.0.0 and OGC 17-083r4 (tile matrix sets and tile set metadata). A tile is named by the
same numbers at every door; only their order differs: OGC puts the row before the column.
"""

from collections.abc import Sequence
from math import asinh, floor, pi, radians, tan
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.crs import transformer
from gis.i18n import _, get_locale
from gis.settings import CITY_SRID
from layers.layer import MAX_ZOOM, Count, Layer, Merge, Shape
from layers.maplibre import SOURCE_MAX_ZOOM
from layers.source import city_box
from layers.tiles import WORLD_M, Box, area_of_use

MVT = "application/vnd.mapbox-vector-tile"
QUAD = "WebMercatorQuad"
QUAD_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{QUAD}"
MERCATOR_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"
LONLAT_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
DIMENSION = {Shape.POINT: 0, Shape.LINE: 1, Shape.POLYGON: 2}
# A standardised pixel of a tile of 256, metres on paper (OGC 17-083r4, 6.2).
PIXEL_M = 0.00028


def tile_matrix_set() -> dict[str, Any]:
    """WebMercatorQuad down to the last zoom that is served."""
    cells = [WORLD_M / 256 / 2**z for z in range(MAX_ZOOM + 1)]
    return {
        "id": QUAD,
        "title": "Google Maps Compatible for the World",
        "uri": QUAD_URI,
        "crs": MERCATOR_URI,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [
            {
                "id": str(z),
                "scaleDenominator": cell / PIXEL_M,
                "cellSize": cell,
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": [-WORLD_M / 2, WORLD_M / 2],
                "tileWidth": 256,
                "tileHeight": 256,
                "matrixWidth": 2**z,
                "matrixHeight": 2**z,
            }
            for z, cell in enumerate(cells)
        ],
    }


def bounds(session: Session, layers: Sequence[Layer]) -> Box | None:
    """A box that holds all rows of some layers: west, south, east, north in degrees; None where no city is.

    PostGIS reads it from the heads of the spatial indexes: it is never too small, takes no longer for a large
    city, and may be somewhat too large until deleted rows are vacuumed away.
    """
    query = text(
        "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM (SELECT ST_Extent("
        "ST_EstimatedExtent(f_table_schema, f_table_name, f_geometry_column)::geometry) AS b"
        " FROM geometry_columns WHERE f_table_schema = 'public' AND f_table_name = ANY(:tables)"
        " AND srid = :srid) AS e"
    )
    tables = sorted({table for layer in layers for table in layer.tables})
    found = session.execute(query, {"tables": tables, "srid": CITY_SRID}).one()
    if found[0] is None:
        return city_box(session)
    left, bottom, right, top = found
    to_degrees = transformer(CITY_SRID, 4326)
    west, south, east, north = to_degrees.transform_bounds(left, bottom, right, top, densify_pts=21)
    use = area_of_use()
    return (max(west, use[0]), max(south, use[1]), min(east, use[2]), min(north, use[3]))


def limits(box: Box | None, zooms: range) -> list[dict[str, Any]]:
    """The tiles of each zoom that a box touches, as OGC tells them; empty where there is no box."""
    if box is None:
        return []
    west, south, east, north = box
    found = []
    for z in zooms:
        (left, top), (right, bottom) = tile_of(west, north, z), tile_of(east, south, z)
        rows = {"minTileRow": top, "maxTileRow": bottom}
        found.append({"tileMatrix": str(z), **rows, "minTileCol": left, "maxTileCol": right})
    return found


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    """The column and the row of the tile that a place in degrees lies in."""
    side = 1 << z
    down = (1 - asinh(tan(radians(lat))) / pi) / 2

    def within(number: float) -> int:
        return min(side - 1, max(0, floor(number)))

    return within((lon + 180) / 360 * side), within(down * side)


def tilejson(session: Session, layer: Layer, address: str) -> dict[str, Any]:
    """TileJSON 3.0.0 of a layer; ``address`` is that of its tiles, with ``{z}``, ``{x}`` and ``{y}``."""
    told: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": _(layer.title),
        "scheme": "xyz",
        "tiles": [address],
        "minzoom": layer.min_zoom,
        "maxzoom": SOURCE_MAX_ZOOM,
        "vector_layers": vector_layers(layer),
        "attribution": attribution(session),
    }
    box = bounds(session, [layer])
    if box is not None:
        told["bounds"] = list(box)
        told["center"] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, max(layer.min_zoom, 14)]
    return told


def vector_layers(layer: Layer) -> list[dict[str, Any]]:
    """The layers inside a layer's tiles, each with the fields it may have and what they mean."""
    zooms = {"minzoom": layer.min_zoom, "maxzoom": SOURCE_MAX_ZOOM}
    names = list(layer.in_tiles)
    merged = layer.generalise
    if isinstance(merged, Merge):
        names += merged.by
    if isinstance(merged, Count):
        names += ["count", *merged.sums]
    fields = {name: _meaning(layer, name) for name in dict.fromkeys(names)}
    found = [{"id": layer.name, "description": _(layer.title), "fields": fields, **zooms}]
    if layer.labels_from is not None:
        words = {name: fields[name] for name in layer.in_tiles}
        least = max(layer.min_zoom, layer.labels_from)
        zooms = {"minzoom": least, "maxzoom": SOURCE_MAX_ZOOM}
        label = {"id": f"{layer.name}_label", "description": _("One point for the words of each row")}
        found.append({**label, "fields": words, **zooms})
    return found


def _meaning(layer: Layer, column: str) -> str:
    """What a column of the tiles holds: the title of its field where a click tells it, too."""
    if column == "count":
        return _("How many rows lie here")
    titles = {name: field.title for field in layer.fields for name in field.columns}
    return _(titles[column]) if column in titles else column


def attribution(session: Session) -> str:
    """Whose data it is: the districts of the city, in the reader's language."""
    column = "name_en" if get_locale() == "en" else "name_zh"
    query = text(
        f"SELECT string_agg(coalesce({column}, name_zh), ', ' ORDER BY code)"
        " FROM app.areas WHERE level = 'district'"
    )
    return str(session.scalar(query) or "citygrid")


def tile_set(
    session: Session, title: str, layers: Sequence[Layer], links: list[dict[str, Any]]
) -> dict[str, Any]:
    """Metadata of the tile set that holds some layers, in one tile each place."""
    box = bounds(session, layers)
    first = min(layer.min_zoom for layer in layers)
    told = tile_set_item(title, links) | {
        "tileMatrixSetLimits": limits(box, range(first, MAX_ZOOM + 1)),
        "layers": [_told(layer) for layer in layers],
    }
    if box is not None:
        told["boundingBox"] = {"lowerLeft": box[:2], "upperRight": box[2:], "crs": LONLAT_URI}
    return told


def tile_set_item(title: str, links: list[dict[str, Any]]) -> dict[str, Any]:
    """A tile set as it stands in a list of them."""
    crs = {"crs": MERCATOR_URI, "tileMatrixSetURI": QUAD_URI}
    return {"title": title, "dataType": "vector", **crs, "links": links}


def _told(layer: Layer) -> dict[str, Any]:
    fields = vector_layers(layer)[0]["fields"]
    properties = {name: {"title": meaning} for name, meaning in fields.items()}
    return {
        "id": layer.name,
        "title": _(layer.title),
        "dataType": "vector",
        "geometryDimension": DIMENSION[layer.shape],
        "minTileMatrix": str(layer.min_zoom),
        "maxTileMatrix": str(MAX_ZOOM),
        "propertiesSchema": {"type": "object", "properties": properties},
    }
