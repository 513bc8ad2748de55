"""The numbers of the standards in force: the administrator's correction where one stands, else as shipped."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.standard.models import ClearanceHorizontal, ClearanceVertical, FilingRule, LeastCover
from gis.standard.tables import CITY_RULES


def rules_in_force(
    session: Session, edition: str, kind: str, class_code: str, city: str = CITY_RULES
) -> list[FilingRule]:
    """The conditions on which a city files a case of a class, in the printed order."""
    statement = (
        select(FilingRule)
        .where(
            FilingRule.city == city,
            FilingRule.edition == edition,
            FilingRule.kind == kind,
            FilingRule.class_code == class_code,
        )
        .order_by(FilingRule.position)
    )
    return list(session.scalars(statement))


def horizontal_clearance_in_force(session: Session, a: str, b: str) -> ClearanceHorizontal | None:
    """Least plan distance between two parties, in either order; None = the table is silent, never a pass."""
    return session.get(ClearanceHorizontal, (min(a, b), max(a, b)))


def vertical_clearance_in_force(session: Session, a: str, b: str) -> ClearanceVertical | None:
    """Least distance at a crossing between two parties, in either order; None = the table is silent."""
    return session.get(ClearanceVertical, (min(a, b), max(a, b)))


def least_cover_in_force(session: Session, party: str, laying: str, surface: str) -> LeastCover | None:
    """Least soil above a line's crown; None = no such row. A row whose value is None gives no figure."""
    return session.get(LeastCover, (party, laying, surface))
