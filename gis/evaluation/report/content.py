"""分析报告 as a whole: title, sections, and the rankings its workbook is made of."""

from dataclasses import dataclass
from datetime import datetime

from gis.evaluation.period import Period
from gis.evaluation.report.blocks import Section
from gis.evaluation.report.case_lists import case_lists
from gis.evaluation.report.composition import composition
from gis.evaluation.report.filed_cases import CaseRow
from gis.evaluation.report.material import Closed, Material
from gis.evaluation.report.notes import notes
from gis.evaluation.report.numbering import numbered
from gis.evaluation.report.ranking import Ranking
from gis.evaluation.report.scores import scores
from gis.evaluation.report.summary import summary
from gis.evaluation.report.telling import REPORT_TITLES, moment_words, period_words
from gis.evaluation.report.timeliness import timeliness
from gis.i18n import _, get_locale


@dataclass(frozen=True)
class Report:
    """A report in one language, ready to be drawn.

    Attributes
    ----------
    subject, title : of the cover, such as 东胜区城市管理考核 and 月度分析报告
    file_name : without an ending
    """

    subject: str
    title: str
    period: Period
    period_name: str
    made_at: datetime
    made: str
    locale: str
    file_name: str
    sections: tuple[Section, ...]
    rankings: tuple[Ranking, ...]
    closed: Closed | None
    cases: tuple[CaseRow, ...]

    @property
    def heading(self) -> str:
        """Both lines of the cover as one."""
        return _("{subject}: {title}").format(subject=self.subject, title=self.title)


def write(found: Material) -> Report:
    """The report that is told from what was gathered, in the language that is set.

    A period in which nothing counts gives a report that says so, with its notes.
    """
    title = _(REPORT_TITLES[found.period.kind])
    name = period_words(found.period)
    sections = [summary(found)]
    if not found.is_empty:
        sections += [composition(found), timeliness(found), scores(found), case_lists(found)]
    sections.append(notes(found))
    return Report(
        subject=_("City management of {city}").format(city=found.city),
        title=title,
        period=found.period,
        period_name=name,
        made_at=found.now,
        made=moment_words(found.now),
        locale=get_locale(),
        file_name=_("{city} {period} {title}").format(city=found.city, period=name, title=title),
        sections=numbered([section for section in sections if section.blocks or section.parts]),
        rankings=tuple(found.rankings.values()),
        closed=found.closed,
        cases=tuple(found.filed),
    )
