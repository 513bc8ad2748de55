"""分析报告: what it says agrees with the cases, its files with each other, its formulas with the scores."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import docx
import formulas
import openpyxl
import pypdf
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect
from sqlalchemy import create_engine, text

from gis.database import session_maker, transaction
from gis.evaluation.figures import Figure
from gis.evaluation.indicators import INDICATORS
from gis.evaluation.models import AnalysisReport, ClosedPeriod, ReportSchedule
from gis.evaluation.period import parse_period
from gis.evaluation.report.blocks import Chart, Paragraph, Section, Table
from gis.evaluation.report.content import Report, write
from gis.evaluation.report.files import path_of
from gis.evaluation.report.material import gather
from gis.evaluation.report.numbering import numbered
from gis.evaluation.report.schedule import make_due_report, set_plan
from gis.evaluation.report.service import add_report
from gis.evaluation.report.telling import Change, period_words, year_before
from gis.evaluation.report.working import work_report
from gis.evaluation.scoring import score
from gis.i18n import in_locale
from gis.people.models import Person
from layers.report.area_map import CLASSES, class_of
from layers.report.workbook import to_xlsx
from tests.browser import PHONE, TOO_SMALL, visit
from tests.small_city import AsRole

REPORTS = "/api/v1/evaluation/reports"
MONTH = "2026-10"
EMPTY_MONTH = "2020-02"  # long before the sample's first case
NOT_AT_THE_START = "，。；：、）！？”》"  # of a line, by the rules of Chinese setting
ENGINE_KINDS = ("street", "department", "dispatcher")  # with all kinds the engine would take a minute


def told_by(code: str, locale: str = "zh_CN") -> Report:
    with in_locale(locale), transaction() as session:
        report = write(gather(session, parse_period(code), datetime.now(UTC)))
        session.expunge_all()
    return report


@pytest.fixture(scope="module")
def told(small_city: str) -> Report:
    """The content of the month's report."""
    return told_by(MONTH)


@pytest.fixture(scope="module")
def made(as_role: AsRole) -> dict[str, Any]:
    """The month's report as asked for over HTTP, made by its job; ``files``: the bytes by format."""
    client = as_role("evaluator")
    asked = client.post(REPORTS, json={"period": MONTH, "locale": "zh_CN"})
    assert asked.status_code == 202, asked.text
    again = client.post(REPORTS, json={"period": MONTH, "locale": "zh_CN"})
    assert again.json()["id"] == asked.json()["id"]  # never two of the same on their way
    work_report(asked.json()["id"])
    report = client.get(asked.headers["location"]).json()
    assert (report["state"], report["done"]) == ("ready", 100), report
    files = {file["format"]: client.get(file["url"]) for file in report["files"]}
    return {**report, "answers": files, "bytes": {form: got.content for form, got in files.items()}}


@pytest.fixture(scope="module")
def pages(made: dict[str, Any]) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made["bytes"]["pdf"]))


@pytest.fixture(scope="module")
def texts(pages: pypdf.PdfReader) -> list[str]:
    """The words of each page; reading them takes longer than setting them."""
    return [page.extract_text() for page in pages.pages]


def tables(sections: tuple[Section, ...]) -> Iterator[Table]:
    for section in sections:
        yield from (block for block in section.blocks if isinstance(block, Table))
        yield from tables(section.parts)


def counted(small_city: str, query: str) -> int:
    """A number from the cases themselves, by the city's own days."""
    engine = create_engine(small_city)
    with engine.connect() as connection:
        number = connection.execute(
            text(query), {"begins": "2026-10-01T00:00+08:00", "ends": "2026-11-01T00:00+08:00"}
        ).scalar_one()
    engine.dispose()
    return int(number)


# ---- What it says ----


def test_the_pages_tell_the_numbers_of_the_cases(small_city: str, texts: list[str]) -> None:
    words = "".join("".join(page.split()) for page in texts)
    reported = counted(
        small_city, 'SELECT count(*) FROM "case" WHERE reported_at >= :begins AND reported_at < :ends'
    )
    filed = counted(
        small_city,
        "SELECT count(*) FROM \"case\" WHERE filed_at >= :begins AND filed_at < :ends AND state <> 'void'",
    )
    assert reported > filed > 50
    assert f"2026年10月共受理上报案件{reported}件" in words
    assert f"立案{filed}件" in words


