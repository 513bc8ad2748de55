"""Notices: who is told what, in which words, on the page and by e-mail."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, expect
from pydantic import SecretStr
from sqlalchemy import select, text

from gis.case.models import Case
from gis.case.scope import cases_in_scope
from gis.case.stages import STAGES
from gis.case.workflow import ACTIONS
from gis.database import session_maker
from gis.errors import SetupError
from gis.grid.models import Area
from gis.i18n import in_locale
from gis.jobs import tasks
from gis.notice.audience import FINDERS
from gis.notice.channels import mail_server, require_channels
from gis.notice.models import Notice
from gis.notice.reading import notice_page
from gis.notice.rules import HOLDERS, NOTICE_RULES, TURN_RED, TURN_YELLOW, Audience
from gis.people.models import Person, PersonArea
from gis.settings import Settings, get_settings
from tests.browser import DESK, PHONE, TOO_SMALL, visit
from tests.small_city import AsRole
from tests.test_case_loop import act, report

TO_ACCEPTED = [
    ("acceptor", "verify"), ("shift_leader", "file"), ("dispatcher", "dispatch"), ("department", "accept")
]  # fmt: skip


def new_case(as_role: AsRole, place: dict[str, float], steps: list[tuple[str, str]]) -> str:
    case_no = str(report(as_role("inspector"), place)["case_no"])
    for role, action in steps:
        act(as_role, role, case_no, action)
    return case_no


def told(case_no: str, kind: str) -> list[Person]:
    """Who was told of something about a case."""
    with session_maker()() as session:
        statement = select(Person).join(Notice, Notice.person_id == Person.id).join(Case)
        return list(session.scalars(statement.where(Case.case_no == case_no, Notice.kind == kind)))


def roles_told(case_no: str, kind: str) -> set[str]:
    return {str(person.role) for person in told(case_no, kind)}


# The table.


def test_every_rule_is_of_something_that_happens_and_every_link_is_held_by_somebody() -> None:
    assert set(NOTICE_RULES) <= set(ACTIONS) | {TURN_YELLOW, TURN_RED}
    assert set(HOLDERS) == set(STAGES)
    assert set(FINDERS) == set(Audience)
    assert all(rule.audiences for rule in NOTICE_RULES.values())


# Who is told.


def test_each_is_told_what_concerns_them_and_who_acts_is_not(
    as_role: AsRole, place: dict[str, float]
) -> None:
    case_no = new_case(as_role, place, [*TO_ACCEPTED, ("department", "ask_extension")])
    assert roles_told(case_no, "dispatch") == {"department"}
    assert roles_told(case_no, "ask_extension") == {"dispatcher"}
    act(as_role, "dispatcher", case_no, "deny_extension")
    assert roles_told(case_no, "deny_extension") == {"department"}
    act(as_role, "shift_leader", case_no, "urge")
    assert roles_told(case_no, "urge") == {"department"}
    act(as_role, "dispatcher", case_no, "ask_void")
    assert roles_told(case_no, "ask_void") == {"shift_leader"}
    act(as_role, "shift_leader", case_no, "deny_void")
    assert [person.login for person in told(case_no, "deny_void")] == ["dispatcher"]
    act(as_role, "department", case_no, "dispose")
    act(as_role, "department", case_no, "feed_back")
    act(as_role, "acceptor", case_no, "send_check")
    assert roles_told(case_no, "send_check") <= {"inspector", "acceptor"}
    act(as_role, "inspector", case_no, "check")
    act(as_role, "shift_leader", case_no, "close")
    assert [person.login for person in told(case_no, "close")] == ["inspector"]  # who reported it


def test_nobody_is_told_of_a_case_they_may_not_see(as_role: AsRole, place: dict[str, float]) -> None:
    """All who are told of a case may see it, and who is limited to another area is not told."""
    case_no = new_case(as_role, place, TO_ACCEPTED)
    with session_maker()() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        elsewhere = select(Area.id).where(Area.level == "street", Area.id != case.street_id)
        dispatcher = session.scalars(select(Person).where(Person.login == "dispatcher")).one()
        limit = PersonArea(person_id=dispatcher.id, area_id=session.scalars(elsewhere.limit(1)).one())
    try:
        with session_maker()() as session, session.begin():
            session.add(limit)
        act(as_role, "department", case_no, "ask_extension")
        logins = {person.login for person in told(case_no, "ask_extension")}
        assert "dispatcher" not in logins
    finally:
        with session_maker()() as session, session.begin():
            session.delete(session.merge(limit))
    with session_maker()() as session:
        people = told(case_no, "dispatch") + told(case_no, "ask_extension")
        assert len(people) > 1
        for person in people:
            seen = select(Case.id).where(cases_in_scope(session, session.merge(person)))
            assert session.scalar(seen.where(Case.case_no == case_no)) is not None, person.login


# Reading them.


def test_a_person_reads_their_own_notices_and_marks_no_others(
    as_role: AsRole, place: dict[str, float]
) -> None:
    department = as_role("department")
    department.post("/api/v1/notices/read", json={"all": True})
    cases = [new_case(as_role, place, TO_ACCEPTED[:3]) for _each in range(3)]
    page = department.get("/api/v1/notices?unread=true&limit=2").json()
    assert page["unread"] == 3
    assert [item["case_no"] for item in page["items"]] == cases[:0:-1]
    rest = department.get(page["next"]).json()
    assert [item["case_no"] for item in rest["items"]] == cases[:1]
    assert rest["next"] is None
    first = page["items"][0]
    assert first["text"].endswith(f": dispatched to your department ({cases[2]})")
    assert first["note"] == "按规定办理"
    # Another's id does nothing.
    assert as_role("planner").post("/api/v1/notices/read", json={"ids": [first["id"]]}).json()["unread"] == 0
    assert department.get("/api/v1/notices").json()["unread"] == 3
    assert department.post("/api/v1/notices/read", json={"ids": [first["id"]]}).json() == {"unread": 2}
    assert department.post("/api/v1/notices/read", json={"all": True}).json() == {"unread": 0}


def test_the_words_are_the_readers(as_role: AsRole, place: dict[str, float]) -> None:
    case_no = new_case(as_role, place, TO_ACCEPTED[:3])
    chinese = as_role("department").get("/api/v1/notices?limit=1", headers={"accept-language": "zh"}).json()
    assert chinese["items"][0]["text"].endswith(f"：已派遣到贵部门（{case_no}）")


@pytest.mark.parametrize(
    "body", [{}, {"all": True, "ids": [1]}, {"ids": ["x"]}, {"ids": [2**70]}, {"ids": [1] * 1001}, []]
)
def test_what_marks_nothing_in_particular_is_refused(as_role: AsRole, body: Any) -> None:
    assert as_role("planner").post("/api/v1/notices/read", json=body).status_code == 422


def test_unread_is_counted_to_a_hundred(as_role: AsRole) -> None:
    with session_maker()() as session, session.begin():
        person = session.scalars(select(Person).where(Person.login == "planner")).one()
        session.execute(
            text(
                "INSERT INTO notice (person_id, case_id, event_id, kind, at)"
                " SELECT :person, c.id, -n, 'close', now() FROM generate_series(1, 150) AS n,"
                ' (SELECT min(id) AS id FROM "case") AS c'
            ),
            {"person": person.id},
        )
        assert len(notice_page(session, person, limit=200).items) == 150
    assert as_role("planner").get("/api/v1/notices").json()["unread"] == 100
    as_role("planner").post("/api/v1/notices/read", json={"all": True})


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_bell_counts_as_they_come_and_leads_to_the_case(
    browser: Browser, live_server: str, as_role: AsRole, place: dict[str, float], size: dict[str, int]
) -> None:
    as_role("department").post("/api/v1/notices/read", json={"all": True})
    with visit(browser, live_server, "department", size=size) as seen:
        page = seen.go("/cases")
        bell = page.locator("#bell")
        expect(bell).to_have_accessible_name("通知")
        case_no = new_case(as_role, place, TO_ACCEPTED[:3])
        expect(bell).to_have_accessible_name("通知：1 条未读")
        assert size is DESK or page.evaluate(TOO_SMALL) == []
        bell.focus()
        page.keyboard.press("Enter")
        notice = page.locator(".news.unread", has_text=case_no)
        expect(notice).to_contain_text("已派遣到贵部门")
        seen.check()
        notice.get_by_role("link").click()
        page.wait_for_url(f"**/cases/{case_no}")
        expect(page.locator("#bell")).to_have_accessible_name("通知", timeout=15_000)


# E-mail.


class Mailbox:
    """What a mail server has been handed."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 taken"


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch, small_city: str) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setattr(get_settings(), "smtp_url", SecretStr(f"smtp://127.0.0.1:{port}"))
    monkeypatch.setattr(get_settings(), "mail_from", "no-reply@city.example")
    monkeypatch.setattr(get_settings(), "public_url", "https://city.example/")
    yield box
    controller.stop()


