"""案卷记录: cases as the upper platform reads them, with steps and a list of their photos."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from geoalchemy2.shape import to_shape
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from gis.case.models import Attachment, Case, CaseStep
from gis.component.models import Component
from gis.crs import to_lonlat
from gis.grid.models import Area
from gis.people.models import Department
from gis.platform.fields import ATTACHMENTS, STEPS, names
from gis.settings import get_settings
from gis.standard.errors import UnknownCode
from gis.standard.tables import filing_rule, find_class

Record = dict[str, Any]
KINDS = {"component": "C", "event": "E"}


def records_of(session: Session, case_ids: Sequence[int]) -> list[Record]:
    """The records of cases, in the order of their ids; four queries for all of them.

    No person is named: a step tells role and department.
    """
    district = aliased(Area)
    rows = session.execute(
        select(Case, district.code, Component.code)
        .options(
            joinedload(Case.unit_grid), joinedload(Case.community), joinedload(Case.street),
            joinedload(Case.duty_grid), joinedload(Case.department),
        )
        .join(Area, Area.id == Case.street_id)
        .outerjoin(district, district.id == Area.parent_id)
        .outerjoin(Component, Component.id == Case.component_id)
        .where(Case.id.in_(case_ids))
    )  # fmt: skip
    found = {case.id: (case, district_code, component) for case, district_code, component in rows}
    steps, photos = _steps(session, case_ids), _photos(session, case_ids)
    return [
        _record(*found[id_], steps[id_]) | {STEPS: steps[id_], ATTACHMENTS: photos[id_]}
        for id_ in case_ids
        if id_ in found
    ]


def _record(case: Case, district: str | None, component: str | None, steps: list[Record]) -> Record:
    easting, northing = to_shape(case.location).coords[0][:2]
    lon, lat = to_lonlat(easting, northing)
    disposals = [step["Note"] for step in steps if step["Action"] == "dispose"]
    values = {
        "case_no": case.case_no,
        "external_id": case.external_id,
        "version": case.version,
        "kind": KINDS[case.kind],
        "edition": case.edition,
        "class_code": case.class_code,
        "major_code": case.class_code[:2],
        "minor_code": case.class_code[2:],
        "class_name": _class_name(case),
        "condition": case.rule_code,
        "condition_text": _condition(case.rule_code),
        "source": case.source,
        "state": str(case.state),
        "stage": case.stage,
        "lon": round(lon, 8),
        "lat": round(lat, 8),
        "address": case.address,
        "description": case.description,
        "district": district,
        "street": case.street.code,
        "community": case.community.code,
        "unit_grid": case.unit_grid.code,
        "duty_grid": case.duty_grid.code if case.duty_grid else None,
        "component": component,
        "department": case.department.code if case.department else None,
        "department_name": case.department.name_zh if case.department else None,
        **{name: _moment(getattr(case, name)) for name in _MOMENTS},
        "limit_value": case.limit_value,
        "limit_unit": case.limit_unit,
        "urged_count": case.urged_count,
        "extension_count": case.extension_count,
        "rework_count": case.rework_count,
        "closed_by_force": case.closed_by_force,
        "closing_note": disposals[-1] if disposals else None,
        "updated_at": _moment(case.updated_at),
    }
    return {name: values[field] for field, name in names().items()}


_MOMENTS = (
    *("occurred_at", "reported_at", "filed_at", "dispatched_at", "disposed_at", "closed_at", "due_at"),
)


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(get_settings().zone).isoformat() if at else None


def _class_name(case: Case) -> str | None:
    try:
        return find_class(case.edition, case.kind, case.class_code).name_zh
    except UnknownCode:
        return None


def _condition(code: str | None) -> str | None:
    try:
        return filing_rule(code).condition_zh if code else None
    except UnknownCode:
        return None


def _steps(session: Session, case_ids: Sequence[int]) -> defaultdict[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    rows = session.execute(
        select(CaseStep, Department.code)
        .outerjoin(Department, Department.id == CaseStep.department_id)
        .where(CaseStep.case_id.in_(case_ids))
        .order_by(CaseStep.case_id, CaseStep.seq)
    )
    for step, department in rows:
        found[step.case_id].append(
            {
                "Seq": step.seq,
                "Action": step.action,
                "From": step.from_state and str(step.from_state),
                "To": str(step.to_state),
                "Role": step.actor_role,
                "DeptCode": department,
                "Note": step.note,
                "Time": _moment(step.at),
            }
        )
    return found


def _photos(session: Session, case_ids: Sequence[int]) -> defaultdict[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    rows = session.scalars(
        select(Attachment).where(Attachment.case_id.in_(case_ids)).order_by(Attachment.case_id, Attachment.id)
    )
    for photo in rows:
        found[photo.case_id].append(
            {
                "Sha256": photo.sha256,
                "Stage": photo.stage,
                "MediaType": photo.media_type,
                "Size": photo.size_bytes,
                "TakenTime": _moment(photo.taken_at),
            }
        )
    return found
