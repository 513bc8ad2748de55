"""概述: the figures that matter in sentences, with their changes, and as a table."""

from gis.evaluation.indicators import OBJECT_KINDS
from gis.evaluation.report.blocks import Block, Cell, Column, Paragraph, Section, Table, row
from gis.evaluation.report.material import Material
from gis.evaluation.report.ranking import Ranking
from gis.evaluation.report.telling import BEFORE, period_words, share, told
from gis.i18n import N_, _

ON_YEAR_AGO = N_("on the same period of last year")
KEY_FIGURES = (
    *("reported", "filed", "public_report", "valid_report", "filing_in_time", "dispatch_in_time"),
    *("accurate_dispatch", "disposal", "on_time_disposal", "closing", "closing_in_time", "rework"),
    *("extension", "overdue_pending", "disposal_hours", "satisfaction"),
)


def summary(found: Material) -> Section:
    """The first section."""
    if found.is_empty:
        nothing = _("In {period} no case counts: nothing was reported, and nothing was due.")
        return Section(_("Summary"), (Paragraph(nothing.format(period=period_words(found.period))),))
    sentences = [_reports(found), _disposal(found), _closing(found), _makeup(found)]
    sentences += [
        _places(found.rankings[kind]) for kind in ("street", "department") if kind in found.rankings
    ]
    blocks: list[Block] = [Paragraph(sentence) for sentence in sentences if sentence]
    blocks.append(_key_figures(found))
    if found.totals.before is None:
        blocks.append(
            Paragraph(
                _("The records do not reach back over the period before; nothing is compared with it."), True
            )
        )
    return Section(_("Summary"), tuple(blocks))


def _change(found: Material, code: str) -> str:
    """What is said after a figure: against the period before, and the year before."""
    before = found.totals.on_before(code).phrase(BEFORE[found.period.kind])
    return before + found.totals.on_year_ago(code).phrase(ON_YEAR_AGO)


def _reports(found: Material) -> str:
    now = found.totals.now
    return _(
        "In {period} {reported:,} reports came in{change}; {filed:,} cases were filed{change_filed}."
        " Of the reports decided on, {filing} were filed and {valid} were valid;"
        " {public} of the filed cases go back to reports by the public."
    ).format(
        period=period_words(found.period),
        reported=now["reported"].numerator,
        change=_change(found, "reported"),
        filed=now["filed"].numerator,
        change_filed=_change(found, "filed"),
        filing=told(now["filing"]),
        valid=told(now["valid_report"]),
        public=told(now["public_report"]),
    )


def _disposal(found: Material) -> str:
    now = found.totals.now
    figure = now["on_time_disposal"]
    if figure.value is None:
        return _("No case was due for disposal.")
    return _(
        "Of {due:,} cases due for disposal {done:,} were disposed of in time: the on-time disposal rate was"
        " {rate}{change}. {open:,} are overdue and still open. Disposal took {hours} on average."
    ).format(
        due=figure.denominator,
        done=figure.numerator,
        rate=told(figure),
        change=_change(found, "on_time_disposal"),
        open=now["overdue_pending"].numerator,
        hours=told(now["disposal_hours"]),
    )


def _closing(found: Material) -> str:
    now = found.totals.now
    if now["closing"].value is None:
        return _("No case was due to be closed.")
    return _(
        "Of {due:,} cases due to be closed {closed:,} were closed: the closing rate was {rate}{change},"
        " the in-time closing rate {in_time}{change_in_time}. {reworked:,} were reworked, a rework rate of"
        " {rework}{change_rework}."
    ).format(
        due=now["closing"].denominator,
        closed=now["closing"].numerator,
        rate=told(now["closing"]),
        change=_change(found, "closing"),
        in_time=told(now["closing_in_time"]),
        change_in_time=_change(found, "closing_in_time"),
        reworked=now["rework"].numerator,
        rework=told(now["rework"]),
        change_rework=_change(found, "rework"),
    )


def _makeup(found: Material) -> str:
    if not found.sources or not found.classes:
        return ""
    source, kind = found.sources[0], found.classes[0]
    return _(
        "Most reports came as: {source} ({number:,}, {share} of all). The class with the most filed cases was"
        " {class_name} ({filed:,})."
    ).format(
        source=source.name,
        number=source.number,
        share=share(source.number / sum(one.number for one in found.sources)),
        class_name=kind.name,
        filed=kind.number,
    )


def _places(ranking: Ranking) -> str:
    """Who stands first and last, where there are two at least whose score rests on enough cases."""
    firm = [item for item in ranking.scored if not item.has_few]
    if len(firm) < 2:
        return ""
    first, last = firm[0], firm[-1]
    return _(
        "{kind}: {number} have a score. Of the {firm} with enough cases, {first} stands first with"
        " {first_score:.2f} (grade {first_grade}), {last} last with {last_score:.2f} (grade {last_grade})."
    ).format(
        kind=_(OBJECT_KINDS[ranking.kind]),
        number=len(ranking.scored),
        firm=len(firm),
        first=first.row.name,
        first_score=first.score.total,
        first_grade=first.score.grade.name if first.score.grade else "",
        last=last.row.name,
        last_score=last.score.total,
        last_grade=last.score.grade.name if last.score.grade else "",
    )


def _key_figures(found: Material) -> Table:
    told_of = found.totals
    columns = [Column(_("Indicator"), 2.2), Column(_("This period"), 1.2, is_number=True)]
    if told_of.before is not None:
        columns += [Column(_("Period before"), 1.2, True), Column(_("Difference"), 1.5, True)]
    if told_of.year_ago is not None:
        columns += [Column(_("Last year"), 1.2, True), Column(_("Difference"), 1.5, True)]
    rows = []
    for code in KEY_FIGURES:
        figure = told_of.now[code]
        cells = [Cell(_(figure.indicator.title)), Cell(told(figure))]
        if told_of.before is not None:
            cells += [Cell(told(told_of.before[code])), Cell(told_of.on_before(code).words())]
        if told_of.year_ago is not None:
            cells += [Cell(told(told_of.year_ago[code])), Cell(told_of.on_year_ago(code).words())]
        rows.append(row(*cells))
    return Table(_("Key figures of the city"), tuple(columns), tuple(rows))