def jobs_of(task: str, argument: str) -> list[dict[str, Any]]:
    """Arguments of the jobs of a task that wait, the last ones first."""
    statement = text(
        "SELECT args FROM jobs.procrastinate_jobs WHERE task_name = :task AND status = 'todo'"
        " AND args ? :argument ORDER BY id DESC"
    )
    with session_maker()() as session:
        return list(session.scalars(statement, {"task": task, "argument": argument}))


def test_a_notice_goes_by_e_mail_to_who_has_an_address(
    as_role: AsRole, place: dict[str, float], mailbox: Mailbox
) -> None:
    with session_maker()() as session, session.begin():
        department = session.scalars(select(Person).where(Person.login == "department")).one()
        department.email = "repairs@department.example"
    case_no = new_case(as_role, place, TO_ACCEPTED[:3])
    (job, *others) = jobs_of("send_mail", "notice_id")
    assert others == []
    tasks.send_mail(**job)
    (letter,) = mailbox.letters
    assert letter["to"] == "repairs@department.example"
    assert letter["from"] == "no-reply@city.example"
    assert str(letter["subject"]).endswith(f"：已派遣到贵部门（{case_no}）")
    body = letter.get_content()
    assert f"https://city.example/cases/{case_no}" in body
    assert "按规定办理" in body
    # Read by now: no second letter, however often the job is tried.
    as_role("department").post("/api/v1/notices/read", json={"all": True})
    tasks.send_mail(**job)
    assert len(mailbox.letters) == 1


