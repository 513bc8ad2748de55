"""The private PostGIS cluster: a server of our own below the home folder, for one machine without setup.

What lies where::

    <home>/cluster.json        port and place; the passwords are in secrets.json
    <home>/cluster/            or /var/lib/citygrid/<hash>/ where the server's user cannot reach home
        postgresql.conf        written anew at each start; ALTER SYSTEM overrides it
        data/  socket/  log/   of the user the server runs as, never root
"""

import hashlib
import json
import logging
import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from gis.errors import SetupError
from gis.i18n import _
from gis.postgresql import MB, Programs, find_programs, fitting_settings
from gis.secrets import locked, make_home, secret, write_private
from gis.server_process import drop_foreign_pid, last_line, server_pid, tail
from gis.server_user import ServerUser, find_server_user

DATABASE = OWNER = "citygrid"
SUPERUSER = "postgres"
ELSEWHERE = Path("/var/lib/citygrid")
PORTS = range(15432, 25432)  # below what Linux gives to outgoing connections
NEEDED_BYTES = 1024 * MB
LOG_BYTES = 20 * MB
LONGEST_SOCKET = 107  # sun_path of Linux
START_SECONDS = 120  # a restart after a crash replays the log first

logger = logging.getLogger("citygrid.cluster")


@dataclass(frozen=True)
class Status:
    """What a look at the cluster finds; ``port`` and ``place`` are None before its first start."""

    made: bool
    running: bool
    port: int | None
    place: Path | None
    pid: int | None


