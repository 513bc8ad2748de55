"""Survey data over HTTP: files in, the job that reads and checks them, and what people then decide."""

import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from api.pipeline_access import READERS, WRITERS
from gis.cluster import Cluster
from gis.crs import to_city
from gis.database import transaction
from gis.errors import Conflict
from gis.people.models import Role
from gis.pipeline.models import PipePoint, PipeSegment
from gis.settings import get_settings
from gis.survey import service
from gis.survey.ending import KEEP_ENDED, sweep_imports
from gis.survey.files import imports_folder, paths_of
from gis.survey.job import StillRunning, claimed, work_import
from gis.survey.models import ImportState, StagedPoint, SurveyImport
from tests.conftest import HOME, make_database
from tests.import_files import EAST, NORTH, lay_out
from tests.small_city import AsRole

IMPORTS = "/api/v1/imports"
PATIENCE_S = 90
numbers = count(1)

POINT_HEADS = ("Exp_No", "X", "Y", "High", "Feature", "Subsid", "Type")
LINE_HEADS = ("LNo", "S_Exp", "E_Exp", "S_Deep", "E_Deep", "S_H", "E_H", "Type", "Material", "PSize")
Rows = dict[str, tuple[Any, ...]]
# Oxygen pipes: the sample city has none that they could be in the way of.
LINES: Rows = {
    "L1": ("A", "B", 1.5, 1.6, 1438.5, 1438.4, "YQ", "G", 200),
    "L2": ("B", "C", 1.6, 1.6, 1438.4, 1438.4, "YQ", "G", 200),
}


@pytest.fixture
def points(place: dict[str, float]) -> Rows:
    """Three points in a row, 20 m apart, on level ground."""
    east, north = to_city(place["lon"], place["lat"])
    return {
        name: (round(north, 3), round(east + 20 * step, 3), 1440.0, "弯头", "", "YQ")
        for step, name in enumerate("ABC")
    }


@pytest.fixture
def survey() -> Iterator[str]:
    """The name of a survey area of this test's own; what it brought is gone afterwards."""
    name = f"T{next(numbers):04}"
    yield name
    with transaction() as session:
        session.execute(text("DELETE FROM pipe_segment WHERE survey = :name"), {"name": name})
        session.execute(text("DELETE FROM pipe_point WHERE survey = :name"), {"name": name})
        session.execute(text("DELETE FROM survey_import WHERE survey = :name"), {"name": name})


@pytest.fixture
def planner(as_role: AsRole) -> TestClient:
    return as_role("planner")


def table(heads: tuple[str, ...], rows: Rows) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(heads)
    lines.writerows((number, *cells) for number, cells in rows.items())
    return out.getvalue().encode()


def form(points: Rows, lines: Rows) -> list[tuple[str, tuple[str, bytes, str]]]:
    tables = (("GYPoint.csv", POINT_HEADS, points), ("GYLine.csv", LINE_HEADS, lines))
    return [("files[]", (name, table(heads, rows), "text/csv")) for name, heads, rows in tables if rows]


def send(
    client: TestClient, survey: str, points: Rows, lines: Rows = LINES, **options: Any
) -> dict[str, Any]:
    answer = client.post(
        IMPORTS, files=form(points, lines), data={"survey": survey, "options": json.dumps(options)}
    )
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"{IMPORTS}/{answer.json()['id']}"
    found: dict[str, Any] = answer.json()
    return found


def waiting(import_id: int) -> int:
    """How many jobs wait for an import."""
    with transaction() as session:
        return int(
            session.scalar(
                text(
                    "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'todo'"
                    " AND task_name = 'work_import' AND args ->> 'import_id' = :id"
                ),
                {"id": str(import_id)},
            )
            or 0
        )


def do_jobs(client: TestClient, import_id: int) -> dict[str, Any]:
    """Do what waits for an import, as a worker would; the import afterwards."""
    assert waiting(import_id) == 1
    work_import(import_id)
    with transaction() as session:
        session.execute(
            text(
                "DELETE FROM jobs.procrastinate_jobs"
                " WHERE task_name = 'work_import' AND args ->> 'import_id' = :id"
            ),
            {"id": str(import_id)},
        )
    return read(client, import_id)


