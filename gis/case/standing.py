"""How a case stands for a person: what the workflow table asks, read from the case's own row."""

from datetime import datetime

from gis.case.models import Case
from gis.case.states import CaseState
from gis.case.workflow import Pending, Proof, Standing
from gis.people.models import Person


def standing_of(case: Case, person: Person | None, now: datetime) -> Standing:
    """The case as the table asks for it; ``person`` is who would act, ``None`` the service itself."""
    return Standing(
        state=case.state,
        source=case.source,
        pending=Pending(case.pending) if case.pending else None,
        proofs=frozenset(_proofs(case, person, now)),
    )


def _proofs(case: Case, person: Person | None, now: datetime) -> list[Proof]:
    held = {
        Proof.IN_TIME: case.due_at is None or now <= case.due_at,
        Proof.CLOSED_LATE: is_late(case) and case.state is CaseState.CLOSED and not case.appealed,
        Proof.SAID_NOT_FIXED: case.said == "not_fixed",
        Proof.OWN_REPORT: person is not None and case.reporter_id == person.id,
        Proof.PARTS_DONE: case.open_parts == 0,
        Proof.WAITS_FOR_PARTS: case.open_parts > 0,
        Proof.HAS_PARENT: case.parent_id is not None,
    }
    return [proof for proof, holds in held.items() if holds]


def is_late(case: Case) -> bool:
    """Whether disposal was handed over after its limit: a fact that no appeal takes away."""
    return case.disposed_at is not None and case.due_at is not None and case.disposed_at > case.due_at
