"""What goes in and out about imports of survey data, in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy.orm import object_session

from api.shapes import local
from gis.i18n import _, pick
from gis.people.models import Person
from gis.standard.rows import PipelineField
from gis.standard.tables import pipeline_fields
from gis.survey.difference import Difference
from gis.survey.head_words import HELD
from gis.survey.models import SurveyImport, SurveyMapping
from gis.survey.preview import SheetPreview
from gis.survey.recognised import Recognised
from gis.survey.service import ACTIONS, STATE_TITLES, day_of


class RecognisedOut(BaseModel):
    """What was recognised in a file, said to people."""

    code: str
    file: str
    sheet: str
    text: str

    @classmethod
    def of(cls, found: Recognised) -> "RecognisedOut":
        return cls(code=found.code, file=found.file, sheet=found.sheet, text=found.text)


class FileOut(BaseModel):
    name: str
    sha256: str
    size_bytes: int


class ImportOut(BaseModel):
    """入库: an import as it is now."""

    id: int
    survey: str
    state: str
    state_title: str
    step: str = Field(description="what is done at this moment: read, check …, compare, merge, undo")
    done: int
    total: int | None = Field(description="null: not known, or nothing is done now")
    files: list[FileOut] = Field(description="empty once they were cleared away, 30 days after the end")
    options: dict[str, Any]
    valid_from: date = Field(description="the day from which the survey holds")
    recognised: list[RecognisedOut]
    counts: dict[str, Any] = Field(
        description="points, lines, clean_points, clean_lines, findings by severity, by_check, change, merged"
    )
    message: str = Field(description="why it failed, or could not be taken over")
    accepted_how: str
    created_by: str = Field(description="name of who sent it; empty where nobody did")
    created_at: datetime
    checked_at: datetime | None
    ended_at: datetime | None
    version: int = Field(description="its ETag, for If-Match")
    actions: list[str] = Field(description="what can be decided now")

    @classmethod
    def of(cls, found: SurveyImport) -> "ImportOut":
        return cls(
            id=found.id,
            survey=found.survey,
            state=found.state,
            state_title=_(STATE_TITLES[found.state]),
            step=found.step,
            done=found.done,
            total=found.total,
            files=[FileOut(**{name: file[name] for name in FileOut.model_fields}) for file in found.files],
            options={name: value for name, value in found.options.items() if name != "locale"},
            valid_from=day_of(found),
            recognised=[RecognisedOut.of(Recognised.from_json(each)) for each in found.recognised],
            counts=found.counts,
            message=found.message,
            accepted_how=found.accepted_how,
            created_by=_sender(found),
            created_at=local(found.created_at) or found.created_at,
            checked_at=local(found.checked_at),
            ended_at=local(found.ended_at),
            version=found.version,
            actions=list(ACTIONS.get(found.state, ())),
        )


def _sender(found: SurveyImport) -> str:
    session = object_session(found)
    person = session.get(Person, found.created_by) if session and found.created_by else None
    return person.name if person else ""


class AcceptIn(BaseModel):
    """``all`` rows, or only the ``clean`` ones: those without an error whose ends are clean or live."""

    how: Literal["all", "clean"]
    valid_from: str | None = Field(None, description="the day of the survey, in place of the one it has")


class ColumnOut(BaseModel):
    """A column of a table; ``field`` is null where it is kept under its own name."""

    name: str
    field: str | None
    title: str | None
    how: str
    confidence: float
    samples: list[str]


class SheetOut(BaseModel):
    """A sheet, table or layer of a file as it would be read."""

    file: str
    sheet: str
    table: str | None
    class_code: str | None
    rows: int | None
    columns: list[ColumnOut]
    first_rows: list[list[str]]
    mapping: dict[str, str] = Field(description="suggested: field → column")
    recognised: list[RecognisedOut]
    needed_missing: list[str]

    @classmethod
    def of(cls, found: SheetPreview) -> "SheetOut":
        table = found.table or ""
        return cls(
            file=found.file,
            sheet=found.sheet,
            table=found.table,
            class_code=found.class_code,
            rows=found.rows,
            columns=[
                ColumnOut(
                    name=column.name,
                    field=column.field,
                    title=field_title(table, column.field) if column.field else None,
                    how=column.how,
                    confidence=column.confidence,
                    samples=column.samples,
                )
                for column in found.columns
            ],
            first_rows=found.first_rows,
            mapping={column.field: column.name for column in found.columns if column.field},
            recognised=[RecognisedOut.of(each) for each in found.recognised],
            needed_missing=found.needed_missing,
        )


class PreviewOut(BaseModel):
    """What an import would make of files; nothing is stored."""

    items: list[SheetOut]


class ChangeOut(BaseModel):
    field: str
    title: str
    before: Any
    after: Any


class DifferenceOut(BaseModel):
    """A row of an import against the row that lives."""

    subject: str
    kind: str
    number: str
    class_code: str | None
    file: str
    sheet: str
    row_no: int | None
    living_id: int | None
    is_clean: bool
    moved_m: float | None
    changes: list[ChangeOut]
    geometry: Mapping[str, Any] | None = Field(description="GeoJSON, EPSG:4490; null for what has gone")
    geometry_before: Mapping[str, Any] | None

    @classmethod
    def of(cls, found: Difference) -> "DifferenceOut":
        changes = [
            ChangeOut(
                field=change.field,
                title=field_title(found.subject, change.field),
                before=change.before,
                after=change.after,
            )
            for change in found.changes
        ]
        values = {name: getattr(found, name) for name in cls.model_fields if name != "changes"}
        return cls(
            **values | {"moved_m": round(found.moved_m, 3) if found.moved_m else None}, changes=changes
        )


class MappingIn(BaseModel):
    """列映射: which column of a table means which field."""

    name: str = Field(max_length=64)
    table: Literal["point", "line"]
    columns: list[str] = Field(max_length=500, description="heads of the table it was made for")
    mapping: dict[str, str] = Field(description="field → column")


class MappingOut(MappingIn):
    id: int
    created_at: datetime

    @classmethod
    def of(cls, found: SurveyMapping) -> "MappingOut":
        return cls(
            id=found.id,
            name=found.name,
            table=found.table_name,
            columns=found.columns,
            mapping=found.mapping,
            created_at=local(found.created_at) or found.created_at,
        )


def field_title(table: str, name: str) -> str:
    """What the standard's tables call a field, in the reader's language; its name where they lack it."""
    row = _standard_fields(table).get(_CALLED.get(name, name))
    return pick(row.name_zh, row.name_en) if row else name


# Columns that hold a part of a field, or a field by another name.
_CALLED = {"owner_id": "owner", "pressure_mpa": "pressure", "pressure_band": "pressure", "sub_code": "kind"}


@cache
def _standard_fields(table: str) -> dict[str, PipelineField]:
    held = HELD.get(table, {})
    rows = [row for row in pipeline_fields() if row.table_name == table and row.field in held]
    return {held[row.field]: row for row in rows}
