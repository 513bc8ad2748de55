"""The frame every place of an import must lie in."""

import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis.errors import Conflict
from gis.grid.models import City
from gis.i18n import _


def the_city(session: Session) -> City:
    """The city of this database; Conflict says how to make one where there is none."""
    city = session.get(City, 1)
    if city is None:
        raise Conflict(
            _("There is no city in this database yet; run citygrid init-city or citygrid load-sample first")
        )
    return city


def boundary(session: Session) -> BaseGeometry:
    """Where the city ends, in its CRS, prepared for many questions."""
    shape: BaseGeometry = to_shape(the_city(session).boundary)
    shapely.prepare(shape)
    return shape
