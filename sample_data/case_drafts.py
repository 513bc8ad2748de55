"""What happens where and when: one draft for each case, before anyone has acted on it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gis.case.workflow import Source
from gis.standard.tables import CITY_EDITION, rules_for
from sample_data.case_paths import BY_INSPECTOR, Path
from sample_data.chance import stream
from sample_data.components import Components
from sample_data.geometry import Floats
from sample_data.ground import Ground
from sample_data.lines import Bools, Ints, all_stretches, place_beside
from sample_data.partition import Partition
from sample_data.places import covers, find_grids
from sample_data.roads import GRADES, Network
from sample_data.sizes import Size

SHARE_OF_COMPONENTS = 0.22
UNTIL_TIME = time(10, 40)  # the sample's now: a busy hour, so that something waits at every desk

# Event class and how often, of a thousand.
EVENTS = {
    "0110": 150, "0201": 95, "0409": 85, "0410": 80, "0405": 75, "0112": 75, "0401": 70, "0136": 60,
    "0406": 45,
    "0111": 45, "0113": 38, "0107": 22, "0117": 22, "0304": 18, "0302": 15, "0203": 14, "0129": 12,
    "0135": 10,
    "0128": 9, "0506": 8, "0503": 7, "0119": 7, "0305": 6, "0130": 6, "0192": 6, "0507": 5, "0505": 3,
    "0501": 3, "0134": 3, "0504": 3, "0126": 2, "0502": 1,
}  # fmt: skip
# Of the day's reports, hour by hour in local time; the busiest has 12 %.
HOURS = (0.2, 0.1, 0.1, 0.1, 0.2, 0.4, 1.5, 4.5, 9.0, 12.0, 10.5, 7.5,
         4.5, 5.0, 8.5, 9.5, 8.5, 7.0, 4.5, 3.0, 1.8, 1.0, 0.4, 0.2)  # fmt: skip
DAY_OFF = 0.62  # of a workday's reports
SOURCES = (Source.HOTLINE, Source.CITIZEN, Source.LEADER, Source.MEDIA)
SOURCE_SHARES = (0.7, 0.18, 0.08, 0.04)
BY_INSPECTOR_SHARE = 0.78


@dataclass(frozen=True)
class ClassRow:
    """A class that cases are about: its rules as ``(code, value, unit)``, most usual first."""

    kind: str
    code: str
    rules: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True)
class Drafts:
    """One entry a case, in the order of their reports.

    Attributes
    ----------
    reported : int64, seconds since 1970 UTC
    klass : index into ``classes``; ``rule``: index into its rules, -1 where it has none
    component : index of the component, -1 for events; ``road`` -1 where no road is near
    source : index into ``(inspector, *SOURCES)``; ``path``: index of the path it takes
    number : running number of its class and day
    original : index of the case it is merged into, -1 for what is no duplicate
    """

    classes: list[ClassRow]
    reported: NDArray[np.int64]
    day: NDArray[np.datetime64]
    klass: Ints
    rule: Ints
    component: Ints
    xy: Floats
    grid: Ints
    road: Ints
    source: Ints
    path: Ints
    number: Ints
    original: Ints


def last_moment(until: date, zone: ZoneInfo) -> int:
    """The sample's now, seconds since 1970 UTC."""
    return int(datetime.combine(until, UNTIL_TIME, zone).timestamp())


def make_drafts(
    ground: Ground,
    partition: Partition,
    network: Network,
    components: Components,
    paths: tuple[Path, ...],
    workdays: set[date],
    size: Size,
    seed: int,
    until: date,
    zone: ZoneInfo,
) -> Drafts:
    """Draw ``size.cases`` reports over ``size.months`` up to the sample's now."""
    chance = stream(seed, "cases")
    count = size.cases
    day, seconds = _moments(count, size, until, workdays, zone, chance)
    classes = _classes(components)
    is_component = chance.random(count) < SHARE_OF_COMPONENTS
    klass, component = _subjects(is_component, classes, components, chance)
    rule_counts = np.array([len(row.rules) for row in classes])
    # The first conditions of a class are its most usual ones.
    rule = np.floor(chance.random(count) ** 1.8 * rule_counts[klass]).astype(np.intp)
    rule[rule_counts[klass] == 0] = -1
    xy, grid, road = _places(is_component, component, components, ground, partition, network, chance)
    source = np.where(
        chance.random(count) < BY_INSPECTOR_SHARE, 0, 1 + chance.choice(len(SOURCES), count, p=SOURCE_SHARES)
    )
    path = _choose_paths(source, paths, chance)
    original = _originals(path, paths)
    # A duplicate is about the same thing at the same place.
    twin = np.where(original >= 0, original, np.arange(count))
    klass, rule, component, road = klass[twin], rule[twin], component[twin], road[twin]
    xy, grid = xy[twin], grid[twin]
    number = _numbers(day, klass)
    return Drafts(
        classes, seconds, day, klass, rule, component, xy, grid, road, source, path, number, original
    )  # fmt: skip


