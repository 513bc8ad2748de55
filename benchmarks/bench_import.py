"""Import of survey data: CJJ tables into the network, with all checks, beside geopandas without any.

About 200,000 rows are taken out of the loaded city, written as the point and line tables that a survey hands
over (CSV, a pair of tables for each class), and imported again: once staged only, once by the whole way.
Each runs in a process of its own, whose memory is its own.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from gis.database import engine, transaction

ROWS = 100_000  # points; there are about as many lines
SURVEY = "bench"
POINTS = """
SELECT p.class_code, p.point_no AS "Exp_No", round(ST_Y(p.geom)::numeric, 3) AS "X",
       round(ST_X(p.geom)::numeric, 3) AS "Y", round(p.ground_level::numeric, 3) AS "High",
       coalesce(f.name_zh, '') AS "Feature", coalesce(a.name_zh, '') AS "Subsid",
       p.well_depth_m AS "WellDeep",
       p.cover_shape AS "WellShape", p.cover_material AS "WellMaterial", p.cover_size_mm AS "WellSize",
       p.sub_code AS "Type", p.address AS "Address", d.name_zh AS "Belong", p.built_on AS "MDate",
       p.surveyed_on AS "SDate", p.survey_unit AS "SUnit", p.usage_status AS "UStatus"
FROM taken_point AS t JOIN pipe_point AS p USING (id)
LEFT JOIN department AS d ON d.id = p.owner_id
LEFT JOIN point_kind AS f ON (f.class_code, f.role, f.code) = (p.class_code, 'feature', p.feature)
LEFT JOIN point_kind AS a ON (a.class_code, a.role, a.code) = (p.class_code, 'appendage', p.appendage)
ORDER BY p.id
"""
LINES = """
SELECT s.class_code, s.segment_no AS "LNo", a.point_no AS "S_Exp", b.point_no AS "E_Exp",
       s.start_depth_m AS "S_Deep", s.end_depth_m AS "E_Deep", round(s.start_level::numeric, 3) AS "S_H",
       round(s.end_level::numeric, 3) AS "E_H", s.sub_code AS "Type", s.material AS "Material",
       s.size AS "PSize",
       s.pressure_mpa AS "Pressure", s.voltage_kv AS "Voltage", s.total_holes AS "TotalHole",
       s.used_holes AS "UsedHole", s.flow_direction AS "FlowDir", s.laying AS "Embed", s.year_laid AS "MDate",
       d.name_zh AS "Belong", s.road_name AS "Road", s.surveyed_on AS "SDate", s.survey_unit AS "SUnit",
       s.usage_status AS "UStatus", s.data_source AS "DataSource"
