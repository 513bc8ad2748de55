"""What may be sent of a component: codes by the standard's tables, keepers by the codes of departments."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from gis.edit.departments import department_names, departments_by_code
from gis.edit.properties import Names, Property, Table, Values
from gis.standard import tables


def _classes(_session: Session) -> Mapping[str, str]:
    return {row.code: row.code for row in tables.component_classes()}


def _class_names(_session: Session) -> list[tuple[str, str, Values]]:
    return [(row.name_zh, row.name_en, {"class_code": row.code}) for row in tables.component_classes()]


def _states(_session: Session) -> Mapping[str, str]:
    return {row.code: row.code for row in tables.component_states()}


def _state_names(_session: Session) -> list[tuple[str, str, Values]]:
    return [(row.name_zh, row.name_en, {"state": row.code}) for row in tables.component_states()]


def _keeper(name: str) -> tuple[Property, Names]:
    """A department beside the component: by its code, or by the names that reading shows."""
    column = f"{name}_id"
    by_code = Property(name=f"{name}_code", column=column, codes=departments_by_code)
    return by_code, Names(prefix=name, columns=(column,), rows=department_names(column), null={column: None})


_KEEPERS = [_keeper(name) for name in ("supervisor", "owner", "maintainer")]
_NULL_STATE: dict[str, Any] = {"state": "intact"}

COMPONENT = Table(
    properties=(
        Property(name="class_code", codes=_classes, required=True),
        Property(name="name", null="", longest=100),
        Property(name="state", codes=_states, null="intact"),
        *(by_code for by_code, _names in _KEEPERS),
        Property(name="note", null="", longest=2000),
    ),
    names=(
        Names(prefix="class", columns=("class_code",), rows=_class_names, null=None),
        Names(prefix="state", columns=("state",), rows=_state_names, null=_NULL_STATE),
        *(names for _by_code, names in _KEEPERS),
    ),
)
