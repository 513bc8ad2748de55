"""Every map layer, one entry each, from the bottom of the picture to its top.

The rows stand in ``layers/catalog_*.py``, a file for each folder of the layer switch. Adding a row there and
its name here is all: tiles, style, legend, layer switch, details, search and the API's list follow.
"""

from gis.errors import NotAllowed, NotFound
from gis.i18n import _
from gis.people.models import Role
from layers.catalog_cases import CASE_HEAT, CASE_REPORTS, CASES
from layers.catalog_components import COMPONENTS
from layers.catalog_grid import AREAS, DUTY_GRIDS, PATROL_TRACKS, UNIT_GRIDS
from layers.catalog_ground import BUILDINGS, ROADS
from layers.catalog_pipelines import PIPE_FINDINGS, PIPE_POINTS, PIPE_SEGMENTS
from layers.layer import Layer

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        AREAS, BUILDINGS, ROADS, UNIT_GRIDS, DUTY_GRIDS, PIPE_SEGMENTS, PIPE_POINTS, COMPONENTS,
        PATROL_TRACKS, PIPE_FINDINGS, CASE_REPORTS, CASE_HEAT, CASES,
    )
}  # fmt: skip


def find_layer(name: str, role: Role) -> Layer:
    """A layer by its name, for a person of a role.

    Raises
    ------
    NotFound
        There is no such layer.
    NotAllowed
        There is, but the role may not see it.
    """
    layer = LAYERS.get(name)
    if layer is None:
        raise NotFound(
            _("There is no layer {name}; there are: {names}").format(name=name, names=", ".join(LAYERS))
        )
    if role not in layer.roles:
        raise NotAllowed
    return layer


def layers_for(role: Role) -> list[Layer]:
    """The layers a role may see, in the order they are drawn."""
    return [layer for layer in LAYERS.values() if role in layer.roles]
