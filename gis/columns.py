"""Column types that every subject shares, so that each is said once."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Enum, Identity, func
from sqlalchemy.orm import Mapped, mapped_column

from gis.settings import CITY_SRID

Id = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Now = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]


def geometry(kind: str, *, index: bool = True, **options: Any) -> Mapped[WKBElement]:
    """A geometry column in the city's CRS, with its GiST index unless ``index`` is false.

    ``kind`` is a PostGIS type; one that ends in Z has three dimensions (heights in metres, 1985 datum).
    """
    dimension = 3 if kind.endswith("Z") else 2
    return mapped_column(Geometry(kind, srid=CITY_SRID, dimension=dimension, spatial_index=index), **options)


class Validity:
    """有效期: rows are never deleted; their validity ends. ``valid_to`` is exclusive, empty while valid."""

    valid_from: Mapped[date] = mapped_column(Date, server_default=func.current_date())
    valid_to: Mapped[date | None] = mapped_column(Date)

    @staticmethod
    def check() -> CheckConstraint:
        return CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_order")


def one_of(words: type[StrEnum]) -> Enum:
    """A column that holds one word of a list, checked by the database."""
    return Enum(
        words,
        native_enum=False,
        values_callable=lambda enum: [member.value for member in enum],
        length=16,
        create_constraint=True,
    )
