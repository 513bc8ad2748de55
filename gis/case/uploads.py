"""断点续传: a photo on its way in is announced by hash and size, sent in pieces, and attached when whole."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from gis.case.models import Attachment, Upload
from gis.case.upload_bytes import Incoming, uploads_folder
from gis.errors import Conflict, InvalidInput, NotFound, TooLarge
from gis.i18n import N_, _
from gis.people.models import Person
from gis.settings import get_settings

MOST_ON_THE_WAY = 100  # of one person
KEPT_FOR = timedelta(days=7)


class TooManyUploads(Conflict):
    code = "too-many-uploads"
    title = N_("Too many photos are on their way")


@dataclass(frozen=True)
class Progress:
    """How far an upload is; ``offset`` bytes of ``size_bytes`` are here."""

    sha256: str
    size_bytes: int
    offset: int
    complete: bool


def start_upload(
    session: Session, actor: Person, sha256: str, size_bytes: int, file_name: str = ""
) -> tuple[Progress, bool]:
    """Announce a photo; returns how far it is and whether it is new. Announcing it again changes nothing.

    A photo that this person has brought to a case before is complete: its bytes need not come again.

    Raises
    ------
    InvalidInput, TooLarge
        No bytes, or more than one file may have.
    Conflict
        It was announced with another size; or too many of this person's are on their way.
    """
    if size_bytes <= 0:
        raise InvalidInput(_("The file is empty"), errors=[{"pointer": "/size_bytes"}])
    most = get_settings().max_upload_bytes
    if size_bytes > most:
        raise TooLarge(_("At most {most} bytes are taken here").format(most=most))
    if is_attached(session, actor, sha256):
        return Progress(sha256, size_bytes, size_bytes, True), False
    # One at a time for each person: two tabs together would pass the limit that each keeps.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"upload:{actor.id}", 0))))
    known = session.get(Upload, (actor.id, sha256))
    if known is not None:
        if known.size_bytes != size_bytes:
            raise Conflict(_("This upload was announced with {size} bytes").format(size=known.size_bytes))
        return progress(known), False
    count = session.scalar(select(func.count()).where(Upload.person_id == actor.id)) or 0
    if count >= MOST_ON_THE_WAY:
        raise TooManyUploads(
            _("{most} photos of yours wait to be completed and attached").format(most=MOST_ON_THE_WAY)
        )
    upload = Upload(person_id=actor.id, sha256=sha256, size_bytes=size_bytes, file_name=file_name[:200])
    session.add(upload)
    session.flush()
    return progress(upload), True


def is_attached(session: Session, actor: Person, sha256: str) -> bool:
    """Whether this person has brought these very bytes to any case."""
    brought = Attachment.source_sha256 == sha256, Attachment.uploaded_by == actor.id
    return session.scalar(select(Attachment.id).where(*brought).limit(1)) is not None


def find_upload(session: Session, actor: Person, sha256: str) -> Upload:
    """An upload of this person; others' are not there. Raises NotFound."""
    found = session.get(Upload, (actor.id, sha256))
    if found is None:
        raise NotFound(_("No such upload of yours; announce it first"))
    return found


def incoming(upload: Upload) -> Incoming:
    """Its bytes on disk."""
    return Incoming(upload.person_id, upload.sha256, upload.size_bytes)


def progress(upload: Upload) -> Progress:
    """How far it is, by what lies on the disk."""
    held = incoming(upload)
    return Progress(upload.sha256, upload.size_bytes, held.offset, held.is_complete)


def note_complete(session: Session, held: Incoming) -> None:
    """Record when an upload became whole; later calls change nothing."""
    session.execute(
        update(Upload)
        .where(
            Upload.person_id == held.person_id,
            Upload.sha256 == held.sha256,
            Upload.complete_at.is_(None),
        )
        .values(complete_at=func.now())
    )


def drop_upload(session: Session, actor: Person, sha256: str) -> bool:
    """Forget an upload of this person, bytes included; returns whether there was one."""
    upload = session.get(Upload, (actor.id, sha256))
    if upload is None:
        return False
    session.delete(upload)
    session.flush()
    incoming(upload).drop()
    return True


def sweep_uploads(session: Session, now: datetime | None = None) -> int:
    """Delete uploads that were begun a week ago and never attached, bytes included; returns how many.

    Bytes that no record names (a crash came between the two) go when they are as old.
    """
    before = (now or datetime.now(UTC)) - KEPT_FOR
    gone = session.scalars(delete(Upload).where(Upload.started_at < before).returning(Upload)).all()
    for upload in gone:
        incoming(upload).drop()
    _sweep_files(before)
    return len(gone)


def _sweep_files(before: datetime) -> None:
    for path in uploads_folder().glob("*/*"):
        # Suppressed by missing_ok: its sender may complete or drop it at this moment.
        if path.exists() and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
