"""Where the bytes of photos lie: in the home folder, each named by the SHA-256 of what is kept."""

import hashlib
import os
import tempfile
from pathlib import Path

from gis.case.pictures import Picture, small_sizes
from gis.errors import NotFound
from gis.i18n import _
from gis.settings import get_settings


def path_of(sha256: str, size: str = "") -> Path:
    """The file of a photo, or of one of its small sizes beside it."""
    folder = get_settings().home / "attachments" / sha256[:2]
    return folder / (f"{sha256}.{size}.jpg" if size else sha256)


def store(picture: Picture) -> str:
    """Keep a picture and its small sizes; returns its name."""
    sha256 = hashlib.sha256(picture.content).hexdigest()
    _write(path_of(sha256), picture.content)
    for size, content in picture.small.items():
        _write(path_of(sha256, size), content)
    return sha256


def open_path(sha256: str, size: str = "") -> Path:
    """The file to be sent; small sizes that are missing are made again.

    Raises
    ------
    NotFound
        The file of the photo itself is lost.
    """
    path = path_of(sha256, size)
    if path.exists():
        return path
    try:
        content = path_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise NotFound(_("The file of this photo is lost")) from error
    for name, made in small_sizes(content).items():
        _write(path_of(sha256, name), made)
    return path


def _write(path: Path, content: bytes) -> None:
    """Write aside and rename: a crash leaves no half picture under a name that promises its content."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a loss of power, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
