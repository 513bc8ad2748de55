"""The private cluster: kept, closed to others, and up again whatever happened to it."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from gis.cluster import LONGEST_SOCKET, Cluster
from gis.errors import SetupError
from gis.i18n import in_locale
from gis.postgresql import Programs, find_programs, fitting_settings
from gis.server_process import server_pid

MB = 1024 * 1024


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the server's user can reach, with room in the name for a unix socket."""
    folder = Path(tempfile.mkdtemp(prefix="citygrid-cluster-"))
    folder.chmod(0o711)
    yield folder
    Cluster(folder).destroy()
    shutil.rmtree(folder)


@pytest.fixture
def running(home: Path) -> Cluster:
    server = Cluster(home, durable=False)
    server.start()
    return server


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def test_server_is_never_roots(running: Cluster) -> None:
    status = running.status()
    assert status.pid
    assert status.place
    uid = Path(f"/proc/{status.pid}").stat().st_uid
    assert uid != 0
    assert (status.place / "data").stat().st_uid == uid
    assert uid == os.geteuid() or os.geteuid() == 0


def test_nobody_enters_without_the_password(running: Cluster) -> None:
    open_door = running.url.replace(running.url.split(":")[2].split("@")[0], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(open_door)
    place = running.status().place
    assert place
    methods = {
        line.split()[-1]
        for line in (place / "data" / "pg_hba.conf").read_text().splitlines()
        if line and not line.startswith("#")
    }
    assert methods == {"scram-sha-256"}


def test_city_is_not_the_superuser_of_its_server(running: Cluster) -> None:
    assert ask(running.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_what_is_secret_is_its_owners_alone(running: Cluster) -> None:
    place = running.status().place
    assert place
    for name in ("secrets.json", "cluster.json"):
        assert stat.S_IMODE((running.home / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((place / "data").stat().st_mode) == 0o700
    password = running.url.split(":")[2].split("@")[0]
    assert password not in (place / "postgresql.conf").read_text()


def test_every_database_of_the_server_has_postgis(running: Cluster) -> None:
    assert str(ask(running.url, "SELECT postgis_lib_version()")) >= "3.3"
    assert ask(running.url, "SHOW server_encoding") == "UTF8"
    assert ask(running.url, "SHOW data_checksums") == "on"
    assert ask(running.url, "SHOW jit") == "off"


def test_second_start_changes_nothing(running: Cluster) -> None:
    assert running.start() == running.status() == Cluster(running.home).start()


def test_restart_keeps_the_city_and_its_port(running: Cluster) -> None:
    before = running.status()
    with psycopg.connect(running.url) as connection:
        connection.execute("CREATE TABLE street AS SELECT '东胜' AS name")
    assert running.stop() is True
    assert running.stop() is False
    assert running.status().running is False
    after = running.start()
    assert after.port == before.port
    assert ask(running.url, "SELECT name FROM street") == "东胜"


def test_taken_port_is_left_to_who_took_it(running: Cluster) -> None:
    port = running.status().port
    assert port
    running.stop()
    said: list[str] = []
    with socket.create_server(("127.0.0.1", port)):
        again = Cluster(running.home, durable=False, say=said.append)
        assert again.start().port != port
    assert str(port) in said[0]
    assert ask(again.url, "SELECT 1") == 1
    again.stop()
    assert again.start().port == again.status().port != port


def test_server_that_was_killed_comes_up_again_with_all_it_promised(home: Path) -> None:
    running = Cluster(home)
    running.start()
    with psycopg.connect(running.url) as connection:
        connection.execute("CREATE TABLE street AS SELECT 1 AS id")
    pid = running.status().pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    assert running.status().running is False
    assert running.start().pid != pid
    assert ask(running.url, "SELECT id FROM street") == 1


def test_number_of_a_dead_server_may_be_another_programs_by_now(running: Cluster) -> None:
    place = running.status().place
    assert place
    running.stop()
    note = place / "data" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{place / 'data'}\n")
    os.chown(note, (place / "data").stat().st_uid, -1)
    assert server_pid(place / "data") is None
    assert running.start().running


def test_two_starts_at_once_make_one_server(home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from gis.cluster import Cluster;"
        "print(Cluster(Path(sys.argv[1]), durable=False).start().pid)"
    )

    def start(_number: int) -> str:
        command = [sys.executable, "-c", program, str(home)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    with ThreadPoolExecutor(2) as pool:
        pids = set(pool.map(start, range(2)))
    assert pids == {str(Cluster(home).status().pid)}


def test_first_start_that_was_cut_off_is_made_anew(home: Path) -> None:
    (home / "cluster" / "data" / "base").mkdir(parents=True)
    server = Cluster(home, durable=False)
    assert server.start().running


def test_folder_that_is_too_deep_for_a_socket_serves_by_port_alone(home: Path) -> None:
    deep = home / ("d" * (LONGEST_SOCKET - len(str(home))))
    server = Cluster(deep, durable=False)
    try:
        assert server.start().running
        assert list(server.home.rglob(".s.PGSQL.*")) == []
    finally:
        server.destroy()


def test_closed_folder_sends_the_server_of_root_elsewhere(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    said: list[str] = []
    server = Cluster(closed / "home", durable=False, say=said.append)
    try:
        place = server.start().place
        assert place
        assert ask(server.url, "SELECT 1") == 1
        if os.geteuid() == 0:
            assert place.parent == Path("/var/lib/citygrid")
            assert str(place) in said[0]
        else:  # the server is the caller, and the caller reaches its own folder
            assert place == closed / "home" / "cluster"
            assert said == []
    finally:
        server.destroy()
    assert not place.exists()


def test_server_that_cannot_start_is_quoted(running: Cluster) -> None:
    place = running.status().place
    assert place
    running.stop()
    (place / "data" / "global" / "pg_control").unlink()
    with pytest.raises(SetupError, match="pg_control"):
        running.start()


def test_full_disk_is_said_before_anything_is_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(home)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=100 * MB))
    with pytest.raises(SetupError, match="100 MB"):
        Cluster(home).start()
    assert not (home / "cluster" / "data").exists()


@pytest.mark.parametrize(
    ("known", "wanted", "reason"),
    [
        ([], None, "not installed"),
        ([Programs(Path("/13"), 13, "3.4.0")], None, "13 is too old"),
        ([Programs(Path("/15"), 15, None)], None, "postgresql-15-postgis-3"),
        ([Programs(Path("/15"), 15, "3.1.4")], None, "PostGIS 3.1.4 is too old"),
        ([Programs(Path("/17"), 17, "3.5.2")], 15, "install postgresql-15"),
    ],
)
def test_unfit_machine_is_told_what_to_install(
    known: list[Programs], wanted: int | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis.postgresql.installed", lambda: known)
    with in_locale("en"), pytest.raises(SetupError, match=reason):
        find_programs(wanted)


def test_newest_server_that_has_postgis_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    bare, fit = Programs(Path("/17"), 17, None), Programs(Path("/15"), 15, "3.10.1")
    monkeypatch.setattr("gis.postgresql.installed", lambda: [bare, fit])
    assert find_programs() == fit


def test_memory_of_the_server_follows_the_machine() -> None:
    assert fitting_settings(1024 * MB)["shared_buffers"] == "256MB"
    assert fitting_settings(512 * 1024 * MB)["shared_buffers"] == "2048MB"


def wait_until_gone(pid: int) -> None:
    for _attempt in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} lives on")