def test_sources_and_days_add_up_to_the_whole(told: Report) -> None:
    by_source = next(table for table in tables(told.sections) if "来源" in table.caption)
    charts = [block for section in told.sections for part in section.parts for block in part.blocks]
    lines = next(block for block in charts if isinstance(block, Chart) and block.kind == "lines")
    key = next(table for table in tables(told.sections) if "主要指标" in table.caption)
    reported = key.rows[0][1].text
    assert str(sum(int(row[1].text.replace(",", "")) for row in by_source.rows)) == reported
    assert f"{sum(value or 0 for value in lines.series[0].values):.0f}" == reported
    assert len(lines.labels) == 31


def test_a_month_without_cases_says_so_and_tells_no_rate() -> None:
    for locale, words in (("zh_CN", "2020年2月无案件"), ("en", "In February 2020 no case counts")):
        report = told_by(EMPTY_MONTH, locale)
        told = " ".join(block.text for block in report.sections[0].blocks if isinstance(block, Paragraph))
        assert words in told
        assert "%" not in told
        assert len(report.sections) == 2  # that, and the notes
        assert all(item.score.total is None for ranking in report.rankings for item in ranking.items)


def test_a_closed_period_is_named_by_version_and_digest(small_city: str) -> None:
    period = parse_period("2026-09-30")
    with session_maker()() as session, in_locale("zh_CN"):
        evaluator = session.query(Person).filter(Person.login == "evaluator").one()
        closed = ClosedPeriod(
            period=period.code, version=2, begins=period.begins, ends=period.ends, content={}, facts=b"",
            case_count=0, digest="ab" * 32, closed_by=evaluator.id,
        )  # fmt: skip
        session.add(closed)
        session.flush()
        report = write(gather(session, period, datetime.now(UTC)))
        session.rollback()
    remarks = [block.text for block in report.sections[-1].parts[0].blocks if isinstance(block, Paragraph)]
    assert report.closed is not None
    assert any("第2版" in remark and "ab" * 32 in remark for remark in remarks)


def figure(code: str, top: int, bottom: int | None = None) -> Figure:
    value = float(top) if bottom is None else top / bottom if bottom else None
    return Figure(INDICATORS[code], value, top, bottom)


@pytest.mark.parametrize(
    ("code", "now", "then", "in_table", "in_sentence"),
    [
        ("filed", (120, None), (100, None), "+20 (+20.0%)", "，环比上升20.0%"),
        ("filed", (90, None), (120, None), "−30 (−25.0%)", "，环比下降25.0%"),
        ("filed", (12, None), (3, None), "+9", "，环比上升9件"),  # per cent of three would say nothing
        ("filed", (100, None), (100, None), "±0 (±0.0%)", "，环比持平"),
        ("rework", (5, 100), (2, 100), "+3.0个百分点", "，环比上升3.0个百分点"),
        ("rework", (5, 100), (0, 0), "—", ""),  # there was no rate
    ],
)
def test_changes_in_words(code: str, now: Any, then: Any, in_table: str, in_sentence: str) -> None:
    change = Change(INDICATORS[code], figure(code, *now), figure(code, *then))
    with in_locale("zh_CN"):
        assert change.words() == in_table
        assert change.phrase("on the month before") == in_sentence


@pytest.mark.parametrize(
    ("code", "name", "year_ago"),
    [
        ("2026-10", "2026年10月", "2025-10"),
        ("2026-W41", "2026年第41周", "2025-W41"),
        ("2026-Q4", "2026年第4季度", "2025-Q4"),
        ("2028-02-29", "2028年2月29日", "2027-02-28"),
    ],
)
def test_periods_have_names_and_a_year_before(code: str, name: str, year_ago: str) -> None:
    with in_locale("zh_CN"):
        assert period_words(parse_period(code)) == name
    assert year_before(parse_period(code)).code == year_ago


def test_headings_and_captions_are_numbered_in_both_languages() -> None:
    inner = Section("b", (Paragraph("p"), Chart("bars", "c", (), ())))
    with in_locale("zh_CN"):
        (first,) = numbered([Section("a", (), (inner, inner))])
        assert (first.title, first.parts[1].title) == ("一、a", "（二）b")
        assert getattr(first.parts[1].blocks[1], "caption", "") == "图2　c"
    with in_locale("en"):
        (first,) = numbered([Section("a", (), (inner,))])
        assert (first.title, first.parts[0].title) == ("1  a", "1.1  b")


def test_a_ratio_on_the_edge_belongs_to_the_better_class() -> None:
    assert [class_of(least) for least, _colour in CLASSES] == list(range(len(CLASSES)))
    assert class_of(0.8999) == class_of(0.75)


# ---- How it is set ----


