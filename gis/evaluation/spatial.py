"""专题图: one indicator of every region over a period, set against the ground on wish, in classes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.evaluation.breaks import ValueClass, classify
from gis.evaluation.card_store import card_for
from gis.evaluation.cards import Card
from gis.evaluation.figures import Row, figures
from gis.evaluation.ground import Ground, ground_of, street_km
from gis.evaluation.indicators import REGIONS, Indicator, indicator_of
from gis.evaluation.period import Period
from gis.evaluation.scoring import score
from gis.i18n import N_, _
from gis.people.models import Person

SCORE = "score"
NO_CASES, UNKNOWN, ZERO = "no_cases", "unknown", "zero"


@dataclass(frozen=True)
class Per:
    """What a count may be set against. ``of``: its amount for an object, in the unit that ``title`` names."""

    code: str
    title: str
    of: Callable[[Ground, float | None], float | None]


PERS: dict[str, Per] = {
    row.code: row
    for row in (
        Per("none", N_("As counted"), lambda _ground, _street: 1.0),
        Per("area", N_("Per km²"), lambda ground, _street: ground.km2),
        Per(
            "population",
            N_("Per 10,000 inhabitants"),
            lambda ground, _street: ground.population / 10_000 if ground.population else None,
        ),
        Per("street_km", N_("Per km of street"), lambda _ground, street: street),
    )
}


@dataclass(frozen=True)
class MapValue:
    """One region. ``value`` as it is painted; None with the reason in ``missing`` (no cases, unknown).

    ``raw``: before it is set against ``per`` (km², 10,000 inhabitants, km). ``few``: so few cases stand
    behind the rate that it says little. ``class_no``: its line in the legend.
    """

    id: int
    code: str
    name: str
    value: float | None
    raw: float | None
    numerator: int | None
    denominator: int | None
    per: float | None
    few: bool
    missing: str
    class_no: int | None
    lon: float
    lat: float


@dataclass(frozen=True)
class MapValues:
    """All regions, and the legend.

    ``unlisted``: what is true of regions that ``items`` leaves out (``zero``, ``no_cases``, ``unknown``):
    unit grids that had no cases are not told one by one. ``count``: what stands above the line; a score has
    no one count.
    """

    items: list[MapValue]
    legend: list[ValueClass]
    unit: str
    title: str
    unlisted: str
    count: str | None


def map_values(
    session: Session,
    reader: Person,
    kind: str,
    indicator: str,
    period: Period,
    *,
    per: str = "none",
    breaks: str = "quantile",
    card: str | None = None,
    now: datetime | None = None,
) -> MapValues:
    """An indicator, or the score, of each region of a kind, in classes.

    Parameters
    ----------
    kind : district, street, community or unit_grid
    indicator : a code of the kind's, or ``score``
    per : a key of :data:`PERS`; other than ``none`` for counts only
    breaks : a key of :data:`gis.evaluation.breaks.HOW`
    card : the card to score by, ``code`` or ``code@version``; the chosen one where empty

    Raises
    ------
    InvalidInput
        Unknown kind, indicator, ``per`` or ``breaks``; a rate or score per something; a period in the future.
    """
    if kind not in REGIONS:
        raise InvalidInput(
            _("Unknown kind of object {kind}; known: {known}").format(kind=kind, known=", ".join(REGIONS)),
            errors=[{"pointer": "/object"}],
        )
    row = None if indicator == SCORE else indicator_of(indicator)
    basis = _basis(per, row)
    scored_by = Card.from_json(card_for(session, kind, card).content) if row is None else None
    wanted = [part.indicator for part in scored_by.parts] if scored_by else [indicator]
    rows = figures(session, reader, kind, period, indicators=wanted, now=now)
    ground = ground_of(session, kind, [one.id for one in rows])
    streets = street_km(session, kind) if per == "street_km" else {}
    is_count = row is not None and row.unit == "cases"
    told = [_value(one, row, scored_by, basis, ground[one.id], streets) for one in rows]
    values = np.array([one.value for one in told if one.value is not None], dtype=float)
    classes, legend = classify(values, breaks, zero_apart=is_count)
    numbers = iter(classes.tolist())
    items = [one if one.value is None else _with_class(one, next(numbers)) for one in told]
    return MapValues(
        items,
        legend,
        row.unit if row else SCORE,
        _(row.title) if row else _("Score"),
        _unlisted(is_count, basis),
        row.numerator if row else None,
    )


def _unlisted(is_count: bool, basis: Per) -> str:
    if not is_count:
        return NO_CASES
    return UNKNOWN if basis.code == "population" else ZERO  # nobody counts the people of a unit grid


def _basis(per: str, row: Indicator | None) -> Per:
    if per not in PERS:
        raise InvalidInput(
            _("Unknown basis {per}; known: {known}").format(per=per[:40], known=", ".join(PERS)),
            errors=[{"pointer": "/per"}],
        )
    if per != "none" and (row is None or row.unit != "cases"):
        raise InvalidInput(
            _("Only counts of cases are set against area, people or streets; this is a rate or a score"),
            errors=[{"pointer": "/per"}],
        )
    return PERS[per]


def _value(
    one: Row,
    row: Indicator | None,
    card: Card | None,
    basis: Per,
    ground: Ground,
    streets: Mapping[int, float],
) -> MapValue:
    numerator, denominator = None, None
    if row is not None:
        figure = one.figures[row.code]
        raw, few = figure.value, figure.is_small
        numerator, denominator = figure.numerator, figure.denominator
    else:
        assert card is not None  # noqa: S101 - no indicator: the score
        raw = score(card, one.values()).total
        few = any(figure.is_small for figure in one.figures.values())
    amount = basis.of(ground, streets.get(one.id))
    missing = NO_CASES if raw is None else "" if amount else UNKNOWN
    value = raw / amount if raw is not None and amount else None
    return MapValue(
        one.id, one.code, one.name, value, raw, numerator, denominator,
        None if basis.code == "none" else amount, few, missing, None, ground.lon, ground.lat,
    )  # fmt: skip


def _with_class(one: MapValue, number: int) -> MapValue:
    return MapValue(**(vars(one) | {"class_no": number}))
