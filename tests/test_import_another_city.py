"""Data of another place: a database of its own in that place's coordinate system, by the command line."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from gis.cluster import Cluster

Run = Callable[..., subprocess.CompletedProcess[str]]
PLACES = [(-71.06, 42.36), (-71.05, 42.35)]


@pytest.fixture
def run(cluster: Cluster, tmp_path: Path) -> Run:
    """The command line on an empty database of a city in Massachusetts."""
    server = create_engine(
        cluster.database_url("postgres").replace("postgresql://", "postgresql+psycopg://"),
        isolation_level="AUTOCOMMIT",
    )
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS another_city"))
        connection.execute(text("CREATE DATABASE another_city"))
    server.dispose()
    environment = os.environ | {
        "CITYGRID_DATABASE_URL": cluster.database_url("another_city"),
        "CITYGRID_HOME": str(tmp_path / "home"),
        "CITYGRID_CITY_SRID": "26986",
        "CITYGRID_TIMEZONE": "America/New_York",
        "CITYGRID_LOCALE": "en",
        "COLUMNS": "200",
    }

    def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).parent / "citygrid"
        return subprocess.run(
            [program, *words], env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    return command


def test_another_city_is_laid_out_and_its_cases_loaded_in_its_own_time(
    run: Run, cluster: Cluster, tmp_path: Path
) -> None:
    path, findings = tmp_path / "cases.csv", tmp_path / "findings.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["number", "reported_at", "closed_at", "class_code", "lon", "lat"])
        for number, place in enumerate(PLACES):
            lines.writerow([number, "2022-01-31 20:00", "2022-02-01 20:00", "0137", *place])
    early = run("import", "cases", path)
    assert early.returncode == 2
    assert early.stderr.count("\n") == 1
    assert "init-db" in early.stderr
    assert run("init-db").returncode == 0
    homeless = run("import", "cases", path)
    assert homeless.returncode == 2
    assert "init-city" in homeless.stderr

    names = ("--code", "990617", "--name-zh", "波士顿", "--name-en", "Boston")
    laid = run("init-city", *names, "--around", path)
    assert laid.returncode == 0, laid.stderr
    tried = run("import", "cases", path, "--dry-run", "--report", findings)
    assert tried.returncode == 0, tried.stderr
    assert findings.read_text("utf-8-sig").count("no_target") == 2
    with path.open("a", encoding="utf-8") as file:
        file.write("9,2022-01-31 20:00,,0137,110,39.8\n")
    loaded = run("import", "cases", path)
    assert "the place lies outside the city" in loaded.stdout
    again = run("import", "cases", path)
    assert again.returncode == 1  # nothing loaded

    engine = create_engine(cluster.database_url("another_city").replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT extract(epoch FROM reported_at), ST_SRID(location),"
                " round(ST_X(ST_Transform(location, 4326))::numeric, 6)"
                ' FROM "case" ORDER BY external_id'
            )
        ).all()
    engine.dispose()
    # Eight in the evening of a Boston winter is one in the morning UTC.
    assert [(int(at), srid) for at, srid, _lon in rows] == [(1643677200, 26986)] * 2
    assert [float(lon) for _at, _srid, lon in rows] == [place[0] for place in PLACES]
