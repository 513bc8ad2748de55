"""时限与质量: the in-time rates of every link, on-time disposal by street on the map and by department."""

from gis.evaluation.report.blocks import AreaMap, Block, Chart, Column, Paragraph, Section, Series, Table, row
from gis.evaluation.report.material import MAPPED, Material
from gis.evaluation.report.ranking import Ranking
from gis.evaluation.report.telling import NO_CASES, told
from gis.i18n import _

LINKS = (
    *("verify_in_time", "filing_in_time", "accurate_filing", "dispatch_in_time", "accurate_dispatch"),
    *("on_time_disposal", "check_in_time", "closing_in_time", "rework", "reopening", "extension"),
)
MOST_BARS = 16


def timeliness(found: Material) -> Section:
    """The third section."""
    parts: list[Section | None] = [_of_links(found)]
    if any(area.value is not None for area in found.streets):
        parts.append(_map(found))
    if "department" in found.rankings:
        parts.append(_of_departments(found.rankings["department"]))
    return Section(_("Time and quality"), parts=tuple(part for part in parts if part is not None))


def _of_links(found: Material) -> Section:
    figures = [found.totals.now[code] for code in LINKS]
    has_before = found.totals.before is not None
    columns = [
        Column(_("Indicator"), 2.2),
        Column(_("Cases counted"), 1.2, True),
        Column(_("Of which"), 1.2, True),
        Column(_("Rate"), 1.2, True),
    ]
    if has_before:
        columns.append(Column(_("Difference"), 1.5, True))
    rows = []
    for figure in figures:
        cells = [
            _(figure.indicator.title), f"{figure.denominator or 0:,}", f"{figure.numerator:,}", told(figure)
        ]  # fmt: skip
        if has_before:
            cells.append(found.totals.on_before(figure.indicator.code).words())
        rows.append(row(*cells))
    return Section(_("By link"), (Table(_("Rates of the links"), tuple(columns), tuple(rows)),))


def _map(found: Material) -> Section:
    blocks: list[Block] = [
        AreaMap(
            _("On-time disposal rate by street"),
            _(found.totals.now[MAPPED].indicator.title),
            found.streets,
            _(NO_CASES),
        )
    ]
    empty = [area.name for area in found.streets if area.value is None]
    if empty:
        blocks.append(
            Paragraph(_("No case was due for disposal in: {names}.").format(names=_(", ").join(empty)), True)
        )
    return Section(_("On-time disposal by street"), tuple(blocks))


def _of_departments(ranking: Ranking) -> Section | None:
    """Departments with cases due for disposal, the best rate first; the lowest of many."""
    rated = [
        (figure.value, figure, item.row.name)
        for item in ranking.items
        if (figure := item.row.figures[MAPPED]).value is not None
    ]
    if not rated:
        return None
    rated.sort(key=lambda one: (-(one[0] or 0), one[2]))
    shown = rated[-MOST_BARS:]
    labels = tuple(f"{name} ({figure.numerator}/{figure.denominator})" for _value, figure, name in shown)
    chart = Chart(
        "bars",
        _("On-time disposal rate by department"),
        labels,
        (Series(_("On-time disposal rate"), tuple(value for value, _figure, _name in shown)),),
        unit="ratio",
    )
    blocks: list[Block] = [chart]
    if len(rated) > len(shown):
        more = _("The {number} departments with the lowest rates; the others stand in the workbook.")
        blocks.append(Paragraph(more.format(number=len(shown)), True))
    return Section(_("On-time disposal by department"), tuple(blocks))
