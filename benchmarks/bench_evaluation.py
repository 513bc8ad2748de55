"""What evaluation costs on millions of cases: a month, a year by unit grid, an action, all facts anew.

In ``make bench`` on a city of 12,000 unit grids and a million cases; on 10 million: fill a database by
``python -m benchmarks.evaluation_city 10_000_000`` and name it in ``CITYGRID_DATABASE_URL``:
``python -m benchmarks.bench_evaluation`` measures there, without ``recompute`` all but deriving facts anew.
"""

import os
import resource
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks import evaluation_city
from benchmarks.evaluation_peer import month_by_pandas
from benchmarks.timing import p50, p95, times_ms
from gis.case.record import Act
from gis.case.service import apply_action
from gis.database import engine, session_maker
from gis.evaluation.card_store import card_for
from gis.evaluation.cards import Card
from gis.evaluation.figures import figures
from gis.evaluation.period import Period, of_day
from gis.evaluation.rebuild import rebuild_beside
from gis.evaluation.totals import put_together
from gis.people.models import Person, Role
from gis.settings import get_settings
from sample_data.load import has_city, remove_city

CASES = 1_000_000
MONTHS = 60
ACTIONS = 200
READER = Person(id=0, login="", name="", role=Role.ADMIN)  # the whole city


def main(recompute: bool = True) -> None:
    """Fill the city where it has too few cases, and print a line a measurement."""
    with engine().begin() as connection:
        cases = connection.scalar(text('SELECT count(*) FROM "case"')) or 0
        if cases < CASES and has_city(connection):
            remove_city(connection)
    if cases < CASES:
        evaluation_city.main(CASES)
        recompute = True  # the copies came without facts
    if recompute:
        _recompute()
    with session_maker()() as session:
        while put_together(session):
            session.commit()
        session.commit()
        _sizes(session)
        print(f"load of the machine {os.getloadavg()[0]:.1f}")
        print(f"{'milliseconds':<52}{'p50':>9}{'p95':>9}")
        _months(session)
        _years(session)
        _writes(session)
        _peer(session)


def _line(name: str, times: list[float]) -> None:
    print(f"{name:<52}{p50(times):>9.1f}{p95(times):>9.1f}", flush=True)


def _sizes(session: Session) -> None:
    for name in ('"case"', "case_step", "case_interval", "case_fact", "case_fact_post", "fact_total"):
        size, rows = session.execute(
            text(
                "SELECT pg_total_relation_size(CAST(:name AS regclass)) / 1e9, reltuples FROM pg_class"
                " WHERE oid = CAST(:name AS regclass)"
            ),
            {"name": name},
        ).one()
        print(f"{name.strip(chr(34)):<16}{rows:>14,.0f} rows{size:>8.1f} GB")


def _past_months() -> list[Period]:
    """The months that are over, and the one that runs; the newest first."""
    found = [of_day("month", datetime.now(UTC).astimezone(get_settings().zone).date())]
    while len(found) < MONTHS:
        found.append(found[-1].before())
    return found


def _months(session: Session) -> None:
    months = _past_months()
    for kind in ("department", "street", "collector", "dispatcher"):
        times = []
        for _round in range(2):
            for month in months:
                times += times_ms(lambda m=month, k=kind: figures(session, READER, k, m), 1, 0)  # type: ignore[misc]
        _line(f"any of {MONTHS} months, every {kind}, all indicators", times)
        now = times_ms(lambda k=kind: figures(session, READER, k, months[0]), 20)  # type: ignore[misc]
        _line("  the month that runs", now)


def _years(session: Session) -> None:
    card = Card.from_json(card_for(session, "unit_grid").content)
    scored = [part.indicator for part in card.parts]
    today = datetime.now(UTC).astimezone(get_settings().zone).date()
    for year in range(today.year - 3, today.year + 1):
        period = of_day("year", today.replace(year=year, day=1))
        work = lambda p=period: figures(session, READER, "unit_grid", p, indicators=scored)  # noqa: E731
        _line(f"{year} by unit grid, the score card's indicators", times_ms(work, 10))
    everything = times_ms(lambda: figures(session, READER, "unit_grid", period), 5)
    _line(f"{today.year} by unit grid, all indicators", everything)


