"""The account a private server runs as: PostgreSQL refuses root, so root borrows an ordinary one."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis.errors import SetupError
from gis.i18n import _

NAMES = ("postgres", "citygrid")


@dataclass(frozen=True)
class ServerUser:
    """An account of this machine; ``borrowed`` when root lends it to the server."""

    name: str
    uid: int
    gid: int
    borrowed: bool

    def for_subprocess(self) -> dict[str, Any]:
        """Arguments for :func:`subprocess.run` that make the program run as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.borrowed else {}

    def can_reach(self, folder: Path) -> bool:
        """Whether the account can enter a folder; tried for real, so that ACLs and mounts count too."""
        if not self.borrowed:
            return os.access(folder, os.X_OK)
        answer = subprocess.run(  # noqa: S603 - a fixed program
            ["/usr/bin/test", "-x", str(folder)], cwd="/", check=False, **self.for_subprocess()
        )
        return answer.returncode == 0

    def make_folder(self, folder: Path) -> None:
        """Make a folder that only this account can read."""
        folder.mkdir(mode=0o700, exist_ok=True)
        self.own(folder)

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def find_server_user(owner: int | None = None) -> ServerUser:
    """The account to run a server as: the caller itself, or, for root, an ordinary one.

    Parameters
    ----------
    owner
        User number that an existing data directory belongs to; it keeps it.

    Raises
    ------
    SetupError
        Root calls and there is no ordinary account to be had.
    """
    uid = os.geteuid()
    if uid != 0:
        return ServerUser(_name(uid), uid, os.getegid(), borrowed=False)
    if owner:
        return _borrow(pwd.getpwuid(owner))
    for name in NAMES:
        try:
            return _borrow(pwd.getpwnam(name))
        except KeyError:
            continue
    return _borrow(_create(NAMES[-1]))


def _borrow(entry: pwd.struct_passwd) -> ServerUser:
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid, borrowed=True)


def _create(name: str) -> pwd.struct_passwd:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program:
        options = ["--system", "--user-group", "--no-create-home", "--shell=/usr/sbin/nologin"]
        subprocess.run([program, *options, name], capture_output=True, check=False)  # noqa: S603
    try:
        return pwd.getpwnam(name)
    except KeyError as error:
        raise SetupError(
            _(
                "PostgreSQL may not run as root, and the user {name} cannot be made; run: useradd -r {name}"
            ).format(name=name)
        ) from error


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container that was given a bare number
        return str(uid)
