"""Cases told in one line each and taken through the real service: ``file+10 dispatch:W+5 feed+600``.

A word is an action, what it needs after a colon, who takes it after a slash (else the one whose step it is),
and the minutes since the word before. A department accepts what it is given in the same minute, and disposes
in the minute it feeds back.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.case.intake import Report, report_case
from gis.case.models import Attachment, Case
from gis.case.record import Act
from gis.case.service import apply_action
from gis.people.models import Department, Person, Role
from tests import hand_made_city

# Metres from the corner of the hand-made city: one place in each duty grid, and the inspector who patrols it.
PLACES = {"wang": (50.0, 50.0), "li": (450.0, 50.0), "zhao": (850.0, 50.0)}
CLASS = "0102"  # 1 URGENT_DAY: 1,440 minutes of the clock from dispatch
LIMIT_MIN = 1440
WORD = re.compile(r"(\w+)(?::(\w+))?(?:/(\w+))?\+(\d+)")
# word → action, who takes it; "holder": the department that has the case, "inspector": who patrols the place
WORDS: dict[str, tuple[str, str]] = {
    "send_v": ("send_verification", "acc"), "verify": ("verify", "inspector"),
    "no": ("not_confirmed", "inspector"), "self": ("self_dispose", "inspector"),
    "archive": ("archive", "acc"), "refuse": ("refuse", "acc"), "merge": ("merge", "acc"),
    "file": ("file", "lead"), "not_file": ("not_file", "lead"), "dispatch": ("dispatch", "disp"),
    "redispatch": ("redispatch", "disp"), "unclear": ("send_back", "disp"),
    "add": ("add_department", "disp"), "part": ("part_done", "W"), "back": ("send_back", "holder"),
    "feed": ("feed_back", "holder"), "ask_more": ("ask_extension", "holder"),
    "more": ("grant_extension", "disp"), "ask_wait": ("ask_suspension", "holder"),
    "wait": ("grant_suspension", "disp"), "resume": ("resume", "holder"), "send": ("send_check", "acc"),
    "check": ("check", "inspector"), "rework": ("rework", "inspector"), "close": ("close", "lead"),
    "force": ("force_close", "lead"), "reopen": ("reopen", "lead"), "fixed": ("say_fixed", "acc"),
    "not_fixed": ("say_not_fixed", "acc"), "appeal": ("appeal", "holder"),
    "support": ("support_appeal", "disp"), "grant": ("grant_appeal", "acc"),
    "ask_void": ("ask_void", "acc"), "void": ("void", "lead"), "urge": ("urge", "disp"),
}  # fmt: skip
CENTRES = {"acc": Role.ACCEPTOR, "lead": Role.SHIFT_LEADER, "disp": Role.DISPATCHER, "eva": Role.EVALUATOR}


@dataclass
class Town:
    """The hand-made city and its people; departments W (W2 below it), R, and N that never gets a case."""

    session: Session
    people: dict[str, Person]

    @classmethod
    def build(cls, session: Session) -> "Town":
        hand_made_city.build(session)
        people = {}
        for login, duty in zip(PLACES, hand_made_city.DUTY_GRIDS, strict=True):
            people[login] = hand_made_city.person(session, login, duty)
        for login, role in CENTRES.items():
            people[login] = hand_made_city.person(session, login, role=role)
        water = hand_made_city.department(session, "W")
        for code, parent in (("W", None), ("W2", water), ("R", None), ("N", None)):
            of = water if code == "W" else hand_made_city.department(session, code, parent)
            people[code] = hand_made_city.person(session, f"of_{code}", role=Role.DEPARTMENT, of=of)
        return cls(session, people)

    def report(self, inspector: str, at: datetime, source: str | None = None) -> Case:
        """A report from an inspector's duty grid: his own, or one the acceptor takes in from a ``source``."""
        lon, lat = hand_made_city.lonlat(*PLACES[inspector])
        reporter = self.people["acc" if source else inspector]
        message = Report("event", CLASS, lon, lat, source=source)
        return report_case(self.session, reporter, message, at=at)[0]

    def tell(self, case: Case, inspector: str, words: str, at: datetime, others: dict[str, Case]) -> datetime:
        """Take a case through words; returns the moment of the last one."""
        for word in words.split():
            found = WORD.fullmatch(word)
            assert found, word
            name, what, who, minutes = found.groups()
            at += timedelta(minutes=int(minutes))
            self.take(case, inspector, name, what, who, at, others)
        return at

    def take(
        self,
        case: Case,
        inspector: str,
        name: str,
        what: str | None,
        who: str | None,
        at: datetime,
        others: dict[str, Case],
    ) -> None:
        action, by = WORDS[name]
        by = who or by
        if by == "holder":
            by = self.session.scalars(
                select(Department.code).where(Department.id == case.department_id)
            ).one()
        actor = self.people[inspector if by == "inspector" else by]
        act = Act(note="-")
        if action in ("dispatch", "redispatch", "add_department"):
            act = Act(note="-", department=what)
        elif action == "ask_suspension":
            act = Act(note="-", until=at + timedelta(days=int(what or 1)))
        elif action == "merge":
            act = Act(note="-", case=others[what or ""].case_no)
        elif action == "self_dispose":
            self.photo(case)
        if action == "feed_back":
            apply_action(self.session, case.case_no, "dispose", actor, at=at)
        apply_action(self.session, case.case_no, action, actor, act, at=at)
        if action in ("dispatch", "redispatch"):
            apply_action(self.session, case.case_no, "accept", self.people[what or ""], at=at)

    def write_facts(self) -> None:
        """What a commit would do: the tests' transaction is rolled back instead."""
        self.session.flush()
        self.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        self.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))

    def photo(self, case: Case) -> None:
        photo = insert(Attachment).values(
            case_id=case.id, stage="disposal", sha256="0" * 64, media_type="image/jpeg",
            size_bytes=1, width_px=1, height_px=1,
        )  # fmt: skip
        self.session.execute(photo.on_conflict_do_nothing())
