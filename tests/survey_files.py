"""Small survey files written by tests, and what they become when they are staged."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.survey.models import StagedLine, StagedPoint, SurveyImport
from gis.survey.options import SurveyOptions
from gis.survey.recognised import Recognised
from gis.survey.staging import stage
from tests.import_files import EAST, NORTH

POINT_HEADS = ["物探点号", "X坐标", "Y坐标", "地面高程", "特征", "附属物"]
LINE_HEADS = ["起点点号", "终点点号", "起点埋深", "终点埋深", "管径", "材质"]
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Staged:
    """What an import staged, in the order of the files."""

    points: list[StagedPoint]
    lines: list[StagedLine]
    recognised: list[Recognised]

    @property
    def said(self) -> set[str]:
        return {one.code for one in self.recognised}

    def detail(self, code: str) -> dict[str, Any]:
        """The detail of the first thing said under a code."""
        return dict(next(one.detail for one in self.recognised if one.code == code))


def staged(session: Session, *files: Path, **options: Any) -> Staged:
    """Stage files into the session's database."""
    one = SurveyImport(survey=f"area {session.scalar(select(func.count(SurveyImport.id)))}", files=[])
    session.add(one)
    session.flush()
    said = stage(session, one.id, files, SurveyOptions(survey="A", **options))
    found = (
        list(session.scalars(select(model).where(model.import_id == one.id).order_by(model.id)))
        for model in (StagedPoint, StagedLine)
    )
    return Staged(*found, said)


def point(
    number: str, x: float, y: float, level: Any = 1040.5, feature: str = "", thing: str = ""
) -> list[Any]:
    """A row below :data:`POINT_HEADS`: ``x`` metres east and ``y`` metres north of (0, 0)."""
    return [number, NORTH + y, EAST + x, level, feature, thing]


def write_csv(path: Path, *rows: Sequence[Any], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_workbook(path: Path, **sheets: Rows) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path
