"""What the planner's pages have in common: a small bar of their own, the classes of pipelines, the place."""

from typing import Any

from sqlalchemy.orm import Session

from api.pipeline_access import WRITERS
from gis.i18n import pick
from gis.people.models import Person
from gis.standard.tables import pipe_classes, pipe_main_classes
from layers.source import city_box
from web.city_place import city_centre
from web.navigation import Section, sections_for

ROOT = "/pipelines"


def frame(session: Session, actor: Person) -> dict[str, Any]:
    """Values every template of these pages needs."""
    return {
        "centre": city_centre(session),
        "city_box": city_box(session),
        "classes": main_classes(),
        "beside": beside(actor),
        "may_write": actor.role in WRITERS,
    }


def beside(actor: Person) -> list[Section]:
    """The pages about pipelines that a person may go to."""
    return [one for one in sections_for(actor.role) if one.path.startswith(ROOT)]


def main_classes() -> dict[str, dict[str, str]]:
    """Names, colours and dashes of the main classes by code, as the profession draws them."""
    return {
        row.class_code: {
            "name": pick(row.name_zh, row.name_en),
            "colour": row.rgb_hex,
            "dash": row.dash,
        }
        for row in pipe_main_classes()
    }


def sub_classes() -> dict[str, dict[str, str]]:
    """Names and colours of the sub-classes by ``JS/JP``."""
    return {
        f"{row.class_code}/{row.sub_code}": {
            "name": pick(row.name_zh, row.name_en),
            "colour": row.rgb_hex,
        }
        for row in pipe_classes()
    }
