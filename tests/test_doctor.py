"""The doctor: sees what is wrong, says what to do, and does not cry over what is only pleasant to have."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from gis import doctor
from gis.cluster import Cluster
from gis.doctor import CHECKS, Check, Weight, examine, is_fit
from gis.errors import SetupError
from gis.i18n import catalogue, in_locale
from gis.settings import get_settings


def fails() -> str:
    raise SetupError("no")


def is_well() -> str:
    return "yes"


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Change ``CITYGRID_*`` for one test."""
    get_settings.cache_clear()
    with in_locale("en"):
        yield monkeypatch
    get_settings.cache_clear()


@pytest.mark.parametrize(
    ("weight", "fit"), [(Weight.NEEDED, False), (Weight.WARNING, True), (Weight.NOTE, True)]
)
def test_only_what_is_needed_makes_the_city_unfit(weight: Weight, fit: bool) -> None:
    assert is_fit(examine([Check("one", is_well), Check("two", fails, weight)])) is fit


def test_one_failure_does_not_hide_the_next() -> None:
    findings = examine([Check("one", fails), Check("two", is_well), Check("three", fails)])
    assert [finding.is_fine for finding in findings] == [False, True, False]


def test_silent_database_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gis.database.check_server", fails)
    checks = [Check("database", doctor.database_answers), Check("tables", is_well, asks_database=True)]
    monkeypatch.setattr(
        doctor, "get_settings", lambda: get_settings().model_copy(update={"database_url": "x"})
    )
    with in_locale("en"):
        findings = examine(checks)
    assert [finding.detail for finding in findings] == ["no", "the database must answer first"]


def test_lost_connection_in_the_middle_is_a_finding_not_a_crash() -> None:
    def loses() -> str:
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection"))

    (finding,) = examine([Check("one", loses)])
    assert "server closed the connection" in finding.detail


def test_every_check_has_a_chinese_name() -> None:
    words = catalogue("zh_CN")
    proper_names = {"Python", "PostgreSQL, PostGIS"}
    assert [
        check.name for check in CHECKS if check.name not in words and check.name not in proper_names
    ] == []


def test_fresh_city_is_fit(template: str) -> None:
    findings = examine(
        [check for check in CHECKS if check.asks_database or check.look is doctor.database_answers]
    )
    assert is_fit(findings), [finding for finding in findings if not finding.is_fine]


def test_tables_of_another_coordinate_system_are_refused(
    template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "CITY_SRID", 32649)
    with in_locale("en"), pytest.raises(SetupError, match=r"made for EPSG:4546.*is 32649"):
        doctor.database_srid()


def test_database_without_tables_is_told_to_make_them(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(cluster.database_url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bare TEMPLATE template1")
    bare = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(cluster.database_url("bare"))
    )
    monkeypatch.setattr("gis.database.engine", lambda: bare)
    with in_locale("en"), pytest.raises(SetupError, match="citygrid init-db"):
        doctor.database_srid()
    bare.dispose()


def test_coordinate_system_in_degrees_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CITY_SRID", 4490)
    with in_locale("en"), pytest.raises(SetupError, match="does not measure in metres"):
        doctor.city_srid()


def test_taken_port_is_named_with_the_setting_that_moves_it(setting: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        setting.setenv("CITYGRID_PORT", str(port))
        with pytest.raises(SetupError, match=rf"{port}.*CITYGRID_PORT"):
            doctor.port_is_free()
    assert str(port) in doctor.port_is_free()


def test_readable_secrets_are_found(setting: pytest.MonkeyPatch, tmp_path: Path) -> None:
    setting.setenv("CITYGRID_HOME", str(tmp_path))
    assert doctor.private_files()
    secrets = tmp_path / "secrets.json"
    secrets.write_text("{}")
    secrets.chmod(0o640)
    with pytest.raises(SetupError, match="chmod 600"):
        doctor.private_files()


def test_missing_front_end_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    web = tmp_path / "web"
    (web / "node_modules" / "leaflet").mkdir(parents=True)
    (web / "package.json").write_text('{"dependencies": {"leaflet": "1.9.4"}}')
    manifest = web / "node_modules" / "leaflet" / "package.json"
    manifest.write_text('{"version": "1.9.3"}')
    monkeypatch.setattr(doctor, "PROJECT", tmp_path)
    with in_locale("en"), pytest.raises(SetupError, match=r"leaflet 1\.9\.4 is not installed"):
        doctor.front_end_packages()
    manifest.write_text('{"version": "1.9.4"}')
    assert doctor.front_end_packages() == catalogue("zh_CN")["{count} packages"].format(count=1)


def test_full_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = doctor.shutil.disk_usage("/")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage._replace(free=1024))
    with in_locale("en"), pytest.raises(SetupError, match="full"):
        doctor.disk_space()


def test_other_server_needs_no_programs_here(setting: pytest.MonkeyPatch) -> None:
    setting.setenv("CITYGRID_DATABASE_URL", "postgresql://city@db.example/city")
    setting.setattr(doctor, "find_programs", fails)
    assert "CITYGRID_DATABASE_URL" in doctor.server_programs()


def test_named_browser_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYGRID_CHROMIUM", os.devnull)
    assert doctor.find_browser() == Path(os.devnull)
