"""doors to the world: tiles, keys of other systems, webhooks, places, datasets

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from gis.settings import CITY_SRID

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    tiles()
    keys()
    webhooks()
    places()
    datasets()


def tiles() -> None:
    """What tiles are made of, and what has changed where."""


def keys() -> None:
    """Keys of other systems, and their service requests."""


def webhooks() -> None:
    """Who is told of what, and what was handed to the upper platform."""


def places() -> None:
    """Places by name."""


def datasets() -> None:
    """The shelf of the city's datasets."""