def read(client: TestClient, import_id: int) -> dict[str, Any]:
    answer = client.get(f"{IMPORTS}/{import_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{found["version"]}"'
    return found


def checked(
    client: TestClient, survey: str, points: Rows, lines: Rows = LINES, **more: Any
) -> dict[str, Any]:
    found = do_jobs(client, send(client, survey, points, lines, **more)["id"])
    assert found["state"] == "checked", found["message"]
    return found


def decide(client: TestClient, found: dict[str, Any], action: str, **body: Any) -> Any:
    return client.post(
        f"{IMPORTS}/{found['id']}/{action}",
        json=body or None,
        headers={"if-match": f'"{found["version"]}"'},
    )


def accepted(client: TestClient, found: dict[str, Any], how: str = "all") -> dict[str, Any]:
    answer = decide(client, found, "accept", how=how)
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "accepting"
    return do_jobs(client, found["id"])


def stored(survey: str) -> tuple[set[str], set[str]]:
    """Numbers of the living points and segments of a survey."""
    with transaction() as session:
        points = select(PipePoint.point_no).where(PipePoint.survey == survey, PipePoint.valid_to.is_(None))
        lines = select(PipeSegment.segment_no).where(
            PipeSegment.survey == survey, PipeSegment.valid_to.is_(None)
        )
        return set(session.scalars(points)), set(session.scalars(lines))


def test_files_are_read_checked_and_taken_over_when_somebody_says_so(
    planner: TestClient, survey: str, points: Rows
) -> None:
    sent = send(planner, survey, points)
    assert sent["state"] == "received"
    assert sent["actions"] == ["drop"]
    assert [file["name"] for file in sent["files"]] == ["GYPoint.csv", "GYLine.csv"]
    found = do_jobs(planner, sent["id"])
    assert (found["state"], found["actions"]) == ("checked", ["accept_all", "accept_clean", "drop"])
    counts = found["counts"]
    assert (counts["points"], counts["lines"], counts["clean_points"], counts["clean_lines"]) == (3, 2, 3, 2)
    assert counts["change"]["new"] == 5
    assert counts["findings"]["fatal"] == counts["findings"]["error"] == 0
    assert {"table", "x_is_north"} <= {each["code"] for each in found["recognised"]}
    assert all(each["text"] for each in found["recognised"])
    assert stored(survey) == (set(), set())
    found = accepted(planner, found)
    assert (found["state"], found["actions"]) == ("accepted", ["undo"])
    assert found["counts"]["merged"] == {"new": 5, "changed": 0, "moved": 0, "gone": 0}
    assert stored(survey) == ({"A", "B", "C"}, {"L1", "L2"})


def test_a_re_survey_shows_its_difference_and_is_taken_back_as_a_whole(
    planner: TestClient, survey: str, points: Rows
) -> None:
    first = accepted(planner, checked(planner, survey, points, valid_from="2024-05-01"))
    x, y, *rest = points["C"]
    moved = {**points, "C": (x + 3, y + 4, *rest)}
    found = checked(planner, survey, moved, {"L2": (*LINES["L2"][:-1], 300)}, replace=True)
    change = found["counts"]["change"]
    assert (change["new"], change["changed"], change["same"], change["gone"]) == (0, 2, 2, 1)
    answer = planner.get(f"{IMPORTS}/{found['id']}/difference", params={"kind": "changed"}).json()
    by_number = {row["number"]: row for row in answer["items"]}
    assert by_number["C"]["moved_m"] == pytest.approx(5.0)
    assert by_number["C"]["geometry"]["type"] == "Point"
    before_after = {c["field"]: (c["before"], c["after"]) for c in by_number["L2"]["changes"]}
    assert before_after["width_mm"] == (200, 300)
    gone = planner.get(f"{IMPORTS}/{found['id']}/difference", params={"kind": "gone"}).json()["items"]
    assert [(row["subject"], row["number"]) for row in gone] == [("line", "L1")]
    found = accepted(planner, found)
    assert stored(survey)[1] == {"L2"}
    assert decide(planner, found, "undo").json()["state"] == "undoing"
    found = do_jobs(planner, found["id"])
    assert (found["state"], found["actions"]) == ("undone", [])
    assert stored(survey) == ({"A", "B", "C"}, {"L1", "L2"})
    with transaction() as session:
        assert not session.scalars(
            select(PipeSegment.id).where(PipeSegment.survey == survey, PipeSegment.past_of.is_not(None))
        ).all()
    first = read(planner, first["id"])
    assert decide(planner, first, "undo").status_code == 202
    do_jobs(planner, first["id"])
    assert stored(survey) == (set(), set())


def test_what_a_later_import_rests_on_is_not_taken_back(
    planner: TestClient, survey: str, points: Rows
) -> None:
    first = accepted(planner, checked(planner, survey, points, valid_from="2024-05-01"))
    wider = {"L1": (*LINES["L1"][:-1], 300)}
    accepted(planner, checked(planner, survey, {}, wider))
    assert decide(planner, first, "undo").status_code == 202
    found = do_jobs(planner, first["id"])
    assert found["state"] == "accepted"
    assert "L1" in found["message"]
    assert stored(survey) == ({"A", "B", "C"}, {"L1", "L2"})


def test_an_import_with_fatal_rows_is_taken_over_without_them_or_not_at_all(
    planner: TestClient, survey: str, points: Rows
) -> None:
    lines = LINES | {"L3": ("C", "nowhere", *LINES["L2"][2:])}
    found = checked(planner, survey, points, lines)
    assert found["counts"]["findings"]["fatal"] == 1
    refused = decide(planner, found, "accept", how="all")
    assert (refused.status_code, refused.json()["code"]) == (409, "fatal-findings")
    assert [row["number"] for row in refused.json()["findings"]] == ["L3"]
    findings = planner.get(f"{IMPORTS}/{found['id']}/findings", params={"severity": "fatal"})
    assert [row["number"] for row in findings.json()["items"]] == ["L3"]
    assert stored(survey) == (set(), set())
    accepted(planner, found, "clean")
    assert stored(survey) == ({"A", "B", "C"}, {"L1", "L2"})


def test_who_decides_upon_an_old_version_is_told(planner: TestClient, survey: str, points: Rows) -> None:
    found = checked(planner, survey, points)
    assert decide(planner, found, "drop").status_code == 200
    assert decide(planner, found, "accept", how="all").status_code == 412
    now = read(planner, found["id"])
    again = decide(planner, now, "accept", how="all")
    assert (again.status_code, again.json()["open_actions"]) == (409, [])
    assert stored(survey) == (set(), set())


def test_two_imports_of_one_survey_wait_for_each_other(
    planner: TestClient, survey: str, points: Rows
) -> None:
    first = send(planner, survey, points)
    second = planner.post(IMPORTS, files=form(points, LINES), data={"survey": survey})
    assert second.status_code == 409
    assert second.json()["import_id"] == first["id"]
    other = send(planner, f"{survey}x", points)
    for found in (first, other):
        assert decide(planner, found, "drop").status_code == 200
    assert send(planner, survey, points)["state"] == "received"
    with transaction() as session:
        session.execute(text("DELETE FROM survey_import WHERE survey = :name"), {"name": f"{survey}x"})


def test_two_workers_do_not_do_one_import_twice(planner: TestClient, survey: str, points: Rows) -> None:
    sent = send(planner, survey, points)
    with claimed(sent["id"]), pytest.raises(StillRunning):
        work_import(sent["id"])
    assert read(planner, sent["id"])["state"] == "received"
    assert do_jobs(planner, sent["id"])["state"] == "checked"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("JSPoint.xlsx", b"PK\x03\x04 not really a workbook"),
        ("JSPoint.gpkg", b"SQLite format 3\x00" + b"\x00" * 100),
        ("JSPoint.csv", b""),
        ("JSPoint.csv", b"one,two\n1,2\n"),
        ("JSPoint.mdb", b"\x00\x01\x00\x00Standard Jet DB\x00" + b"\x00" * 4096),
        ("notes.docx", b"words"),
    ],
)
def test_files_that_cannot_be_read_leave_nothing_but_the_reason(
    planner: TestClient, survey: str, name: str, content: bytes
) -> None:
    answer = planner.post(IMPORTS, files=[("files[]", (name, content))], data={"survey": survey})
    assert answer.status_code == 202, answer.text
    found = do_jobs(planner, answer.json()["id"])
    assert (found["state"], found["actions"]) == ("failed", [])
    assert found["message"]
    assert "log" not in found["message"]  # a fault of the file, not of ours
    with transaction() as session:
        assert session.scalar(select(StagedPoint.id).where(StagedPoint.import_id == found["id"])) is None


