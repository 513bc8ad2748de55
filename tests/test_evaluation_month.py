"""A month of forty-one cases, worked on paper: every indicator of every department, area and person, exactly.

The limit of disposal is 1,440 minutes from dispatch; acceptance, filing, dispatch, sending to check and closing
have 15 minutes, verification and check 30. All times are the city's (UTC+8) in April 2024.
"""

# ruff: noqa: E501 - a row of the table reads best on one line

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.evaluation.figures import Row, figures
from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS, indicators_of
from gis.evaluation.period import parse_period
from gis.evaluation.rebuild import rebuild
from gis.settings import get_settings
from tests.told_cases import Town

NOW = datetime(2024, 6, 30, tzinfo=UTC)

# What a letter counts. Of cases, by where they lie and who has them:
LETTERS = {
    "q": "reported", "p": "reported_public", "y": "judged", "l": "valid", "0": "self_disposed", "k": "judged_filed",
    "F": "filed_ever", "g": "filed", "-": "voided", "t": "filed_in_time", "P": "public_filed",
    "V": "should_verify", "v": "verified_in_time", "D": "should_dispatch", "d": "dispatched_in_time",
    "r": "dispatched_right", "S": "should_dispose", "h": "disposed", "i": "disposed_in_time", "o": "overdue_open",
    "x": "extended", "u": "suspended", "e": "exempt", "C": "should_check", "c": "checked_in_time",
    "E": "should_close", "z": "closed", "j": "closed_in_time", "w": "reworked", "f": "forced", "n": "reopened",
    "A": "answered", "s": "satisfied", "U": "urged",
}  # fmt: skip
# Of people: reports (R, right r), verifications (V, in time v), checks (K, k), missed reports (m); accepted (A, in time a),
# checks sent (S, s); filed (F, in time f, right g), closed (C, c); dispatched (D, in time d), the same with
# those to another (N, right n).
DUTIES = {
    "inspector": {"R": "report", "r": "report_right", "V": "verify", "v": "verify_in_time", "K": "check",
                  "k": "check_in_time", "m": "missed"},
    "acc": {"A": "accept", "a": "accept_in_time", "S": "send_check", "s": "send_check_in_time"},
    "lead": {"F": "file", "f": "file_in_time", "g": "file_right", "C": "close", "c": "close_in_time"},
    "disp": {"D": "dispatch", "d": "dispatch_in_time", "N": "dispatch_any", "n": "dispatch_right"},
}  # fmt: skip
# Formulas of the notes on the standard, beside those of the code.
FORMULAS = {
    "reported": "reported", "filed": "filed", "public_report": "public_filed/filed", "filing": "judged_filed/judged",
    "valid_report": "valid/judged", "filing_in_time": "filed_in_time/filed_ever", "accurate_filing": "filed/filed_ever",
    "verify_in_time": "verified_in_time/should_verify", "dispatch_in_time": "dispatched_in_time/should_dispatch",
    "accurate_dispatch": "dispatched_right/should_dispatch", "disposal": "disposed/should_dispose",
    "on_time_disposal": "disposed_in_time/should_dispose", "overdue_pending": "overdue_open/should_dispose",
    "extension": "extended/should_dispose", "disposal_hours": "dispose_seconds/disposed",
    "check_in_time": "checked_in_time/should_check", "closing": "closed/should_close",
    "closing_in_time": "closed_in_time/should_close", "rework": "reworked/should_close",
    "reopening": "reopened/should_close", "satisfaction": "satisfied/answered",
    "co_disposal_in_time": "co_in_time/co_should", "given_back": "given_back",
    "valid_report_of_post": "report_right/report", "missed_report": "missed/report_or_missed",
    "verify_in_time_of_post": "verify_in_time/verify", "check_in_time_of_post": "check_in_time/check",
    "accepted": "accept", "verify_sent_in_time": "accept_in_time/accept",
    "check_sent_in_time": "send_check_in_time/send_check", "filing_in_time_of_post": "file_in_time/file",
    "accurate_filing_of_post": "file_right/file", "closing_in_time_of_post": "close_in_time/close",
    "dispatched": "dispatch", "dispatch_in_time_of_post": "dispatch_in_time/dispatch",
    "accurate_dispatch_of_post": "dispatch_right/dispatch_any",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One case: where (whose duty grid), how it came, when, what happened, and who has it in the end.

    ``april``, ``may``: letters of what it counts in each month. ``minutes``: in disposal, where it counts as disposed.
    ``posts``: of people in April, ``posts_may`` in May. ``beside``: of departments beside the main one.
    """

    name: str
    place: str
    begins: str
    words: str
    has: str
    april: str
    posts: str
    minutes: int = 0
    may: str = ""
    posts_may: str = ""
    source: str | None = None
    beside: str = ""


FILED = "qylkFgt "  # reported by an inspector, filed at once, in time
HOT = "qpylkFgtP "  # the same by telephone
CHAIN = "acc:Ss lead:FfgCc disp:DdNn"  # sent to check, filed, closed, dispatched: all in time and right
END = " send+10 check+20 close+10"

# fmt: off
CASES = (
    Told("in time", "wang", "02 08:00", "file+10 dispatch:W+10 feed+600" + END, "W",
         FILED + "Ddr Shi Cc Ezj", "wang:RrKk " + CHAIN, 600),
    Told("to the second", "wang", "02 09:00", "file+10 dispatch:W+10 feed+1440" + END, "W",
         FILED + "Ddr Shi Cc Ezj", "wang:RrKk " + CHAIN, 1440),
    Told("late by a minute", "li", "02 10:00", "file+10 dispatch:W+10 feed+1441" + END, "W",
         FILED + "Ddr Sh Cc Ez", "li:RrKk " + CHAIN, 1441),
    # Closing is due on the 29th already and counts there for the shift leader; the case is closed in May.
    Told("disposed in April, closed in May", "zhao", "29 08:00",
         "file+10 dispatch:W+10 feed+100 send+10 check+20 close+4320", "W",
         FILED + "Ddr Shi Cc", "zhao:RrKk acc:Ss lead:FfgC disp:DdNn", 100, may="Ezj"),
    Told("overdue and open", "wang", "10 09:00", "file+10 dispatch:W+10", "W",
         FILED + "Ddr So E", "wang:Rr lead:Ffg disp:DdNn"),
    Told("open, due in May", "wang", "30 20:00", "file+10 dispatch:W+10", "W",
         FILED + "Ddr", "wang:Rr lead:Ffg disp:DdNn", may="So E"),
    Told("due in April, done in May", "li", "28 09:00",
         "file+5 dispatch:W+5 feed+5760 send+5 check+5 close+5", "W",
         FILED + "Ddr Sh Ez", "li:Rr lead:Ffg disp:DdNn", 5760, may="Cc", posts_may="li:Kk acc:Ss lead:Cc"),
    Told("reworked by the same", "wang", "03 08:00",
         "file+10 dispatch:W+10 feed+300 send+5 rework+20 feed+200 send+5 check+10 close+5", "W",
         FILED + "Ddr Shi Cc Ezjw", "wang:RrKkKk acc:SsSs lead:FfgCc disp:DdNn", 500),
    Told("reworked, then sent back", "wang", "04 08:00",
         "file+10 dispatch:W+10 feed+300 send+5 rework+20 back+30 dispatch:R+10 feed+100 send+5 check+10 close+5", "R",
         FILED + "Dd Shi Cc Ezj", "wang:RrKkKk acc:SsSs lead:FfgCc disp:DdNDdNn", 430, beside="W:b"),
    Told("reworked, then given to another", "wang", "05 08:00",
         "file+10 dispatch:W+10 feed+300 send+5 rework+20 redispatch:R+30 feed+100 send+5 check+10 close+5", "R",
         FILED + "Dd Shi Cc Ezj", "wang:RrKkKk acc:SsSs lead:FfgCc disp:DdNNn", 430, beside="W:b"),
    # Nothing was handed over before the first closing, so what follows is no rework.
    Told("forced, reopened, given back", "wang", "05 09:00",
         "file+10 dispatch:W+10 force+200 not_fixed+10 reopen+10 rework/acc+10 feed+100 send+5 check+5 close+5", "W",
         FILED + "Ddr Shi Cc Ezjn A", "wang:RrKk acc:SsSs lead:FfgCc disp:DdNn", 300),
    Told("forced within the limit", "wang", "06 08:00", "file+10 dispatch:W+10 force+200", "W",
         FILED + "Ddr Ezf", "wang:Rr lead:Ffg disp:DdNn"),
    Told("forced after the limit", "wang", "06 09:00", "file+10 dispatch:W+10 force+2000", "W",
         FILED + "Ddr S Ezf", "wang:Rr lead:Ffg disp:DdNn"),
    Told("extended", "li", "07 08:00", "file+10 dispatch:R+10 ask_more+600 more+30 feed+1000" + END, "R",
         FILED + "Ddr Shix Cc Ezj", "li:RrKk " + CHAIN, 1630),
    # 120 minutes before and 1,000 after a wait of nearly five days: in time.
    Told("suspended", "li", "08 08:00", "file+10 dispatch:R+10 ask_wait:7+100 wait+20 resume+7000 feed+1000" + END, "R",
         FILED + "Ddr Shiu Cc Ezj", "li:RrKk " + CHAIN, 1120),
    Told("suspended into May", "li", "29 08:00",
         "file+10 dispatch:R+10 ask_wait:10+100 wait+20 resume+14400 feed+1000" + END, "R",
         FILED + "Ddr", "li:Rr lead:Ffg disp:DdNn", 1120, may="Shiu Cc Ezj", posts_may="li:Kk acc:Ss lead:Cc"),
    Told("with a co-department", "li", "09 08:00",
         "file+10 dispatch:W+10 add:R+10 part/R+300 feed+200" + END, "W",
         FILED + "Ddr Shi Cc Ezj", "li:RrKk " + CHAIN, 510, beside="R:ct"),
    Told("a late co-department", "li", "09 09:00",
         "file+10 dispatch:W+10 add:R+10 part/R+1500 feed+10" + END, "W",
         FILED + "Ddr Sh Cc Ez", "li:RrKk " + CHAIN, 1520, beside="R:c"),
    Told("second level", "wang", "10 08:00", "file+10 dispatch:W2+10 feed+300" + END, "W2",
         FILED + "Ddr Shi Cc Ezj", "wang:RrKk " + CHAIN, 300),
    Told("second level, overdue", "zhao", "10 10:00", "file+10 dispatch:W2+10", "W2",
         FILED + "Ddr So E", "zhao:Rr lead:Ffg disp:DdNn"),
    Told("late, appeal granted", "wang", "11 08:00",
         "file+10 dispatch:W+10 feed+1500 send+10 check+20 close+10 appeal+10 support+10 grant+10", "W",
         FILED + "Ddr e Cc", "wang:RrKk " + CHAIN),
    # Voided five minutes before dispatch was due: dispatch and disposal never were anybody's.
    Told("void after filing", "wang", "11 09:00", "file+10 ask_void+5 void+5", "",
         "qylkF-t", "wang:Rr lead:Ff"),
    Told("merged", "wang", "10 12:00", "merge:overdue+10", "", "qy", "wang:R acc:Aa"),
    Told("refused", "li", "12 10:00", "refuse+10", "", "qy", "li:R acc:Aa"),
    Told("put right on the spot", "li", "13 08:00", "self+5 archive+5", "", "qyl0", "li:Rr acc:Aa"),
    Told("by telephone: missed", "wang", "14 08:00",
         "send_v+10 verify+20 file+10 dispatch:R+10 feed+50" + END, "R",
         HOT + "Vv Ddr Shi Cc Ezj", "wang:VvKkm acc:AaSs lead:FfgCc disp:DdNn", 50, source="hotline"),
    Told("verified late", "li", "14 09:00",
         "send_v+10 verify+45 file+10 dispatch:R+10 feed+50" + END, "R",
         HOT + "V Ddr Shi Cc Ezj", "li:VKkm acc:AaSs lead:FfgCc disp:DdNn", 50, source="hotline"),
    Told("refused while verified in time", "zhao", "15 08:00", "send_v+5 refuse+10", "",
         "qpy", "acc:Aa", source="hotline"),
    Told("refused while verified too late", "zhao", "15 09:00", "send_v+5 refuse+60", "",
         "qpy V", "zhao:V acc:Aa", source="hotline"),
    # The last round counts for the case, both for the inspector; acceptance used 5 and 5 of its 15 minutes.
    Told("not confirmed at first", "zhao", "15 10:00",
         "send_v+5 no+40 send_v+5 verify+10 file+5 dispatch:W+5 feed+70" + END, "W",
         HOT + "Vv Ddr Shi Cc Ezj", "zhao:VVvKkm acc:AaAaSs lead:FfgCc disp:DdNn", 70, source="hotline"),
    Told("unclear, then dispatched late", "wang", "16 08:00",
         "file+10 unclear+5 file+5 dispatch:R+30 feed+100" + END, "R",
         FILED + "Dr Shi Cc Ezj", "wang:RrKk acc:Ss lead:FfFfgCc disp:DNn", 100),
    Told("filed late", "li", "17 08:00", "file+40 dispatch:R+10 feed+80" + END, "R",
         "qylkFg Ddr Shi Cc Ezj", "li:RrKk acc:Ss lead:FgCc disp:DdNn", 80),
    Told("dispatched late", "zhao", "17 09:00", "file+10 dispatch:W+20 feed+90" + END, "W",
         FILED + "Dr Shi Cc Ezj", "zhao:RrKk acc:Ss lead:FfgCc disp:DNn", 90),
    # The time back at the dispatcher is not the department's: 400 minutes used.
    Told("sent back, returned to the same", "zhao", "18 08:00",
         "file+10 dispatch:W+5 back+100 dispatch:W+600 feed+300" + END, "W",
         FILED + "Dd Shi Cc Ezj", "zhao:RrKk acc:Ss lead:FfgCc disp:DdNDNn", 400, beside="W:b"),
    Told("checked late", "wang", "18 09:00", "file+10 dispatch:R+10 feed+60 send+5 check+45 close+5", "R",
         FILED + "Ddr Shi C Ezj", "wang:RrK " + CHAIN, 60),
    Told("never checked", "zhao", "18 10:00", "file+10 dispatch:W+10 feed+100 send+5", "W",
         FILED + "Ddr Shi C", "zhao:RrK acc:Ss lead:Ffg disp:DdNn", 100),
    Told("reopened, then satisfied", "wang", "19 08:00",
         "file+10 dispatch:W+10 feed+100" + END + " not_fixed+1000 reopen+10 send+5 check+5 close+5 fixed+100", "W",
         FILED + "Ddr Shi Cc Ezjn As", "wang:RrKkKk acc:SsSs lead:FfgCcCc disp:DdNn", 100),
    Told("reported in March", "li", "00 23:55", "file+10 dispatch:R+10 feed+30" + END, "R",
         "ylkFgt Ddr Shi Cc Ezj", "li:RrKk " + CHAIN, 30),
    Told("filed in May", "wang", "30 23:50", "file+12 dispatch:R+10 feed+30" + END, "R",
         "q", "", 30, may="ylkFgt Ddr Shi Cc Ezj", posts_may="wang:RrKk " + CHAIN),
    Told("urged", "zhao", "20 08:00", "file+10 dispatch:W2+10 urge+100 feed+100" + END, "W2",
         FILED + "Ddr Shi Cc EzjU", "zhao:RrKk " + CHAIN, 200),
    Told("never dispatched", "zhao", "19 09:00", "file+10", "", FILED + "D So E", "zhao:Rr lead:Ffg"),
)
# fmt: on

BELOW = {"W": ("W", "W2"), "W2": ("W2",), "R": ("R",), "N": ("N",)}
PLACES_OF: dict[str, dict[str, tuple[str, ...]]] = {
    "district": {"150602": ("wang", "li", "zhao")},
    "street": {"150602001": ("wang", "li"), "150602002": ("zhao",)},
    "community": {"150602001001": ("wang", "li"), "150602002001": ("zhao",)},
    "unit_grid": {"150602001001000": ("wang",), "150602001001100": ("li",), "150602002001200": ("zhao",)},
}
LOGINS = {
    "collector": ("wang", "li", "zhao"),
    "acceptor": ("acc",),
    "shift_leader": ("lead",),
    "dispatcher": ("disp",),
}
BESIDE = {"c": "co_should", "t": "co_in_time", "b": "given_back"}


@pytest.fixture(scope="module")
def town(database: Engine) -> Iterator[Town]:
    """All cases taken through the service once; rolled back after the tests of this file."""
    with database.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            town = Town.build(session)
            known: dict[str, Case] = {}
            for told in CASES:
                day, clock = told.begins.split()
                hour, minute = map(int, clock.split(":"))
                begins = datetime(2024, 3, 31, hour, minute, tzinfo=get_settings().zone)
                at = begins + timedelta(days=int(day))
                case = town.report(told.place, at, told.source)
                known[told.name.split()[0]] = case
                town.tell(case, told.place, told.words, at, known)
            town.write_facts()
            yield town
        outer.rollback()


def counted(cases: list[tuple[Told, str]]) -> Counter[str]:
    """The counts that the letters of some cases make; disposal in seconds where it counts."""
    found: Counter[str] = Counter()
    for told, letters in cases:
        found.update(LETTERS[letter] for letter in letters if letter != " ")
        if "h" in letters:
            found["dispose_seconds"] += 60 * told.minutes
    return found


def of_month(told: Told, month: str) -> str:
    return {"2024-04": told.april, "2024-05": told.may}[month]


def duties(month: str, who: str) -> Counter[str]:
    """The counts that a person's letters make."""
    table = DUTIES.get(who, DUTIES["inspector"])
    found: Counter[str] = Counter()
    for told in CASES:
        posts = told.posts if month == "2024-04" else told.posts_may
        for part in posts.split():
            login, _colon, letters = part.partition(":")
            if login == who:
                found.update(table[letter] for letter in letters)
    found["report_or_missed"] = found["report"] + found["missed"]
    return found


def on_paper(kind: str, month: str) -> dict[str, Counter[str]]:
    """What each object of a kind counts in a month, by the table above."""
    told = [(case, of_month(case, month)) for case in CASES]
    if kind in LOGINS:
        return {login: duties(month, login) for login in LOGINS[kind]}
    if kind in PLACES_OF:
        return {
            code: counted([(case, letters) for case, letters in told if case.place in places])
            for code, places in PLACES_OF[kind].items()
        }
    found = {}
    for code, below in BELOW.items():
        found[code] = counted([(case, letters) for case, letters in told if case.has in below])
        for case in CASES if month == "2024-04" else ():
            department, _colon, letters = case.beside.partition(":")
            if department in below:
                found[code].update(BESIDE[letter] for letter in letters)
    return found


def told_figures(rows: list[Row]) -> dict[str, dict[str, tuple[int, int | None]]]:
    return {
        row.code: {code: (figure.numerator, figure.denominator) for code, figure in row.figures.items()}
        for row in rows
    }


@pytest.mark.parametrize("month", ["2024-04", "2024-05"])
@pytest.mark.parametrize("kind", OBJECT_KINDS)
def test_every_indicator_comes_out_as_on_paper(town: Town, kind: str, month: str) -> None:
    rows = figures(town.session, town.people["eva"], kind, parse_period(month), now=NOW)
    paper = on_paper(kind, month)
    found = told_figures(rows)
    if kind == "unit_grid":  # told only where cases are
        paper = {code: counts for code, counts in paper.items() if counts}
    assert found.keys() == paper.keys()
    for code, counts in paper.items():
        for row in indicators_of(kind):
            top, _slash, bottom = FORMULAS[row.code].partition("/")
            expected = (counts[top], counts[bottom] if bottom else None)
            assert found[code][row.code] == expected, (kind, code, row.code)


def test_the_paper_has_a_formula_for_every_indicator() -> None:
    assert FORMULAS.keys() == INDICATORS.keys()


# Added up by hand from the table above, a second time: department W with W2 below it, in April.
W_IN_APRIL = {
    "filed": (22, None), "disposal": (16, 19), "on_time_disposal": (13, 19), "overdue_pending": (2, 19),
    "closing": (16, 18), "closing_in_time": (11, 18), "rework": (1, 18), "reopening": (2, 18), "given_back": (3, None),
    "dispatch_in_time": (21, 22), "accurate_dispatch": (21, 22), "extension": (0, 19), "satisfaction": (1, 2),
    "public_report": (1, 22), "co_disposal_in_time": (0, 0),
}  # fmt: skip


def test_the_paper_adds_up(town: Town) -> None:
    rows = figures(town.session, town.people["eva"], "department", parse_period("2024-04"), now=NOW)
    water = told_figures(rows)["W"]
    assert {code: water[code] for code in W_IN_APRIL} == W_IN_APRIL


def test_no_cases_is_no_rate(town: Town) -> None:
    rows = figures(
        town.session, town.people["eva"], "department", parse_period("2024-04"), codes=["N"], now=NOW
    )
    values = rows[0].values()
    assert {code for code, value in values.items() if value is not None} == {
        "reported",
        "filed",
        "given_back",
    }
    assert not any(values.values())


def test_each_case_counts_in_one_month_and_months_add_up(town: Town) -> None:
    """March to May by three months is the quarter of them, for every count of the district."""
    counts = []
    for period in ("2024-03", "2024-04", "2024-05", "2024-03-01/2024-06-01"):
        (row,) = figures(town.session, town.people["eva"], "district", parse_period(period), now=NOW)
        counts.append(Counter(row.counts))
    assert counts[0] + counts[1] + counts[2] == counts[3]
    assert counts[3]["reported"] == len(CASES)


def test_before_its_limit_has_passed_nothing_is_overdue(town: Town) -> None:
    """Case "open, due in May" on the evening of April 30th and a minute after its limit."""
    for now, overdue in (
        (datetime(2024, 5, 1, 12, 19, tzinfo=UTC), 0),
        (datetime(2024, 5, 1, 12, 21, tzinfo=UTC), 1),
    ):
        (row,) = figures(
            town.session, town.people["eva"], "department", parse_period("2024-05"), codes=["W"], now=now
        )
        assert row.figures["overdue_pending"].numerator == overdue


def test_derived_anew_all_figures_are_the_same(town: Town) -> None:
    def all_figures() -> dict[str, dict[str, dict[str, tuple[int, int | None]]]]:
        return {
            f"{kind} {month}": told_figures(
                figures(town.session, town.people["eva"], kind, parse_period(month), now=NOW)
            )
            for kind in OBJECT_KINDS
            for month in ("2024-04", "2024-05")
        }

    before = all_figures()
    rebuild(town.session.connection())
    assert all_figures() == before