FROM taken_segment AS t JOIN pipe_segment AS s USING (id)
JOIN pipe_point AS a ON a.id = s.start_point_id
JOIN pipe_point AS b ON b.id = s.end_point_id
LEFT JOIN department AS d ON d.id = s.owner_id
ORDER BY s.id
"""


def take_out(folder: Path, points: int = ROWS) -> int:
    """Move a part of the network into CSV tables; returns how many rows they have."""
    with engine().begin() as connection:
        connection.execute(
            text(
                "CREATE TEMPORARY TABLE taken_point ON COMMIT DROP AS"
                " SELECT id FROM pipe_point WHERE valid_to IS NULL AND survey ="
                " (SELECT survey FROM pipe_point GROUP BY survey ORDER BY count(*) DESC LIMIT 1)"
                " ORDER BY geom LIMIT :points"
            ),
            {"points": points},
        )
        connection.execute(text("CREATE UNIQUE INDEX ON taken_point (id)"))
        connection.execute(
            text(
                "CREATE TEMPORARY TABLE touched ON COMMIT DROP AS SELECT s.id,"
                " s.start_point_id IN (SELECT id FROM taken_point)"
                " AND s.end_point_id IN (SELECT id FROM taken_point) AS whole FROM pipe_segment AS s"
                " WHERE s.start_point_id IN (SELECT id FROM taken_point)"
                " OR s.end_point_id IN (SELECT id FROM taken_point)"
            )
        )
        connection.execute(
            text("CREATE TEMPORARY TABLE taken_segment ON COMMIT DROP AS SELECT id FROM touched WHERE whole")
        )
        connection.execute(text("ANALYZE taken_point, taken_segment"))
        rows = sum(
            _write(folder, name, connection.execute(text(query), execution_options={"yield_per": 10_000}))
            for name, query in (("Point", POINTS), ("Line", LINES))
        )
        connection.execute(text("DELETE FROM pipe_segment WHERE id IN (SELECT id FROM touched)"))
        connection.execute(text("DELETE FROM pipe_point WHERE id IN (SELECT id FROM taken_point)"))
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE pipe_point, pipe_segment"))
    return rows


def _write(folder: Path, name: str, rows: Any) -> int:
    heads = list(rows.keys())[1:]
    files: dict[str, Any] = {}
    count = 0
    for class_code, *cells in rows:
        if class_code not in files:
            file = (folder / f"{class_code}{name}.csv").open("w", encoding="utf-8", newline="")
            files[class_code] = file
            csv.writer(file).writerow(heads)
        csv.writer(files[class_code]).writerow(cells)
        count += 1
    for file in files.values():
        file.close()
    return count


def stage_only(folder: Path) -> dict[str, float]:
    """Seconds of reading and COPY alone; what was staged is rolled back."""
    from sqlalchemy.orm import Session

    from gis.survey.models import SurveyImport
    from gis.survey.options import SurveyOptions
    from gis.survey.staging import stage

    with engine().connect() as connection, connection.begin() as outer:
        session = Session(connection, join_transaction_mode="create_savepoint")
        made = SurveyImport(survey=SURVEY, files=[])
        session.add(made)
        session.flush()
        began = time.perf_counter()
        stage(session, made.id, sorted(folder.glob("*.csv")), SurveyOptions(survey=SURVEY))
        seconds = time.perf_counter() - began
        outer.rollback()
    return {"read and stage": seconds}


def whole_way(folder: Path) -> dict[str, float]:
    """Seconds of each step of an import, from the files to the network."""
    from gis.survey import service
    from gis.survey.job import work_import

    steps: dict[str, float] = {}
    last, at = time.perf_counter(), "begin"

    def tell(step: str, _done: int, _total: int | None) -> None:
        nonlocal last, at
        name = step.split()[0]
        if name != at:
            now = time.perf_counter()
            steps[at] = steps.get(at, 0.0) + now - last
            last, at = now, name

    paths = sorted(folder.glob("*.csv"))
    with transaction() as session:
        made = service.begin(session, None, SURVEY, {})
        made.files = [{"name": path.name, "path": str(path)} for path in paths]
        import_id = made.id
    work_import(import_id, tell)
    tell("decide", 0, None)
    with transaction() as session:
        found = service.find_import(session, import_id)
        print(found.state, found.message, json.dumps(found.counts, ensure_ascii=False), file=sys.stderr)
        service.accept(session, import_id, "clean", None, by_job=False)
    work_import(import_id, tell)
    tell("end", 0, None)
    with transaction() as session:
        print(service.find_import(session, import_id).counts.get("merged"), file=sys.stderr)
    return steps


def by_geopandas(folder: Path) -> dict[str, float]:
    """Seconds of the same tables by pandas, shapely and ``to_postgis``, without any check."""
    import geopandas
    import pandas
    import shapely

    from gis.settings import CITY_SRID

    began = time.perf_counter()
    points = pandas.concat([pandas.read_csv(path, dtype={"Type": str}) for path in folder.glob("*Point.csv")])
    lines = pandas.concat([pandas.read_csv(path, dtype={"Type": str}) for path in folder.glob("*Line.csv")])
    places = points.set_index("Exp_No")[["Y", "X"]]
    ends = [places.reindex(lines[name]).to_numpy() for name in ("S_Exp", "E_Exp")]
    shapes = shapely.linestrings(list(zip(*(end.tolist() for end in ends), strict=True)))
    read = time.perf_counter() - began
    crs = f"EPSG:{CITY_SRID}"
    geopandas.GeoDataFrame(
        points, geometry=geopandas.points_from_xy(points["Y"], points["X"]), crs=crs
    ).to_postgis("bench_points", engine(), if_exists="replace")
    geopandas.GeoDataFrame(lines, geometry=shapes, crs=crs).to_postgis(
        "bench_lines", engine(), if_exists="replace"
    )
    seconds = time.perf_counter() - began
    with engine().begin() as connection:
        connection.execute(text("DROP TABLE bench_points, bench_lines"))
    return {"read": read, "to_postgis": seconds - read}


WAYS: dict[str, Callable[[Path], dict[str, float]]] = {
    "stage_only": stage_only,
    "whole_way": whole_way,
    "by_geopandas": by_geopandas,
}


def measured(way: str, folder: Path) -> tuple[dict[str, float], float]:
    """Seconds of the steps of a way, and the most memory of its process, MB."""
    command = [sys.executable, "-m", "benchmarks.bench_import", way, str(folder)]
    answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer["seconds"], answer["peak_mb"]


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="survey-"))
    try:
        rows = take_out(folder)
        size_mb = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"{rows:,} rows in {len(list(folder.iterdir()))} tables, {size_mb:.0f} MB")
        print(f"load of the machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"{'way':<16}{'step':<16}{'s':>8}{'rows/s':>12}{'memory MB':>12}")
        rates = {}
        for way in ("stage_only", "by_geopandas", "whole_way"):
            seconds, peak_mb = measured(way, folder)
            for step, spent in seconds.items():
                print(f"{way:<16}{step:<16}{spent:>8.2f}{rows / max(spent, 1e-9):>12,.0f}")
            total = sum(seconds.values())
            if "check" in seconds:
                with_checks = seconds["read"] + seconds["check"]
                print(f"{way:<16}{'read and check':<16}{with_checks:>8.2f}{rows / with_checks:>12,.0f}")
            rates[way] = rows / total
            print(f"{way:<16}{'all':<16}{total:>8.2f}{rates[way]:>12,.0f}{peak_mb:>12,.0f}")
        for way in ("stage_only", "whole_way"):
            print(f"{way} / by_geopandas: {rates[way] / rates['by_geopandas']:.2f}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    from gis.schema import metadata

    metadata()  # tables of all subjects, which refer to each other
    spent = WAYS[sys.argv[1]](Path(sys.argv[2]))
    # Not of getrusage: that begins with what the process that started this one had.
    status = Path("/proc/self/status").read_text("ascii")
    peak_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"seconds": spent, "peak_mb": peak_kb / 1024}))
