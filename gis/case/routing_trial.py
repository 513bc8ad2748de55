"""首派准确率: past cases put through the rules again, as they are and as they would be.

A proposal is right when it is the department that disposed of the case in the end. Each case is asked with
the class, place and component that stand on record, at the moment of its filing by the city's clock. The
rules are those of today, not of that day: the question is how they would have done.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from gis.case.routing import party_of, rules_now
from gis.case.routing_rules import Party, Question, RuleBook
from gis.case.rule_drafts import Draft, changed_rules
from gis.database import read_sql
from gis.people.models import Department
from gis.settings import get_settings

MOST_SHOWN = 100
AT_ONCE = 5000  # rows in hand while reading
PastCase = Row[tuple[object, ...]]


@dataclass
class Score:
    """Of how many cases the proposal was right: by the rules as they are, and as changed."""

    cases: int = 0
    right: int = 0
    right_changed: int = 0

    def count(self, right: bool, right_changed: bool) -> None:
        self.cases += 1
        self.right += right
        self.right_changed += right_changed

    @property
    def accuracy(self) -> float | None:
        """First-dispatch accuracy, 0 to 1; ``None`` without any case."""
        return self.right / self.cases if self.cases else None

    @property
    def accuracy_changed(self) -> float | None:
        return self.right_changed / self.cases if self.cases else None


@dataclass(frozen=True)
class Difference:
    """A case whose proposal was wrong, or is another one by the changed rules; departments by code."""

    case_no: str
    kind: str
    class_code: str
    filed_at: datetime
    disposed_by: str
    proposed: str | None
    proposed_changed: str | None


@dataclass
class Shown:
    """A list that ends: ``total`` counts all, ``items`` holds the newest :data:`MOST_SHOWN`."""

    total: int = 0
    items: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference) -> None:
        self.total += 1
        if len(self.items) < MOST_SHOWN:
            self.items.append(difference)

    @property
    def is_capped(self) -> bool:
        return self.total > len(self.items)


@dataclass
class Trial:
    """How the rules did. ``classes``: by (kind, class); ``departments``: by the one that disposed.

    ``silent``, ``silent_changed``: for how many cases no rule held. ``wrong``: cases whose proposal (the
    changed one, in a trial of changed rules) was wrong; ``moved``: cases that change their proposal.
    """

    is_changed: bool
    overall: Score = field(default_factory=Score)
    classes: dict[tuple[str, str], Score] = field(default_factory=lambda: defaultdict(Score))
    departments: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    silent: int = 0
    silent_changed: int = 0
    wrong: Shown = field(default_factory=Shown)
    moved: Shown = field(default_factory=Shown)


def try_rules(
    session: Session, filed_from: datetime, filed_to: datetime, drafts: Sequence[Draft] = ()
) -> Trial:
    """Put the cases filed in a period through the rules in force, and through them with drafts laid over.

    Nothing is changed. ``filed_from`` inclusive, ``filed_to`` exclusive, with offset.

    Raises
    ------
    InvalidInput
        A draft cannot be: see :func:`gis.case.rule_drafts.changed_rules`.
    """
    zone = get_settings().zone
    rules = rules_now(session, datetime.now(zone))
    parties = {row.id: party_of(row) for row in session.scalars(select(Department))}
    as_they_are = Asked(RuleBook(rules), parties, zone)
    changed = Asked(RuleBook(changed_rules(session, rules, drafts)), parties, zone) if drafts else as_they_are
    trial = Trial(is_changed=bool(drafts))
    for row in _past(session, filed_from, filed_to):
        before = as_they_are.decide(row)
        after = changed.decide(row) if drafts else before
        _count(trial, row, parties[row.department_id], before, after)
    return trial


@dataclass
class Asked:
    """A rule book that remembers its answers: among many cases most ask what another one has asked."""

    book: RuleBook
    parties: dict[int, Party]
    zone: ZoneInfo
    known: dict[tuple[object, ...], Party | None] = field(default_factory=dict)
    timed: dict[tuple[str, str, str], bool] = field(default_factory=dict)

    def decide(self, row: PastCase) -> Party | None:
        """The department proposed for a row of ``past_dispatches.sql``."""
        asked = (row.kind, row.edition, row.class_code)
        if asked not in self.timed:
            self.timed[asked] = self.book.is_timed(*asked)
        if self.timed[asked]:
            return self.book.decide(self._question(row))
        key = (
            asked, row.community_id, row.street_id, row.district_id, row.has_component, row.maintainer_id,
        )  # fmt: skip
        if key not in self.known:
            self.known[key] = self.book.decide(self._question(row))
        return self.known[key]

    def _question(self, row: PastCase) -> Question:
        return Question(
            kind=row.kind,
            edition=row.edition,
            class_code=row.class_code,
            areas=frozenset((row.community_id, row.street_id, row.district_id)),
            local=row.filed_at.astimezone(self.zone),
            has_component=row.has_component,
            maintainer=self.parties.get(row.maintainer_id or 0),
        )


def _past(session: Session, filed_from: datetime, filed_to: datetime) -> Iterator[PastCase]:
    values = {"filed_from": filed_from, "filed_to": filed_to}
    rows = session.execute(read_sql("past_dispatches"), values, execution_options={"yield_per": AT_ONCE})
    yield from rows


def _count(trial: Trial, row: PastCase, disposer: Party, before: Party | None, after: Party | None) -> None:
    right = before is not None and before.id == disposer.id
    right_changed = after is not None and after.id == disposer.id
    for score in (
        trial.overall,
        trial.classes[row.kind, row.class_code],
        trial.departments[disposer.code],
    ):
        score.count(right, right_changed)
    trial.silent += before is None
    trial.silent_changed += after is None
    is_moved = before != after
    if right_changed and not is_moved:
        return
    difference = Difference(
        row.case_no,
        row.kind,
        row.class_code,
        row.filed_at,
        disposer.code,
        before.code if before else None,
        after.code if after else None,
    )
    if not right_changed:
        trial.wrong.add(difference)
    if is_moved:
        trial.moved.add(difference)
