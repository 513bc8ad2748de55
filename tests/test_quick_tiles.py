"""The short way to a tile lets in whom the usual way let in, for a moment, and sends what it would send."""

import math
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from api import quick_tiles
from gis.tile.listening import CHANGES
from layers.source import city_box


@pytest.fixture(scope="module")
def engine(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city)
    yield engine
    engine.dispose()


@pytest.fixture
def address(engine: Engine) -> str:
    with Session(engine) as session:
        box = city_box(session)
    assert box is not None
    row = (1 - math.asinh(math.tan(math.radians((box[1] + box[3]) / 2))) / math.pi) / 2
    return f"/tiles/unit_grids/14/{int(((box[0] + box[2]) / 2 + 180) / 360 * 2**14)}/{int(row * 2**14)}.mvt"


@pytest.fixture
def usual_way(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that were handed on to the usual way."""
    handed_on = []
    read = quick_tiles._may_see

    def noted(asked: quick_tiles._Asked) -> bool:
        seen = read(asked)
        if not seen:
            handed_on.append(asked.layer.name)
        return seen

    monkeypatch.setattr(quick_tiles, "_may_see", noted)
    quick_tiles._people.clear()
    quick_tiles._names.clear()
    return handed_on


def wait_until_heard() -> None:
    deadline = time.monotonic() + 20
    while CHANGES.count("unit_grids") is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_second_question_goes_the_short_way_and_has_the_same_answer(
    as_role, address: str, usual_way: list[str]
) -> None:  # type: ignore[no-untyped-def]
    planner = as_role("planner")
    first = planner.get(address)
    second = planner.get(address)
    third = planner.get(address)
    assert usual_way == ["unit_grids"]
    assert first.content == second.content == third.content != b""
    names = ("etag", "cache-control", "content-type", "content-encoding", "vary")
    assert {first.headers[name] for name in names} == {third.headers[name] for name in names}
    again = planner.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, usual_way) == (304, b"", ["unit_grids"])


def test_who_was_let_in_is_looked_up_again_after_a_moment(
    as_role, address: str, usual_way: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    planner = as_role("planner")
    planner.get(address)
    now = time.monotonic()
    monkeypatch.setattr(quick_tiles.time, "monotonic", lambda: now + quick_tiles.KNOWN_S + 0.1)
    planner.get(address)
    assert len(usual_way) == 2


def test_somebody_else_is_not_let_in(
    as_role, anonymous: TestClient, address: str, usual_way: list[str]
) -> None:  # type: ignore[no-untyped-def]
    as_role("planner").get(address)
    assert anonymous.get(address).status_code == 401
    assert anonymous.get(address, headers={"authorization": "Bearer eyJ.wrong"}).status_code == 401
    mine = as_role("planner").headers["authorization"]
    other = {"authorization": mine, "x-person": "admin"}
    assert anonymous.get(address, headers=other).status_code == 401


def test_a_layer_not_for_the_role_stays_shut_on_the_short_way(as_role, usual_way: list[str]) -> None:  # type: ignore[no-untyped-def]
    inspector = as_role("inspector")
    assert inspector.get("/tiles/roads/14/13200/6200.mvt").status_code in (200, 204)
    from layers.catalog import LAYERS

    shut = [name for name, layer in LAYERS.items() if "inspector" not in layer.roles]
    assert shut
    for name in shut:
        assert inspector.get(f"/tiles/{name}/16/52800/24800.mvt").status_code == 403


def test_a_change_is_seen_by_the_process_that_did_not_make_it(
    as_role, engine: Engine, address: str, usual_way: list[str]
) -> None:  # type: ignore[no-untyped-def]
    planner = as_role("planner")
    planner.get(address)
    wait_until_heard()
    before = planner.get(address).headers["etag"]
    assert planner.get(address).headers["etag"] == before
    count = CHANGES.count("unit_grids")
    with engine.begin() as connection:
        connection.execute(text("UPDATE unit_grid SET note = note"))
    deadline = time.monotonic() + 20
    while CHANGES.count("unit_grids") == count:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert planner.get(address).headers["etag"] != before


@pytest.mark.parametrize("wrong", ["14/99999/0", "23/0/0", "14/0/16384", "3/8/1"])
def test_what_cannot_be_is_told_by_the_usual_way(as_role, wrong: str) -> None:  # type: ignore[no-untyped-def]
    planner = as_role("planner")
    planner.get("/tiles/roads/14/13200/6200.mvt")
    assert planner.get(f"/tiles/roads/{wrong}.mvt").status_code == 422


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_tiles, "_names", type(quick_tiles._names)())
    for x in range(20):
        quick_tiles._put(quick_tiles._names, ("roads", 14, x, 0), ("e", 1), most=7)
    assert [key[2] for key in quick_tiles._names] == list(range(13, 20))
