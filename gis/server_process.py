"""What a PostgreSQL server leaves for others to see: its process number and its log."""

import os
from pathlib import Path

from gis.errors import SetupError
from gis.i18n import _


def written_pid(data: Path) -> int | None:
    """The number in ``postmaster.pid``, be it of a living server or not.

    Raises
    ------
    SetupError
        The data directory is another user's.
    """
    try:
        return int((data / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
    except PermissionError as error:
        raise SetupError(
            _("The database in {place} belongs to another user; use the account that made it").format(
                place=data.parent
            )
        ) from error
    except (OSError, ValueError):
        return None


def server_pid(data: Path) -> int | None:
    """The process that serves a data directory; a number left by a crash may belong to anyone by now."""
    pid = written_pid(data)
    if pid is None:
        return None
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    return pid if words[0].endswith(b"postgres") and os.fsencode(data) in words else None


def drop_foreign_pid(data: Path) -> None:
    """Remove ``postmaster.pid`` where its number is now another program's: PostgreSQL would not start."""
    pid = written_pid(data)
    if pid is not None and Path(f"/proc/{pid}").exists() and server_pid(data) is None:
        (data / "postmaster.pid").unlink()


def tail(log: Path, begin: int) -> str:
    """What was written to a log from a byte on."""
    try:
        with log.open("rb") as file:
            file.seek(begin)
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def last_line(output: str) -> str:
    """The line that says why: the last FATAL or error one, else the last at all."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "rror:" in line]
    return (telling or lines or [_("it says nothing")])[-1]
