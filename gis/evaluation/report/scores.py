"""考核排名 as a section: scores and grades of streets, departments and posts."""

from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS, POSTS
from gis.evaluation.report.blocks import Block, Cell, Column, Paragraph, Section, Table, row
from gis.evaluation.report.material import Material
from gis.evaluation.report.ranking import Ranking
from gis.evaluation.report.telling import told
from gis.evaluation.standing import Placed
from gis.i18n import _, pick

RANKED = ("street", "department", "collector", "acceptor", "shift_leader", "dispatcher")
MOST_RANKED = 20


def scores(found: Material) -> Section:
    """The fourth section: a table for each kind of object that has a card."""
    rankings = [found.rankings[kind] for kind in RANKED if kind in found.rankings]
    return Section(_("Ranking"), parts=tuple(_ranking(ranking) for ranking in rankings))


def _ranking(ranking: Ranking) -> Section:
    kind = _(OBJECT_KINDS[ranking.kind])
    card = _("Scored by: {card}, version {version}.").format(
        card=pick(ranking.kept.name_zh, ranking.kept.name_en), version=ranking.kept.version
    )
    scored = ranking.scored
    blocks: list[Block] = [Paragraph(card)]
    if not scored:
        blocks.append(Paragraph(_("None has enough cases for a score.")))
        return Section(kind, tuple(blocks))
    indicators = [INDICATORS[part.indicator] for part in ranking.card.parts]
    columns = (
        Column(_("Rank"), 0.7, True),
        Column(_("Name"), 2.2),
        *(Column(_(indicator.title), 1.2, True) for indicator in indicators),
        Column(_("Score"), 1.0, True),
        Column(_("Grade"), 0.8),
    )
    caption = _("Scores: {kind}").format(kind=kind)
    blocks.append(Table(caption, columns, tuple(_line(item) for item in scored[:MOST_RANKED])))
    unscored, more = len(ranking.items) - len(scored), len(scored) - MOST_RANKED
    if more > 0:
        blocks.append(Paragraph(_("{number} more stand in the workbook.").format(number=more), True))
    if unscored:
        too_few = _("{number} have no cases, or too few for a score, and are not ranked.")
        blocks.append(Paragraph(too_few.format(number=unscored), True))
    return Section(kind, tuple(blocks))


def _name(item: Placed) -> str:
    """Of people with the login: some share a name."""
    row_ = item.row
    return _("{name} ({login})").format(name=row_.name, login=row_.code) if row_.kind in POSTS else row_.name


def _line(item: Placed) -> tuple[Cell, ...]:
    grade = item.score.grade
    return row(
        str(item.rank),
        _name(item),
        *(told(item.row.figures[part.part.indicator]) for part in item.score.parts),
        f"{item.score.total:.2f}",
        Cell(grade.name, grade.colour) if grade else "",
    )
