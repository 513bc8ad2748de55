"""The collections of the catalogue of layers as datasets of the city: each finds its place on the shelf."""

from collections.abc import Iterable

from gis.dataset.service import Own
from gis.i18n import LOCALES, N_, gettext, in_locale
from layers.catalog import LAYERS
from layers.layer import Group, Layer

_THEMES = {
    Group.CASES: "case",
    Group.GRID: "grid",
    Group.PIPELINES: "pipeline",
    Group.COMPONENTS: "component",
    Group.GROUND: "ground",
}
# What a title alone does not say. A layer without a row has its title only.
_ABOUT = {
    "areas": N_("District, subdistricts and communities with their codes and boundaries"),
    "unit_grids": N_("Unit grids of about 10,000 m², the smallest piece of the city that is managed"),
    "duty_grids": N_("Grids that inspectors patrol, each of whole unit grids"),
    "roads": N_("Named roads by their centre lines, with grade and length"),
    "buildings": N_("Footprints of buildings, with address and storeys where known"),
    "components": N_("Lids, lamps, bins, signs and other things in the street: class, state, who keeps them"),
    "pipe_segments": N_(
        "Pipes, ducts and cables under the street as surveyed: size, material, levels, owner"
    ),
    "pipe_points": N_(
        "Wells, valves, bends and ends of pipes as surveyed: ground level, depth, what stands there"
    ),
    "cases": N_("Reported problems that are not closed yet: class, state, clock, who must act"),
}


def own_datasets() -> list[Own]:
    """The datasets that are served here, in both languages."""
    return [_own(layer) for layer in _collections()]


def _collections() -> Iterable[Layer]:
    return (layer for layer in LAYERS.values() if layer.collection)


def _own(layer: Layer) -> Own:
    chinese, english = (_words(layer, locale) for locale in LOCALES)
    continual = layer.group is Group.CASES
    return Own(
        collection=layer.name,
        title_zh=chinese[0],
        title_en=english[0],
        description_zh=chinese[1],
        description_en=english[1],
        theme=_THEMES.get(layer.group, "other"),
        update_frequency="continual" if continual else "as_needed",
    )


def _words(layer: Layer, locale: str) -> tuple[str, str]:
    with in_locale(locale):
        return gettext(layer.title), gettext(_ABOUT[layer.name]) if layer.name in _ABOUT else ""