def test_half_a_file_leaves_nothing(planner: TestClient, survey: str, points: Rows) -> None:
    """The point table is whole, the line table is no table: neither is staged."""
    files = [*form(points, LINES)[:1], ("files[]", ("GYLine.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00"))]
    answer = planner.post(IMPORTS, files=files, data={"survey": survey})
    found = do_jobs(planner, answer.json()["id"])
    assert found["state"] == "failed"
    with transaction() as session:
        assert session.scalar(select(StagedPoint.id).where(StagedPoint.import_id == found["id"])) is None


def test_more_than_an_import_may_have_is_refused_before_it_fills_the_disk(
    planner: TestClient, survey: str, points: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "max_import_bytes", 20_000)
    body = b"--x\r\nContent-Disposition: form-data; name=f; filename=big.csv\r\n\r\n" + b"1" * 100_000
    headers = {"content-type": "multipart/form-data; boundary=x"}
    declared = planner.post(IMPORTS, content=body, headers=headers)
    chunked = planner.post(
        IMPORTS, content=(body[n : n + 5000] for n in range(0, len(body), 5000)), headers=headers
    )
    for answer in (declared, chunked):
        assert answer.status_code == 413
        assert "20" in answer.json()["detail"]
    assert not list(imports_folder().glob("incoming-*"))