def _peer(session: Session) -> None:
    """The same month by pandas from the raw steps, and whether it says the same."""
    month = _past_months()[3]
    ours = {row.code: row for row in figures(session, READER, "department", month)}
    own = p50(times_ms(lambda: figures(session, READER, "department", month), 10))
    began = time.perf_counter()
    theirs = month_by_pandas(session.connection(), month)
    peer = (time.perf_counter() - began) * 1000
    names = ("reported", "filed", "should_dispose", "disposed_in_time", "closed_in_time")
    said = session.execute(
        text(
            "SELECT d.code, d.id FROM department AS d WHERE id NOT IN"
            " (SELECT parent_id FROM department WHERE parent_id IS NOT NULL)"
        )
    ).all()
    same = all(
        ours[code].counts.get(name, 0) == theirs[name].get(id_, 0)
        for code, id_ in said
        if code in ours
        for name in names
    )
    print(f"{month.code} by pandas from the steps: {peer:,.0f} ms, {peer / own:,.0f} times as long", end="; ")
    print("answers equal" if same else "ANSWERS DIFFER")


def _writes(session: Session) -> None:
    """Actions as the service takes them, and what writing the facts adds to each; all rolled back."""
    actors = {
        role: session.scalars(select(Person).where(Person.role == role).order_by(Person.id).limit(1)).one()
        for role in (Role.ACCEPTOR, Role.SHIFT_LEADER)
    }
    numbers = session.scalars(
        text("SELECT case_no FROM \"case\" WHERE state = 'closed' ORDER BY id DESC LIMIT :n"), {"n": ACTIONS}
    ).all()
    taken: dict[str, list[float]] = {}
    added: dict[str, list[float]] = {}
    for action, role in (
        ("say_not_fixed", Role.ACCEPTOR), ("reopen", Role.SHIFT_LEADER), ("urge", Role.SHIFT_LEADER),
    ):  # fmt: skip
        for number in numbers:
            began = time.perf_counter()
            apply_action(session, number, action, actors[role], Act(note="bench"))
            session.flush()
            middle = time.perf_counter()
            # Now instead of at the end of the transaction: nothing but the facts waits for that.
            session.execute(text("SET CONSTRAINTS keep_facts_of_changed IMMEDIATE"))
            taken.setdefault(action, []).append((middle - began) * 1000)
            added.setdefault(action, []).append((time.perf_counter() - middle) * 1000)
            session.execute(text("SET CONSTRAINTS keep_facts_of_changed DEFERRED"))
    session.rollback()
    for action in taken:
        _line(f"action {action}, without the commit", taken[action][10:])
        _line("  what its facts add", added[action][10:])


class Memory:
    """The most memory of this process and of the server's processes for this database, where it is here."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self.server_mb = 0.0
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_rest: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        with engine().connect() as connection:
            while not self._over.wait(1):
                pids = connection.scalars(
                    text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
                ).all()
                self.server_mb = max(self.server_mb, sum(map(_own_mb, pids)))
                connection.rollback()


def _own_mb(pid: int) -> float:
    """Memory of a process that it shares with none."""
    try:
        said = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in said.splitlines() if line.startswith("RssAnon")), 0.0
    )


def _recompute() -> None:
    began = time.perf_counter()
    said = began

    def say(done: int, total: int) -> None:
        nonlocal said
        if time.perf_counter() - said > 60:
            said = time.perf_counter()
            print(f"  {done:,} of {total:,} after {timedelta(seconds=round(said - began))}", flush=True)

    with Memory() as memory:
        cases = rebuild_beside(engine(), say, anew=True)
    seconds = time.perf_counter() - began
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kB on Linux
    print(f"facts of {cases:,} cases from their steps: {seconds:,.0f} s, {cases / seconds:,.0f} cases/s")
    print(f"most memory: {memory.server_mb:,.0f} MB in the server, {here:,.0f} MB here", flush=True)


if __name__ == "__main__":
    main("recompute" in sys.argv[1:])
