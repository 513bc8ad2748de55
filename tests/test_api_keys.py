"""API keys: told once, accepted in four forms, good for their scopes, dead once revoked."""

import base64
import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx2
import pytest
import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.cli import build
from gis.database import transaction
from gis.errors import CityGridError, InvalidInput, NotFound, NotSignedIn
from gis.people.api_keys import add_key, count_use, find_key, hash_key, keys, revoke_key
from gis.people.service import add_person
from tests.browser import PHONE, visit

numbers = count(1)
NewKey = Callable[..., tuple[str, str]]


@pytest.fixture(scope="module")
def city(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city)
    yield engine
    engine.dispose()


@pytest.fixture
def new_key(small_city: str) -> NewKey:
    """Makes a service account and a key of it: the login and the key."""

    def made(role: str = "planner", scopes: tuple[str, ...] = ("read",), **limits: int) -> tuple[str, str]:
        login = f"system-{next(numbers)}"
        with transaction() as session:
            add_person(session, login, "接入系统", None, role)
            return login, add_key(session, login, "trial", scopes, **limits)[1]

    return made


def basic(user: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_a_key_is_accepted_in_every_form(anonymous: TestClient, new_key: NewKey) -> None:
    login, key = new_key()
    forms = [
        {"headers": {"x-api-key": key}},
        {"headers": {"authorization": f"Bearer {key}"}},
        {"headers": basic("any", key)},
        {"headers": basic(key, "")},
        {"params": {"api_key": key}},
    ]
    for form in forms:
        answer = anonymous.get("/api/v1/me", **form)
        assert (answer.status_code, answer.json().get("login")) == (200, login), form
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "form",
    [
        {"headers": {"x-api-key": "cg_" + "A" * 43}},
        {"headers": {"x-api-key": "x"}},
        {"headers": {"authorization": "Bearer cg_short"}},
        {"headers": {"authorization": "Basic !!!"}},
        {"headers": basic("citygrid", "")},
        {"headers": basic("admin", "citygrid-demo")},
        {"params": {"api_key": "cg_\0" + "A" * 42}},
        {"params": {"api_key": "井" * 46}},
        {"params": {"api_key": "cg_" + "A" * 5000}},
    ],
)
def test_what_is_no_key_is_refused(anonymous: TestClient, form: dict[str, dict[str, str]]) -> None:
    assert anonymous.get("/api/v1/me", **form).status_code == 401


def test_one_wrong_character_is_refused(session: Session) -> None:
    add_person(session, "one", "one", None, "planner")
    row, key = add_key(session, "one", "trial", ["read"])
    assert find_key(session, key) is row
    other = key[:-1] + ("A" if key[-1] != "A" else "B")
    with pytest.raises(NotSignedIn):
        find_key(session, other)


def test_only_the_hash_is_stored(city: Engine, new_key: NewKey) -> None:
    _login, key = new_key()
    with city.connect() as connection:
        row = connection.execute(
            text("SELECT api_key::text AS line, key_hash FROM api_key WHERE prefix = :prefix"),
            {"prefix": key[:11]},
        ).one()
    assert row.key_hash == hash_key(key)
    assert key[11:] not in row.line


def test_scopes_say_what_a_key_is_good_for(anonymous: TestClient, new_key: NewKey) -> None:
    def asked(key: str, method: str, path: str) -> int:
        return anonymous.request(method, path, headers={"x-api-key": key}).status_code

    reads, writes, reports = (new_key(scopes=(scope,))[1] for scope in ("read", "write", "open311"))
    assert asked(reads, "GET", "/api/v1/me") == 200
    assert asked(reads, "POST", "/api/v1/notices/read") == 403
    assert asked(writes, "GET", "/api/v1/me") == 200
    assert asked(writes, "POST", "/api/v1/notices/read") == 422  # let in, but it sent nothing
    assert asked(reports, "GET", "/api/v1/me") == 403
    assert asked(reports, "POST", "/api/v1/notices/read") == 403


