"""Formulas and points in words: how a value came from its counts, and a score from its values."""

from gis.evaluation.behind import title_of
from gis.evaluation.figures import Figure
from gis.evaluation.indicators import POSTS, Indicator
from gis.evaluation.scoring import ScoredPart
from gis.i18n import N_, _

# What each key in the column ``source`` stands for.
SOURCES = {
    "UM": N_("Pages and source code of a city management platform that follows GB/T 30428.4"),
    "EG": N_("A vendor's dictionary of indicators, GB/T 30428.4"),
    "JN": N_("Scoring of Jinniu District, Chengdu"),
    "citygrid": N_("citygrid's own: no standard names it"),
}
# What a reader of a count should know; of the counts that have one.
NOTES = {
    "should_dispose": N_(
        "A case counts once it is handed over or its limit has come, whichever is earlier: an overdue case"
        " that is still open counts as due and not as in time. Waiting in suspension is not overdue; a case"
        " exempt after an appeal is left out."
    ),
    "should_close": N_(
        "A case counts when it is closed; one disposed of late counts at its limit. A case exempt after an"
        " appeal is left out."
    ),
    "closed_in_time": N_(
        "On time means disposed of in time: how long checking and closing took is no matter."
    ),
    "reworked": N_(
        "A rework counts only where the same department had handed over before and kept the case after."
    ),
    "dispatched_right": N_(
        "A dispatch is wrong when the case was sent back or sent on to another department."
    ),
    "judged_filed": N_("The sources leave open what filing is measured against: reports decided on, here."),
    "missed": N_(
        "Cases that others reported in the duty grids the collector patrols today; who patrolled them then is"
        " not kept."
    ),
    "public_filed": N_("Reported by others than collectors: hotline, citizens, media, leaders."),
    "co_should": N_("Counts when the co-department is done, or at the limit of the case."),
    "given_back": N_("Counts when the case leaves the department."),
}


def is_of_posts(row: Indicator) -> bool:
    """Whether it counts acts of people, not cases."""
    return not set(row.kinds).isdisjoint(POSTS)


def formula(row: Indicator) -> str:
    """The formula in words: ``On-time disposal rate = Disposed of in time ÷ Disposals due × 100 %``."""
    of_post = is_of_posts(row)
    top = _(title_of(row.numerator, of_post))
    if row.denominator is None:
        title = _(row.title)
        return top if top == title else _("{title} = {numerator}").format(title=title, numerator=top)
    form = (
        _("{title} = {numerator} ÷ {denominator} × 100 %")
        if row.unit == "ratio"
        else _("{title} = {numerator} ÷ {denominator}, in hours")
    )
    return form.format(title=_(row.title), numerator=top, denominator=_(title_of(row.denominator, of_post)))


def worked(figure: Figure) -> str:
    """The formula with its numbers: ``45 ÷ 50 × 100 % = 90 %``."""
    row = figure.indicator
    if figure.denominator is None:
        return f"{figure.numerator}"
    if figure.value is None:
        return _("{numerator} ÷ 0: no cases").format(numerator=figure.numerator)
    if row.unit == "ratio":
        return f"{figure.numerator} ÷ {figure.denominator} × 100 % = {percent(figure.value)}"
    return _("{numerator} s ÷ {denominator} ÷ 3600 = {value:.2f} h").format(
        numerator=figure.numerator, denominator=figure.denominator, value=figure.value
    )


def note(row: Indicator) -> str:
    """What a reader of the indicator should know about its counts."""
    notes = [NOTES[code] for code in (row.numerator, row.denominator) if code in NOTES]
    return " ".join(_(text) for text in notes)


def how(scored: ScoredPart) -> str:
    """How the value of one line of a card became points, in words."""
    part, value = scored.part, scored.value
    if value is None or scored.points is None:
        return _("No cases: the line is left out, and the others carry the whole")
    if part.sense == "band":
        return _in_band(scored, value)
    shown = percent(value)
    said = f"100 % − {shown}" if part.sense == "inverse" else shown
    if part.full_at < 1:
        return _("{said} ÷ {full} × 100, at most 100: {points:.4g} points").format(
            said=f"({said})" if part.sense == "inverse" else said,
            full=percent(part.full_at),
            points=scored.points,
        )
    return _("{said}: {points:.4g} points").format(said=said, points=scored.points)


def _in_band(scored: ScoredPart, value: float) -> str:
    bands = scored.part.bands
    at = next(number for number, band in enumerate(bands) if band.most is None or value <= band.most)
    most, below = bands[at].most, bands[at - 1].most if at else None
    if most is None:
        form = _("{value:g} lies above {below:g}: {points:g} points")
    elif below is None:
        form = _("{value:g} lies in the band up to {most:g}: {points:g} points")
    else:
        form = _("{value:g} lies in the band above {below:g}, up to {most:g}: {points:g} points")
    return form.format(value=value, most=most or 0, below=below or 0, points=bands[at].points)


def score_formula(weight_used: float) -> str:
    """How points become a score, in words; what has no cases is made up for by the other lines."""
    if weight_used < 100:
        return _("Score = sum of weight × points, ÷ {used:g} (lines without cases are left out)").format(
            used=weight_used
        )
    return _("Score = sum of weight × points, ÷ 100")


def percent(value: float) -> str:
    """``90 %``, ``33.33 %``: two decimals at most."""
    return f"{round(value * 100, 2):g} %"
