"""列映射 that people save: which column of a table means which field, found again by name or columns."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotFound
from gis.i18n import _
from gis.people.models import Person
from gis.survey.head_words import FIELDS
from gis.survey.models import SurveyMapping

MOST_COLUMNS = 500


def all_mappings(session: Session) -> Sequence[SurveyMapping]:
    """Every saved mapping, by name."""
    return session.scalars(select(SurveyMapping).order_by(SurveyMapping.name, SurveyMapping.table_name)).all()


def save_mapping(
    session: Session,
    actor: Person,
    name: str,
    table_name: str,
    columns: Sequence[str],
    mapping: Mapping[str, str],
) -> SurveyMapping:
    """Save a mapping; one of that name and table is replaced.

    Raises
    ------
    InvalidInput
        The name is empty, or the mapping names a field or a column that there is not.
    """
    name = name.strip()
    if not name:
        raise _wrong("name", _("A mapping needs a name"))
    if table_name not in FIELDS:
        raise _wrong("table", _("one of: {words}").format(words=", ".join(FIELDS)))
    unknown = sorted(set(mapping) - set(FIELDS[table_name]))
    if unknown:
        raise _wrong("mapping", _("There is no field {name}").format(name=", ".join(unknown)))
    missing = sorted(set(mapping.values()) - set(columns))
    if missing:
        raise _wrong("mapping", _("There is no column {name}").format(name=", ".join(missing)))
    found = session.scalar(
        select(SurveyMapping).where(SurveyMapping.name == name, SurveyMapping.table_name == table_name)
    )
    if found is None:
        found = SurveyMapping(name=name, table_name=table_name, created_by=actor.id)
        session.add(found)
    found.columns = sorted(set(columns))[:MOST_COLUMNS]
    found.mapping = dict(mapping)
    session.flush()
    return found


def delete_mapping(session: Session, mapping_id: int) -> None:
    """Forget a mapping; raises NotFound."""
    found = session.get(SurveyMapping, mapping_id)
    if found is None:
        raise NotFound(_("There is no mapping {id}").format(id=mapping_id))
    session.delete(found)


def mapping_of_name(session: Session, name: str) -> dict[str, dict[str, str]]:
    """``{table: {field: column}}`` of the mappings saved by a name; raises NotFound."""
    rows = session.scalars(select(SurveyMapping).where(SurveyMapping.name == name)).all()
    if not rows:
        raise NotFound(_("There is no mapping {name}").format(name=name))
    return {row.table_name: dict(row.mapping) for row in rows}


def _wrong(pointer: str, detail: str) -> InvalidInput:
    return InvalidInput(detail, errors=[{"pointer": f"/{pointer}", "detail": detail}])