def _moments(
    count: int, size: Size, until: date, workdays: set[date], zone: ZoneInfo, chance: np.random.Generator
) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
    """Day and second of each report, ascending: fewer on days off, most in the middle of the morning."""
    span = round(size.months * 30.5)
    days = [until - timedelta(days=n) for n in range(span, -1, -1)]
    weights = np.array([1.0 if day in workdays else DAY_OFF for day in days])
    hours = np.array(HOURS) / sum(HOURS)
    passed = UNTIL_TIME.hour + UNTIL_TIME.minute / 60
    today = np.clip(passed - np.arange(24), 0, 1)
    grid = weights[:, None] * hours
    grid[-1] *= today
    slot = np.sort(chance.choice(grid.size, count, p=(grid / grid.sum()).ravel()))
    within = chance.random(count)
    last_hour = slot == (span * 24 + UNTIL_TIME.hour)
    within[last_hour] *= UNTIL_TIME.minute / 60
    midnights = np.array([int(datetime.combine(day, time.min, zone).timestamp()) for day in days])
    seconds = np.sort(midnights[slot // 24] + (slot % 24) * 3600 + np.floor(within * 3600).astype(np.int64))
    day = np.array(days, dtype="datetime64[D]")[np.searchsorted(midnights, seconds, "right") - 1]
    return day, seconds.astype(np.int64)


def _classes(components: Components) -> list[ClassRow]:
    found = [("event", code) for code in EVENTS]
    found += [("component", code) for code in sorted(set(components.class_code.tolist()))]
    return [
        ClassRow(
            kind,
            code,
            tuple(
                (rule.code, float(rule.limit_value), rule.limit_unit)
                for rule in rules_for(CITY_EDITION, kind, code)
            ),
        )
        for kind, code in found
    ]


def _subjects(
    is_component: Bools, classes: list[ClassRow], components: Components, chance: np.random.Generator
) -> tuple[Ints, Ints]:
    count = len(is_component)
    weights = np.array(list(EVENTS.values()), dtype=float)
    klass = chance.choice(len(EVENTS), count, p=weights / weights.sum())
    index = {row.code: n for n, row in enumerate(classes) if row.kind == "component"}
    of_component = np.array([index[code] for code in components.class_code.tolist()])
    ruled = np.array([bool(row.rules) for row in classes])[of_component]
    tree = components.class_code == "0402"  # many of them, and they seldom give trouble
    likely = np.where(ruled, np.where(tree, 0.3, 1.0), 0.05)
    component = np.full(count, -1)
    component[is_component] = chance.choice(len(likely), int(is_component.sum()), p=likely / likely.sum())
    klass[is_component] = of_component[component[is_component]]
    return klass, component


def _places(
    is_component: Bools,
    component: Ints,
    components: Components,
    ground: Ground,
    partition: Partition,
    network: Network,
    chance: np.random.Generator,
) -> tuple[Floats, Ints, Ints]:
    """Where the components stand; events on the pavement or near the kerb, more of them where people are."""
    count = len(is_component)
    stretches = all_stretches(network)
    middle = np.hypot(*((stretches.a / (ground.columns, ground.rows)) - 0.5).T)
    busy = np.exp(-5 * middle**2) * (0.5 + stretches.grade)
    stretch = chance.choice(len(busy), count, p=busy / busy.sum())
    half = np.array([grade.carriageway_m / 2 for grade in GRADES])
    side = np.where(chance.random(count) < 0.5, 1.0, -1.0)
    offset = side * (half[stretches.grade[stretch]] + chance.uniform(-2.0, 3.5, count))
    share = chance.uniform(0.06, 0.94, count)
    xy = place_beside(ground, stretches, stretch, share, offset)
    grid = find_grids(ground, partition, xy, stretches.a[stretch])
    road = stretches.road[stretch]
    # Beside a sharp bend the place may fall on a border; the middle of the stretch is always inside.
    safe = np.zeros(count, dtype=bool)
    safe[grid >= 0] = covers(ground.corners(partition.cells[grid[grid >= 0]]), xy[grid >= 0], margin_m=0.05)
    redo = np.nonzero(~safe)[0]
    xy[redo] = place_beside(ground, stretches, stretch[redo], np.full(len(redo), 0.5), offset[redo])
    grid[redo] = find_grids(ground, partition, xy[redo], stretches.a[stretch[redo]])
    mine = component[is_component]
    xy[is_component], grid[is_component] = components.xy[mine], components.grid[mine]
    road[is_component] = components.road[mine]
    return xy, grid, road


def _choose_paths(source: Ints, paths: tuple[Path, ...], chance: np.random.Generator) -> Ints:
    chosen = np.zeros(len(source), dtype=np.intp)
    for origin, mine in ((BY_INSPECTOR, source == 0), (1 - BY_INSPECTOR, source > 0)):
        index = np.array([n for n, path in enumerate(paths) if path.origin == origin])
        weights = np.array([paths[n].weight for n in index])
        chosen[mine] = chance.choice(index, int(mine.sum()), p=weights / weights.sum())
    return chosen


def _originals(path: Ints, paths: tuple[Path, ...]) -> Ints:
    """The case that each duplicate is merged into: the latest before it that goes its way to a department.

    Where there is none yet, the duplicate is none either, and is refused; changes ``path`` in place.
    """
    ends = np.array([way.steps[-1].action for way in paths])
    goes_on = ~np.isin(ends, ["refuse", "merge", "void", "archive"])
    merged = (ends == "merge")[path]
    index = np.arange(len(path))
    latest = np.maximum.accumulate(np.where(goes_on[path], index, -1))
    original = np.where(merged, latest, -1)
    for row in np.nonzero(merged & (original < 0))[0]:
        same_origin = [way.origin == paths[path[row]].origin for way in paths]
        path[row] = np.nonzero(same_origin & (ends == "refuse"))[0][0]
    return original


def _numbers(day: NDArray[np.datetime64], klass: Ints) -> Ints:
    """Running numbers within class and day, in the order of the reports."""
    order = np.lexsort((np.arange(len(day)), klass, day))
    sorted_day, sorted_class = day[order], klass[order]
    first = np.ones(len(day), dtype=bool)
    first[1:] = (sorted_day[1:] != sorted_day[:-1]) | (sorted_class[1:] != sorted_class[:-1])
    start = np.maximum.accumulate(np.where(first, np.arange(len(day)), 0))
    number = np.empty(len(day), dtype=np.intp)
    number[order] = np.arange(len(day)) - start + 1
    return number