def test_fonts_are_embedded_and_no_line_begins_with_a_stop(pages: pypdf.PdfReader, texts: list[str]) -> None:
    faces = {}
    for page in pages.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            below = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            told = below["/FontDescriptor"].get_object()
            faces[below["/BaseFont"]] = any(key.startswith("/FontFile") for key in told)
    assert faces
    assert all(faces.values()), faces
    lines = [line for page in texts for line in page.splitlines() if line]
    assert len(lines) > 100
    assert [line for line in lines if line[0] in NOT_AT_THE_START] == []


def test_contents_and_bookmarks_lead_to_the_sections(
    told: Report, pages: pypdf.PdfReader, texts: list[str]
) -> None:
    titles = [section.title for section in told.sections]
    assert [one["/Title"] for one in pages.outline if not isinstance(one, list)] == titles
    assert all(re.search(rf"{re.escape(title)}\W+\d+", texts[1]) for title in titles)
    assert pages.metadata is not None
    assert "月度分析报告" in (pages.metadata.title or "")


def test_the_document_reads_back_with_its_headings_faces_and_repeated_heads(
    told: Report, made: dict[str, Any]
) -> None:
    document = docx.Document(io.BytesIO(made["bytes"]["docx"]))
    headings = [line.text for line in document.paragraphs if line.style.name == "Heading 1"]
    assert headings == [section.title for section in told.sections]
    said = {line.text for line in document.paragraphs}
    sentences = [block.text for block in told.sections[0].blocks if isinstance(block, Paragraph)]
    assert set(sentences) <= said
    written = list(tables(told.sections))
    assert len(document.tables) == len(written)
    for found, meant in zip(document.tables, written, strict=True):
        assert [cell.text for cell in found.rows[0].cells] == [column.head for column in meant.columns]
        assert len(found.rows) == len(meant.rows) + 1
    xml = zipfile.ZipFile(io.BytesIO(made["bytes"]["docx"]))
    body = xml.read("word/document.xml").decode()
    styles = xml.read("word/styles.xml").decode()
    assert body.count("<w:tblHeader/>") == len(written)
    assert 'w:instrText xml:space="preserve">TOC ' in body
    heading, running = (
        styles.partition(f'w:styleId="{name}"')[2].partition("</w:style>")[0]
        for name in ("Heading1", "BodyText")
    )
    assert 'w:eastAsia="黑体"' in heading
    assert 'w:eastAsia="宋体"' in running
    assert 'w:firstLineChars="200"' in running


# ---- The workbook ----


def worked_out(book: bytes, folder: Any) -> dict[str, Any]:
    """Every cell of a workbook by ``SHEET!A1``, its formulas worked out by another engine."""
    path = folder / "book.xlsx"
    path.write_bytes(book)
    solved = formulas.ExcelModel().loads(str(path)).finish().calculate()
    found = {}
    for name, ranges in solved.items():
        match = re.fullmatch(r"'\[[^\]]+\]([^']+)'!([A-Z]+\d+)", str(name))
        if match and hasattr(ranges, "value"):
            found[f"{match[1]}!{match[2]}".upper()] = ranges.value[0, 0]
    return found


def test_another_engine_finds_the_scores_of_the_service(told: Report, tmp_path: Any) -> None:
    rankings = tuple(one for one in told.rankings if one.kind in ENGINE_KINDS)
    with in_locale("zh_CN"):
        book = to_xlsx(replace(told, rankings=rankings, cases=()))
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    # A weight is changed as a person would, on the sheet of cards: that of the first part of streets.
    cards, street = sheets["评分卡"], next(one for one in rankings if one.kind == "street")
    row = next(row for row in range(1, 40) if str(cards.cell(row, 1).value).startswith("街道 ·")) + 2
    assert cards.cell(row, 2).value == street.card.parts[0].weight
    cards.cell(row, 2).value = 45
    out = io.BytesIO()
    sheets.save(out)
    cells = worked_out(out.getvalue(), tmp_path)
    first, *others = street.card.parts
    changed = replace(street.card, parts=(replace(first, weight=45), *others))
    scored = 0
    for ranking in rankings:
        sheet = sheets[{"street": "街道", "department": "专业部门", "dispatcher": "派遣员"}[ranking.kind]]
        at = {str(cell.value): cell.column_letter for cell in sheet[1]}
        for place, item in enumerate(ranking.items, start=2):
            card = changed if ranking.kind == "street" else ranking.card
            expected = score(card, item.row.values())
            total = cells[f"{sheet.title}!{at['得分']}{place}".upper()]
            grade = cells[f"{sheet.title}!{at['等级']}{place}".upper()]
            if expected.total is None:
                assert (total, grade) == ("无案件", "")
                continue
            assert float(total) == pytest.approx(expected.total, abs=0.011)  # rounding of halves
            assert expected.grade is not None
            assert grade == expected.grade.name
            scored += 1
    assert scored > 5


