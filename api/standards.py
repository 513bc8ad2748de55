"""The standards' tables for forms and programs: classes and their filing conditions, pipeline classes."""

from typing import Any, Literal

from fastapi import APIRouter, Depends

from api.dependencies import DbSession, signed_in
from api.shapes import ListOf
from gis.i18n import pick
from gis.standard.queries import rules_in_force
from gis.standard.tables import CITY_EDITION, component_classes, event_classes, pipe_classes, pipe_main_class

router = APIRouter(prefix="/api/v1/standards", tags=["standards"], dependencies=[Depends(signed_in)])


@router.get("/classes")
def classes(kind: Literal["component", "event"], edition: str = CITY_EDITION) -> ListOf:
    """Component or event classes of an edition, with source and status."""
    found = component_classes(edition) if kind == "component" else event_classes(edition)
    return ListOf(
        items=[
            {
                "code": row.code,
                "name": pick(row.name_zh, row.name_en),
                "major_code": row.major_code,
                "major": pick(row.major_name_zh, row.major_name_en),
                "edition": row.edition,
                "scope": row.scope,
                "source": row.source,
                "status": row.status,
            }
            for row in found
        ]
    )


@router.get("/rules")
def rules(
    session: DbSession, kind: Literal["component", "event"], class_code: str, edition: str = CITY_EDITION
) -> ListOf:
    """The conditions on which the city files a case of a class, as in force now."""
    items: list[dict[str, Any]] = [
        {
            "code": rule.code,
            "condition": pick(rule.condition_zh, rule.condition_en),
            "closing": pick(rule.closing_zh, rule.closing_en),
            "limit_value": rule.limit_value_in_force,
            "limit_unit": rule.limit_unit_in_force,
            "city": rule.city,
            "source": rule.source,
            "status": rule.status,
        }
        for rule in rules_in_force(session, edition, kind, class_code)
    ]
    return ListOf(items=items)


@router.get("/pipe-classes")
def pipes() -> ListOf:
    """Pipeline classes and sub-classes with colours and what depth is measured to."""
    return ListOf(
        items=[
            {
                "class_code": row.class_code,
                "class_name": pick(
                    pipe_main_class(row.class_code).name_zh, pipe_main_class(row.class_code).name_en
                ),
                "sub_code": row.sub_code,
                "name": pick(row.name_zh, row.name_en),
                "colour": row.rgb_hex,
                "dash": row.dash,
                "depth_reference": str(row.depth_reference),
                "depth_reference_status": row.depth_reference_status,
                "source": row.source,
                "status": row.status,
            }
            for row in pipe_classes()
        ]
    )