@pytest.mark.parametrize(
    "data",
    [
        {"survey": ""},
        {"survey": "S" * 33},
        {"survey": "ok", "options": "no JSON"},
        {"survey": "ok", "options": "[]"},
        {"survey": "ok", "options": '{"crs": "EPSG:1"}'},
        {"survey": "ok", "options": '{"mode": "guess"}'},
        {"survey": "ok", "options": '{"replace": "yes"}'},
        {"survey": "ok", "options": '{"replace": true, "mode": "add"}'},
        {"survey": "ok", "options": '{"valid_from": "2999-01-01"}'},
        {"survey": "ok", "options": '{"valid_from": "yesterday"}'},
    ],
)
def test_what_is_said_wrongly_beside_the_files_is_named(planner: TestClient, data: dict[str, str]) -> None:
    answer = planner.post(IMPORTS, files=[("files[]", ("a.csv", b"a,b\n1,2\n"))], data=data)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"]
    assert not list(imports_folder().glob("incoming-*"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form at all",
        b"--x\r\nContent-Disposition: form-data; name=survey\r\n\r\nS\r\n--x--\r\n",
        b"--x\r\nContent-Disposition: form-data; name=f; filename=a.csv\r\n\r\nbreaks off",
        b"--x\r\nContent-Disposition: form-data; name=f; filename=..\r\n\r\n1\r\n--x--\r\n",
    ],
)
def test_what_is_no_form_with_files_is_refused(planner: TestClient, body: bytes) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert planner.post(IMPORTS, content=body, headers=headers).status_code == 422
    assert not list(imports_folder().glob("incoming-*"))


def test_names_of_files_do_not_lead_out_of_their_folder(
    planner: TestClient, survey: str, points: Rows
) -> None:
    evil = [("files[]", ("../../evil.csv", b"a,b\n1,2\n")), ("files[]", ("C:\\x\\管点.csv", b"a,b\n1,2\n"))]
    answer = planner.post(IMPORTS, files=evil, data={"survey": survey})
    assert [file["name"] for file in answer.json()["files"]] == ["evil.csv", "管点.csv"]
    with transaction() as session:
        (folder,) = {path.parent for path in paths_of(session.get_one(SurveyImport, answer.json()["id"]))}
    assert folder.parent == imports_folder()
    assert sorted(path.name for path in folder.iterdir()) == ["evil.csv", "管点.csv"]


def test_a_folder_left_by_another_database_is_in_nobodys_way(
    planner: TestClient, survey: str, points: Rows
) -> None:
    for number in range(1, 200):
        (imports_folder() / str(number)).mkdir(parents=True, exist_ok=True)
    assert send(planner, survey, points)["state"] == "received"