def test_the_workbook_carries_the_answers_and_formulas(told: Report, made: dict[str, Any]) -> None:
    answers = openpyxl.load_workbook(io.BytesIO(made["bytes"]["xlsx"]), data_only=True)
    written = openpyxl.load_workbook(io.BytesIO(made["bytes"]["xlsx"]))
    streets = next(one for one in told.rankings if one.kind == "street")
    sheet = answers["街道"]
    column = next(cell.column for cell in sheet[1] if cell.value == "得分")
    for place, item in enumerate(streets.items, start=2):
        assert sheet.cell(place, 1).value == item.row.code
        assert sheet.cell(place, column).value == (
            "无案件" if item.score.total is None else pytest.approx(item.score.total)
        )
        assert str(written["街道"].cell(place, column).value).startswith("=IF(AND(")
    assert answers["案件"].max_row == len(told.cases) + 1


# ---- Asking, the job, the schedule ----


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"period": "2026-13"}, "/period"),
        ({"period": ""}, "/period"),
        ({"period": "2026-10-09/2026-10-01"}, "/to"),
        ({"period": "2099-01"}, "/from"),
        ({"period": "0001-01-01/2026-01-01"}, "/period"),
        ({"period": "2026-01-01/9999-12-31"}, "/period"),
        ({"period": "2026-10-01T00:00:00+08:00/2026-10-09T00:00:00+08:00"}, "/period"),
        ({"period": MONTH, "locale": "fr"}, "/locale"),
    ],
)
def test_what_cannot_have_a_report_is_refused(as_role: AsRole, body: dict[str, str], pointer: str) -> None:
    answer = as_role("evaluator").post(REPORTS, json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_evaluators_ask_others_read_and_departments_neither(every_role: dict[str, TestClient]) -> None:
    read = {role for role, client in every_role.items() if client.get(REPORTS).status_code == 200}
    assert read == {"evaluator", "shift_leader", "dispatcher", "admin"}
    wrong = {"period": "2099-01"}  # allowed ones are told what is wrong, others that they may not
    ask = {role for role, client in every_role.items() if client.post(REPORTS, json=wrong).status_code == 422}
    assert ask == {"evaluator", "admin"}


def test_files_have_chinese_names_and_go_with_their_report(as_role: AsRole, made: dict[str, Any]) -> None:
    named = made["answers"]["pdf"].headers["content-disposition"]
    assert "filename*=utf-8''%E9%84%82" in named  # 鄂
    assert made["files"][0]["name"].endswith("城市管理考核月度分析报告（2026年10月）.docx")
    assert as_role("dispatcher").get(f"{REPORTS}/{made['id']}/odt").status_code == 422
    with transaction() as session:
        waiting = add_report(session, "2026-W41", "en")
        other = waiting.id
    client = as_role("evaluator")
    assert client.get(f"{REPORTS}/{other}/pdf").status_code == 404  # nothing is made yet
    with transaction() as session:
        row = session.get_one(AnalysisReport, other)
        row.files = [{"format": "pdf", "name": "x.pdf", "size": 1, "sha256": made["files"][1]["sha256"]}]
    assert client.delete(f"{REPORTS}/{other}").status_code == 204
    assert path_of(made["files"][1]["sha256"]).is_file()  # another report's, too
    assert client.get(f"{REPORTS}/{other}").status_code == 404


def test_a_report_that_was_cut_off_begins_anew_and_is_made_once(
    as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []

    def draw(report: Report, _tell: object) -> dict[str, bytes]:
        drawn.append(report.period_name)
        return {"pdf": f"pages {len(drawn)}".encode()}

    monkeypatch.setattr("gis.evaluation.report.working._draw", lambda: draw)
    with transaction() as session:
        report = add_report(session, "2026-W40", "zh_CN")
        report.state, report.done, id_ = "working", 60, report.id  # a worker died here
    work_report(id_)
    work_report(id_)  # a second worker that was late
    assert drawn == ["2026年第40周"]
    client = as_role("evaluator")
    found = client.get(f"{REPORTS}/{id_}").json()
    assert (found["state"], client.get(found["files"][0]["url"]).content) == ("ready", b"pages 1")
    path = path_of(found["files"][0]["sha256"])
    assert client.delete(f"{REPORTS}/{id_}").status_code == 204
    assert not path.exists()


def test_a_report_that_fails_says_so(as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(_report: Report, _tell: object) -> dict[str, bytes]:
        raise RuntimeError("no paper")

    monkeypatch.setattr("gis.evaluation.report.working._draw", lambda: draw)
    with transaction() as session:
        id_ = add_report(session, "2026-W39", "en").id
    work_report(id_)
    client = as_role("evaluator")
    found = client.get(f"{REPORTS}/{id_}").json()
    assert (found["state"], found["files"]) == ("failed", [])
    assert found["message"]
    assert client.delete(f"{REPORTS}/{id_}").status_code == 204


def scheduled_months() -> list[str]:
    with transaction() as session:
        rows = session.query(AnalysisReport).filter(AnalysisReport.scheduled).order_by(AnalysisReport.id)
        return [row.period for row in rows]


@pytest.fixture
def no_schedule(small_city: str) -> Iterator[Person]:
    """No schedule before and after; the evaluator who sets one."""

    def clear() -> None:
        with transaction() as session:
            session.query(ReportSchedule).delete()
            session.query(AnalysisReport).filter(AnalysisReport.scheduled).delete()

    clear()
    with transaction() as session:
        person = session.query(Person).filter(Person.login == "evaluator").one()
        session.expunge(person)
    yield person
    clear()


def at(day: int, hour: int, month: int = 9) -> datetime:
    return datetime.fromisoformat(f"2026-{month:02}-{day:02}T{hour:02}:00:00+08:00")


def test_last_months_report_is_made_once_when_its_hour_has_come(no_schedule: Person) -> None:
    make_due_report(at(5, 8))
    assert scheduled_months() == []  # nobody set a schedule
    with transaction() as session:
        plan = set_plan(session, no_schedule, True, 5, 8, "zh_CN", now=at(4, 12))
    assert (plan.next_at, plan.next_period) == (at(5, 8), "2026-08")
    for moment in (at(5, 7), at(5, 8), at(5, 9), at(30, 23)):
        make_due_report(moment)
    assert scheduled_months() == ["2026-08"]
    make_due_report(at(19, 3, month=10))  # the service was away on the fifth
    assert scheduled_months() == ["2026-08", "2026-09"]


def test_a_moment_that_had_passed_is_not_made_up_for(no_schedule: Person) -> None:
    with transaction() as session:
        plan = set_plan(session, no_schedule, True, 5, 8, "en", now=at(20, 0))
    assert (plan.next_at, plan.next_period) == (at(5, 8, month=10), "2026-09")
    make_due_report(at(21, 0))
    assert scheduled_months() == []


@pytest.mark.parametrize("wrong", [{"day": 0}, {"day": 29}, {"hour": 24}, {"hour": -1}, {"locale": "xx"}])
def test_a_schedule_names_a_day_that_every_month_has(as_role: AsRole, wrong: dict[str, Any]) -> None:
    answer = as_role("evaluator").put(f"{REPORTS}/schedule", json={"active": True, **wrong})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(wrong))}"
    assert as_role("dispatcher").put(f"{REPORTS}/schedule", json={"active": False}).status_code == 403


# ---- The page ----


def test_the_page_lists_fetches_asks_and_schedules(
    live_server: str, browser: Browser, made: dict[str, Any], no_schedule: Person
) -> None:
    with visit(browser, live_server, "evaluator", size=PHONE, locale="en", scheme="dark") as seen:
        page = seen.go("/evaluation/reports")
        row = page.locator(f"#rows [data-id='{made['id']}']")
        expect(row).to_contain_text("October 2026")
        with page.expect_download() as got:
            row.get_by_role("link", name="PDF").click()
        assert got.value.suggested_filename == made["files"][1]["name"]
        page.get_by_label("Period of the report").select_option("2026-Q3")
        page.get_by_role("button", name="Make the report").click()
        asked = page.locator("#rows li", has_text="quarter 3 of 2026")
        expect(asked.get_by_text("Waits for its turn")).to_be_visible()
        asked.get_by_role("button", name="Remove the report of quarter 3 of 2026").click()
        page.get_by_role("button", name="Remove the report", exact=True).click()
        expect(asked).to_have_count(0)
        page.get_by_label("Make last month's report every month").check()
        page.get_by_label("Day of the month").select_option("5")
        page.get_by_role("button", name="Save the schedule").click()
        expect(page.locator("#next")).to_contain_text("-05 06:00")
        assert page.evaluate(TOO_SMALL) == []
        seen.check()
    with visit(browser, live_server, "dispatcher") as seen:
        page = seen.go("/evaluation/reports")
        expect(page.locator(f"#rows [data-id='{made['id']}']")).to_contain_text("2026年10月")
        assert page.locator("#ask, [data-do=remove]").count() == 0  # who only reads
        expect(page.get_by_label("每月几日")).to_be_disabled()
        seen.check()
