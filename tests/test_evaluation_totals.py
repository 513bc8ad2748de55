"""Facts derived anew, totals put together, and sums over any span: always what the facts themselves say."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session

from gis.case.scope import Scope
from gis.cluster import Cluster
from gis.database import SQL
from gis.evaluation import rebuild as facts
from gis.evaluation.period import Period
from gis.evaluation.sums import sums
from gis.evaluation.totals import put_together
from gis.settings import get_settings
from sample_data.load import load
from tests.conftest import make_database

NOW = datetime.now(UTC)
KEYS = {"department": "department_id", "community": "community_id", "unit_grid": "unit_grid_id"}
# Counts told again in Python, each a moment and whether it counts; of the table, the rest is alike.
TOLD: dict[str, tuple[str, Callable[[Any], int]]] = {
    "reported": ("reported_at", lambda f: 1),
    "valid": ("judged_at", lambda f: f.is_valid),
    "public_filed": ("filed_at", lambda f: f.is_filed and f.is_public),
    "dispatched_right": ("dispatch_at", lambda f: f.was_dispatched and f.dispatched_right),
    "should_dispose": ("settled_at", lambda f: not f.is_exempt),
    "dispose_seconds": ("settled_at", lambda f: (f.is_disposed and not f.is_exempt) * f.dispose_s),
    "checked_in_time": ("check_at", lambda f: f.checked_in_time),
    "reworked": ("ending_at", lambda f: f.rework_count > 0 and not f.is_exempt),
}
# What the totals differ in from the facts, each told again row by row; nothing, at any moment.
DIFFERENCE = text(
    """
    SELECT coalesce(t.grain, f.grain), coalesce(t.count_no, f.count_no), t.amount, f.amount FROM (
        SELECT grain, count_no, bucket, object_id, sum(amount) AS amount FROM fact_total GROUP BY 1, 2, 3, 4
        HAVING sum(amount) <> 0
    ) AS t FULL JOIN (
        SELECT k.grain, c.count_no, k.bucket, k.object_id, sum(c.amount) AS amount
        FROM case_fact AS f CROSS JOIN LATERAL app.fact_counts(f) AS c
        CROSS JOIN LATERAL app.fact_keys(f, c.day) AS k GROUP BY 1, 2, 3, 4
    ) AS f USING (grain, count_no, bucket, object_id)
    WHERE t.amount IS DISTINCT FROM f.amount
    """
)


@pytest.fixture(scope="module")
def city(cluster: Cluster, template: str) -> Iterator[Engine]:
    """The small city in a database of its own: here many write at once."""
    engine = create_engine(make_database(cluster, "facts_city", template))
    with engine.begin() as connection:
        load(connection, "small", until=NOW.date())
    yield engine
    engine.dispose()


def _facts(connection: Connection) -> dict[str, list[Any]]:
    return {
        table: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY {key}"))]
        for table, key in (
            ("case_fact", "case_id"),
            ("case_fact_part", "case_id, part, department_id, seq"),
            ("case_fact_post", "case_id, duty, seq"),
        )
    }


def _schema(connection: Connection) -> list[Any]:
    return [
        tuple(row)
        for row in connection.execute(
            text(
                "SELECT indexdef FROM pg_indexes WHERE tablename LIKE '%fact%' UNION ALL"
                " SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid::regclass::text LIKE 'case_fact%' ORDER BY 1"
            )
        )
    ]


@pytest.mark.parametrize("way", ["in one transaction", "beside", "anew"])
def test_facts_derived_anew_are_those_that_were_kept(city: Engine, way: str) -> None:
    with city.begin() as connection:
        before, schema = _facts(connection), _schema(connection)
        # Each way must find what is wrong, what lacks and what is too much.
        connection.execute(text("UPDATE case_fact SET is_filed = NOT is_filed WHERE case_id % 7 = 0"))
        connection.execute(text("DELETE FROM case_fact_post WHERE case_id % 5 = 0"))
        connection.execute(
            text(
                "INSERT INTO case_fact_part SELECT min(case_id), 'co', 1, 0, now(), true, true FROM case_fact"
                " WHERE case_id NOT IN (SELECT case_id FROM case_fact_part)"
            )
        )
        connection.execute(text("DELETE FROM fact_total WHERE count_no = 3"))
    told: list[tuple[int, int]] = []
    if way == "in one transaction":
        with city.begin() as connection:
            done = facts.rebuild(connection, lambda *said: told.append(said))
    else:
        done = facts.rebuild_beside(city, lambda *said: told.append(said), anew=way == "anew")
    with city.connect() as connection:
        assert done == connection.scalar(text('SELECT count(*) FROM "case"')) == told[-1][0] == told[-1][1]
        after = _facts(connection)
        assert {name: len(rows) for name, rows in after.items()} == {n: len(r) for n, r in before.items()}
        assert after == before
        assert connection.execute(DIFFERENCE).all() == []
        assert _schema(connection) == schema
        assert facts.is_current(connection)


def test_facts_are_derived_again_only_when_what_derives_them_has_changed(city: Engine) -> None:
    with city.connect() as connection:
        assert facts.is_current(connection)
        connection.execute(text(f"COMMENT ON {facts.STAMPED} IS 'of an earlier release'"))
        assert not facts.is_current(connection)
        connection.execute(text(f"COMMENT ON {facts.STAMPED} IS NULL"))
        assert not facts.is_current(connection)
        connection.rollback()


def test_who_writes_and_who_derives_take_the_same_lock() -> None:
    said = (SQL / "functions" / "facts.sql").read_text("utf-8")
    assert f"pg_advisory_xact_lock_shared({facts._LOCK}, (wanted >> {facts.CHUNK_BITS})::integer)" in said


def _write_until(city: Engine, over: threading.Event, half: int, wrong: list[str]) -> None:
    """Exempt cases of one half and take it back, now some in one transaction, now without an end."""
    chance = random.Random(half)  # noqa: S311
    with city.connect() as connection:
        ids = list(
            connection.scalars(
                text('SELECT id FROM "case" WHERE filed_at IS NOT NULL AND id % 2 = :half ORDER BY id'),
                {"half": half},
            )
        )
        connection.rollback()
        try:
            while not over.is_set():
                connection.execute(
                    text('UPDATE "case" SET exempt = NOT exempt, version = version + 1 WHERE id = :id'),
                    {"id": chance.choice(ids)},
                )
                if chance.random() < 0.7:
                    connection.commit()
                elif chance.random() < 0.3:
                    connection.rollback()
        except Exception as error:  # said in the test's own thread
            wrong.append(repr(error))


def test_sums_are_exact_at_every_moment_while_cases_change(city: Engine) -> None:
    over, wrong = threading.Event(), list[str]()
    writers = [threading.Thread(target=_write_until, args=(city, over, half, wrong)) for half in range(2)]
    for writer in writers:
        writer.start()
    try:
        for turn in range(12):
            with Session(city) as session:
                put_together(session, 50)
                session.commit()
            if turn % 6 == 3:
                facts.rebuild_beside(city)
            with city.connect() as connection:
                assert connection.execute(DIFFERENCE).all() == []
    finally:
        over.set()
        for writer in writers:
            writer.join()
    assert wrong == []
    with Session(city) as session:
        while put_together(session, 50):
            session.commit()
        put_together(session)
        session.commit()
        assert session.execute(DIFFERENCE).all() == []
        # One row a key, and none that says nothing.
        assert session.scalar(text("SELECT count(*) FROM fact_total WHERE fresh OR amount = 0")) == 0
        assert (
            session.execute(
                text(
                    "SELECT 1 FROM fact_total GROUP BY grain, count_no, bucket, object_id HAVING count(*) > 1"
                )
            ).all()
            == []
        )


def test_one_who_puts_together_is_enough(city: Engine) -> None:
    with Session(city) as session, Session(city) as other:
        session.execute(text("UPDATE fact_total SET fresh = true WHERE count_no = 1"))
        session.commit()
        assert put_together(session, 2) == 2
        assert put_together(other, 2) == 0
        session.rollback()
        other.rollback()
        assert put_together(other, 2) == 2


def _all_but_none(told: Mapping[int, Mapping[str, int]]) -> dict[tuple[int, str], int]:
    return {(key, code): n for key, said in told.items() for code, n in said.items() if n}


MINUTES = st.integers(-90 * 24 * 60, 12 * 24 * 60)


@settings(max_examples=60, deadline=None)
@given(
    grain=st.sampled_from(sorted(KEYS)),
    ends=st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] != pair[1]).map(sorted),
    whole_days=st.booleans(),
    narrowed=st.booleans(),
    some=st.booleans(),
)
def test_sums_of_any_span_are_those_of_its_cases(
    city: Engine, grain: str, ends: list[int], whole_days: bool, narrowed: bool, some: bool
) -> None:
    zone = get_settings().zone
    moments = [NOW.astimezone(zone) + timedelta(minutes=minutes) for minutes in ends]
    if whole_days:
        moments = [moment.replace(hour=0, minute=0, second=0, microsecond=0) for moment in moments]
        moments[1] += timedelta(days=1)
    with Session(city) as session:
        rows = session.execute(text("SELECT * FROM case_fact")).all()
        street = rows[len(rows) // 2].street_id
        scope = Scope((street,), (), None) if narrowed else None
        objects = sorted({getattr(row, KEYS[grain]) or 0 for row in rows})[::3] if some else None
        found = sums(session, grain, TOLD, Period(moments[0], moments[1]), NOW, scope, objects)
    told: dict[int, Counter[str]] = {}
    for row in rows:
        key = getattr(row, KEYS[grain]) or 0
        if (narrowed and row.street_id != street) or (objects is not None and key not in objects):
            continue
        for code, (at, amount) in TOLD.items():
            moment = getattr(row, at)
            if moment is not None and moments[0] <= moment < min(moments[1], NOW):
                told.setdefault(key, Counter())[code] += int(amount(row))
    assert _all_but_none(found) == _all_but_none(told)
