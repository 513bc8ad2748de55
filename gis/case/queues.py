"""工作队列: what waits for whom, as one table; how much waits there, and how late it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, String, and_, false, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.order import Order, first_rows
from gis.case.scope import Scope, helped_by, scope_of, scope_parts
from gis.case.side_models import CaseTask
from gis.case.stages import STAGES
from gis.case.states import CaseState
from gis.case.workflow import Pending
from gis.errors import InvalidInput
from gis.i18n import N_, _
from gis.people.models import Person, Role

MOST_COUNTED = 1000
Holds = Callable[[Person, Scope], ColumnElement[bool]]


@dataclass(frozen=True)
class Queue:
    """One row. ``roles`` work it or watch over it.

    ``order``: most urgent first by the end of the link's limit; where cases have ended, oldest first.
    ``given_only``: of a department's cases those it is the main one for.
    """

    code: str
    title: str
    roles: tuple[Role, ...]
    holds: Holds
    order: Order = Order.DUE
    given_only: bool = False


def _stage(code: str) -> Holds:
    return lambda _person, _scope: Case.stage == code


def _own_task(code: str) -> Holds:
    """An inspector sees what nobody else was asked to look at."""

    def holds(person: Person, _scope: Scope) -> ColumnElement[bool]:
        if person.role is not Role.INSPECTOR:
            return Case.stage == code
        others = select(CaseTask.id).where(
            CaseTask.case_id == Case.id, CaseTask.ended_at.is_(None), CaseTask.assignee_id != person.id
        )
        return and_(Case.stage == code, ~others.exists())

    return holds


def _state(state: CaseState) -> Holds:
    # The stage is named, too: in its order the index reads.
    stage = next(stage.code for stage in STAGES.values() if state in stage.states)
    return lambda _person, _scope: and_(Case.stage == stage, Case.state == state)


def _pending(kind: Pending) -> Holds:
    return lambda _person, _scope: Case.pending == kind


def _part(_person: Person, scope: Scope) -> ColumnElement[bool]:
    if not scope.departments:
        return false()
    return and_(Case.stage == "dispose", helped_by(scope.departments, undone=True))


def _not_fixed(_person: Person, _scope: Scope) -> ColumnElement[bool]:
    return and_(Case.said == "not_fixed", Case.state == CaseState.CLOSED)


R = Role
# fmt: off
QUEUES: dict[str, Queue] = {queue.code: queue for queue in (
    Queue("accept", N_("To be accepted"), (R.ACCEPTOR,), _state(CaseState.REPORTED)),
    Queue("audit", N_("Put right on the spot, to be audited"), (R.ACCEPTOR, R.SHIFT_LEADER),
          _state(CaseState.SELF_DISPOSED)),
    Queue("verify", N_("To be verified on site"), (R.INSPECTOR, R.ACCEPTOR), _own_task("verify")),
    Queue("file", N_("To be filed"), (R.SHIFT_LEADER,), _stage("file")),
    Queue("dispatch", N_("To be dispatched"), (R.DISPATCHER,), _stage("dispatch")),
    Queue("dispose", N_("In disposal"), (R.DEPARTMENT, R.OWNER, R.DISPATCHER), _stage("dispose"),
          given_only=True),
    Queue("part", N_("Our part is to be done"), (R.DEPARTMENT,), _part),
    Queue("suspended", N_("Suspended"), (R.DEPARTMENT, R.DISPATCHER), _stage("suspend"), given_only=True),
    Queue("extension", N_("Extensions asked for"), (R.DISPATCHER,), _pending(Pending.EXTENSION)),
    Queue("suspension", N_("Suspensions asked for"), (R.DISPATCHER,), _pending(Pending.SUSPENSION)),
    Queue("void", N_("Voiding asked for"), (R.SHIFT_LEADER,), _pending(Pending.VOID)),
    Queue("send_check", N_("To be sent to check"), (R.ACCEPTOR,), _stage("send_check")),
    Queue("check", N_("To be checked on site"), (R.INSPECTOR, R.ACCEPTOR), _own_task("check")),
    Queue("close", N_("To be closed"), (R.SHIFT_LEADER,), _stage("close")),
    Queue("not_fixed", N_("Closed, said not to be fixed"), (R.SHIFT_LEADER, R.ACCEPTOR), _not_fixed,
          order=Order.OLDEST),
    Queue("appeal", N_("Appeals before the dispatcher"), (R.DISPATCHER,), _pending(Pending.APPEAL),
          order=Order.OLDEST),
    Queue("appeal_heard", N_("Appeals before the acceptor"), (R.ACCEPTOR,), _pending(Pending.APPEAL_HEARD),
          order=Order.OLDEST),
)}
# fmt: on


@dataclass(frozen=True)
class Waiting:
    """How much waits in a queue: at most :data:`MOST_COUNTED`, the most urgent first; ``red`` and ``yellow``
    of these."""

    queue: Queue
    count: int
    is_capped: bool
    red: int
    yellow: int


def find_queue(code: str) -> Queue:
    """The queue of that code; raises InvalidInput."""
    if code not in QUEUES:
        raise InvalidInput(
            _("There is no queue {code}; there are: {known}").format(code=code, known=", ".join(QUEUES)),
            errors=[{"pointer": "/queue"}],
        )
    return QUEUES[code]


def queue_parts(queue: Queue, scope: Scope) -> list[ColumnElement[bool]]:
    """The scope cut for a queue: each part is read in the queue's order."""
    parts = scope_parts(scope, by_area=False)
    # The last part of a department's scope is what it helps with.
    return parts[:-1] if queue.given_only and scope.departments is not None else parts


def queues_of(session: Session, person: Person) -> list[Waiting]:
    """The queues of a person's role and what waits in each."""
    mine = [queue for queue in QUEUES.values() if person.role in queue.roles]
    if not mine:
        return []
    scope, now = scope_of(session, person), datetime.now(UTC)
    counted = session.execute(union_all(*(_counted(queue, person, scope, now) for queue in mine))).all()
    found = {row.code: row for row in counted}
    return [
        Waiting(
            queue,
            min(found[queue.code].n, MOST_COUNTED),
            found[queue.code].n > MOST_COUNTED,
            found[queue.code].red,
            found[queue.code].yellow,
        )
        for queue in mine
    ]


def _counted(queue: Queue, person: Person, scope: Scope, now: datetime) -> Select[str, int, int, int]:
    parts = [(queue.holds(person, scope), part) for part in queue_parts(queue, scope)]
    one = first_rows(parts, queue.order, MOST_COUNTED + 1)
    red = one.c.stage_due_at < now
    return select(
        literal_column(f"'{queue.code}'", String).label("code"),
        func.count().label("n"),
        func.count().filter(red).label("red"),
        func.count().filter(~red, one.c.stage_warn_at <= now).label("yellow"),
    ).select_from(one)
