"""说明: how figures are counted, how far they may be trusted, and the cards scores are worked out by."""

from gis.evaluation.figures import FEW
from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS
from gis.evaluation.report.blocks import Block, Column, Paragraph, Section, Table, row
from gis.evaluation.report.material import Material
from gis.evaluation.report.scores import RANKED
from gis.evaluation.report.telling import NO_CASES, SMALL, moment_words
from gis.i18n import N_, _

TRUSTED = "verified_local"  # a formula or card that a city really uses
SENSES = {
    "direct": N_("the higher the better"),
    "inverse": N_("the lower the better"),
    "band": N_("by bands"),
}


def notes(found: Material) -> Section:
    """The last section: notes, and the cards."""
    return Section(
        _("Notes"),
        parts=(
            Section(_("How it is counted"), tuple(Paragraph(text) for text in _remarks(found))),
            Section(_("Score cards"), _cards(found)),
        ),
    )


def _remarks(found: Material) -> list[str]:
    remarks = [
        _(
            "Counted on {moment}. Every count falls into the period of its own moment: a report when it"
            " came in, a disposal when it was handed over, or when its limit passed before that. A case that"
            " crosses the period's end counts in one period only."
        ).format(moment=moment_words(found.now)),
        _(
            '"{no_cases}" means that there was nothing to divide by: such a rate is neither 0% nor 100%, and'
            " scores are worked out without it. {mark} marks rates over fewer than {few} cases; they say"
            " little."
        ).format(no_cases=_(NO_CASES), mark=SMALL, few=FEW),
        _("An object gets no score where less than half of its card's weight has cases."),
    ]
    if found.totals.is_running:
        remarks.append(
            _(
                "The period has not ended: figures are those so far,"
                " compared with as much of the other periods."
            )
        )
    used = {
        part.indicator
        for kind in RANKED
        if kind in found.rankings
        for part in found.rankings[kind].card.parts
    }
    unsure = [
        _(INDICATORS[code].title)
        for code in INDICATORS
        if code in used and INDICATORS[code].status != TRUSTED
    ]
    if unsure:
        remarks.append(
            _(
                "Not verified against the text of GB/T 30428.4,"
                " their formulas being inferred or our own: {names}."
            ).format(names=_(", ").join(dict.fromkeys(unsure)))
        )
    remarks.append(
        _(
            "Formulas and default weights follow descriptions of GB/T 30428.4 by systems in use, not the text"
            " of the standard; bands of streets and larger areas should be set by the city."
        )
    )
    remarks.append(_closed(found))
    return remarks


def _closed(found: Material) -> str:
    if found.closed is None:
        return _("The period has not been closed; later corrections may change its figures.")
    return _(
        "The period is closed: version {version}, {moment}, SHA-256 {digest}. Figures here are those of the"
        " moment above."
    ).format(
        version=found.closed.version,
        moment=moment_words(found.closed.closed_at),
        digest=found.closed.digest,
    )


def _cards(found: Material) -> tuple[Block, ...]:
    columns = (
        Column(_("Object"), 1.6),
        Column(_("Indicator"), 2.0),
        Column(_("Weight"), 0.9, True),
        Column(_("Scored"), 1.9),
        Column(_("Trust"), 1.2),
    )
    rows = [
        row(
            _(OBJECT_KINDS[kind]) if place == 0 else "",
            _(INDICATORS[part.indicator].title),
            f"{part.weight:g}%",
            _(SENSES[part.sense]),
            trust(ranking.kept.status) if place == 0 else "",
        )
        for kind, ranking in found.rankings.items()
        if kind in RANKED
        for place, part in enumerate(ranking.card.parts)
    ]
    if not rows:
        return (Paragraph(_("No score card is chosen.")),)
    return (Table(_("Score cards in use"), columns, tuple(rows)),)


TRUST = {
    "verified_local": N_("in use by a city"),
    "inferred": N_("inferred"),
    "own": N_("our own"),
    "city": N_("set by the city"),
}


def trust(status: str) -> str:
    """How far a card or a formula may be trusted, in words."""
    return _(TRUST.get(status, status))
