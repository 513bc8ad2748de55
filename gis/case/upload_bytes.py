"""The bytes of an upload on disk: written in order, whoever sends them, and believed only by their hash.

The file tells how much has arrived, so that no transaction is needed for each piece of it.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from gis.case.photo_files import sync_folder
from gis.errors import Conflict, InvalidInput
from gis.i18n import N_, _
from gis.settings import get_settings

PART = ".part"


class WrongOffset(Conflict):
    """``offset`` says where to go on, ``complete`` that there is nothing left to send."""

    code = "wrong-offset"
    title = N_("The upload stands elsewhere; go on from there")


class WrongHash(InvalidInput):
    """The bytes were dropped; ``offset`` is 0 again."""

    code = "wrong-hash"
    title = N_("The bytes that arrived are not those that were announced")


def uploads_folder() -> Path:
    """Where uploads on their way in lie, a folder for each sender."""
    return get_settings().home / "uploads"


@dataclass(frozen=True)
class Incoming:
    """The bytes of one upload of one sender; ``sha256`` and ``size_bytes`` as announced."""

    person_id: int
    sha256: str
    size_bytes: int

    @property
    def whole(self) -> Path:
        """The file once it is complete and its hash is right."""
        return uploads_folder() / str(self.person_id) / self.sha256

    @property
    def part(self) -> Path:
        """The file while bytes are missing."""
        return self.whole.with_name(self.sha256 + PART)

    @property
    def is_complete(self) -> bool:
        return self.whole.exists()

    @property
    def offset(self) -> int:
        """How many bytes have arrived."""
        if self.is_complete:
            return self.size_bytes
        try:
            return self.part.stat().st_size
        except FileNotFoundError:
            return 0

    def expect(self, at: int) -> None:
        """Check that a sender goes on where the upload stands; raises WrongOffset."""
        if at != self.offset:
            raise self._elsewhere()

    def write(self, at: int, block: bytes) -> None:
        """Put a block at its place. What another sender has brought already is not written again.

        Raises
        ------
        WrongOffset
            The upload is shorter than ``at``: it was dropped meanwhile.
        InvalidInput
            More bytes than were announced; none of the block is written.
        """
        if at + len(block) > self.size_bytes:
            raise InvalidInput(
                _("More bytes were sent than announced: {size}").format(size=self.size_bytes),
                offset=self.offset,
            )
        if self.is_complete:
            return
        with self._locked(make=at == 0) as file:
            held = os.fstat(file.fileno()).st_size if file else 0
            if file is None or held < at:
                raise self._elsewhere()
            file.seek(held)
            rest = memoryview(block)[held - at :]
            while rest:
                rest = rest[file.write(rest) :]

    def finish(self) -> bool:
        """Whether all has arrived; then it is on the disk for good, and its hash is right.

        Raises
        ------
        WrongHash
            All has arrived and is something else; it was dropped.
        """
        with self._locked(make=False) as file:
            if file is None:
                return self.is_complete
            if os.fstat(file.fileno()).st_size < self.size_bytes:
                return False
            os.fsync(file.fileno())
            if hashlib.file_digest(file, "sha256").hexdigest() != self.sha256:
                self.part.unlink()
                raise WrongHash(
                    _("The hash of the bytes is another one; they were dropped, send them anew"), offset=0
                )
            os.replace(self.part, self.whole)
        sync_folder(self.whole.parent)
        return True

    def read(self) -> bytes:
        """All bytes; raises WrongOffset while some are missing."""
        try:
            return self.whole.read_bytes()
        except FileNotFoundError as error:
            raise self._elsewhere() from error

    def drop(self) -> None:
        """Forget what has arrived."""
        for path in (self.part, self.whole):
            path.unlink(missing_ok=True)

    def _elsewhere(self) -> WrongOffset:
        offset = self.offset
        return WrongOffset(
            _("{offset} of {size} bytes have arrived").format(offset=offset, size=self.size_bytes),
            offset=offset,
            complete=self.is_complete,
        )

    @contextmanager
    def _locked(self, make: bool) -> Iterator[FileIO | None]:
        """The growing file, for this sender alone; ``None`` when there is none (any more)."""
        if make:
            self.part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_RDWR | (os.O_CREAT if make else 0)
        while True:
            try:
                handle = os.open(self.part, flags, 0o600)
            except FileNotFoundError:
                yield None
                return
            with FileIO(handle, "r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                # Whoever held the lock before may have renamed or dropped the file that was opened.
                if self.part.exists() and os.path.samestat(os.fstat(handle), self.part.stat()):
                    yield file
                    return
