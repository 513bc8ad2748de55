"""Deny by default: every route of the API description, without a token and as each role."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from api.access import api_routes, declared_access, require_access
from gis.people.models import Role
from gis.settings import get_settings
from tests.small_city import AsRole

# What must be open to strangers, and nothing else. A new row here is a decision.
OPEN_TO_ALL = {
    ("POST", "/api/v1/token"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/api/v1/track/{case_no}"),
    ("POST", "/api/v1/track/{case_no}/answer"),
    # Open311: anybody may read what the public page of a case tells; reports bring a key of their own.
    *(
        (method, f"/georeport/v2/{path}.{{format}}")
        for method, path in [
            ("GET", "discovery"), ("GET", "services"), ("GET", "services/{service_code}"),
            ("GET", "requests"), ("GET", "requests/{service_request_id}"), ("GET", "tokens/{token}"),
            ("POST", "requests"),
            ("GET", "servicerequestupdates"), ("POST", "servicerequestupdates"),
        ]
    ),
}  # fmt: skip
OPEN_PAGES = {
    "/login", "/logout", "/docs", "/metrics", "/locale/{code}", "/theme/{name}", "/track", "/track/{case_no}",
    # The phone app's frame: the same for everybody, so that it opens without signal; it holds nobody's data.
    "/inspect", "/inspect/session", "/inspect/sw.js", "/inspect/manifest.webmanifest",
    "/inspect/classes.json", "/inspect/map/{version}/worker.mjs", "/inspect/icon-{name}.png",
    # The same as with an ending; and what is not there, told in Open311's form.
    *(path.removesuffix(".{format}") for _method, path in OPEN_TO_ALL if path.endswith(".{format}")),
    "/georeport/v2/{rest:path}",
    # An empty frame: what it draws is asked for with a sign-in or a key.
    "/map/embed",
}  # fmt: skip


def operations(app: FastAPI) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    ]


def call(client: TestClient, method: str, path: str) -> int:
    address = re.sub(r"\{(z|x|y|id)\}", "0", path)
    address = re.sub(r"\{[^}]+\}", "nothing", address)
    # Live changes have no end: only who takes events is sent them.
    headers = {"accept": "application/json"}
    return client.request(method, address, headers=headers, follow_redirects=False).status_code


def test_the_description_names_who_may_use_each_route(app: FastAPI) -> None:
    found = operations(app)
    assert len(found) >= 20
    for method, path, operation in found:
        assert "x-roles" in operation, (method, path)


def test_strangers_reach_the_open_routes_only(app: FastAPI, anonymous: TestClient) -> None:
    for method, path, operation in operations(app):
        status = call(anonymous, method, path)
        if (method, path) in OPEN_TO_ALL:
            assert status not in (401, 403), (method, path)
            assert operation["x-roles"] == []
        else:
            assert status == 401, (method, path, status)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_its_routes_and_no_others(
    app: FastAPI, every_role: dict[str, TestClient], role: Role
) -> None:
    for method, path, operation in operations(app):
        if (method, path) in OPEN_TO_ALL:
            continue
        status = call(every_role[role], method, path)
        if role in operation["x-roles"]:
            assert status not in (401, 403), (method, path, status)
        else:
            assert status == 403, (method, path, status)


def test_pages_outside_the_description_send_strangers_to_sign_in(app: FastAPI) -> None:
    """Routes that the description leaves out (pages, static files) declare their access too."""
    stranger = TestClient(app, raise_server_exceptions=False, headers={"accept": "text/html"})
    hidden = [
        route
        for route in api_routes(app)
        if not route.include_in_schema
        and "GET" in (route.methods or ())
        and "/static/" not in str(route.path)
    ]
    assert len(hidden) >= 5
    for route in hidden:
        answer = stranger.get(re.sub(r"\{[^}]+\}", "nothing", str(route.path)), follow_redirects=False)
        if declared_access(route) == ():
            assert str(route.path) in OPEN_PAGES, route.path
        else:
            assert answer.status_code == 303, route.path
            assert answer.headers["location"].startswith("/login"), route.path


def test_a_route_that_says_nothing_stops_the_service() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    router = APIRouter()

    @router.get("/forgotten")
    def forgotten() -> None: ...

    app.include_router(router)
    with pytest.raises(RuntimeError, match="/forgotten"):
        require_access(app)


def test_a_change_by_cookie_needs_its_csrf_token(app: FastAPI) -> None:
    browser = TestClient(app, raise_server_exceptions=False, headers={"accept-language": "en"})
    page = browser.get("/login").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    form = {"login": "acceptor", "password": "citygrid-demo", "csrf_token": token[1]}
    wrong = browser.post("/login", data=form | {"csrf_token": "guessed"}, follow_redirects=False)
    assert wrong.status_code == 403
    signed_in = browser.post("/login", data=form, follow_redirects=False)
    assert signed_in.status_code == 303
    cookie = next(c for c in signed_in.headers.get_list("set-cookie") if c.startswith("citygrid_session="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    report = {"kind": "event", "class_code": "0101", "lon": 0, "lat": 0}
    assert browser.post("/api/v1/cases", json=report).status_code == 403
    headers = {"X-CSRF-Token": token[1]}
    assert browser.post("/api/v1/cases", json=report, headers=headers).status_code == 422
    elsewhere = headers | {"Origin": "http://evil.example"}
    assert browser.post("/api/v1/cases", json=report, headers=elsewhere).status_code == 403


def test_a_call_that_names_its_person_is_taken_from_nobody_else(as_role: AsRole) -> None:
    client = as_role("acceptor")
    assert client.get("/api/v1/me", headers={"X-Person": "acceptor"}).status_code == 200
    assert client.get("/api/v1/me", headers={"X-Person": "%61cceptor"}).status_code == 200, "percent-encoded"
    answer = client.get("/api/v1/me", headers={"X-Person": "inspector"})
    assert answer.status_code == 401
    assert "Another person" in answer.json()["detail"]


@pytest.mark.parametrize(
    "authorization",
    ["Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."],
)
def test_a_token_that_is_not_ours_opens_nothing(anonymous: TestClient, authorization: str) -> None:
    answer = anonymous.get("/api/v1/me", headers={"authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_page_cookie_is_no_bearer_token(app: FastAPI) -> None:
    """What a browser holds for pages cannot be used as an access token, nor the other way round."""
    from api.session import issue_token
    from gis.database import session_maker
    from gis.people.models import Person

    with session_maker()() as session:
        person = session.query(Person).filter_by(login="planner").one()
    page_token, _life = issue_token(person, "page")
    access_token, _life = issue_token(person, "access")
    client = TestClient(app, raise_server_exceptions=False)
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {page_token}"}).status_code == 401
    assert client.get("/api/v1/me", headers={"cookie": f"citygrid_session={access_token}"}).status_code == 401
    assert client.get("/api/v1/me", headers={"cookie": f"citygrid_session={page_token}"}).status_code == 200


def test_guessing_passwords_becomes_slow(anonymous: TestClient) -> None:
    tries = [
        anonymous.post(
            "/api/v1/token", data={"username": "nobody-here", "password": f"guess-{n}"}
        ).status_code
        for n in range(10)
    ]
    assert tries[:8] == [401] * 8
    assert tries[8:] == [429, 429]


def test_a_body_over_the_limit_is_refused(every_role: dict[str, TestClient]) -> None:
    body = json.dumps(
        {"kind": "event", "class_code": "0101", "lon": 1, "lat": 1, "description": "x" * 3_000_000}
    )
    headers = {"content-type": "application/json"}
    answer = every_role["inspector"].post("/api/v1/cases", content=body, headers=headers)
    assert answer.status_code == 413
    in_pieces = (body[i : i + 100_000].encode() for i in range(0, len(body), 100_000))
    assert (
        every_role["inspector"].post("/api/v1/cases", content=in_pieces, headers=headers).status_code == 413
    )


def test_a_list_has_an_end(every_role: dict[str, TestClient]) -> None:
    client = every_role["evaluator"]
    assert client.get("/api/v1/cases?limit=1000000000").status_code == 422
    seen: list[str] = []
    address: str | None = "/api/v1/cases?limit=50"
    while address:
        page = client.get(address).json()
        assert len(page["items"]) <= 50
        seen += [case["case_no"] for case in page["items"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) >= 200
    assert client.get("/api/v1/cases?cursor=anything").status_code == 422


def test_a_busy_session_is_renewed_and_one_working_day_is_its_end(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cookies of 16, 31 minutes and 13 hours, on requests that succeed and that fail."""
    from api import session as tokens
    from gis.database import session_maker
    from gis.people.models import Person

    with session_maker()() as session:
        person = session.query(Person).filter_by(login="planner").one()
    now = datetime.now(UTC)

    def cookie(issued: timedelta, began: timedelta) -> dict[str, str]:
        class Earlier(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return now - issued

        with monkeypatch.context() as patched:
            patched.setattr(tokens, "datetime", Earlier)
            token, _life = tokens._issue(person.id, person.token_generation, "page", now - began)
        return {"cookie": f"citygrid_session={token}"}

    client = TestClient(app, raise_server_exceptions=False)
    minutes = timedelta(minutes=1)
    fresh = client.get("/api/v1/me", headers=cookie(2 * minutes, 2 * minutes))
    half_spent = client.get("/api/v1/me", headers=cookie(16 * minutes, 60 * minutes))
    failing = client.get("/api/v1/cases/none", headers=cookie(16 * minutes, 60 * minutes))
    assert (fresh.status_code, half_spent.status_code, failing.status_code) == (200, 200, 404)
    assert "citygrid_session" not in fresh.cookies
    assert "citygrid_session" in half_spent.cookies
    assert "citygrid_session" in failing.cookies
    for issued, began in ((31 * minutes, 31 * minutes), (minutes, timedelta(hours=13))):
        assert client.get("/api/v1/me", headers=cookie(issued, began)).status_code == 401


def test_cookies_are_secure_where_others_reach_the_service(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On loopback a browser gets them by plain HTTP; behind a proxy only by HTTPS."""

    def given() -> str:
        return TestClient(app).get("/login").headers["set-cookie"]

    assert "secure" not in given().lower()
    monkeypatch.setattr(get_settings(), "behind_https", True)
    assert "secure" in given().lower()