def test_without_a_mail_server_there_is_no_mail(as_role: AsRole, place: dict[str, float]) -> None:
    before = jobs_of("send_mail", "notice_id")
    new_case(as_role, place, TO_ACCEPTED[:3])
    assert jobs_of("send_mail", "notice_id") == before


# What an operator may set wrong.


@pytest.mark.parametrize(
    "wrong",
    [
        {"smtp_url": "smtp://mail.example:25"},  # nobody it comes from
        {"smtp_url": "http://mail.example", "mail_from": "a@b.example"},
        {"smtp_url": "smtp://mail.example:x", "mail_from": "a@b.example"},
        {"smtp_url": "smtp://user:open-secret@mail.example", "mail_from": "a@b.example"},  # in the clear
        {"webhook_urls": "https://a.example/hook"},  # nothing to sign with
        {"webhook_urls": "ftp://a.example/hook", "webhook_secret": "x"},
    ],
)
def test_channels_that_cannot_work_stop_the_service(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    settings = Settings.model_validate(wrong)
    for name in ("smtp_url", "mail_from", "webhook_urls", "webhook_secret"):
        monkeypatch.setattr(get_settings(), name, getattr(settings, name))
    with pytest.raises(SetupError) as refused:
        require_channels()
    assert "open-secret" not in str(refused.value)


def test_a_mail_server_is_read_from_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "mail_from", "a@b.example")
    monkeypatch.setattr(get_settings(), "smtp_url", SecretStr("smtp+starttls://me%40b:p%3Aw@mail.example"))
    server = mail_server()
    assert (server.host, server.port, server.encryption) == ("mail.example", 587, "starttls")
    assert (server.user, server.password) == ("me@b", "p:w")


def test_the_table_has_words_in_both_languages() -> None:
    with in_locale("zh_CN"):
        from gis.i18n import gettext

        assert all(gettext(rule.words) != rule.words for rule in NOTICE_RULES.values())
