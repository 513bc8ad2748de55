"""``citygrid evaluate``: what it prints and writes, and that facts come back after ``--rebuild``."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from gis.cli import build
from gis.errors import InvalidInput
from gis.i18n import set_locale

MONTH = (
    "SELECT a.code, count(*) AS reported, count(c.filed_at) FILTER (WHERE c.state <> 'void') AS filed"
    ' FROM "case" AS c JOIN area AS a ON a.id = c.street_id'
    " WHERE c.{at} >= '2026-10-01T00:00+08:00' AND c.{at} < '2026-11-01T00:00+08:00' GROUP BY 1"
)


def _run(*words: str) -> str:
    set_locale("en")
    found = CliRunner().invoke(build(["evaluate"]), ["evaluate", *words], env={"COLUMNS": "200"})
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


def test_a_month_of_streets_is_that_of_their_cases(small_city: str, tmp_path: Path) -> None:
    _run("--period", "2026-10", "--object", "street", "--csv", str(tmp_path / "streets.csv"))
    with (tmp_path / "streets.csv").open(encoding="utf-8-sig") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    engine = create_engine(small_city)
    with engine.connect() as connection:
        streets = connection.scalars(text("SELECT code FROM area WHERE level = 'street'")).all()
        told = {
            name: {row.code: row[1 + place] for row in connection.execute(text(MONTH.format(at=at)))}
            for place, (name, at) in enumerate((("reported", "reported_at"), ("filed", "filed_at")))
        }
    engine.dispose()
    assert rows.keys() == set(streets)
    for name, counts in told.items():
        assert sum(counts.values()) > 0
        assert {code: int(row[f"{name}_numerator"]) for code, row in rows.items()} == {
            code: counts.get(code, 0) for code in streets
        }


def test_what_has_no_cases_says_so(small_city: str) -> None:
    said = _run("--period", "2020-01", "--object", "department")
    assert "no cases" in said
    assert "%" not in said.split("2020-01", 1)[1].split("\n", 5)[5]


def test_what_cannot_be_asked_is_refused(small_city: str) -> None:
    for words in (["--period", "2026-13"], ["--object", "planet"], ["--period", "2090"]):
        with pytest.raises(InvalidInput):
            _run(*words)


def test_facts_are_derived_anew_by_command(small_city: str) -> None:
    engine = create_engine(small_city)
    with engine.connect() as connection:
        cases = connection.scalar(text('SELECT count(*) FROM "case"'))
    engine.dispose()
    assert f"{cases} cases" in _run("--rebuild")