def test_a_key_opens_what_works_without_a_transaction(anonymous: TestClient, new_key: NewKey) -> None:
    for limits in ({}, {"per_minute": 100}):
        _login, key = new_key(role="inspector", scopes=("write",), **limits)
        path = "/api/v1/cases/C0101201904110001/attachments"
        answer = anonymous.post(path, headers={"x-api-key": key}, files={"file": b"no picture"})
        assert answer.status_code == 404, answer.text


def test_a_key_may_do_no_more_than_the_role_of_its_person(anonymous: TestClient, new_key: NewKey) -> None:
    _login, key = new_key(role="inspector", scopes=("write",))
    assert anonymous.get("/api/v1/keys", headers={"x-api-key": key}).status_code == 403


def test_a_key_of_a_closed_account_is_dead(anonymous: TestClient, city: Engine, new_key: NewKey) -> None:
    login, key = new_key()
    with city.begin() as connection:
        connection.execute(text("UPDATE person SET active = false WHERE login = :login"), {"login": login})
    assert anonymous.get("/api/v1/me", headers={"x-api-key": key}).status_code == 401


def test_an_expired_key_is_dead(anonymous: TestClient, city: Engine, new_key: NewKey) -> None:
    _login, key = new_key(days=1)
    assert anonymous.get("/api/v1/me", headers={"x-api-key": key}).status_code == 200
    with city.begin() as connection:
        connection.execute(
            text("UPDATE api_key SET expires_at = now() WHERE prefix = :prefix"), {"prefix": key[:11]}
        )
    assert anonymous.get("/api/v1/me", headers={"x-api-key": key}).status_code == 401


def test_beyond_its_limit_a_key_is_told_when_to_come_back(
    anonymous: TestClient, city: Engine, new_key: NewKey
) -> None:
    _login, key = new_key(per_minute=2)
    began = datetime.now(UTC).replace(second=0, microsecond=0)
    with city.begin() as connection:  # as if two had come in this minute and the next one already
        connection.execute(
            text(
                "UPDATE api_key SET minute_began = date_trunc('minute', now()), minute_count = 2"
                " WHERE prefix = :p"
            ),
            {"p": key[:11]},
        )
    answer = anonymous.get("/api/v1/me", headers={"x-api-key": key})
    if datetime.now(UTC).replace(second=0, microsecond=0) != began:
        pytest.skip("the minute ended between two statements")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    with city.begin() as connection:
        connection.execute(
            text("UPDATE api_key SET minute_began = minute_began - interval '1 minute' WHERE prefix = :p"),
            {"p": key[:11]},
        )
    assert anonymous.get("/api/v1/me", headers={"x-api-key": key}).status_code == 200


def test_the_time_of_use_is_written_once_a_minute(session: Session) -> None:
    add_person(session, "two", "two", None, "planner")
    row, _key = add_key(session, "two", "trial", ["read"])
    count_use(session, row)
    session.refresh(row)
    first = row.last_used_at
    assert first is not None
    count_use(session, row)
    session.refresh(row)
    assert (row.last_used_at, row.minute_count) == (first, 1)
    row.last_used_at = first - timedelta(minutes=2)
    session.flush()
    count_use(session, row)
    session.refresh(row)
    assert row.last_used_at >= first


def test_an_administrator_makes_lists_and_revokes(
    as_role: Callable[[str], TestClient], anonymous: TestClient
) -> None:
    admin = as_role("admin")
    body = {"login": "planner", "name": "QGIS", "scopes": ["read"], "days": 30, "per_minute": 600}
    made = admin.post("/api/v1/keys", json=body)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    key, prefix = made.json()["key"], made.json()["prefix"]
    assert anonymous.get("/api/v1/me", headers={"x-api-key": key}).json()["login"] == "planner"
    listed = admin.get("/api/v1/keys", params={"login": "planner"})
    assert [item["prefix"] for item in listed.json()["items"]].count(prefix) == 1
    assert key not in listed.text
    assert admin.delete(f"/api/v1/keys/{prefix}").status_code == 204
    assert anonymous.get("/api/v1/me", headers={"x-api-key": key}).status_code == 401
    assert admin.delete("/api/v1/keys/cg_nothing").status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"name": " "}, {"scopes": []}, {"scopes": ["all"]}, {"days": 0}, {"days": 10**12},
     {"per_minute": 0}, {"name": 3}],
)  # fmt: skip
def test_a_key_that_cannot_be_is_refused(
    as_role: Callable[[str], TestClient], change: dict[str, object]
) -> None:
    body = {"login": "planner", "name": "QGIS", "scopes": ["read"]} | change
    assert as_role("admin").post("/api/v1/keys", json=body).status_code == 422


