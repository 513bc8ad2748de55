"""The formulas of a score, as :mod:`gis.evaluation.scoring` works it out; addresses of cells in, text out.

Only functions that every spreadsheet has under the same name: IF, AND, OR, ISNUMBER, MIN, MAX, ROUND, RANK.
"""

from collections.abc import Sequence

from gis.evaluation.cards import Part
from layers.report.card_sheet import CardCells, PartCells


def quotient(numerator: str, denominator: str, factor: float, no_cases: str) -> str:
    """A quotient where there is something to divide by, else words."""
    times = "" if factor == 1 else f"/{1 / factor:g}"
    return f'=IF({denominator}=0,"{_quoted(no_cases)}",{numerator}/{denominator}{times})'


def points(part: Part, cells: PartCells, value: str) -> str:
    """0–100 of one line of a card; empty where there are no cases."""
    if part.sense == "band":
        found = cells.bands[-1][1]
        for most, of_band in reversed(cells.bands[:-1]):
            found = f"IF({value}<={most},{of_band},{found})"
    else:
        share = f"MIN(MAX({value},0),1)"
        if part.sense == "inverse":
            share = f"(1-{share})"
        found = f"100*MIN({share}/{cells.full_at},1)"
    return f'=IF(ISNUMBER({value}),{found},"")'


def weight_used(parts: Sequence[Part], card: CardCells, told: Sequence[str]) -> str:
    """How much of the card's weight has cases, per cent."""
    pieces = (
        f"IF(ISNUMBER({cell}),{card.parts[part.indicator].weight},0)"
        for part, cell in zip(parts, told, strict=True)
    )
    return "=" + "+".join(pieces)


def score(
    parts: Sequence[Part],
    card: CardCells,
    values: Sequence[str],
    told: Sequence[str],
    used: str,
    no_score: str,
) -> str:
    """The score, or words where nothing happened or too little of the card has cases."""
    happened = ",".join(
        # That none was filed is no achievement where nothing happened.
        f"IF(ISNUMBER({value}),{value}<>0,FALSE)" if part.sense == "band" else f"ISNUMBER({cell})"
        for part, value, cell in zip(parts, values, told, strict=True)
    )
    weighed = "+".join(
        f"IF(ISNUMBER({cell}),{cell}*{card.parts[part.indicator].weight},0)"
        for part, cell in zip(parts, told, strict=True)
    )
    enough = f"AND(OR({happened}),{used}>={card.least_weight},{used}>0)"
    return f'=IF({enough},ROUND(({weighed})/{used},2),"{_quoted(no_score)}")'


def grade(card: CardCells, total: str) -> str:
    """The best grade whose least points are reached."""
    found = f'"{_quoted(card.grades[-1][0])}"'
    for name, least in reversed(card.grades[:-1]):
        found = f'IF({total}>={least},"{_quoted(name)}",{found})'
    return f'=IF(ISNUMBER({total}),{found},"")'


def rank(total: str, all_totals: str) -> str:
    """The place among all; empty without a score."""
    return f'=IF(ISNUMBER({total}),RANK({total},{all_totals}),"")'


def _quoted(words: str) -> str:
    """Words within a formula's quotes."""
    return words.replace('"', '""')
