"""附件: photos of a case, checked by what they contain and stored under the hash of what is kept."""

import hashlib
import io
import os
import tempfile
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.case.models import Attachment
from gis.case.queries import get_case
from gis.errors import InvalidInput, NotFound, TooLarge
from gis.i18n import _
from gis.people.models import Person
from gis.settings import get_settings

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
STAGES = ("report", "verification", "disposal", "inspection")
MOST_PIXELS = 60_000_000


def add_attachment(
    session: Session, actor: Person, case_no: str, content: bytes, stage: str, file_name: str = ""
) -> tuple[Attachment, bool]:
    """Store a photo of a case; returns it and whether it is new. The same picture twice is stored once.

    The picture is written anew: turned upright, without EXIF, so that no phone's serial number or hidden
    place stays in it.

    Raises
    ------
    InvalidInput, TooLarge, NotFound
        Not a picture we take, an unknown stage, too many pixels, no such case.
    """
    case = get_case(session, actor, case_no)
    if stage not in STAGES:
        raise InvalidInput(
            _("Unknown stage {stage}; known: {known}").format(stage=stage, known=", ".join(STAGES)),
            errors=[{"pointer": "/stage"}],
        )
    kept, media_type, size = clean_picture(content)
    sha256 = hashlib.sha256(kept).hexdigest()
    _write(path_of(sha256), kept)
    values = {
        "case_id": case.id,
        "stage": stage,
        "sha256": sha256,
        "media_type": media_type,
        "size_bytes": len(kept),
        "width_px": size[0],
        "height_px": size[1],
        "file_name": file_name[:200],
        "uploaded_by": actor.id,
    }
    statement = insert(Attachment).on_conflict_do_nothing(index_elements=["case_id", "sha256"])
    is_new = session.scalar(statement.returning(Attachment.id), values) is not None
    return find_attachment(session, actor, case_no, sha256), is_new


def find_attachment(session: Session, actor: Person, case_no: str, sha256: str) -> Attachment:
    """A photo of a case the person may see; raises NotFound."""
    case = get_case(session, actor, case_no)
    found = session.scalar(
        select(Attachment).where(Attachment.case_id == case.id, Attachment.sha256 == sha256)
    )
    if found is None:
        raise NotFound(_("Case {case_no} has no such photo").format(case_no=case_no))
    return found


def has_photo(session: Session, case_id: int, stage: str, since: datetime | None = None) -> bool:
    """Whether the case has a photo of the stage, added at ``since`` or later where that is given."""
    wanted = [Attachment.case_id == case_id, Attachment.stage == stage]
    if since is not None:
        wanted.append(Attachment.uploaded_at >= since)
    return bool(session.scalar(select(exists().where(*wanted))))


def clean_picture(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """The picture without anything but its pixels; its media type; width and height in pixels."""
    try:
        with Image.open(io.BytesIO(content), formats=list(MEDIA_TYPES)) as picture:
            kind = picture.format or ""
            if picture.width * picture.height > MOST_PIXELS:
                raise TooLarge(_("The photo has too many pixels; at most {most}").format(most=MOST_PIXELS))
            upright = ImageOps.exif_transpose(picture)
            upright.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidInput(
            _("This is not a photo we can read; send JPEG, PNG or WebP"), errors=[{"pointer": "/file"}]
        ) from error
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    if upright.mode == "P" and (palette := upright.getpalette()):
        bare.putpalette(palette)
    out = io.BytesIO()
    bare.save(out, kind, quality=90)
    return out.getvalue(), MEDIA_TYPES[kind], bare.size


def path_of(sha256: str) -> Path:
    """Where the bytes of a photo lie."""
    return get_settings().home / "attachments" / sha256[:2] / sha256


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written aside and renamed: a crash leaves no half picture under a name that promises its content.
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)
