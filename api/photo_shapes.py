"""What goes out of photos: those of a case, and those on their way in."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from geoalchemy2.shape import to_shape
from pydantic import BaseModel, Field

from gis.case.models import Attachment
from gis.case.uploads import Progress
from gis.crs import to_lonlat
from gis.settings import get_settings

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class AttachmentOut(BaseModel):
    """附件: a photo, and where to get it."""

    sha256: str = Field(description="of the photo as it is kept")
    source_sha256: str | None = Field(description="of the bytes as they were sent")
    stage: str
    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    url: str
    screen_url: str = Field(description="longest side 1600 px, JPEG")
    thumb_url: str = Field(description="longest side 320 px, JPEG")
    taken_at: datetime | None = Field(description="by the camera's clock")
    taken_lon: float | None = Field(description="degrees, EPSG:4490, by the camera's receiver")
    taken_lat: float | None
    uploaded_at: datetime

    @classmethod
    def of(cls, case_no: str, attachment: Attachment) -> "AttachmentOut":
        zone = get_settings().zone
        url = photo_url(case_no, attachment.sha256)
        lon, lat = _lonlat(attachment)
        return cls(
            sha256=attachment.sha256,
            source_sha256=attachment.source_sha256,
            stage=attachment.stage,
            media_type=attachment.media_type,
            size_bytes=attachment.size_bytes,
            width_px=attachment.width_px,
            height_px=attachment.height_px,
            url=url,
            screen_url=f"{url}?size=screen",
            thumb_url=f"{url}?size=thumb",
            taken_at=attachment.taken_at.astimezone(zone) if attachment.taken_at else None,
            taken_lon=lon,
            taken_lat=lat,
            uploaded_at=attachment.uploaded_at.astimezone(zone),
        )


def photo_url(case_no: str, sha256: str) -> str:
    """The address of a photo; ``?size=thumb`` and ``?size=screen`` are its small sizes."""
    return f"/api/v1/cases/{case_no}/attachments/{sha256}"


def _lonlat(attachment: Attachment) -> tuple[float, float] | tuple[None, None]:
    if attachment.taken_place is None:
        return None, None
    easting, northing = to_shape(attachment.taken_place).coords[0][:2]
    lon, lat = to_lonlat(easting, northing)
    return round(lon, 7), round(lat, 7)


class UploadOut(BaseModel):
    """How far an upload is."""

    sha256: str
    size_bytes: int
    offset: int = Field(description="bytes that are here; go on from there")
    complete: bool

    @classmethod
    def of(cls, progress: Progress) -> "UploadOut":
        return cls(**asdict(progress))
