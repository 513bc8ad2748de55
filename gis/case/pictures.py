"""A photo is read by what it contains, and written anew: upright, in sRGB, with nothing but its pixels.

Nothing here knows the database: decoding takes up to seconds, and no transaction may wait for it.
"""

import io
import os
import struct
import threading
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageFile, ImageOps
from pillow_heif import register_heif_opener

from gis.case.camera import CameraNotes, read_notes
from gis.errors import InvalidInput, TooLarge
from gis.i18n import _
from gis.settings import get_settings

# Format as Pillow names it: format and media type in which it is kept. HEIC is not shown by every browser.
KEPT_AS = {
    "JPEG": ("JPEG", "image/jpeg"),
    "MPO": ("JPEG", "image/jpeg"),  # a JPEG of a phone, with a second view or a depth map behind it
    "PNG": ("PNG", "image/png"),
    "WEBP": ("WEBP", "image/webp"),
    "HEIF": ("JPEG", "image/jpeg"),
}
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # Pillow opens MPO as JPEG
MOVING = ("PNG", "WEBP")  # may hold many pictures that are one film; the others hold views of one photo
MOST_PIXELS = 60_000_000
SIZES = {"thumb": 320, "screen": 1600}  # longest side, px
QUALITY = 90
SMALL_QUALITY = 82
SRGB = ImageCms.createProfile("sRGB")
# All that broken content was seen to raise in the decoders.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, RuntimeError)
BROKEN_TOO = (struct.error, zlib.error, Image.DecompressionBombError)

register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
# A decoded photo takes up to 500 MB for a moment: more at a time than there are processors helps nobody.
_decoders = threading.BoundedSemaphore(os.cpu_count() or 2)


@dataclass(frozen=True)
class Picture:
    """A photo as it is kept: its bytes, those of each small size, and what the camera had noted in it."""

    media_type: str
    width_px: int
    height_px: int
    content: bytes
    small: dict[str, bytes]
    notes: CameraNotes


def read_picture(content: bytes) -> Picture:
    """Check a photo and make what is kept of it.

    Raises
    ------
    InvalidInput
        It is not JPEG, PNG, WebP or HEIC, is broken, or moves.
    TooLarge
        More than :data:`MOST_PIXELS` pixels.
    """
    with _decoders:
        picture, found, notes = _decode(content)
        kind, media_type = KEPT_AS[found]
        if kind == "JPEG":
            picture = _on_white(picture)
        return Picture(media_type, *picture.size, _encode(picture, kind, QUALITY), _small(picture), notes)


def small_sizes(content: bytes) -> dict[str, bytes]:
    """The small sizes of a photo that is kept already, as JPEG; raises as :func:`read_picture` does."""
    with _decoders:
        return _small(_decode(content)[0])


def _decode(content: bytes) -> tuple[Image.Image, str, CameraNotes]:
    """The upright picture without notes, in RGB or RGBA; its format; the notes."""
    # One switch for the whole process: a library that draws PDF turns it on, and half a photo would be taken.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            found = opened.format or ""
            _check(opened, found)
            opened.load()
            notes = read_notes(opened, get_settings().zone)
            ImageOps.exif_transpose(opened, in_place=True)
            return _bare(opened), found, notes
    except (*BROKEN, *BROKEN_TOO) as error:
        raise _no_photo() from error


def _check(opened: Image.Image, found: str) -> None:
    """What the head of the file says, before its pixels are decoded."""
    if opened.width * opened.height > MOST_PIXELS:
        raise TooLarge(_("The photo has too many pixels; at most {most}").format(most=MOST_PIXELS))
    if found in MOVING and getattr(opened, "is_animated", False):
        raise InvalidInput(
            _("A moving picture is not taken; send a still photo"), errors=[{"pointer": "/file"}]
        )


def _no_photo() -> InvalidInput:
    return InvalidInput(
        _("This is not a photo we can read; send JPEG, PNG, WebP or HEIC"), errors=[{"pointer": "/file"}]
    )


def _bare(picture: Image.Image) -> Image.Image:
    """A picture of its own that carries pixels only: Pillow would write profile, comment and XMP again."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    plain = _in_srgb(picture, mode) or picture.convert(mode)
    bare = Image.new(mode, plain.size, None)  # not filled: every pixel is pasted over
    bare.paste(plain)
    return bare


def _in_srgb(picture: Image.Image, mode: str) -> Image.Image | None:
    """The colours of a wide-gamut phone as every screen shows them; ``None``: nothing to convert."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return None
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(given):
            return None
        return ImageCms.profileToProfile(picture, given, SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None  # a broken profile: the colours stay as they are


def _small(picture: Image.Image) -> dict[str, bytes]:
    """The picture in each of :data:`SIZES`, never larger than it is; as JPEG, the quickest to make."""
    small = {}
    for size, longest in sorted(SIZES.items(), key=lambda item: -item[1]):
        picture = _on_white(picture).copy()
        picture.thumbnail((longest, longest), reducing_gap=2.0)
        small[size] = _encode(picture, "JPEG", SMALL_QUALITY)
    return small


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _encode(picture: Image.Image, kind: str, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=quality)
    return out.getvalue()
