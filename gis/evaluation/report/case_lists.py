"""重点案件: cases named one by one, and places where the same came back."""

from gis.evaluation.report.blocks import Block, Column, Paragraph, Section, Table, row
from gis.evaluation.report.material import Material
from gis.evaluation.report.named_cases import LEAST_REPEATS, NamedCase
from gis.evaluation.report.telling import moment_words
from gis.i18n import _

_DAY_S, _HOUR_S = 86_400, 3_600


def case_lists(found: Material) -> Section:
    """The fifth section."""
    return Section(
        _("Cases and places to look at"), parts=(_overdue(found), _reworked(found), _repeats(found))
    )


def late_words(seconds: float) -> str:
    """How long something is late, by the calendar."""
    days, rest = divmod(max(seconds, 0), _DAY_S)
    if days:
        return _("{days} d {hours} h").format(days=int(days), hours=int(rest // _HOUR_S))
    return _("{hours} h {minutes} min").format(hours=int(rest // _HOUR_S), minutes=int(rest % _HOUR_S // 60))


def _overdue(found: Material) -> Section:
    blocks: tuple[Block, ...] = (Paragraph(_("No case passed its limit.")),)
    if found.overdue:
        columns = (
            *_case_columns(),
            Column(_("To be disposed of by"), 1.4),
            Column(_("Handed over"), 1.4),
            Column(_("Late by"), 1.6, True),
        )  # fmt: skip
        rows = tuple(
            row(
                *_case(case),
                moment_words(case.due_at),
                moment_words(case.disposed_at),
                late_words(case.late_s),
            )
            for case in found.overdue
        )
        late = Paragraph(_("Late by the calendar; a dash: not handed over yet."), quiet=True)
        blocks = (Table(_("The latest cases"), columns, rows), late)
    return Section(_("Overdue cases"), blocks)


def _reworked(found: Material) -> Section:
    blocks: tuple[Block, ...] = (Paragraph(_("No case was reworked.")),)
    if found.reworked:
        columns = (*_case_columns(), Column(_("Handed over"), 1.4), Column(_("Reworks"), 1.2, True))
        rows = tuple(
            row(*_case(case), moment_words(case.disposed_at), str(case.reworks)) for case in found.reworked
        )
        blocks = (Table(_("Cases reworked most often"), columns, rows),)
    return Section(_("Reworked cases"), blocks)


def _case_columns() -> tuple[Column, ...]:
    return (
        Column(_("Case"), 2.4), Column(_("Class"), 1.3), Column(_("Place"), 1.5), Column(_("Department"), 1.7)
    )  # fmt: skip


def _case(case: NamedCase) -> tuple[str, ...]:
    return (case.case_no, case.class_name, case.place, case.department or "—")


def _repeats(found: Material) -> Section:
    none = _("In no unit grid were {number} or more cases of one class filed.").format(number=LEAST_REPEATS)
    blocks: tuple[Block, ...] = (Paragraph(none),)
    if found.repeats:
        columns = (
            Column(_("Unit grid"), 2.0),
            Column(_("Community"), 2.0),
            Column(_("Class"), 2.0),
            Column(_("Filed"), 0.9, True),
            Column(_("Still open"), 0.9, True),
        )
        rows = tuple(
            row(place.grid_code, place.community, place.class_name, str(place.number), str(place.open))
            for place in found.repeats
        )
        blocks = (Table(_("Unit grids with three or more cases of one class"), columns, rows),)
    return Section(_("Repeat places"), blocks)
