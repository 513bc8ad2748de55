"""The PostgreSQL of this machine: which programs serve, and settings that fit its memory."""

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gis.database import LEAST_POSTGIS, LEAST_POSTGRESQL
from gis.errors import SetupError
from gis.i18n import _

MB = 1024 * 1024


@dataclass(frozen=True)
class Programs:
    """One installed PostgreSQL. ``postgis`` is None where the extension is not installed for it."""

    bin: Path
    major: int
    postgis: str | None

    @property
    def serves(self) -> bool:
        """Whether it is new enough and has a PostGIS that is."""
        return self.major >= LEAST_POSTGRESQL and self.postgis is not None and _is_enough(self.postgis)


def installed() -> list[Programs]:
    """Every PostgreSQL server that can be found, newest first."""
    found: dict[Path, Programs] = {}
    for folder in _folders():
        if (folder / "initdb").is_file() and (folder / "postgres").is_file() and folder not in found:
            major = _major(folder)
            if major:
                found[folder] = Programs(folder, major, _postgis_version(folder, major))
    return sorted(found.values(), key=lambda programs: programs.major, reverse=True)


def find_programs(major: int | None = None) -> Programs:
    """The newest PostgreSQL that serves; of one major version where a data directory asks for it.

    Raises
    ------
    SetupError
        None is installed, all are too old, or PostGIS is missing or too old; says which.
    """
    known = [programs for programs in installed() if major in (None, programs.major)]
    for programs in known:
        if programs.serves:
            return programs
    if not known and major:
        raise SetupError(
            _("The data was written by PostgreSQL {major}, which is gone; install postgresql-{major}").format(
                major=major
            )
        )
    if not known:
        raise SetupError(
            _("PostgreSQL is not installed; run make setup, or install postgresql and postgresql-postgis")
        )
    newest = known[0]
    if newest.major < LEAST_POSTGRESQL:
        raise SetupError(
            _("PostgreSQL {version} is too old; citygrid needs {least} or newer").format(
                version=newest.major, least=LEAST_POSTGRESQL
            )
        )
    if newest.postgis is None:
        raise SetupError(
            _("PostgreSQL {major} has no PostGIS; install postgresql-{major}-postgis-3").format(
                major=newest.major
            )
        )
    raise SetupError(
        _("PostGIS {version} is too old; citygrid needs {least} or newer").format(
            version=newest.postgis, least=".".join(map(str, LEAST_POSTGIS))
        )
    )


def fitting_settings(memory_bytes: int | None = None) -> dict[str, str]:
    """Server settings for one city on this machine: its memory, its disk, and queries that are short."""
    memory = memory_bytes or total_memory()

    def share(part: int, least: int, most: int) -> str:
        return f"{max(least, min(most, memory // part // MB))}MB"

    settings = {
        "shared_buffers": share(4, 64, 2048),
        "effective_cache_size": share(2, 128, 65536),
        "work_mem": share(256, 8, 64),
        "maintenance_work_mem": share(16, 64, 1024),
        "max_wal_size": "4GB",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "200",
        # Compiling pays for reports of minutes; here it only delays tiles of milliseconds.
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if not _serves_shared_memory(Path("/dev/shm")):  # noqa: S108 - the kernel's place, not a file of ours
        settings["dynamic_shared_memory_type"] = "sysv"
    return settings


def _serves_shared_memory(folder: Path) -> bool:
    """Whether parallel queries can share memory there: containers often have 64 MB, or a closed folder."""
    if not folder.is_dir() or not folder.stat().st_mode & stat.S_IWOTH:
        return False
    return shutil.disk_usage(folder).total >= 1024 * MB


def total_memory() -> int:
    """Memory this process may use, bytes: that of the machine or of its container, the smaller."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text("ascii").strip()
    except OSError:
        return memory
    return min(memory, int(limit)) if limit.isdigit() else memory


def _folders() -> Iterator[Path]:
    if (config := shutil.which("pg_config")) and (answer := _ask(config, "--bindir")):
        yield Path(answer)
    for pattern in ("lib/postgresql/*/bin", "pgsql-*/bin"):
        yield from Path("/usr").glob(pattern)
    if server := shutil.which("postgres"):
        yield Path(server).resolve().parent


def _major(folder: Path) -> int | None:
    match = re.search(r"\b(\d+)[.\w]*", _ask(str(folder / "postgres"), "--version"))
    return int(match[1]) if match else None


def _postgis_version(folder: Path, major: int) -> str | None:
    shares = [Path(_ask(str(folder / "pg_config"), "--sharedir") or "/nowhere")]
    shares += [Path(f"/usr/share/postgresql/{major}"), folder.parent / "share"]
    for share in shares:
        control = share / "extension" / "postgis.control"
        if control.is_file():
            match = re.search(r"default_version\s*=\s*'([^']+)'", control.read_text("utf-8"))
            return match[1] if match else None
    return None


def _is_enough(postgis: str) -> bool:
    numbers = tuple(int(part) for part in re.findall(r"\d+", postgis)[:2])
    return numbers >= LEAST_POSTGIS


def _ask(program: str, option: str) -> str:
    try:
        answer = subprocess.run(  # noqa: S603 - a PostgreSQL program and one fixed option
            [program, option], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()
