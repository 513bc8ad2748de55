"""Secrets of this installation: made at first use, kept in one file that only its owner can read."""

import fcntl
import json
import os
import secrets as random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis.errors import SetupError
from gis.i18n import _

FILE = "secrets.json"


def secret(name: str, home: Path | None = None) -> str:
    """The secret of that name, 256 random bits as URL-safe text; made when it is asked for the first time.

    Parameters
    ----------
    name
        What it is for: ``database``, ``token``.
    home
        The folder that keeps the file; the configured one when left out.

    Raises
    ------
    SetupError
        Others on this machine can read the file, or it cannot be read or written.
    """
    if home is None:
        from gis.settings import get_settings

        home = get_settings().home
    make_home(home)
    path = home / FILE
    try:
        with locked(home / f"{FILE}.lock"):
            known = _read(path)
            if name not in known:
                known[name] = random.token_urlsafe(32)
                write_private(path, json.dumps(known, indent=2))
            return known[name]
    except OSError as error:
        raise SetupError(
            _("The secrets in {path} cannot be used ({reason})").format(path=path, reason=error.strerror)
        ) from error


def make_home(home: Path) -> None:
    """Make the folder for secrets, cluster and attachments, closed to others.

    Root's folder may be passed through (not listed), because root's cluster runs as another user.

    Raises
    ------
    SetupError
        The folder cannot be made.
    """
    if home.is_dir():
        return
    try:
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise SetupError(
            _("The folder {path} cannot be made ({reason}); set CITYGRID_HOME to one that can").format(
                path=home, reason=error.strerror
            )
        ) from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file against all other processes; waits for its turn.

    Raises
    ------
    SetupError
        The folder cannot be written.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SetupError(
            _("The folder {path} cannot be written ({reason})").format(
                path=path.parent, reason=error.strerror
            )
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_private(path: Path, content: str) -> None:
    """Replace a file in one step by one of mode 0600: a reader sees the old or the new, never a half."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _read(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise SetupError(
                    _("Others on this machine can read {path}; run: chmod 600 {path}").format(path=path)
                )
            return dict(json.load(file))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SetupError(
            _("{path} is damaged; put back a copy of it, the database's password stands in it").format(
                path=path
            )
        ) from error
