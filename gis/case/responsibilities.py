"""Keeping the responsibilities, and the classes that are dispatched by themselves."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Select, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.case.rule_drafts import Draft, rule_of
from gis.case.side_models import AutoDispatch
from gis.errors import Conflict, InvalidInput, NotFound
from gis.grid.models import Area
from gis.i18n import _
from gis.page import Page, read_cursor, write_cursor
from gis.people.models import Department, Person, Responsibility
from gis.settings import get_settings
from gis.standard.tables import CITY_EDITION, object_classes

Row = tuple[Responsibility, Department, Area | None]


def responsibility_page(
    session: Session,
    kind: str | None = None,
    class_code: str | None = None,
    area: str | None = None,
    department: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Row]:
    """Rules in force, in the order they were made. ``class_code`` is the beginning of one."""
    statement = _with_names().where(Responsibility.valid_to.is_(None)).limit(limit + 1)
    if kind:
        statement = statement.where(Responsibility.kind == kind)
    if class_code:
        statement = statement.where(Responsibility.class_code.startswith(class_code, autoescape=True))
    if area:
        statement = statement.where(Area.code == area)
    if department:
        statement = statement.where(Department.code == department)
    if cursor:
        (after,) = read_cursor(cursor, int)
        statement = statement.where(Responsibility.id > after)
    rows: list[Row] = [(row[0], row[1], row[2]) for row in session.execute(statement)]
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, write_cursor(rows[-1][0].id) if more else None)


def add_responsibility(session: Session, draft: Draft) -> Row:
    """Add a rule, in force from today. One that was made and ended today is taken up again.

    Raises
    ------
    InvalidInput
        See :func:`gis.case.rule_drafts.rule_of`.
    Conflict
        There is a rule for the same class, area and hours; end that one first.
    """
    rule = rule_of(session, draft)
    # Reading goes on meanwhile; two administrators cannot both find the place free.
    session.execute(text("LOCK TABLE responsibility IN SHARE ROW EXCLUSIVE MODE"))
    today = _today()
    same = select(Responsibility).where(
        Responsibility.kind == rule.kind,
        Responsibility.edition == rule.edition,
        Responsibility.class_code == rule.class_code,
        Responsibility.area_id.is_not_distinct_from(rule.area_id),
        Responsibility.weekdays.is_not_distinct_from(rule.hours.weekdays),
        Responsibility.starts_at.is_not_distinct_from(rule.hours.starts_at),
    )
    known = session.scalar(same.where(Responsibility.valid_to.is_(None)).limit(1))
    if known is not None:
        raise Conflict(
            _("Rule {id} holds for this class, area and time already; end it first").format(id=known.id)
        )
    row = session.scalar(same.where(Responsibility.valid_from == today).limit(1))
    if row is None:
        row = Responsibility(
            area_id=rule.area_id,
            kind=rule.kind,
            edition=rule.edition,
            class_code=rule.class_code,
            weekdays=rule.hours.weekdays,
            starts_at=rule.hours.starts_at,
            valid_from=today,
        )
        session.add(row)
    row.ends_at, row.department_id, row.valid_to = rule.hours.ends_at, rule.party.id, None
    session.flush()
    return _one(session, row.id)


def end_responsibility(session: Session, rule_id: int) -> Row:
    """End a rule today; it stays readable. A second time changes nothing. Raises NotFound."""
    row = session.get(Responsibility, rule_id, with_for_update=True)
    if row is None:
        raise NotFound(_("There is no rule {id}").format(id=rule_id))
    if row.valid_to is None:
        row.valid_to = max(_today(), row.valid_from)
        session.flush()
    return _one(session, rule_id)


def automatic_classes(session: Session) -> Sequence[AutoDispatch]:
    """The classes and majors whose cases are dispatched by themselves, in the order of their codes."""
    return session.scalars(
        select(AutoDispatch).order_by(AutoDispatch.kind, AutoDispatch.class_code, AutoDispatch.edition)
    ).all()


def set_automatic(
    session: Session, actor: Person, kind: str, class_code: str, edition: str = CITY_EDITION
) -> AutoDispatch:
    """Have cases of a class, or of a whole major, dispatched by themselves; again changes nothing."""
    codes = {
        code
        for row in object_classes()
        if (row.edition, row.kind) == (edition, kind)
        for code in (row.code, row.major_code)
    }
    if class_code not in codes:
        raise InvalidInput(
            _("There is no class or major {code}").format(code=class_code),
            errors=[{"pointer": "/class_code"}],
        )
    key = {"kind": kind, "edition": edition, "class_code": class_code}
    session.execute(insert(AutoDispatch).values(**key, set_by=actor.id).on_conflict_do_nothing())
    return session.get_one(AutoDispatch, (kind, edition, class_code))


def unset_automatic(session: Session, kind: str, class_code: str, edition: str = CITY_EDITION) -> None:
    """Let a person dispatch cases of a class again; nothing happens where one does already."""
    session.execute(
        delete(AutoDispatch).where(
            AutoDispatch.kind == kind,
            AutoDispatch.edition == edition,
            AutoDispatch.class_code == class_code,
        )
    )


def _one(session: Session, rule_id: int) -> Row:
    row = session.execute(_with_names().where(Responsibility.id == rule_id)).one()
    return row[0], row[1], row[2]


def _with_names() -> Select[Responsibility, Department, Area]:
    return (
        select(Responsibility, Department, Area)
        .join(Department, Department.id == Responsibility.department_id)
        .outerjoin(Area, Area.id == Responsibility.area_id)
        .order_by(Responsibility.id)
    )


def _today() -> date:
    return datetime.now(UTC).astimezone(get_settings().zone).date()
