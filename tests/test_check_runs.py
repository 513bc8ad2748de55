"""Runs of the checks over the network: what they find in the sample city, and how they are asked for and read."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.orm import Session

from docs.tools import write_checks
from gis.cluster import Cluster
from gis.database import session_maker, transaction
from gis.pipeline.checks import service
from gis.pipeline.checks.run import run_checks
from gis.pipeline.checks.table import CHECKS, checks_of
from gis.survey.models import CheckRun, PipeFinding
from sample_data.city import make_plan, spoiled_pipes_of
from sample_data.load import load
from tests.conftest import make_database
from tests.small_city import AsRole, Client

RUNS = "/api/v1/pipelines/check-runs"


@pytest.fixture(scope="module")
def untouched(cluster: Cluster, template: str) -> Iterator[Session]:
    """The small sample city, as nobody has changed it."""
    engine = create_engine(make_database(cluster, "checked_city", template))
    with engine.begin() as connection:
        load(connection, "small")
    with Session(engine) as session:
        yield session
        session.rollback()
    engine.dispose()


def rows_found(session: Session, **scope: object) -> dict[str, set[int]]:
    """Ids of the rows that each check of a run names."""
    run = CheckRun(scope=scope)
    session.add(run)
    session.flush()
    counts = run_checks(session, run)
    found: dict[str, set[int]] = {}
    for code, row_id in session.execute(
        select(PipeFinding.code, PipeFinding.row_id).where(PipeFinding.run_id == run.id)
    ):
        found.setdefault(code, set()).add(row_id)
    assert {code: len(rows) for code, rows in found.items()} == counts, "a row is told of once by each check"
    return found


def classes_of(session: Session, table: str, ids: set[int]) -> set[tuple[str, str]]:
    statement = text(f"SELECT DISTINCT class_code, sub_code FROM {table} WHERE id = ANY(:ids)")
    return {(row[0], row[1]) for row in session.execute(statement, {"ids": list(ids)})}


def test_the_flaws_of_the_sample_city_are_found_and_no_others(untouched: Session) -> None:
    """Segments are numbered in the order in which they were made."""
    _pipes, flaws = spoiled_pipes_of(make_plan("small"))
    found = rows_found(untouched)

    def ids(indexes: Iterable[int]) -> set[int]:
        return {int(index) + 1 for index in indexes}

    assert found.pop("slope_reversed") == ids(flaws.reversed_fall)
    assert found.pop("level_missing") == ids(flaws.without_levels)
    assert found.pop("abandoned_joined") == ids(flaws.abandoned)
    cover = found.pop("cover_small")
    assert ids(flaws.thin_cover) <= cover
    # Telecom and television lie 0.70 and 0.75 m deep, which is too little where their ends come under the
    # carriageway of a road that they cross.
    crossing = cover - ids(flaws.thin_cover)
    assert {code for code, _sub in classes_of(untouched, "pipe_segment", crossing)} <= {"TX"}
    told = untouched.execute(
        text(
            "SELECT DISTINCT detail->>'surface', limit_value FROM pipe_finding WHERE row_id = ANY(:ids) AND code = 'cover_small'"
        ),
        {"ids": list(crossing)},
    ).all()
    assert [tuple(row) for row in told] in ([], [("carriageway", 0.9)])
    # Each main road's heat supply and return hang together by themselves.
    apart = found.pop("components_apart", set())
    assert classes_of(untouched, "pipe_point", apart) <= {("RL", "RS")}
    # A transmission main passes junctions with the points of tees whose branches stay in the distribution net.
    joins = found.pop("joins_differ", set())
    assert classes_of(untouched, "pipe_point", joins) <= {("JS", "SS")}
    assert found == {}


def test_a_run_over_a_class_or_a_box_finds_what_the_whole_finds_there(untouched: Session) -> None:
    whole = rows_found(untouched)
    gravity = rows_found(untouched, class_code="PS")
    assert gravity == {"slope_reversed": whole["slope_reversed"]}
    row = min(whole["slope_reversed"])
    box = untouched.execute(
        text(
            "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM"
            " (SELECT ST_Expand(box2d(geom)::geometry, 40) AS b FROM pipe_segment WHERE id = :id) AS around"
        ),
        {"id": row},
    ).one()
    inside = set(
        untouched.scalars(
            text(
                "SELECT id FROM pipe_segment WHERE geom && ST_SetSRID(ST_MakeBox2D(ST_Point(:w, :s), ST_Point(:e, :n)), ST_SRID(geom))"
            ),
            dict(zip("wsen", box, strict=True)),
        )
    )
    here = rows_found(untouched, box=list(box))
    for code in ("slope_reversed", "level_missing", "abandoned_joined", "cover_small"):
        assert here.get(code, set()) == whole[code] & inside
    # The rest of the city is a neighbour: nothing seems cut off at the box.
    assert set(here) <= {
        "slope_reversed",
        "level_missing",
        "abandoned_joined",
        "cover_small",
        "components_apart",
    }


@pytest.fixture(scope="module")
def finished(small_city: str, as_role: AsRole) -> int:
    """A run over the network of the service, done as its job does it."""
    answer = as_role("planner").post(RUNS, json={"class_code": "PS"})
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "waiting"
    assert answer.headers["location"] == f"{RUNS}/{answer.json()['id']}"
    again = as_role("planner").post(RUNS, json={})
    assert (again.status_code, again.json()["run_id"]) == (409, answer.json()["id"])
    run_id: int = answer.json()["id"]
    service.work_run(run_id)
    return run_id


def test_a_run_tells_how_much_each_check_found(as_role: AsRole, finished: int) -> None:
    run = as_role("evaluator").get(f"{RUNS}/{finished}").json()
    total = len(checks_of(only_network=True))
    assert (run["state"], run["done"], run["total"], run["step"]) == ("done", total, total, "")
    assert run["scope"] == {"class_code": "PS"}
    assert run["counts"]["slope_reversed"] > 0
    severity = {check.code: check.severity for check in CHECKS}
    severities: Counter[str] = Counter()
    for code, count in run["counts"].items():
        severities[severity[code]] += count
    assert Counter(run["severities"]) == severities
    listed = as_role("evaluator").get(RUNS).json()["items"]
    assert finished in [one["id"] for one in listed]


def test_findings_come_by_page_and_by_check_with_words_and_a_place(as_role: AsRole, finished: int) -> None:
    client = as_role("planner")
    rows, address = [], f"{RUNS}/{finished}/findings?limit=2"
    while address:
        page = client.get(address).json()
        assert len(page["items"]) <= 2
        rows += page["items"]
        address = page["next"]
    run = client.get(f"{RUNS}/{finished}").json()
    assert len(rows) == len({row["id"] for row in rows}) == sum(run["counts"].values())
    row = next(row for row in rows if row["code"] == "slope_reversed")
    assert row["text"] == f"The lower end lies {row['value']:.3f} m above the upper one"
    assert row["geometry"]["type"] == "LineString"
    assert "crs" not in row["geometry"]
    west, east = sorted(lon for lon, _lat in row["geometry"]["coordinates"])
    assert west <= row["lon"] <= east
    only = client.get(f"{RUNS}/{finished}/findings?code=slope_reversed&severity=warning").json()["items"]
    assert {one["code"] for one in only} == {"slope_reversed"}
    errors = client.get(f"{RUNS}/{finished}/findings?severity=error&limit=200").json()["items"]
    assert len(errors) == run["severities"].get("error", 0)
    assert {one["severity"] for one in errors} <= {"error"}


def test_all_findings_come_as_one_file(
    as_role: AsRole, finished: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis.pipeline.checks.queries.STREAMED", 1)
    client = as_role("planner")
    count = sum(client.get(f"{RUNS}/{finished}").json()["counts"].values())
    collection = client.get(f"{RUNS}/{finished}/findings?f=geojson")
    assert collection.headers["content-type"] == "application/geo+json"
    features = collection.json()["features"]
    assert len(features) == count > 1
    table = client.get(f"{RUNS}/{finished}/findings?f=csv")
    lines = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [line["text"] for line in lines] == [feature["properties"]["text"] for feature in features]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"class_code": "XX"}, "/class_code"),
        ({"bbox": [110, 40, 109, 41]}, "/bbox"),
        ({"bbox": [0, 0, 0, 1]}, "/bbox"),
    ],
)
def test_a_scope_that_cannot_be_is_refused(
    as_role: AsRole, finished: int, body: dict[str, object], pointer: str
) -> None:
    answer = as_role("planner").post(RUNS, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_what_is_not_there_is_not_found(as_role: AsRole, finished: int) -> None:
    client = as_role("planner")
    assert client.get(f"{RUNS}/999999").status_code == 404
    assert client.get(f"{RUNS}/999999/findings?f=csv").status_code == 404
    assert client.get(f"{RUNS}/{finished}/findings?code=nonsense").status_code == 404
    assert client.get(f"{RUNS}/{finished}/findings?severity=bad").status_code == 422
    assert client.get(f"{RUNS}/{finished}/findings?cursor=bad").status_code == 422


def test_the_table_of_checks_is_told_in_the_readers_language(as_role: AsRole) -> None:
    rows = as_role("owner").get("/api/v1/pipelines/checks").json()["items"]
    assert [row["code"] for row in rows] == [check.code for check in CHECKS]
    headers = {"accept-language": "zh"}
    words = as_role("owner").get("/api/v1/pipelines/checks", headers=headers).json()["items"]
    assert next(row["title"] for row in words if row["code"] == "slope_reversed") == "重力管逆坡"
    assert next(row for row in rows if row["code"] == "line_long")["limits"]["TX"] == 200


def test_who_may_read_may_not_start_a_run(every_role: dict[str, Client]) -> None:
    assert every_role["inspector"].get(RUNS).status_code == 403
    assert every_role["evaluator"].post(RUNS, json={}).status_code == 403


def test_a_run_that_was_cut_off_is_done_again_from_its_beginning(
    small_city: str, finished: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is gone in the middle; whoever takes the job finds it running, and no finding twice."""
    with transaction() as session:
        run_id = service.start_run(session, 1, "JS").id

    class Killed(BaseException):
        pass

    def killed(session: Session, run: CheckRun, progress: object) -> None:
        run_checks(session, run)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(service, "run_checks", killed)
        with pytest.raises(Killed):
            service.work_run(run_id)
    with session_maker()() as session:
        assert session.get_one(CheckRun, run_id).state == "running"
        assert session.scalar(select(PipeFinding.id).where(PipeFinding.run_id == run_id).limit(1)) is None
    service.work_run(run_id)
    service.work_run(run_id)  # the job comes twice
    with session_maker()() as session:
        run = session.get_one(CheckRun, run_id)
        found = session.scalars(select(PipeFinding.id).where(PipeFinding.run_id == run_id)).all()
        assert run.state == "done"
        assert len(found) == sum(run.counts.values()) > 0


