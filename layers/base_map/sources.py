"""What every base map can do, wherever its tiles come from; how a picture is known by its first bytes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Box = tuple[float, float, float, float]


class Kind(StrEnum):
    """Whether tiles are pictures or shapes."""

    RASTER = "raster"
    VECTOR = "vector"


@dataclass(frozen=True)
class About:
    """What a source tells of itself. ``bounds``: west, south, east, north, degrees; None: the whole world.

    ``layers`` are the names of the layers in vector tiles; ``tile_px`` the side of a picture.
    """

    kind: Kind = Kind.RASTER
    title: str = ""
    attribution: str = ""
    min_zoom: int = 0
    max_zoom: int = 18
    bounds: Box | None = None
    layers: tuple[str, ...] = ()
    tile_px: int = 256


class Source(Protocol):
    """Where tiles come from."""

    @property
    def about(self) -> About:
        """What is known of the tiles."""

    def read(self, z: int, x: int, y: int) -> bytes | None:
        """One tile, north-west first; None where there is none.

        Raises
        ------
        UpstreamFailed
            The tile cannot be had now.
        """


def media_type(content: bytes) -> str | None:
    """The kind of picture by its signature; None for anything that is no PNG, JPEG or WebP."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None