def test_each_role_may_do_what_it_is_for(
    every_role: dict[str, TestClient], anonymous: TestClient, survey: str, points: Rows
) -> None:
    found = send(every_role["planner"], survey, points)
    one = f"{IMPORTS}/{found['id']}"
    for role, client in every_role.items():
        may_read, may_write = Role(role) in READERS, Role(role) in WRITERS
        assert client.get(one).status_code == (200 if may_read else 403), role
        assert client.get(IMPORTS).status_code == (200 if may_read else 403), role
        assert (client.post(f"{one}/undo").status_code == 403) is not may_write, role
        assert (client.post(f"{IMPORTS}/preview").status_code == 403) is not may_write, role
        assert (client.post(IMPORTS).status_code == 403) is not may_write, role
    for answer in (anonymous.get(one), anonymous.post(f"{one}/drop"), anonymous.post(IMPORTS)):
        assert answer.status_code == 401


def test_files_are_looked_at_before_they_are_imported(planner: TestClient, points: Rows) -> None:
    answer = planner.post(f"{IMPORTS}/preview", files=form(points, LINES))
    assert answer.status_code == 200, answer.text
    sheets = {sheet["file"]: sheet for sheet in answer.json()["items"]}
    assert sheets["GYPoint.csv"]["table"] == "point"
    assert sheets["GYLine.csv"]["mapping"]["start_no"] == "S_Exp"
    assert len(sheets["GYLine.csv"]["first_rows"]) == len(LINES)
    assert not list(imports_folder().glob("incoming-*"))


def test_a_mapping_is_saved_used_by_name_and_forgotten(
    planner: TestClient, survey: str, points: Rows
) -> None:
    heads = ("甲", "乙", "丙", "丁", "戊", "己", "庚")
    mapping = dict(
        zip(
            ("point_no", "northing", "easting", "ground_level", "feature", "appendage", "kind"),
            heads,
            strict=True,
        )
    )
    body = {"name": f"m {survey}", "table": "point", "columns": list(heads), "mapping": mapping}
    wrong = planner.post(f"{IMPORTS}/mappings", json=body | {"mapping": {"point_no": "辛"}})
    assert wrong.status_code == 422
    made = planner.post(f"{IMPORTS}/mappings", json=body)
    assert made.status_code == 201, made.text
    assert body["name"] in {each["name"] for each in planner.get(f"{IMPORTS}/mappings").json()["items"]}
    answer = planner.post(
        IMPORTS,
        files=[("files[]", ("GYPoint.csv", table(heads, points)))],
        data={"survey": survey, "options": json.dumps({"mapping_name": body["name"]})},
    )
    found = do_jobs(planner, answer.json()["id"])
    assert found["state"] == "checked", found["message"]
    assert found["counts"]["change"]["new"] == 3
    assert planner.delete(f"{IMPORTS}/mappings/{made.json()['id']}").status_code == 204
    assert planner.delete(f"{IMPORTS}/mappings/{made.json()['id']}").status_code == 404


def test_imports_are_listed_newest_first_in_pages(planner: TestClient, survey: str, points: Rows) -> None:
    made = []
    for _turn in range(3):
        found = send(planner, survey, points)
        made.append(found["id"])
        decide(planner, found, "drop")
    listed, address = [], f"{IMPORTS}?survey={survey}&limit=2"
    while address:
        page = planner.get(address).json()
        listed += [each["id"] for each in page["items"]]
        address = page["next"]
    assert listed == made[::-1]


def test_a_survey_of_a_day_before_what_it_would_replace_is_refused_until_the_day_is_put_right(
    planner: TestClient, survey: str, points: Rows
) -> None:
    accepted(planner, checked(planner, survey, points, valid_from="2025-05-01"))
    found = checked(planner, survey, {}, {"L1": (*LINES["L1"][:-1], 300)}, valid_from="2024-05-01")
    refused = decide(planner, found, "accept", how="all")
    assert (refused.status_code, refused.json()["not_before"]) == (409, "2025-05-01")
    answer = decide(planner, found, "accept", how="all", valid_from="2025-06-01")
    assert answer.status_code == 202
    assert do_jobs(planner, found["id"])["valid_from"] == "2025-06-01"