def test_progress_is_seen_while_a_run_is_at_work(
    small_city: str, finished: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        run_id = service.start_run(session, 1, "RL").id
    monkeypatch.setattr(service, "TELL_S", 0.0)
    seen = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().startswith("INSERT INTO pipe_finding"):
            with session_maker()() as other:
                run = other.get_one(CheckRun, run_id)
                seen.append((run.step, run.done, run.state))

    engine = session_maker()().get_bind()
    event.listen(engine, "before_cursor_execute", look)
    try:
        service.work_run(run_id)
    finally:
        event.remove(engine, "before_cursor_execute", look)
    codes = [check.code for check in checks_of(only_network=True)]
    assert [step for step, _done, _state in seen] == codes
    assert [done for _step, done, _state in seen] == list(range(len(codes)))
    assert {state for _step, _done, state in seen} == {"running"}


def test_a_run_that_fails_says_so(small_city: str, finished: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        run_id = service.start_run(session, 1, "QT").id

    def broken(*_args: object) -> None:
        raise ValueError("a defect")

    monkeypatch.setattr(service, "run_checks", broken)
    service.work_run(run_id)
    with session_maker()() as session:
        run = session.get_one(CheckRun, run_id)
        assert run.state == "failed"
        assert run.message


def test_the_page_of_the_checks_shows_the_table_as_it_is() -> None:
    page = write_checks.PAGE.read_text("utf-8")
    assert write_checks.renewed(page) == page
