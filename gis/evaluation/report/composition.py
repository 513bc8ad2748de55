"""案件构成: what was reported: over time, by source, by class, by street and community."""

from collections.abc import Callable

from gis.evaluation.report.blocks import Block, Cell, Chart, Column, Paragraph, Section, Series, Table, row
from gis.evaluation.report.breakdown import Part
from gis.evaluation.report.material import Material
from gis.evaluation.report.ranking import Ranking
from gis.evaluation.report.telling import share, told
from gis.i18n import N_, _

MOST_COMMUNITIES = 10
OF_PLACES = ("reported", "filed", "on_time_disposal", "closing")


def composition(found: Material) -> Section:
    """The second section; parts without cases are left out, as the summary says that there are none."""
    parts = [
        _over_time(found),
        _by_source(found),
        _by_class(found),
        *(_by_place(found.rankings.get(kind), *words) for kind, words in _PLACES.items()),
    ]
    return Section(_("What was reported"), parts=tuple(part for part in parts if part is not None))


def _over_time(found: Material) -> Section | None:
    if not any(day.reported or day.filed for day in found.days):
        return None
    by_month = len(found.days) > 1 and (found.days[1].day - found.days[0].day).days > 1
    labels = tuple(f"{day.day:%Y-%m}" if by_month else f"{day.day.month}-{day.day.day}" for day in found.days)
    series = (
        Series(_("Reports"), tuple(float(day.reported) for day in found.days)),
        Series(_("Filed cases"), tuple(float(day.filed) for day in found.days)),
    )
    most = max(found.days, key=lambda day: day.reported)
    sentence = (
        _("Most reports came in on {day}: {number:,}.")
        if not by_month
        else _("Most reports: {day}, {number:,}.")
    )
    return Section(
        _("Over time"),
        (
            Paragraph(
                sentence.format(
                    day=f"{most.day:%Y-%m}" if by_month else f"{most.day:%Y-%m-%d}", number=most.reported
                )
            ),
            Chart("lines", _("Reports and filed cases over time"), labels, series),
        ),
    )


def _by_source(found: Material) -> Section | None:
    if not found.sources:
        return None
    whole = sum(part.number for part in found.sources)
    columns = [
        Column(_("Source"), 2.4),
        Column(_("Reports"), is_number=True),
        Column(_("Share"), is_number=True),
    ]
    table = _with_before(
        _("Reports by source"), columns, found.sources, lambda part: share(part.number / whole)
    )
    return Section(_("By source"), (table,))


def _by_class(found: Material) -> Section | None:
    if not found.classes:
        return None
    columns = [
        Column(_("Class"), 2.4),
        Column(_("Filed"), is_number=True),
        Column(_("On-time disposal rate"), 1.3, is_number=True),
    ]
    table = _with_before(
        _("Classes with the most filed cases"), columns, found.classes,
        lambda part: share(part.on_time, part.is_small),
    )  # fmt: skip
    chart = Chart(
        "bars",
        _("Classes with the most filed cases"),
        tuple(part.name for part in found.classes),
        (Series(_("Filed"), tuple(float(part.number) for part in found.classes)),),
    )
    return Section(_("By class"), (chart, table))


def _with_before(
    caption: str, columns: list[Column], parts: list[Part], more: Callable[[Part], str]
) -> Table:
    """Parts with their numbers, ``more`` of each, and what the period before had."""
    has_before = parts[0].before is not None
    if has_before:
        columns = [*columns, Column(_("Period before"), 1.1, True), Column(_("Difference"), is_number=True)]
    rows = []
    for part in parts:
        cells = [part.name, f"{part.number:,}", more(part)]
        if has_before:
            before = part.before or 0
            cells += [
                f"{before:,}",
                f"{part.number - before:+,}".replace("-", "−") if part.number != before else "0",
            ]
        rows.append(row(*cells))
    return Table(caption, tuple(columns), tuple(rows))


# kind → heading, caption, the most rows
_PLACES = {
    "street": (N_("By street"), N_("Cases by street"), None),
    "community": (N_("By community"), N_("Communities with the most filed cases"), MOST_COMMUNITIES),
}


def _by_place(ranking: Ranking | None, title: str, caption: str, most: int | None) -> Section | None:
    if ranking is None:
        return None
    items = [
        item for item in ranking.items if item.row.counts.get("reported") or item.row.counts.get("filed")
    ]
    if not items:
        return None
    items.sort(key=lambda item: (-item.row.counts.get("filed", 0), item.row.code))
    figures = [items[0].row.figures[code].indicator for code in OF_PLACES]
    columns = (
        Column(_("Name"), 2.0),
        *(
            Column(_(indicator.title), 1.0 if indicator.unit == "cases" else 1.3, True)
            for indicator in figures
        ),
    )
    rows = tuple(
        row(item.row.name, *(Cell(told(item.row.figures[code])) for code in OF_PLACES))
        for item in items[:most]
    )
    blocks: list[Block] = [Table(_(caption), columns, rows)]
    quiet = len(ranking.items) - len(items)
    if quiet and most is None:
        blocks.append(Paragraph(_("{number} more had no cases.").format(number=quiet), True))
    return Section(_(title), tuple(blocks))
