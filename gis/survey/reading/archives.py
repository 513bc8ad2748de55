"""ZIP files: checked before they are opened, unpacked into a folder of their own."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from gis.errors import InvalidInput, TooLarge
from gis.i18n import _
from gis.settings import get_settings

MOST_FILES = 2000
ENCRYPTED = 0x1
_UTF8_NAMES = 0x800


def check_archive(path: Path) -> zipfile.ZipFile:
    """Open a ZIP file whose parts together are no larger than a survey file may be.

    The sizes are those that the archive declares; a part that turns out longer ends there, as broken.

    Raises
    ------
    InvalidInput
        It is no ZIP file, is cut off, encrypted, or holds too many files.
    TooLarge
        It would unpack to more than the setting allows.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InvalidInput(
            _("{file} is broken: it was cut off, or is not what its name says; send it again").format(
                file=path.name
            )
        ) from error
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise InvalidInput(
            _("{file} holds {count} files; at most {most} are taken").format(
                file=path.name, count=len(entries), most=MOST_FILES
            )
        )
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise InvalidInput(_("{file} is protected by a password; take it away").format(file=path.name))
    most = get_settings().survey_file_bytes
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > most:
        raise TooLarge(
            _("{file} unpacks to {size:.0f} MB; at most {most:.0f} MB are taken; send it in parts").format(
                file=path.name, size=unpacked / 1e6, most=most / 1e6
            )
        )
    return archive


def unpack(path: Path, folder: Path) -> list[Path]:
    """Unpack the files of an archive into a folder; returns them. Names never lead out of it.

    Raises
    ------
    InvalidInput, TooLarge
        As :func:`check_archive`, or a part is broken.
    """
    files = []
    with check_archive(path) as archive:
        for entry, parts in _files(archive):
            target = folder.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with archive.open(entry) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy, 1 << 20)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
                raise InvalidInput(
                    _("{file} is broken at {part}; send it again").format(
                        file=path.name, part=PurePosixPath(*parts)
                    )
                ) from error
            files.append(target)
    return files


def _files(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, tuple[str, ...]]]:
    for entry in archive.infolist():
        name = entry.filename
        if not entry.flag_bits & _UTF8_NAMES:
            name = _chinese(name)
        parts = tuple(
            part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")
        )
        if not entry.is_dir() and parts and "__MACOSX" not in parts:
            yield entry, parts


def _chinese(name: str) -> str:
    """Names that Windows wrote in GBK, which zipfile takes for the letters of old DOS."""
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name
