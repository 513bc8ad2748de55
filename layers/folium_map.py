"""The city as a Folium map: Leaflet holds the map, MapLibre draws the city's vector tiles inside it.

Folium names dozens of outside hosts for its scripts and styles. None reaches our page: only the map's own
HTML and script are taken from the figure, and the page loads Leaflet and MapLibre from the application.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template
from sqlalchemy.orm import Session

from gis.i18n import _
from layers.layer import Layer
from layers.maplibre import images, style
from layers.source import city_box

# Where nothing is loaded yet: the country.
NOWHERE = (73.0, 18.0, 135.0, 54.0)
LEAST_ZOOM, MOST_ZOOM = 4, 22


class CityTiles(MacroElement):
    """The layers of the catalogue on a Folium map.

    The page must offer a function ``cityTiles(map, options)``; ``options`` is what :func:`city_drawing`
    tells, or the address where a page reads it.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "cityTiles({{ this._parent.get_name() }}, {{ this.options|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, options: dict[str, Any] | str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca tells no types
        self._name = "CityTiles"
        self.options = options


@dataclass(frozen=True)
class Drawn:
    """The two pieces of a rendered Folium map that a page of ours takes in."""

    html: str
    script: str


def city_map(session: Session, layers: Sequence[Layer], drawing: dict[str, Any] | str = "") -> folium.Map:
    """A Folium map of some layers, opened on the whole city.

    ``drawing`` is what it draws, or the address that answers :func:`city_drawing`; else the map carries that.
    """
    west, south, east, north = city_box(session) or NOWHERE
    found = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=12,
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        min_zoom=LEAST_ZOOM,
        max_zoom=MOST_ZOOM,
        zoom_snap=0.5,
        wheel_px_per_zoom_level=90,
    )
    # On this map only: Folium keeps these lists on the class, for every map of the process.
    found.default_js = []
    found.default_css = []
    found._id = "city"
    CityTiles(drawing or city_drawing(session, layers)).add_to(found)
    return found


def city_drawing(session: Session, layers: Sequence[Layer]) -> dict[str, Any]:
    """What the map's script draws: ``style`` (MapLibre), ``images`` ``{name: SVG}``, ``layers``.

    ``bounds`` is ``[[south, west], [north, east]]`` of the city, degrees.
    """
    west, south, east, north = city_box(session) or NOWHERE
    return {
        "style": style(session, layers),
        "images": images(session, layers),
        "bounds": [[south, west], [north, east]],
        "layers": [_told(layer) for layer in layers],
    }


def draw(city: folium.Map) -> Drawn:
    """Render a map for a page that brings its own frame, scripts and styles."""
    figure: Any = city.get_root()
    figure.render()
    return Drawn(figure.html.render(), figure.script.render())


def _told(layer: Layer) -> dict[str, Any]:
    """What the map's script must know of a layer beyond its style."""
    return {
        "name": layer.name,
        "visible": layer.visible,
        "refresh_s": layer.refresh_s,
        "shape": layer.shape,
        "is_live": bool(layer.refresh_s) and "case" in layer.tables,
        "class_field": layer.classes.by if layer.classes else None,
        "sub_field": layer.classes.sub if layer.classes else "",
        "mark_field": layer.marks_by,
        "whole_from": layer.generalise.below if layer.generalise else layer.min_zoom,
        "has_history": bool(layer.ever),
        "has_times": bool(layer.times),
        "page_title": _(layer.page_title),
    }
