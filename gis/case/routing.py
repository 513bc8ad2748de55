"""Which department should act: by the component's maintainer, then by the responsibilities."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.side_models import AutoDispatch
from gis.database import read_sql
from gis.i18n import N_, _


@dataclass(frozen=True)
class Suggestion:
    """A department and the reason it is proposed."""

    department_id: int
    department_code: str
    name_zh: str
    name_en: str
    reason: str


REASONS = {
    "maintainer": N_("maintains the component"),
    "responsibility": N_("answers for class {class_code} in {area}"),
    "fallback": N_("answers for what no one else does"),
}


def suggest_department(session: Session, case: Case) -> Suggestion | None:
    """The department a case belongs to, or ``None`` where the tables are silent."""
    values = {
        "component_id": case.component_id or 0,
        "kind": case.kind,
        "edition": case.edition,
        "class_code": case.class_code,
        "community_id": case.community_id,
        "street_id": case.street_id,
    }
    row = session.execute(read_sql("suggest_department"), values).first()
    if row is None:
        return None
    reason = _(REASONS[row.reason]).format(
        class_code=row.rule_class or case.class_code, area=row.area or _("the city")
    )
    return Suggestion(row.id, row.code, row.name_zh, row.name_en, reason)


def is_automatic(session: Session, case: Case) -> bool:
    """Whether cases of this class are dispatched to the proposed department as soon as they are filed."""
    by_class = select(AutoDispatch.class_code).where(
        AutoDispatch.kind == case.kind,
        AutoDispatch.edition == case.edition,
        AutoDispatch.class_code.in_((case.class_code, case.class_code[:2])),
    )
    return session.scalar(by_class.limit(1)) is not None