def test_an_import_is_compared_anew_when_the_network_has_changed_meanwhile(
    planner: TestClient, survey: str, points: Rows
) -> None:
    found = checked(planner, survey, points)
    with transaction() as session:
        # As another survey would, had it brought our well A: its number is taken now.
        session.execute(
            text(
                "INSERT INTO pipe_point (survey, point_no, class_code, sub_code, geom)"
                " SELECT :survey, point_no, class_code, sub_code, geom FROM survey_staged_point"
                " WHERE import_id = :id AND point_no = 'A'"
            ),
            {"survey": survey, "id": found["id"]},
        )
        session.add(
            SurveyImport(
                survey=f"{survey}x", files=[], state=ImportState.ACCEPTED, ended_at=datetime.now(UTC)
            )
        )
    found = accepted(planner, found)
    assert found["state"] == "checked"
    assert found["message"]
    assert found["counts"]["change"]["changed"] == 1
    assert accepted(planner, found)["state"] == "accepted"
    assert stored(survey) == ({"A", "B", "C"}, {"L1", "L2"})


def test_what_is_kept_of_an_ended_import_is_cleared_away_after_its_time(
    planner: TestClient, survey: str, points: Rows
) -> None:
    found = checked(planner, survey, points)
    decide(planner, found, "drop")
    with transaction() as session:
        (folder,) = {path.parent for path in paths_of(session.get_one(SurveyImport, found["id"]))}

    def sweep(now: datetime) -> None:
        done = 1
        while done:
            with transaction() as session:
                done = sweep_imports(session, now)

    sweep(datetime.now(UTC) + KEEP_ENDED - timedelta(hours=1))
    assert folder.is_dir()
    sweep(datetime.now(UTC) + KEEP_ENDED + timedelta(hours=1))
    assert not folder.exists()
    kept = read(planner, found["id"])
    assert (kept["files"], kept["counts"]["points"]) == ([], 3)
    with transaction() as session:
        assert session.scalar(select(StagedPoint.id).where(StagedPoint.import_id == found["id"])) is None


@pytest.fixture(scope="module")
def city_of_squares(cluster: Cluster, template: str) -> Iterator[Engine]:
    """A city of its own: here workers run."""
    engine = create_engine(make_database(cluster, "city_with_imports", template))
    with Session(engine) as session, session.begin():
        lay_out(session)
    yield engine
    engine.dispose()


@contextmanager
def worker(city: Engine) -> Iterator[subprocess.Popen[bytes]]:
    url = city.url.render_as_string(hide_password=False).replace("+psycopg", "")
    environment = os.environ | {"CITYGRID_DATABASE_URL": url, "CITYGRID_HOME": str(HOME)}
    command = [sys.executable, "-c", "from gis.cli import main; main()", "work"]
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def test_an_import_whose_worker_was_killed_is_begun_anew_by_the_next(
    city_of_squares: Engine, tmp_path: Path
) -> None:
    points = {
        name: (NORTH + 50, EAST + 30 * step, 1440.0, "弯头", "", "YQ") for step, name in enumerate("ABC")
    }
    files = {"GYPoint.csv": table(POINT_HEADS, points), "GYLine.csv": table(LINE_HEADS, LINES)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with Session(city_of_squares) as session, session.begin():
        made = service.begin(session, None, "K1", {})
        made.files = [{"name": name, "path": str(tmp_path / name)} for name in files]
        service.send_to_work(session, made)
        import_id = made.id

    def state() -> str:
        with Session(city_of_squares) as session:
            return str(session.get_one(SurveyImport, import_id).state)

    with (
        worker(city_of_squares) as process,
        city_of_squares.connect() as connection,
        connection.begin(),
    ):
        # The checks cannot look at the network: the worker stands still in the middle of its work.
        connection.execute(text("LOCK TABLE pipe_point IN ACCESS EXCLUSIVE MODE"))
        wait_for(lambda: _waits_for_lock(city_of_squares))
        process.kill()
        process.wait()
    assert state() == "checking"
    with city_of_squares.begin() as connection:
        connection.execute(
            text("UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        )
    with worker(city_of_squares):
        wait_for(lambda: state() == "checked")
    with Session(city_of_squares) as session:
        assert session.get_one(SurveyImport, import_id).counts["change"]["new"] == 5


def _waits_for_lock(city: Engine) -> bool:
    with city.connect() as connection:
        return bool(
            connection.scalar(
                text(
                    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
                    " AND relation = 'pipe_point'::regclass)"
                )
            )
        )


def test_the_database_itself_keeps_two_imports_of_one_survey_apart(session: Session) -> None:
    service.begin(session, None, "S1", {})
    with pytest.raises(Conflict):
        service.begin(session, None, "S1", {})
    service.begin(session, None, "S2", {})
