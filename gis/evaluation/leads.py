"""What the watches find, and what evaluators noted about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.case.record import check_text
from gis.database import read_sql
from gis.errors import InvalidInput, NotFound
from gis.evaluation.models import LeadNote
from gis.evaluation.period import Period
from gis.evaluation.watches import Watch
from gis.evaluation.whole_city import need_whole_city
from gis.i18n import N_, _, pick
from gis.page import Page, read_cursor, write_cursor
from gis.people.models import Person

OUTCOMES = {"open": N_("To be looked into"), "explained": N_("Explained"), "confirmed": N_("Confirmed")}


@dataclass(frozen=True)
class Note:
    """What was found about a lead, by whom and when."""

    outcome: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Lead:
    """One sign. ``figures`` by the codes of the watch's ``tells``; ``cases``: the newest twenty of all."""

    subject: str
    name: str
    figures: dict[str, Any]
    cases: list[str]
    cases_total: int
    note: Note | None


@dataclass(frozen=True)
class Tally:
    """How many leads a watch has, and how many of them nobody has explained or confirmed."""

    watch: Watch
    leads: int
    open: int


def find_leads(
    session: Session,
    reader: Person,
    watch: Watch,
    period: Period,
    limits: Mapping[str, float],
    limit: int,
    cursor: str | None = None,
    now: datetime | None = None,
) -> Page[Lead]:
    """The leads of a watch in a period as far as it has come, the strangest first.

    Raises
    ------
    InvalidInput
        The period lies in the future.
    NotAllowed
        The reader sees a part of the city only.
    """
    values = _values(session, reader, watch, period, limits, now)
    after = ""
    if cursor:
        values["weight"], values["subject"] = read_cursor(cursor, float, str)
        after = " WHERE (weight, subject) < (CAST(:weight AS float8), :subject)"
    rows = session.execute(
        text(f"{_found(watch)}{after} ORDER BY weight DESC, subject DESC LIMIT :rows"),
        values | {"rows": limit + 1},
    ).all()
    shown = rows[:limit]
    notes = _notes(session, watch.code, [_key(watch, period, row.subject) for row in shown])
    following = write_cursor(float(shown[-1].weight), shown[-1].subject) if len(rows) > limit else None
    return Page([_lead(watch, period, row, notes) for row in shown], following)


def tally(
    session: Session,
    reader: Person,
    watch: Watch,
    period: Period,
    limits: Mapping[str, float],
    now: datetime | None = None,
) -> Tally:
    """How many leads a watch has in a period; raises as :func:`find_leads`."""
    values = _values(session, reader, watch, period, limits, now)
    row = session.execute(
        text(
            f"WITH leads AS ({_found(watch)}) SELECT count(*), count(*) FILTER (WHERE NOT EXISTS ("
            " SELECT FROM lead_note AS n WHERE n.watch = :watch AND n.outcome <> 'open'"
            " AND n.subject = :before || leads.subject)) FROM leads"
        ),
        values | {"watch": watch.code, "before": _key(watch, period, "")},
    ).one()
    return Tally(watch, row[0], row[1])


def write_note(
    session: Session,
    person: Person,
    watch: Watch,
    subject: str,
    outcome: str,
    note: str,
    period: Period,
    limits: Mapping[str, float],
    now: datetime | None = None,
) -> Note:
    """Keep what was found about a lead, in place of what was noted before.

    Raises
    ------
    InvalidInput
        There is no such outcome, or a lead is closed without a word on why.
    NotFound
        The watch has no such lead in the period, and nothing was noted about it before.
    """
    if outcome not in OUTCOMES:
        raise InvalidInput(
            _("An outcome is one of {known}").format(known=", ".join(OUTCOMES)),
            errors=[{"pointer": "/outcome"}],
        )
    check_text("/note", note)
    if outcome != "open" and not note.strip():
        raise InvalidInput(_("Say what was found"), errors=[{"pointer": "/note"}])
    if not _is_known(session, person, watch, subject, period, limits, now):
        raise NotFound(_("There is no lead {subject}").format(subject=subject[:96]))
    at = now or datetime.now(UTC)
    said = {"outcome": outcome, "note": note.strip(), "noted_by": person.id, "noted_at": at}
    statement = insert(LeadNote).values(watch=watch.code, subject=subject, **said)
    session.execute(statement.on_conflict_do_update(index_elements=["watch", "subject"], set_=said))
    return Note(outcome, note.strip(), person.name, at)


def _is_known(
    session: Session,
    person: Person,
    watch: Watch,
    subject: str,
    period: Period,
    limits: Mapping[str, float],
    now: datetime | None,
) -> bool:
    values = _values(session, person, watch, period, limits, now)
    if _notes(session, watch.code, [subject]):
        return True
    return bool(
        session.scalar(
            text(f"SELECT EXISTS ({_found(watch)} WHERE :before || found.subject = :subject)"),
            values | {"before": _key(watch, period, ""), "subject": subject},
        )
    )


def _found(watch: Watch) -> str:
    return f"SELECT found.* FROM ({read_sql(f'watch_{watch.code}').text}) AS found"


def _values(
    session: Session,
    reader: Person,
    watch: Watch,
    period: Period,
    limits: Mapping[str, float],
    now: datetime | None,
) -> dict[str, Any]:
    need_whole_city(session, reader)
    now = now or datetime.now(UTC)
    period.refuse_future(now)
    usual = {limit.code: limit.value for limit in watch.limits}
    return {"begins": period.begins, "ends": period.until(now)} | usual | dict(limits)


def _key(watch: Watch, period: Period, subject: str) -> str:
    """What notes are kept by."""
    return f"{period.code}:{subject}" if watch.by_period else subject


def _lead(watch: Watch, period: Period, row: Any, notes: Mapping[str, Note]) -> Lead:
    subject = _key(watch, period, row.subject)
    return Lead(
        subject=subject,
        name=pick(row.name, row.name_en),
        figures={code: row.figures.get(code) for code in watch.tells},
        cases=list(row.cases or ()),
        cases_total=row.cases_total,
        note=notes.get(subject),
    )


def _notes(session: Session, watch: str, subjects: list[str]) -> dict[str, Note]:
    rows = session.execute(
        select(LeadNote, Person.name)
        .join(Person, Person.id == LeadNote.noted_by)
        .where(LeadNote.watch == watch, LeadNote.subject.in_(subjects))
    )
    return {note.subject: Note(note.outcome, note.note, by, note.noted_at) for note, by in rows}