def test_a_key_makes_no_other(anonymous: TestClient, new_key: NewKey) -> None:
    _login, key = new_key(role="admin", scopes=("write",))
    body = {"login": "planner", "name": "QGIS", "scopes": ["read"]}
    headers = {"x-api-key": key}
    assert anonymous.post("/api/v1/keys", json=body, headers=headers).status_code == 403
    assert anonymous.get("/api/v1/keys", headers=headers).status_code == 403


def test_the_servers_log_of_requests_holds_no_key(
    new_key: NewKey, caplog: pytest.LogCaptureFixture, live_server: str
) -> None:
    _login, key = new_key()
    logger = logging.getLogger("uvicorn.access")
    logger.addHandler(caplog.handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    line = ("127.0.0.1:1", "GET", f"/api/v1/me?x=1&api_key={key}&y=2", "1.1", 200)
    try:
        logger.info('%s - "%s %s HTTP/%s" %d', *line)
        assert httpx2.get(f"{live_server}/api/v1/me", params={"api_key": key}).status_code == 200
    finally:
        logger.setLevel(level)
        logger.removeHandler(caplog.handler)
    assert "api_key=***&y=2" in caplog.text
    assert key not in caplog.text
    assert "uvicorn.access" in uvicorn.config.LOGGING_CONFIG["loggers"]  # the server's own name for it


def test_the_command_line_makes_lists_and_revokes(small_city: str, anonymous: TestClient) -> None:
    run = CliRunner().invoke
    line = build(["key"])
    made = run(line, ["key", "add", "hotline", "--role", "acceptor", "--name", "12345", "--scope", "open311"])
    assert made.exit_code == 0, made.output
    key = made.stdout.strip()
    assert key.startswith("cg_")
    listed = run(line, ["key", "list", "hotline"])
    assert key[:11] in listed.stdout
    assert key not in listed.stdout
    assert run(line, ["key", "revoke", key[:11]]).exit_code == 0
    assert anonymous.get("/api/v1/me", headers={"x-api-key": key}).status_code == 401
    again = run(line, ["key", "add", "nobody", "--name", "x", "--scope", "read"])
    assert isinstance(again.exception, CityGridError)


def test_what_a_key_cannot_be(session: Session) -> None:
    add_person(session, "three", "three", None, "planner")
    with pytest.raises(NotFound):
        add_key(session, "nobody", "x", ["read"])
    for broken in ({"scopes": ["all"]}, {"scopes": []}, {"name": ""}, {"days": -1}, {"per_minute": 0}):
        values = {"name": "x", "scopes": ["read"]} | broken
        with pytest.raises(InvalidInput):
            add_key(session, "three", **values)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        revoke_key(session, "cg_\u4e95")
    assert keys(session, "three") == []


def test_an_administrator_makes_and_revokes_on_the_page(
    live_server: str, browser: Browser, anonymous: TestClient
) -> None:
    with visit(browser, live_server, "admin", size=PHONE) as seen:
        page = seen.go("/keys")
        page.get_by_label("用途", exact=True).fill("规划局 QGIS")
        page.get_by_label("账号", exact=True).fill("planner")
        page.get_by_role("button", name="生成密钥").click()
        shown = page.locator("[data-part=key]")
        expect(shown).to_have_text(re.compile("^cg_"))
        key = shown.inner_text()
        assert anonymous.get("/api/v1/me", headers={"x-api-key": key}).json()["login"] == "planner"
        page.get_by_role("button", name="我已保存").click()
        row = page.get_by_role("row").filter(has_text=key[:11])
        page.once("dialog", lambda dialog: dialog.accept())
        row.get_by_role("button", name="吊销").click()
        expect(row).to_contain_text("已吊销")
        assert key not in page.content()
        seen.check()
    assert anonymous.get("/api/v1/me", headers={"x-api-key": key}).status_code == 401
