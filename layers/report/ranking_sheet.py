"""A sheet for each kind of object: counts, indicators, points, score, grade and rank of every object."""

from dataclasses import dataclass
from urllib.parse import urlencode

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gis.evaluation.counts import COUNTS
from gis.evaluation.duties import BESIDE, DUTY_COUNTS
from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS, POSTS, Indicator
from gis.evaluation.period import Period
from gis.evaluation.report.ranking import Ranking
from gis.evaluation.report.telling import NO_CASES
from gis.evaluation.standing import Placed
from gis.i18n import _
from gis.settings import get_settings
from layers.report import formulas
from layers.report.card_sheet import CardCells
from layers.report.sheet_looks import Looks

HEAD = 0  # the row of heads
MOST_LINKS = 60_000  # a sheet holds 65,530 at most


@dataclass(frozen=True)
class Layout:
    """Columns of a sheet by what stands in them; rows are added by :meth:`cell`."""

    counts: dict[str, str]
    indicators: dict[str, str]
    points: dict[str, str]
    used: str
    score: str
    grade: str
    rank: str
    link: str


def layout(ranking: Ranking) -> tuple[Layout, list[Indicator]]:
    """Which column holds what: code and name first, then counts, indicators, points and what follows."""
    indicators = [INDICATORS[part.indicator] for part in ranking.card.parts]
    told = ranking.items[0].row.figures if ranking.items else {}
    indicators += [told[code].indicator for code in told if code not in {row.code for row in indicators}]
    counts = dict.fromkeys(
        name for row in indicators for name in (row.numerator, row.denominator) if name is not None
    )
    columns = map(xl_col_to_name, range(2, 16_384))
    of_counts = {code: next(columns) for code in counts}
    return (
        Layout(
            of_counts,
            # What is a count stands there already.
            {row.code: next(columns) if row.denominator else of_counts[row.numerator] for row in indicators},
            {part.indicator: next(columns) for part in ranking.card.parts},
            *(next(columns) for _place in range(5)),
        ),
        indicators,
    )


def write_ranking(book: Workbook, looks: Looks, period: Period, ranking: Ranking, card: CardCells) -> None:
    """Write the sheet of a kind of object; the order is that of the ranking as it was made."""
    sheet = book.add_worksheet(_(OBJECT_KINDS[ranking.kind]))
    at, indicators = layout(ranking)
    _heads(sheet, looks, at, indicators)
    last = HEAD + max(len(ranking.items), 1)
    for place, item in enumerate(ranking.items, start=HEAD + 1):
        _object(sheet, looks, period, ranking, card, at, indicators, item, place, last)
    for grade in ranking.card.grades:
        # Colours follow the formula, not the grade of the day the report was made.
        sheet.conditional_format(
            f"{at.grade}{HEAD + 2}:{at.grade}{last + 1}",
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{grade.name}"',
                "format": looks.grades.get(grade.colour, looks.middle),
            },
        )
    sheet.freeze_panes(HEAD + 1, 2)
    sheet.autofilter(f"A{HEAD + 1}:{at.rank}{last + 1}")
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)


def _heads(sheet: Worksheet, looks: Looks, at: Layout, indicators: list[Indicator]) -> None:
    heads = {"A": _("Code"), "B": _("Name")}
    heads |= {column: _(_count_title(code)) for code, column in at.counts.items()}
    heads |= {at.indicators[row.code]: _(row.title) for row in indicators if row.denominator}
    heads |= {
        column: _("Points: {indicator}").format(indicator=_(INDICATORS[code].title))
        for code, column in at.points.items()
    }
    heads |= {
        at.used: _("Weight with cases, %"),
        at.score: _("Score"),
        at.grade: _("Grade"),
        at.rank: _("Rank"),
        at.link: _("Cases"),
    }
    for column, head in heads.items():
        sheet.write_string(f"{column}{HEAD + 1}", head, looks.head)
    sheet.set_row(HEAD, 44)
    sheet.set_column("A:A", 18, looks.text)
    sheet.set_column("B:B", 26, looks.text)
    sheet.set_column(f"C:{at.link}", 11, looks.text)


def _count_title(code: str) -> str:
    """What a count is called: of cases, of duties, or one of those beside them."""
    if code in COUNTS:
        return COUNTS[code].title
    return DUTY_COUNTS[code].title if code in DUTY_COUNTS else BESIDE[code]


def _object(
    sheet: Worksheet,
    looks: Looks,
    period: Period,
    ranking: Ranking,
    card: CardCells,
    at: Layout,
    indicators: list[Indicator],
    item: Placed,
    row: int,
    last: int,
) -> None:
    """One object. Each formula carries the answer of the service, for readers that work out nothing."""
    line = row + 1

    def cell(column: str) -> str:
        return f"{column}{line}"

    no_cases = _(NO_CASES)
    sheet.write_string(cell("A"), item.row.code, looks.text)
    sheet.write_string(cell("B"), item.row.name, looks.text)
    for code, column in at.counts.items():
        sheet.write_number(cell(column), item.row.counts.get(code, 0), looks.count)
    for told in indicators:
        if told.denominator is None:
            continue
        top, bottom = cell(at.counts[told.numerator]), cell(at.counts[told.denominator])
        formula = formulas.quotient(top, bottom, told.factor, no_cases)
        value = item.row.figures[told.code].value
        answer = no_cases if value is None else value
        sheet.write_formula(cell(at.indicators[told.code]), formula, looks.of_unit(told.unit), answer)
    parts = ranking.card.parts
    values = [cell(at.indicators[part.indicator]) for part in parts]
    points = [cell(at.points[part.indicator]) for part in parts]
    for scored, value_at, points_at in zip(item.score.parts, values, points, strict=True):
        formula = formulas.points(scored.part, card.parts[scored.part.indicator], value_at)
        sheet.write_formula(points_at, formula, looks.points, "" if scored.points is None else scored.points)
    used, total = cell(at.used), cell(at.score)
    sheet.write_formula(used, formulas.weight_used(parts, card, points), looks.count, item.score.weight_used)
    formula = formulas.score(parts, card, values, points, used, no_cases)
    sheet.write_formula(
        total, formula, looks.score, no_cases if item.score.total is None else item.score.total
    )
    grade = item.score.grade.name if item.score.grade else ""
    sheet.write_formula(cell(at.grade), formulas.grade(card, total), looks.middle, grade)
    all_totals = f"${at.score}${HEAD + 2}:${at.score}${last + 1}"
    sheet.write_formula(cell(at.rank), formulas.rank(total, all_totals), looks.count, item.rank or "")
    if (address := _cases_address(period, ranking.kind, item)) and row <= MOST_LINKS:
        sheet.write_url(cell(at.link), address, looks.link, _("show"))


def _cases_address(period: Period, kind: str, item: Placed) -> str:
    """The page of the cases an object's figures rest on; empty where the service has no public address."""
    base = get_settings().public_url.rstrip("/")
    if not base:
        return ""
    if kind in POSTS:
        code = INDICATORS[item.score.parts[0].part.indicator]
        asked = {"duty": code.denominator or code.numerator, "actor": item.row.code}
    else:
        asked = {"count": "filed", _FILTERS.get(kind, "area"): item.row.code}
    begins, ends = period.begins.isoformat(), period.ends.isoformat()
    return f"{base}/cases?{urlencode({**asked, 'counted_from': begins, 'counted_to': ends})}"


_FILTERS = {"department": "department", "unit_grid": "grid"}
