"""附件: the photos of a case, at each stage of its life.

A photo is stored in three steps, so that no transaction waits while it is decoded: :func:`find_sent` asks
whether the case takes it and does not have it, :func:`keep_photo` reads and stores it without a session,
:func:`attach_photo` makes it one of the case's.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from gis.case.camera import CameraNotes
from gis.case.models import Attachment, Case
from gis.case.photo_files import store
from gis.case.pictures import read_picture
from gis.case.queries import get_case
from gis.crs import bounds_in_city, to_city
from gis.errors import Conflict, InvalidInput, NotFound
from gis.i18n import _
from gis.people.models import Person
from gis.settings import CITY_SRID

STAGES = ("report", "verification", "disposal", "inspection")
MOST_OF_A_CASE = 200
NEAR_DEGREES = 1e-6  # half of the box by which a place is asked whether the city's projection reaches it
WGS84 = 4326  # what satellite receivers speak


@dataclass(frozen=True)
class KeptPhoto:
    """A photo that is stored, and not (yet) of the case that is meant; fields as in :class:`Attachment`."""

    file_name: str
    source_sha256: str
    sha256: str
    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    taken_at: datetime | None
    taken_place: WKBElement | None


COLUMNS = tuple(field.name for field in fields(KeptPhoto))


def find_sent(
    session: Session, actor: Person, case_no: str, stage: str, source_sha256: str
) -> Attachment | None:
    """The photo of the case that was made of these very bytes, if it has one.

    Raises
    ------
    NotFound, InvalidInput, Conflict
        No such case, an unknown stage, or the case has :data:`MOST_OF_A_CASE` photos.
    """
    case = get_case(session, actor, case_no)
    if stage not in STAGES:
        raise InvalidInput(
            _("Unknown stage {stage}; known: {known}").format(stage=stage, known=", ".join(STAGES)),
            errors=[{"pointer": "/stage"}],
        )
    found = session.scalar(
        select(Attachment)
        .where(Attachment.case_id == case.id, Attachment.source_sha256 == source_sha256)
        .limit(1)
    )
    if found is None:
        _check_room(session, case)
    return found


def _check_room(session: Session, case: Case) -> None:
    count = session.scalar(select(func.count()).where(Attachment.case_id == case.id)) or 0
    if count >= MOST_OF_A_CASE:
        raise Conflict(_("The case has {most} photos; it takes no more").format(most=MOST_OF_A_CASE))


def keep_photo(content: bytes, file_name: str = "") -> KeptPhoto:
    """Read, clean and store a photo, its small sizes beside it. Needs no session, and should hold none.

    Raises
    ------
    InvalidInput, TooLarge
        Not a picture we take; too many pixels.
    """
    picture = read_picture(content)
    return KeptPhoto(
        file_name=file_name[:200],
        source_sha256=hashlib.sha256(content).hexdigest(),
        sha256=store(picture),
        media_type=picture.media_type,
        size_bytes=len(picture.content),
        width_px=picture.width_px,
        height_px=picture.height_px,
        taken_at=picture.notes.taken_at,
        taken_place=_in_city(picture.notes),
    )


def _in_city(notes: CameraNotes) -> WKBElement | None:
    """The camera's place in the city's CRS; none where the projection does not reach."""
    lon, lat = notes.lon, notes.lat
    if lon is None or lat is None:
        return None
    around = (lon - NEAR_DEGREES, lat - NEAR_DEGREES, lon + NEAR_DEGREES, lat + NEAR_DEGREES)
    if bounds_in_city(*around) is None:
        return None
    return from_shape(Point(to_city(lon, lat, WGS84)), srid=CITY_SRID)


def kept_before(session: Session, actor: Person, source_sha256: str) -> KeptPhoto | None:
    """What was kept of these bytes when this person brought them to another case."""
    found = session.scalar(
        select(Attachment)
        .where(Attachment.source_sha256 == source_sha256, Attachment.uploaded_by == actor.id)
        .order_by(Attachment.id)
        .limit(1)
    )
    if found is None:
        return None
    return KeptPhoto(**{name: getattr(found, name) for name in COLUMNS})


def attach_photo(
    session: Session, actor: Person, case_no: str, stage: str, photo: KeptPhoto
) -> tuple[Attachment, bool]:
    """Make a stored photo one of the case's; returns it and whether it is new to the case.

    The same picture twice is one photo, also when both are sent at the same moment.

    Raises
    ------
    NotFound
        The case is not there (any more) for this person.
    """
    case = get_case(session, actor, case_no)
    values = {
        "case_id": case.id,
        "stage": stage,
        "uploaded_by": actor.id,
        **{name: getattr(photo, name) for name in COLUMNS},
    }
    statement = insert(Attachment).on_conflict_do_nothing(index_elements=["case_id", "sha256"])
    is_new = session.scalar(statement.returning(Attachment.id), values) is not None
    return _of_case(session, case, photo.sha256, case_no), is_new


def find_attachment(session: Session, actor: Person, case_no: str, sha256: str) -> Attachment:
    """A photo that a case shows to this person; raises NotFound."""
    return _of_case(session, get_case(session, actor, case_no), sha256, case_no)


def _of_case(session: Session, case: Case, sha256: str, case_no: str) -> Attachment:
    found = session.scalar(
        select(Attachment)
        .where(Attachment.case_id.in_(with_merged(case.id)), Attachment.sha256 == sha256)
        .order_by(Attachment.case_id != case.id, Attachment.id)
        .limit(1)
    )
    if found is None:
        raise NotFound(_("Case {case_no} has no such photo").format(case_no=case_no))
    return found


def case_photos(session: Session, case_id: int, limit: int = 1000) -> Sequence[Attachment]:
    """Photos of a case and of the cases that were merged into it, oldest first."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.case_id.in_(with_merged(case_id)))
        .order_by(Attachment.id)
        .limit(limit)
    ).all()


def with_merged(case_id: int) -> Select[int]:
    """Ids of a case and of all that were merged into it, or into those."""
    tree = select(Case.id).where(Case.id == case_id).cte("merged", recursive=True)
    other = aliased(Case)
    tree = tree.union(select(other.id).join(tree, other.merged_into_id == tree.c.id))
    return select(tree.c.id)


def has_photo(session: Session, case_id: int, stage: str, since: datetime | None = None) -> bool:
    """Whether the case has a photo of the stage, added at ``since`` or later where that is given."""
    wanted = [Attachment.case_id == case_id, Attachment.stage == stage]
    if since is not None:
        wanted.append(Attachment.uploaded_at >= since)
    return bool(session.scalar(select(exists().where(*wanted))))
