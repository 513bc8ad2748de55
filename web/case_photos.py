"""The photos of a case as its page shows them: by stage, each with words for who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from gis.case.attachments import STAGES
from gis.case.models import Attachment
from gis.case.states import CaseState
from gis.i18n import _
from gis.people.models import Role
from web.words import STAGE_TITLES

# What a photo taken in a state most likely shows; the person may say otherwise.
STAGE_AT = {
    CaseState.VERIFYING: "verification",
    CaseState.VERIFIED: "verification",
    CaseState.FED_BACK: "inspection",
    CaseState.CHECKING: "inspection",
    CaseState.CHECKED: "inspection",
    CaseState.CLOSED: "inspection",
}


@dataclass(frozen=True)
class ShownPhoto:
    """One photo; ``width_px`` and ``height_px`` keep its place on the page before it has come."""

    sha256: str
    address: str
    alt: str
    width_px: int
    height_px: int


def photo_groups(case_no: str, photos: Sequence[Attachment]) -> list[tuple[str, list[ShownPhoto]]]:
    """The title of each stage that has photos, in the order of the case's life, with its photos."""
    groups = []
    for stage in STAGES:
        title = _(STAGE_TITLES[stage])
        shown = [
            ShownPhoto(
                sha256=photo.sha256,
                address=f"/api/v1/cases/{case_no}/attachments/{photo.sha256}",
                alt=_("{stage}: photo {n}").format(stage=title, n=number),
                width_px=photo.width_px,
                height_px=photo.height_px,
            )
            for number, photo in enumerate((one for one in photos if one.stage == stage), start=1)
        ]
        if shown:
            groups.append((title, shown))
    return groups


def usual_stage(role: Role, state: CaseState) -> str:
    """The stage offered first to a person who adds a photo: a department shows its own work."""
    return "disposal" if role is Role.DEPARTMENT else STAGE_AT.get(state, "report")
