"""Photos as phones make them, with what their cameras note."""

import hashlib
import io
from typing import Any

from fastapi.testclient import TestClient
from PIL import Image

from gis.case import pictures  # noqa: F401 - has Pillow know HEIC

ORIENTATION, MAKE, DATE_TIME = 0x0112, 0x010F, 0x0132
TAKEN, TAKEN_OFFSET = 0x9003, 0x9011
EXIF, GPS = 0x8769, 0x8825


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), colour: str = "orange", **options: Any
) -> bytes:
    """A picture of one colour; its upper left quarter is blue, so that one sees how it lies."""
    out = io.BytesIO()
    image = Image.new("RGB", size, colour)
    image.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    if kind == "HEIF" and "exif" in options:
        # As phones write it: turned by the container too, which its encoder reads here only.
        image.info["exif"] = options.pop("exif").tobytes()
    image.save(out, kind, **options)
    return out.getvalue()


def notes(
    taken: str | None = None,
    offset: str | None = None,
    place: dict[int, Any] | None = None,
    orientation: int | None = None,
) -> Image.Exif:
    """What a camera writes beside the picture."""
    exif = Image.Exif()
    exif[MAKE] = "maker of the phone"
    if orientation:
        exif[ORIENTATION] = orientation
    if taken is not None:
        exif.get_ifd(EXIF)[TAKEN] = taken
    if offset is not None:
        exif.get_ifd(EXIF)[TAKEN_OFFSET] = offset
    exif.get_ifd(GPS).update(place or {})
    return exif


def at_place(lon: float, lat: float) -> dict[int, Any]:
    """A place as a receiver notes it: degrees, minutes, seconds and the side of the earth."""
    return {
        1: "N" if lat >= 0 else "S", 2: _sexagesimal(abs(lat)),
        3: "E" if lon >= 0 else "W", 4: _sexagesimal(abs(lon)),
    }  # fmt: skip


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(round(degrees * 3600, 4), 60)
    whole, minutes = divmod(minutes, 60)
    return whole, minutes, seconds


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def send_photo(client: TestClient, number: str, content: bytes, **form: str) -> Any:
    """Add a photo to a case in one piece."""
    files = {"file": ("photo.jpg", content, "image/jpeg")}
    return client.post(f"/api/v1/cases/{number}/attachments", files=files, data=form)


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
