"""The order in which responsibilities are looked at, and which of them decides. Pure: knows no database.

First comes who maintains the component. Then the most particular rule: a class before its major before none,
a community before its street before its district before the city, a rule with hours before one without. What
is equally particular goes by the department's code, so that the answer never depends on chance.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

LEVELS = {"community": 1, "street": 2, "district": 3, None: 4}


class Outcome(StrEnum):
    """What became of a rule that was looked at."""

    DECIDED = "decided"
    NOT_NEEDED = "not_needed"  # one before it had decided
    OUTSIDE_HOURS = "outside_hours"
    NO_DEPARTMENT = "no_department"  # the component has no maintainer on record
    CLOSED = "department_closed"
    NOT_DISPOSING = "not_disposing"


@dataclass(frozen=True)
class Party:
    """A department as the rules see it; ``closed_on`` empty: in force."""

    id: int
    code: str
    name_zh: str
    name_en: str
    disposes: bool = True
    closed_on: date | None = None


@dataclass(frozen=True)
class Hours:
    """When a rule holds, local time, the end exclusive. Empty: always.

    ``weekdays`` are digits, 1 Monday … 7 Sunday. Hours that end before they start run past midnight and
    belong to the day on which they began; equal ones are a whole day from there.
    """

    weekdays: str | None = None
    starts_at: time | None = None
    ends_at: time | None = None

    @property
    def conditions(self) -> int:
        """How many conditions of time there are: 0, 1 or 2."""
        return (self.weekdays is not None) + (self.starts_at is not None)

    def hold(self, local: datetime) -> bool:
        """Whether a moment of the city's clock lies within them."""
        if self.starts_at is None or self.ends_at is None:
            return self._on(local)
        now = local.time()
        if self.starts_at < self.ends_at:
            return self.starts_at <= now < self.ends_at and self._on(local)
        if now >= self.starts_at:
            return self._on(local)
        return now < self.ends_at and self._on(local - timedelta(days=1))

    def _on(self, day: datetime) -> bool:
        return self.weekdays is None or str(day.isoweekday()) in self.weekdays


ALWAYS = Hours()


@dataclass(frozen=True)
class Rule:
    """职责: ``party`` answers for a class in an area at some hours.

    ``class_code``: a class, a major of two digits, or "" for all. ``area_id`` empty: the whole city.
    """

    kind: str
    edition: str
    class_code: str
    party: Party
    area_id: int | None = None
    level: str | None = None
    hours: Hours = ALWAYS
    id: int = 0
    area_zh: str | None = None
    area_en: str | None = None

    @property
    def rank(self) -> tuple[int, int, int, str, int]:
        """Smaller is looked at earlier."""
        return (
            -len(self.class_code), LEVELS[self.level], -self.hours.conditions, self.party.code, self.id,
        )  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is asked: a class at a place and a moment.

    ``areas``: ids of the community, street and district of the place. ``local``: the moment, by the city's
    clock.
    """

    kind: str
    edition: str
    class_code: str
    areas: frozenset[int]
    local: datetime
    has_component: bool = False
    maintainer: Party | None = None


@dataclass(frozen=True)
class Considered:
    """A rule that was looked at and what became of it; ``rule`` is empty for the component's maintainer."""

    rule: Rule | None
    party: Party | None
    outcome: Outcome


@dataclass
class RuleBook:
    """All rules, ready to be asked many questions."""

    rules: Iterable[Rule]
    _by_class: dict[tuple[str, str, str], list[Rule]] = field(default_factory=dict, init=False)
    _for_class: dict[tuple[str, str, str], list[Rule]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for rule in self.rules:
            self._by_class.setdefault((rule.kind, rule.edition, rule.class_code), []).append(rule)

    def for_class(self, kind: str, edition: str, class_code: str) -> Sequence[Rule]:
        """The rules that may hold for a class, in the order they are looked at."""
        key = (kind, edition, class_code)
        if key not in self._for_class:
            beginnings = (class_code[:length] for length in range(len(class_code) + 1))
            found = [rule for begin in beginnings for rule in self._by_class.get((kind, edition, begin), ())]
            self._for_class[key] = sorted(found, key=lambda rule: rule.rank)
        return self._for_class[key]

    def is_timed(self, kind: str, edition: str, class_code: str) -> bool:
        """Whether the answer for a class depends on the moment it is asked."""
        return any(rule.hours.conditions for rule in self.for_class(kind, edition, class_code))

    def decide(self, question: Question) -> Party | None:
        """The department that a question leads to; ``None`` where no rule holds."""
        for considered in self._looked_at(question):
            if considered.outcome is Outcome.DECIDED:
                return considered.party
        return None

    def consider(self, question: Question) -> list[Considered]:
        """Every rule for the class and place in the order of looking, and what became of each."""
        found: list[Considered] = []
        decided = False
        for considered in self._looked_at(question):
            if decided and considered.outcome is Outcome.DECIDED:
                considered = Considered(considered.rule, considered.party, Outcome.NOT_NEEDED)
            decided = decided or considered.outcome is Outcome.DECIDED
            found.append(considered)
        return found

    def _looked_at(self, question: Question) -> Iterator[Considered]:
        """Each rule with what would become of it if none before it decided."""
        if question.has_component:
            yield Considered(None, question.maintainer, _standing(question.maintainer))
        for rule in self.for_class(question.kind, question.edition, question.class_code):
            if rule.area_id is None or rule.area_id in question.areas:
                outcome = _standing(rule.party) if rule.hours.hold(question.local) else Outcome.OUTSIDE_HOURS
                yield Considered(rule, rule.party, outcome)


def _standing(party: Party | None) -> Outcome:
    """Whether cases may be dispatched to a department."""
    if party is None:
        return Outcome.NO_DEPARTMENT
    if party.closed_on is not None:
        return Outcome.CLOSED
    return Outcome.DECIDED if party.disposes else Outcome.NOT_DISPOSING
