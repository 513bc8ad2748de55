"""The files of imports below the service's home: received, found again by the job, removed at the end."""

import hashlib
import os
import shutil
import time
import uuid
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from gis.errors import InvalidInput, NotFound
from gis.i18n import _
from gis.settings import get_settings
from gis.survey.models import SurveyImport

MOST_FILES = 200
LONGEST_NAME = 120
LEFT_BEHIND_S = 24 * 3600  # what a broken request has left is removed after this
_INCOMING = "incoming-"


@dataclass(frozen=True)
class Received:
    """A file that has arrived whole; ``path`` within its folder."""

    name: str
    sha256: str
    size_bytes: int


class IncomingFile:
    """A file being written as its bytes arrive."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._file = path.open("xb")
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, block: bytes) -> None:
        self._file.write(block)
        self._hash.update(block)
        self._size += len(block)

    def finish(self) -> Received:
        """What arrived; on disk for good."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Received(self.name, self._hash.hexdigest(), self._size)

    def close(self) -> None:
        self._file.close()


def imports_folder() -> Path:
    """Where the files of imports lie, a folder for each."""
    return get_settings().home / "imports"


def new_folder() -> Path:
    """A folder for files that belong to no import yet."""
    folder = imports_folder() / f"{_INCOMING}{uuid.uuid4().hex}"
    folder.mkdir(parents=True, mode=0o700)
    return folder


def open_file(folder: Path, name: str) -> IncomingFile:
    """A new file of a folder, called as its sender calls it, without what leads out of the folder.

    The name is kept, because parts of one layer (``.shp``, ``.dbf``) find each other by it.

    Raises
    ------
    InvalidInput
        The name is empty or too long, occurs twice, or there are too many files.
    """
    plain = PureWindowsPath(PurePosixPath(name.replace("\x00", "")).name).name.strip()
    if plain in ("", ".", "..") or len(plain) > LONGEST_NAME or len(plain.encode()) > 250:
        raise InvalidInput(_("A file needs a name of at most {most} letters").format(most=LONGEST_NAME))
    if len(list(folder.iterdir())) >= MOST_FILES:
        raise InvalidInput(_("At most {most} files are taken at once").format(most=MOST_FILES))
    try:
        return IncomingFile(folder / plain)
    except FileExistsError as error:
        raise InvalidInput(_("Two files are called {name}").format(name=plain)) from error


def adopt(folder: Path, files: list[Received], import_id: int) -> list[dict[str, Any]]:
    """Give a folder of received files to an import; returns them as ``survey_import.files`` keeps them."""
    # Numbers begin anew with a database, and a folder of the one before may still be there.
    target = imports_folder() / f"{import_id}-{uuid.uuid4().hex[:8]}"
    folder.rename(target)
    return [
        {"name": file.name, "sha256": file.sha256, "size_bytes": file.size_bytes,
         "path": f"imports/{target.name}/{file.name}"}
        for file in files
    ]  # fmt: skip


def paths_of(import_: SurveyImport) -> list[Path]:
    """Where the files of an import lie.

    Raises
    ------
    NotFound
        They are not there: another machine's, or removed.
    """
    home = get_settings().home
    paths = [Path(file["path"]) for file in import_.files]
    paths = [path if path.is_absolute() else home / path for path in paths]
    missing = [path.name for path in paths if not path.is_file()]
    if missing or not paths:
        names = ", ".join(missing)
        raise NotFound(_("The files of the import are not here any more: {names}").format(names=names))
    return paths


def remove_files(import_: SurveyImport) -> None:
    """Remove the files of an import that were sent here; what a command read where it lay stays there."""
    for folder in {(get_settings().home / file["path"]).parent for file in import_.files}:
        if folder.parent == imports_folder():
            shutil.rmtree(folder, ignore_errors=True)


def remove_left_behind() -> None:
    """Remove folders of requests that broke off."""
    for folder in imports_folder().glob(f"{_INCOMING}*"):
        if folder.stat().st_mtime < time.time() - LEFT_BEHIND_S:
            shutil.rmtree(folder, ignore_errors=True)
