"""考核 over HTTP: each number with exactly its cases, scores and ranks, explanations, and what is refused."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import isclose
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import validate_call
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from api.narrowed import narrowed
from gis.case.models import Case
from gis.case.narrowing import CaseFilter, conditions
from gis.evaluation.default_cards import DEFAULT_CARDS
from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS, indicators_of
from gis.people.models import Person
from tests.small_city import AsRole, Client

ADDRESS = "/api/v1/evaluation"
PATHS = {
    "district": "regions?level=district", "street": "regions?level=street",
    "community": "regions?level=community", "unit_grid": "regions?level=unit_grid",
    "department": "departments?", "collector": "posts?role=collector", "acceptor": "posts?role=acceptor",
    "shift_leader": "posts?role=shift_leader", "dispatcher": "posts?role=dispatcher",
}  # fmt: skip
POSTS = ("collector", "acceptor", "shift_leader", "dispatcher")
_read: Any = validate_call(narrowed)


@pytest.fixture(scope="module")
def month(as_role: AsRole) -> str:
    """A month with cases: the one of the first report."""
    answer = as_role("evaluator").get("/api/v1/cases?sort=oldest&limit=1")
    return str(answer.json()["items"][0]["reported_at"])[:7]


@pytest.fixture
def city(small_city: str) -> Iterator[Session]:
    engine = create_engine(small_city)
    with Session(engine) as session:
        yield session
    engine.dispose()


def rows_of(client: Client, kind: str, month: str, more: str = "") -> Any:
    answer = client.get(f"{ADDRESS}/{PATHS[kind]}&period={month}{more}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def filter_of(address: str) -> CaseFilter:
    """What the list of cases reads from an address, by its own parameters."""
    path, query = urlsplit(address).path, dict(parse_qsl(urlsplit(address).query))
    assert path == "/api/v1/cases"
    found: CaseFilter = _read(**query)
    return found


def links_of(row: Any) -> Iterator[tuple[str, int, str]]:
    for code, figure in row["indicators"].items():
        if INDICATORS[code].unit != "hours":  # its numerator is seconds
            yield code, figure["numerator"], figure["cases"]
        if figure["denominator"] is not None:
            yield code, figure["denominator"], figure["denominator_cases"]


@pytest.mark.parametrize("kind", [kind for kind in OBJECT_KINDS if kind not in POSTS])
def test_each_figure_of_a_place_has_exactly_so_many_cases_behind_it(
    as_role: AsRole, city: Session, month: str, kind: str
) -> None:
    evaluator = city.scalars(select(Person).where(Person.login == "evaluator")).one()
    known: dict[str, int] = {}
    checked = 0
    for row in rows_of(as_role("evaluator"), kind, month)["items"][:40]:
        for code, amount, address in links_of(row):
            if address not in known:
                cases = select(Case.id).where(*conditions(city, evaluator, filter_of(address)))
                known[address] = len(city.scalars(cases).all())
            assert known[address] == amount, (row["code"], code)
            checked += amount
    assert checked > 100


@pytest.mark.parametrize("kind", POSTS)
def test_each_figure_of_a_post_has_the_cases_of_its_acts_behind_it(
    as_role: AsRole, city: Session, month: str, kind: str
) -> None:
    """Acts are counted: a case that came back is acted on twice, and stands in the list once."""
    evaluator = city.scalars(select(Person).where(Person.login == "evaluator")).one()
    checked = 0
    for row in rows_of(as_role("evaluator"), kind, month)["items"]:
        for code, amount, address in links_of(row):
            wanted = filter_of(address)
            assert wanted.counted is not None
            acts = acts_of(city, row["code"], wanted.counted.code, wanted.counted.begins, wanted.counted.ends)
            found = city.scalars(select(Case.id).where(*conditions(city, evaluator, wanted))).all()
            assert (len(acts), sorted(set(acts))) == (amount, sorted(found)), (row["code"], code)
            checked += amount
    assert checked > 10


def acts_of(session: Session, login: str, code: str, begins: Any, ends: Any) -> list[int]:
    """Cases of the acts of a count, one for each act, told apart in Python."""
    if code in ("missed", "report_or_missed"):
        missed = session.scalars(
            text(
                "SELECT f.case_id FROM case_fact AS f, person_duty_grid AS d, person AS p"
                " WHERE p.login = :login AND d.person_id = p.id AND d.duty_grid_id = f.duty_grid_id"
                " AND f.is_public AND f.is_filed AND f.filed_at >= :begins AND f.filed_at < :ends"
            ),
            {"login": login, "begins": begins, "ends": ends},
        ).all()
        return [*missed, *(acts_of(session, login, "report", begins, ends) if code != "missed" else [])]
    rows = session.execute(
        text(
            "SELECT a.case_id, a.duty, a.at, a.in_time, a.is_right FROM case_fact_post AS a"
            " JOIN person AS p ON p.id = a.person_id WHERE p.login = :login"
        ),
        {"login": login},
    )
    name = code.removesuffix("_in_time").removesuffix("_right").removesuffix("_any")
    # Whether it was sent to the right department is asked of later dispatches, too.
    duties = {name, "redispatch"} if code in ("dispatch_any", "dispatch_right") else {name}
    return [
        row.case_id
        for row in rows
        if row.duty in duties
        and row.at is not None
        and begins <= row.at < ends
        and (row.in_time if code.endswith("_in_time") else True)
        and (row.is_right if code.endswith("_right") else True)
        and (row.is_right is not None if code == "report" else True)
    ]


def test_the_list_itself_is_paged_and_holds_what_is_counted(as_role: AsRole, month: str) -> None:
    client = as_role("evaluator")
    row = max(
        rows_of(client, "street", month)["items"], key=lambda row: row["indicators"]["filed"]["numerator"]
    )
    figure = row["indicators"]["on_time_disposal"]
    assert figure["denominator"] > 5
    found: list[str] = []
    address: str | None = figure["denominator_cases"] + "&limit=5"
    while address:
        page = client.get(address).json()
        found += [case["case_no"] for case in page["items"]]
        address = page["next"]
    assert len(found) == len(set(found)) == figure["denominator"]
    word = f"&q={found[0]}"
    assert [
        case["case_no"] for case in client.get(figure["denominator_cases"] + word).json()["items"]
    ] == found[:1]


def test_scores_and_ranks_follow_from_the_figures(as_role: AsRole, month: str) -> None:
    items = rows_of(as_role("evaluator"), "department", month)["items"]
    scored = [row for row in items if row["score"] is not None]
    assert len(scored) > 3
    for row in scored:
        assert row["rank"] == 1 + sum(other["score"] > row["score"] for other in scored)
        values = {code: figure["value"] for code, figure in row["indicators"].items()}
        filed = next(p for most, p in ((50, 100), (100, 90), (200, 75), (500, 60), (1000, 40), (1e9, 0))
                     if values["filed"] <= most)  # fmt: skip
        lines = [(10, filed), (30, times(values["closing"])), (30, times(values["on_time_disposal"])),
                 (30, times(values["rework"], inverse=True))]  # fmt: skip
        told = [(weight, points) for weight, points in lines if points is not None]
        used = sum(weight for weight, _points in told)
        assert row["weight_used"] == used
        assert isclose(row["score"], sum(w * p for w, p in told) / used, abs_tol=0.0051)
    for row in items:
        if row["score"] is None:
            assert (row["rank"], row["grade"], row["grade_colour"]) == (None, None, None)


def times(value: float | None, inverse: bool = False) -> float | None:
    return None if value is None else 100 * (1 - value if inverse else value)


def test_pages_of_grids_make_the_whole_best_first(as_role: AsRole, month: str) -> None:
    client = as_role("evaluator")
    whole = rows_of(client, "unit_grid", month, "&sort=rank")
    ranks = [row["rank"] or 10**6 for row in whole["items"]]
    assert ranks == sorted(ranks)
    found: list[str] = []
    address: str | None = f"{ADDRESS}/{PATHS['unit_grid']}&period={month}&sort=rank&limit=7"
    while address:
        page = client.get(address).json()
        found += [row["code"] for row in page["items"]]
        address = page["next"]
    assert found == [row["code"] for row in whole["items"]]
    assert len(found) == whole["total"] > 7


def test_values_of_the_period_before_stand_beside(as_role: AsRole, month: str) -> None:
    client = as_role("evaluator")
    told = rows_of(client, "street", month, "&compare=true")
    before = rows_of(client, "street", told["before"]["code"])
    values = {
        row["code"]: {code: f["value"] for code, f in row["indicators"].items()} for row in before["items"]
    }
    for row in told["items"]:
        assert {code: figure["before"] for code, figure in row["indicators"].items()} == values[row["code"]]


def test_a_department_is_told_of_itself_with_its_rank_among_all(as_role: AsRole, month: str) -> None:
    own, all_ = (rows_of(as_role(role), "department", month)["items"] for role in ("department", "evaluator"))
    assert 0 < len(own) < len(all_)
    by_code = {row["code"]: row for row in all_}
    other = next(code for code in by_code if code not in {row["code"] for row in own})
    for row in own:
        assert (row["rank"], row["score"]) == (by_code[row["code"]]["rank"], by_code[row["code"]]["score"])
    asked = f"{ADDRESS}/explain?object=department&indicator=closing&period={month}&code="
    assert as_role("department").get(asked + own[0]["code"]).status_code == 200
    refused = as_role("department").get(asked + other)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/code")
    assert as_role("department").get(f"{ADDRESS}/regions").status_code == 403


@pytest.mark.parametrize(("language", "title", "formula"), [
    ("zh-CN", "按期处置率", "按期处置率 = 按期处置数 ÷ 应处置数 × 100 %"),
    ("en", "On-time disposal rate", "On-time disposal rate = Disposed of in time ÷ Disposals due × 100 %"),
])  # fmt: skip
def test_a_figure_is_explained_in_words_and_numbers(
    as_role: AsRole, month: str, language: str, title: str, formula: str
) -> None:
    client = as_role("evaluator")
    row = next(r for r in rows_of(client, "department", month)["items"] if r["score"] is not None)
    figure = row["indicators"]["on_time_disposal"]
    told = client.get(
        f"{ADDRESS}/explain?object=department&code={row['code']}&indicator=on_time_disposal&period={month}",
        headers={"accept-language": language},
    ).json()
    assert (told["title"], told["formula"]) == (title, formula)
    assert told["worked"].startswith(f"{figure['numerator']} ÷ {figure['denominator']} × 100 % = ")
    assert told["numerator"]["cases"] == figure["cases"]
    assert told["unverified"] is True  # no text of the standard was there to compare with
    (line,) = told["parts"]
    assert (line["weight"], line["points"]) == (30, pytest.approx(100 * figure["value"]))


@pytest.mark.parametrize("kind", list(OBJECT_KINDS))
def test_causes_make_the_change_of_every_indicator(as_role: AsRole, kind: str) -> None:
    """Effects add up to the change to 1e-9, and groups to the counts of the whole."""
    client = as_role("evaluator")
    period = last_week(client)
    row = max(rows_of(client, kind, period)["items"], key=lambda row: row["weight_used"])
    split = 0
    for one in indicators_of(kind):
        for by in ("class", "street", "department"):
            asked = {"object": kind, "code": row["code"], "indicator": one.code, "period": period, "by": by}
            told = client.get(f"{ADDRESS}/causes", params=asked).json()
            figure = row["indicators"][one.code]
            assert sum(part["after"]["n"] for part in told["parts"]) == figure["numerator"]
            if figure["denominator"] is not None:
                assert sum(part["after"]["d"] for part in told["parts"]) == figure["denominator"]
            if told["change"] is not None:
                effects = sum(part["effect"] for part in told["parts"])
                assert isclose(effects, told["change"], abs_tol=1e-9), (one.code, by)
                split += 1
            else:
                assert None in (told["before"], told["after"])
    assert split > 0
    told = client.get(
        f"{ADDRESS}/causes?object={kind}&code={row['code']}&indicator=score&period={period}"
    ).json()
    if told["change"] is not None:
        assert isclose(sum(part["effect"] for part in told["parts"]), told["change"], abs_tol=1e-9)
        assert isclose(told["after"], row["score"], abs_tol=0.0051)


def last_week(client: Client) -> str:
    """The week before that of the last reports: it has cases, and the one before it, too."""
    newest = client.get("/api/v1/cases?limit=1").json()["items"][0]["reported_at"][:10]
    year, week, _weekday = (date.fromisoformat(newest) - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"


def test_a_trend_says_what_the_rows_of_each_month_say(as_role: AsRole, month: str) -> None:
    client = as_role("evaluator")
    row = rows_of(client, "street", month)["items"][0]
    for indicator in ("closing", "score"):
        asked = (
            f"{ADDRESS}/trend?object=street&code={row['code']}&indicator={indicator}&period={month}&periods=3"
        )
        points = client.get(asked).json()["items"]
        assert [point["period"] for point in points] == sorted(point["period"] for point in points)
        assert len(points) == 3
        assert points[-1]["period"] == month
        value = row["score"] if indicator == "score" else row["indicators"][indicator]["value"]
        assert points[-1]["value"] == value


def test_what_if_tries_other_weights_and_keeps_nothing(as_role: AsRole, month: str) -> None:
    client = as_role("evaluator")
    card = client.get(f"{ADDRESS}/cards/department").json()
    own = [{name: value for name, value in part.items() if name != "title"} for part in card["parts"]]
    same = client.post(
        f"{ADDRESS}/what-if", json={"object": "department", "period": month, "parts": own}
    ).json()
    assert same["total"] == len(same["items"]) > 3
    for row in same["items"]:
        assert row["chosen"] == {name: row[name] for name in row["chosen"]}
    tried = client.post(
        f"{ADDRESS}/what-if",
        json={"object": "department", "period": month, "parts": [{"indicator": "closing", "weight": 100}]},
    ).json()
    rows = {row["code"]: row for row in rows_of(client, "department", month)["items"]}
    for row in tried["items"]:
        closing = rows[row["code"]]["indicators"]["closing"]["value"]
        assert row["score"] == (None if closing is None else pytest.approx(100 * closing, abs=0.0051))
        assert row["chosen"]["score"] == rows[row["code"]]["score"]
    assert client.get(f"{ADDRESS}/cards/department").json()["versions"] == card["versions"]


def test_a_card_goes_from_draft_to_chosen_to_retired(as_role: AsRole, month: str) -> None:
    evaluator, dispatcher = as_role("evaluator"), as_role("dispatcher")
    cards = f"{ADDRESS}/cards"
    said = {
        "code": "closing_only", "object": "community", "name_zh": "只看结案", "name_en": "Closing only",
        "parts": [{"indicator": "closing", "weight": 100, "full_at": 0.9}], "source": "a test",
    }  # fmt: skip
    assert dispatcher.post(cards, json=said).status_code == 403
    made = evaluator.post(cards, json=said).json()
    assert (made["version"], made["chosen"], made["status"]) == (1, False, "own")
    try:
        assert evaluator.post(cards, json=said).status_code == 409
        second = evaluator.post(
            f"{cards}/closing_only", json={**said, "parts": [{"indicator": "closing", "weight": 100}]}
        ).json()
        assert second["version"] == 2
        first = dispatcher.get(f"{cards}/closing_only@1").json()
        assert first["parts"][0]["full_at"] == 0.9  # a version never changes
        # Beside the chosen one, by name.
        told = rows_of(dispatcher, "community", month, "&card=closing_only@1")
        assert (told["card"]["code"], told["card"]["version"]) == ("closing_only", 1)
        assert evaluator.post(f"{cards}/closing_only@1/choose").json()["chosen"] is True
        assert rows_of(dispatcher, "community", month)["card"]["version"] == 1
        assert evaluator.delete(f"{cards}/closing_only").status_code == 409  # in use
    finally:
        assert evaluator.post(f"{cards}/community/choose").status_code == 200
        assert evaluator.delete(f"{cards}/closing_only").status_code == 204
    assert "closing_only" not in {row["code"] for row in evaluator.get(cards).json()["items"]}
    assert evaluator.post(f"{cards}/closing_only/choose").status_code == 409
    assert evaluator.get(f"{cards}/closing_only@2").json()["retired"] is True  # kept


def test_cards_are_seeded_once_and_what_the_city_made_stays(session: Session) -> None:
    from gis.evaluation.card_store import NewCard, choose_card, newest_cards, save_version, seed_cards
    from gis.evaluation.cards import Card, Part

    codes = {row.code for row in newest_cards(session)}
    assert codes == {row.code for row in DEFAULT_CARDS}
    session.execute(
        text(
            "INSERT INTO person (id, login, name, password_hash, role, centre)"
            " VALUES (1, 'e', 'e', '!', 'evaluator', 'evaluation')"
        )
    )
    own = NewCard("甲", "A", Card("street", (Part("closing", 100),)))
    save_version(session, session.get_one(Person, 1), "street", own)
    choose_card(session, "street@2")
    seed_cards(session)
    (street,) = newest_cards(session, "street")
    assert (street.version, street.chosen, street.name_en) == (2, True, "A")
    assert len(newest_cards(session)) == len(DEFAULT_CARDS)


WHAT = "object=street&code=150602001&indicator=closing"
# Address, and the place of the fault.
REFUSED = [
    ("regions?period=", "/period"),
    ("regions?period=2026-13", "/period"),
    ("regions?period=2026-10&from=2026-10-01T00:00:00Z", "/period"),
    ("regions?period=2026-10-17/2026-10-03", "/to"),
    ("regions?period=2199", "/from"),
    ("regions?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "/to"),
    ("regions?from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:00Z", "/to"),
    ("regions?from=2026-02-01T00:00:00&to=2026-03-01T00:00:00Z", "/from"),
    ("regions?from=0001-01-01T00:00:00Z", "/from"),
    ("regions?to=0001-01-01T00:00:00Z", "/to"),
    ("regions?from=2150-01-01T00:00:00Z&to=2151-01-01T00:00:00Z", "/from"),
    ("regions?level=planet", "/level"),
    ("regions?card=nothing", "/card"),
    ("regions?card=street@9", "/card"),
    ("regions?card=department", "/card"),
    ("regions?cursor=x", "/cursor"),
    ("regions?limit=0", "/limit"),
    ("posts?role=king", "/role"),
    ("indicators?object=planet", "/object"),
    ("cards?object=planet", "/object"),
    ("explain?object=planet&code=1&indicator=closing", "/object"),
    ("explain?object=street&code=999999999&indicator=closing", "/code"),
    ("explain?object=street&code=150602001&indicator=beauty", "/indicator"),
    ("explain?object=street&code=150602001&indicator=co_disposal_in_time", "/indicator"),
    ("explain?object=collector&code=nobody&indicator=missed_report", "/code"),
    (f"causes?{WHAT}&by=colour", "/by"),
    (f"causes?{WHAT}&period=2199", "/from"),
    (f"trend?{WHAT}&unit=century", "/unit"),
    (f"trend?{WHAT}&periods=0", "/periods"),
    (f"trend?{WHAT}&periods=1000", "/periods"),
    ("../cases?count=filed", "/count"),
    ("../cases?counted_from=2026-01-01T00:00:00Z", "/count"),
    ("../cases?count=beauty&counted_from=2026-01-01T00:00:00Z", "/count"),
    ("../cases?duty=filed&counted_from=2026-01-01T00:00:00Z", "/duty"),
    ("../cases?part=filed&counted_from=2026-01-01T00:00:00Z", "/part"),
    ("../cases?count=filed&duty=file&counted_from=2026-01-01T00:00:00Z", "/count"),
    ("../cases?count=filed&counted_from=2026-01-01T00:00:00", "/counted_from"),
    ("../cases?count=filed&counted_from=2150-01-01T00:00:00Z", "/counted_from"),
    ("../cases?count=filed&counted_from=2026-02-01T00:00:00Z&counted_to=2026-01-01T00:00:00Z", "/counted_to"),
]


@pytest.mark.parametrize(("asked", "place"), REFUSED)
def test_what_cannot_be_asked_is_refused_with_its_place(as_role: AsRole, asked: str, place: str) -> None:
    address = f"{ADDRESS}/{asked}".replace("/evaluation/..", "")
    answer = as_role("evaluator").get(address.replace("+", "%2B"))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == place, answer.text


BAND = {"indicator": "filed", "weight": 100, "sense": "band"}
# Parts of a card for streets, and the place of the fault.
BAD_PARTS = [
    ([], "/parts"),
    ([{"indicator": "closing", "weight": 60}], "/parts"),
    ([{"indicator": "closing", "weight": 60}, {"indicator": "closing_in_time", "weight": 60}], "/parts"),
    ([{"indicator": "closing", "weight": 50}, {"indicator": "closing", "weight": 50}], "/parts/1/indicator"),
    ([{"indicator": "closing", "weight": -1}, {"indicator": "rework", "weight": 101}], "/parts/0/weight"),
    ([{"indicator": "beauty", "weight": 100}], "/parts/0/indicator"),
    ([{"indicator": "co_disposal_in_time", "weight": 100}], "/parts/0/indicator"),
    ([{"indicator": "closing", "weight": 100, "sense": "sideways"}], "/parts/0/sense"),
    ([{"indicator": "closing", "weight": 100, "full_at": 0}], "/parts/0/full_at"),
    ([{"indicator": "filed", "weight": 100}], "/parts/0/sense"),
    ([BAND], "/parts/0/bands"),
    ([{**BAND, "bands": [{"most": 5, "points": 1}]}], "/parts/0/bands"),
    ([{**BAND, "bands": [{"most": 5, "points": 1}, {"most": 2, "points": 2}, {"points": 0}]}],
     "/parts/0/bands"),
    ([{**BAND, "bands": [{"points": 101}]}], "/parts/0/bands"),
    ("heavy", "/parts"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "place"), BAD_PARTS)
def test_a_card_that_cannot_score_is_refused_with_its_place(
    as_role: AsRole, parts: list[Any], place: str
) -> None:
    client = as_role("evaluator")
    named = {"code": "bad", "name_zh": "坏", "name_en": "bad"}
    for path, more in (("what-if", {}), ("cards", named)):
        answer = client.post(f"{ADDRESS}/{path}", json={"object": "street", "parts": parts, **more})
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == place
    assert client.get(f"{ADDRESS}/cards/bad").status_code == 404


@pytest.mark.parametrize("weight", ["NaN", "Infinity", "-Infinity", "1e400", '"NaN"'])
def test_weights_that_are_no_numbers_are_refused(as_role: AsRole, weight: str) -> None:
    body = '{"object": "street", "parts": [{"indicator": "closing", "weight": ?}]}'.replace("?", weight)
    answer = as_role("evaluator").post(
        f"{ADDRESS}/what-if", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/parts/0/weight"


def test_grades_that_leave_a_gap_are_refused(as_role: AsRole) -> None:
    answer = as_role("evaluator").post(
        f"{ADDRESS}/what-if",
        json={
            "object": "street",
            "parts": [{"indicator": "closing", "weight": 100}],
            "grades": [{"name": "A", "least": 50, "colour": "green"}],
        },
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/grades")