@dataclass
class Cluster:
    """One private server.

    Attributes
    ----------
    home
        The folder that remembers it.
    durable
        False gives up safety against a power cut for speed; for tests only.
    say
        Is told, in words for people, what the operator should know (another place, another port).
    """

    home: Path
    durable: bool = True
    say: Callable[[str], None] = field(default=logger.info)

    def __post_init__(self) -> None:
        self.home = self.home.resolve()

    @property
    def url(self) -> str:
        """The database as ``postgresql://citygrid:…@127.0.0.1:port/citygrid``.

        Raises
        ------
        SetupError
            The cluster was never started, so that it has no port yet.
        """
        return self.database_url(DATABASE)

    def database_url(self, name: str) -> str:
        """The address of another database of this cluster."""
        port = self._memory().get("port")
        if port is None:
            raise SetupError(_("There is no private database yet; run: citygrid cluster start"))
        return f"postgresql://{OWNER}:{secret('database', self.home)}@127.0.0.1:{port}/{name}"

    def status(self) -> Status:
        """Look without changing anything."""
        memory = self._memory()
        place = self.home / memory["place"] if "place" in memory else None
        pid = server_pid(place / "data") if place else None
        return Status(bool(memory.get("made")), pid is not None, memory.get("port"), place, pid)

    def start(self) -> Status:
        """Make the cluster if there is none, start it if it does not run.

        Raises
        ------
        SetupError
            No PostgreSQL or PostGIS, no room on the disk, no user to run it as, or the server does not start;
            the last line of its log is quoted.
        """
        make_home(self.home)
        with self._lock():
            if not self.status().running:
                place = self._place()
                if not (place / "data" / "PG_VERSION").is_file():
                    self._make(place)
                self._start(place)
            if not self._memory().get("made"):
                try:
                    self._fill()
                except psycopg.Error as error:
                    raise SetupError(
                        _("The database cannot be made: {reason}").format(reason=last_line(str(error)))
                    ) from error
                self._remember(made=True)
            return self.status()

    def stop(self) -> bool:
        """Stop the server; False when it did not run."""
        if not self.home.is_dir():
            return False
        with self._lock():
            return self._stop()

    def destroy(self) -> None:
        """Stop the server and delete all its data."""
        if not self.home.is_dir():
            return
        with self._lock():
            self._stop()
            place = self.status().place
            if place is not None and place.exists():
                shutil.rmtree(place)
            (self.home / "cluster.json").unlink(missing_ok=True)

    # What it remembers

    def _lock(self) -> AbstractContextManager[None]:
        return locked(self.home / "cluster.lock")

    def _memory(self) -> dict[str, Any]:
        try:
            return dict(json.loads((self.home / "cluster.json").read_text("utf-8")))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SetupError(
                _("{path} cannot be read ({reason})").format(path=self.home / "cluster.json", reason=error)
            ) from error

    def _remember(self, **facts: Any) -> None:
        write_private(self.home / "cluster.json", json.dumps({**self._memory(), **facts}, indent=2))

    # Where it lies and whose it is

    @cached_property
    def _programs(self) -> Programs:
        place = self.status().place
        version = place / "data" / "PG_VERSION" if place else None
        major = int(version.read_text("ascii")) if version and version.is_file() else None
        return find_programs(major)

    def _user(self, place: Path) -> ServerUser:
        data = place / "data"
        return find_server_user(data.stat().st_uid if data.is_dir() else None)

    def _place(self) -> Path:
        """The folder of the cluster, remembered from the first start on."""
        memory = self._memory()
        if "place" in memory:
            return self.home / str(memory["place"])
        place = self.home / "cluster"
        user = self._user(place)
        place.mkdir(mode=0o755, exist_ok=True)
        if not user.can_reach(place):
            place.rmdir()
            hidden = place
            place = ELSEWHERE / hashlib.sha256(str(hidden).encode()).hexdigest()[:12]
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
            self.say(
                _("The user {user} cannot reach {hidden}; the database lies in {place} instead").format(
                    user=user.name, hidden=hidden.parent, place=place
                )
            )
        # Relative below home, so that the folder may be moved.
        self._remember(place=str(place) if place.parent == ELSEWHERE else place.name)
        return place

    def _run(self, place: Path, program: str, *options: str) -> subprocess.CompletedProcess[str]:
        user = self._user(place)
        return subprocess.run(  # noqa: S603 - a PostgreSQL program and our own options
            [str(self._programs.bin / program), *options],
            cwd=place,  # the caller's folder may be closed to the server's user
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            umask=0o077,
            capture_output=True,
            text=True,
            start_new_session=True,  # Ctrl-C in the caller's terminal must not reach the server
            **user.for_subprocess(),
        )

    # Making

    def _make(self, place: Path) -> None:
        free = shutil.disk_usage(place).free
        if free < NEEDED_BYTES:
            raise SetupError(
                _("The disk is full: {place} has {free} MB left, the database needs {needed} MB").format(
                    place=place, free=free // MB, needed=NEEDED_BYTES // MB
                )
            )
        user = self._user(place)
        data = place / "data"
        if data.is_dir():  # without PG_VERSION: a first start that was cut off
            shutil.rmtree(data)
        for name in ("data", "socket", "log"):
            user.make_folder(place / name)
        password = place / "log" / "password"
        handle = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secret("database-superuser", self.home))
            user.own(password)
            answer = self._run(
                place,
                "initdb",
                f"--pgdata={data}",
                f"--username={SUPERUSER}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
                *(() if self.durable else ("--no-sync",)),
            )
        finally:
            password.unlink(missing_ok=True)
        if answer.returncode:
            raise SetupError(
                _("The database cannot be made: {reason}").format(reason=last_line(answer.stderr))
            )

    def _fill(self) -> None:
        """Make the owner and the database; PostGIS goes into template1, so that all databases have it."""
        password = secret("database", self.home)
        with self._connect("template1") as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(OWNER)))
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(OWNER), sql.Literal(password))
            )
            # A local coordinate system, or a backup that holds one, is written by the owner.
            connection.execute(
                sql.SQL("GRANT INSERT, UPDATE ON spatial_ref_sys TO {}").format(sql.Identifier(OWNER))
            )
        with self._connect(SUPERUSER) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if not known:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template1").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self._memory()["port"],
            user=SUPERUSER,
            password=secret("database-superuser", self.home),
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    # Starting and stopping

    def _start(self, place: Path) -> None:
        data, log = place / "data", place / "log" / "server.log"
        drop_foreign_pid(data)
        if log.is_file() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        deadline = time.monotonic() + START_SECONDS
        while True:
            port = self._choose_port()
            self._configure(place, port)
            begin = log.stat().st_size if log.is_file() else 0
            answer = self._run(
                place,
                "pg_ctl",
                "start",
                "--wait",
                f"--timeout={START_SECONDS}",
                f"--pgdata={data}",
                f"--log={log}",
                "--options=" + shlex.join(["-c", f"config_file={place / 'postgresql.conf'}"]),
            )
            if answer.returncode == 0:
                return
            lines = tail(log, begin) or answer.stderr
            taken = "could not bind" in lines or "Address already in use" in lines
            # After kill -9 of the server its children need a moment to notice and leave.
            leaving = "shared memory block" in lines
            if not (taken or leaving) or time.monotonic() > deadline:
                raise SetupError(
                    _("The database does not start: {reason} (log: {log})").format(
                        reason=last_line(lines), log=log
                    )
                )
            time.sleep(0.5)

    def _choose_port(self) -> int:
        """The remembered port, or another one, remembered from now on, where somebody sits on it."""
        port: int | None = self._memory().get("port")
        if port is not None and _is_free(port):
            return port
        free = next((candidate for candidate in PORTS if candidate != port and _is_free(candidate)), None)
        if free is None:
            raise SetupError(_("There is no free port on 127.0.0.1 for the database"))
        if port is not None:
            self.say(_("Port {port} is taken; the database listens on {free}").format(port=port, free=free))
        self._remember(port=free)
        return free

    def _configure(self, place: Path, port: int) -> None:
        folder = place / "socket"
        fits = len(os.fsencode(folder / f".s.PGSQL.{port}")) <= LONGEST_SOCKET
        safety = "on" if self.durable else "off"
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": str(folder) if fits else "",
            "max_connections": "100",
            "password_encryption": "scram-sha-256",
            "log_line_prefix": "%m [%p] %u@%d ",
            "lc_messages": "C",  # its log is quoted and read by this program
            "fsync": safety,
            "full_page_writes": safety,
            "synchronous_commit": safety,
            **fitting_settings(),
        }
        lines = ["# Written by citygrid at each start; use ALTER SYSTEM for settings of your own."]
        for name, value in settings.items():
            quoted = value.replace("\\", "\\\\").replace("'", "''")
            lines.append(f"{name} = '{quoted}'")
        path = place / "postgresql.conf"
        write_private(path, "\n".join(lines) + "\n")
        path.chmod(0o644)  # no secret in it, and the server's user is another one when root calls

    def _stop(self) -> bool:
        status = self.status()
        if not status.running or status.place is None:
            return False
        data = status.place / "data"
        answer = self._run(
            status.place, "pg_ctl", "stop", "--mode=fast", "--wait", f"--pgdata={data}", "--timeout=120"
        )
        if answer.returncode:
            raise SetupError(
                _("The database does not stop: {reason}").format(reason=last_line(answer.stderr))
            )
        return True


def private_cluster() -> Cluster:
    """The cluster of the configured home folder."""
    from gis.settings import get_settings

    return Cluster(get_settings().home)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
