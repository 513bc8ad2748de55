"""The running service, known by a file that holds its process number."""

import os
import signal
import time
from pathlib import Path

from gis.errors import SetupError
from gis.i18n import _

FILE = "service.pid"
STOP_SECONDS = 20


def service_pid(home: Path) -> int | None:
    """The process that serves this home; None where a crash left a number that is nobody's or another's."""
    try:
        pid = int((home / FILE).read_text("ascii"))
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    is_ours = b"serve" in words and any(word.endswith(b"citygrid") for word in words)
    return pid if is_ours else None


def stop_service(home: Path) -> bool:
    """Ask the service to end and wait until it has; False when it did not run.

    Raises
    ------
    SetupError
        It belongs to another user, or does not end.
    """
    pid = service_pid(home)
    if pid is None:
        (home / FILE).unlink(missing_ok=True)
        return False
    try:
        os.kill(pid, signal.SIGTERM)
    except PermissionError as error:
        raise SetupError(
            _("The service (process {pid}) belongs to another user; stop it as that user").format(pid=pid)
        ) from error
    deadline = time.monotonic() + STOP_SECONDS
    while service_pid(home) is not None:
        if time.monotonic() > deadline:
            raise SetupError(_("The service (process {pid}) does not end").format(pid=pid))
        time.sleep(0.1)
    (home / FILE).unlink(missing_ok=True)
    return True
