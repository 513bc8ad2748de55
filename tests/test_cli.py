"""The command line: what is wrong is one line, in the reader's language, and never a traceback."""

import os
import signal
import subprocess
import sys
import time
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis import cli, commands
from gis.case.calendar_file import read_days
from gis.cluster import Cluster
from gis.errors import InvalidInput, SetupError
from gis.i18n import in_locale
from gis.people.models import Person
from gis.service_process import service_pid, stop_service

COMMAND = [sys.executable, "-c", "from gis.cli import main; main()"]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        env={**os.environ, "CITYGRID_LOCALE": "en", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "environment", "reason"),
    [
        (["init-db"], {"CITYGRID_DATABASE_URL": "postgresql://city@127.0.0.1:1/city"}, "does not answer"),
        (["init-db"], {"CITYGRID_CITY_SRID": "4490"}, "does not measure in metres"),
        (["init-db"], {"CITYGRID_CITY_SRID": "2263"}, "does not measure in metres"),
        (["init-db"], {"CITYGRID_PORT": "eight"}, "CITYGRID_PORT=eight"),
        (["doctor", "--before-start"], {"CITYGRID_CITY_SRID": "1"}, "is not an EPSG code"),
        (["cluster", "start"], {"CITYGRID_HOME": "/proc/citygrid"}, "cannot be made"),
    ],
)
def test_what_is_wrong_is_one_clear_line(words: list[str], environment: dict[str, str], reason: str) -> None:
    answer = run(*words, **environment)
    assert answer.returncode == cli.EXIT_WRONG
    assert answer.stderr.startswith("citygrid: ")
    assert reason in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_reason_is_told_in_chinese_to_who_reads_chinese() -> None:
    answer = run("init-db", CITYGRID_CITY_SRID="4490", CITYGRID_LOCALE="zh_CN")
    assert "不以米为单位" in answer.stderr


@pytest.mark.parametrize(
    ("environment", "locale"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
        ({"LANG": "en_GB.UTF-8", "CITYGRID_LOCALE": "zh_CN"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "CITYGRID_LOCALE": "fr"}, "zh_CN"),
    ],
)
def test_terminal_is_answered_in_its_language(environment: dict[str, str], locale: str) -> None:
    assert cli.terminal_locale(environment) == locale


def test_every_command_of_gis_is_known_without_the_upper_floors() -> None:
    with in_locale("en"):
        app = cli.build(["doctor"])
    names = {command.name for command in app.registered_commands}
    names |= {group.name for group in app.registered_groups}
    assert names == commands.NAMES


def test_floor_that_is_missing_says_so_when_it_is_called() -> None:
    with in_locale("en"):
        app = cli.build(["doctor"])
        cli.add_entry(app, EntryPoint("fly", "nowhere.commands:register", cli.GROUP))
        answer = CliRunner().invoke(app, ["fly", "--high", "now"])
    assert isinstance(answer.exception, SetupError)
    assert "fly is not installed" in str(answer.exception)


def test_status_of_a_city_that_was_never_started(tmp_path: Path) -> None:
    answer = run("cluster", "status", CITYGRID_HOME=str(tmp_path))
    assert answer.returncode == 3
    assert "citygrid cluster start" in answer.stdout
    assert list(tmp_path.iterdir()) == []


def test_person_is_added_by_the_command(cluster: Cluster, database: Engine) -> None:
    answer = run(
        "user",
        "add",
        "wang",
        "--name",
        "王芳",
        "--role",
        "admin",
        CITYGRID_DATABASE_URL=cluster.database_url("empty_city"),
        CITYGRID_PASSWORD="a long enough secret",
    )
    assert answer.returncode == 0, answer.stderr
    with Session(database) as session:
        person = session.scalars(select(Person).where(Person.login == "wang")).one()
        assert person.name == "王芳"
        assert "secret" not in person.password_hash
        session.delete(person)
        session.commit()


def test_calendar_file_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text("day,kind,name\n2027-01-01,holiday,元旦\n2027-01-04,workday,\n", "utf-8")
    first, second = read_days(file)
    assert (first.kind, first.name, first.is_workday) == ("holiday", "元旦", False)
    assert second.is_workday
    file.write_text("day,kind\n2027-01-01,holiday\n2027-13-01,workday\n", "utf-8")
    with in_locale("en"), pytest.raises(InvalidInput, match="Line 3"):
        read_days(file)
    file.write_text("day,kind\n2027-01-01,feast\n", "utf-8")
    with in_locale("en"), pytest.raises(InvalidInput, match="feast"):
        read_days(file)


def test_number_of_another_program_is_not_the_service(tmp_path: Path) -> None:
    (tmp_path / "service.pid").write_text(str(os.getpid()))
    assert service_pid(tmp_path) is None
    assert stop_service(tmp_path) is False
    assert not (tmp_path / "service.pid").exists()


def test_service_is_asked_to_end(tmp_path: Path) -> None:
    program = tmp_path / "citygrid"
    program.write_text("import time; time.sleep(60)")
    with subprocess.Popen([sys.executable, str(program), "serve"]) as service:
        (tmp_path / "service.pid").write_text(str(service.pid))
        wait_for_service(tmp_path)
        # The test is the parent here: without a wait the dead process would still be listed.
        signal.signal(signal.SIGCHLD, lambda *_args: service.poll())
        try:
            assert stop_service(tmp_path) is True
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        assert service.wait() == -signal.SIGTERM
    assert service_pid(tmp_path) is None


def wait_for_service(home: Path) -> None:
    for _attempt in range(100):
        if service_pid(home):
            return
        time.sleep(0.05)
    raise AssertionError("the service never showed")
