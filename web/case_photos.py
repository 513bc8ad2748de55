"""The photos of a case as its page shows them: by stage, each with words for who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from geoalchemy2.shape import to_shape

from api.photo_shapes import photo_url
from gis.case.attachments import STAGES
from gis.case.models import Attachment, Case
from gis.case.states import CaseState
from gis.i18n import _
from gis.people.models import Role
from gis.settings import get_settings
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
    """One photo; ``width_px`` and ``height_px`` keep its place on the page before it has come.

    ``thumb``, ``screen`` and ``original`` are its addresses by size; ``caption`` tells when and where it was
    taken, as far as the camera noted it.
    """

    sha256: str
    original: str
    screen: str
    thumb: str
    alt: str
    caption: str
    width_px: int
    height_px: int


def photo_groups(case: Case, photos: Sequence[Attachment]) -> list[tuple[str, list[ShownPhoto]]]:
    """The title of each stage that has photos, in the order of the case's life, with its photos."""
    groups = []
    for stage in STAGES:
        title = _(STAGE_TITLES[stage])
        shown = [
            _shown(case, photo, _("{stage}: photo {n}").format(stage=title, n=number))
            for number, photo in enumerate((one for one in photos if one.stage == stage), start=1)
        ]
        if shown:
            groups.append((title, shown))
    return groups


def _shown(case: Case, photo: Attachment, alt: str) -> ShownPhoto:
    url = photo_url(case.case_no, photo.sha256)
    return ShownPhoto(
        sha256=photo.sha256,
        original=url,
        screen=f"{url}?size=screen",
        thumb=f"{url}?size=thumb",
        alt=alt,
        caption=_caption(case, photo),
        width_px=photo.width_px,
        height_px=photo.height_px,
    )


def _caption(case: Case, photo: Attachment) -> str:
    """Line by line: a photo taken elsewhere, or long ago, shows another thing than the case tells."""
    told = []
    if photo.taken_at is not None:
        at = photo.taken_at.astimezone(get_settings().zone)
        told.append(_("Taken at {time}").format(time=f"{at:%Y-%m-%d %H:%M}"))
    if photo.taken_place is not None:
        metres = to_shape(photo.taken_place).distance(to_shape(case.location))
        told.append(_("{n} m from the place of the case").format(n=f"{metres:,.0f}"))
    return "\n".join(told)


def usual_stage(role: Role, state: CaseState) -> str:
    """The stage offered first to a person who adds a photo: a department shows its own work."""
    return "disposal" if role is Role.DEPARTMENT else STAGE_AT.get(state, "report")
