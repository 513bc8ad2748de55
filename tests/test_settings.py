"""Settings and secrets: defaults that serve, refusals that are clear, secrets that stay secret."""

import json
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from gis.errors import SetupError
from gis.i18n import in_locale
from gis.secrets import secret, write_private
from gis.settings import PROJECT, Settings


def test_defaults_listen_to_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CITYGRID_HOME")
    monkeypatch.delenv("CITYGRID_DATABASE_URL", raising=False)
    settings = Settings()
    assert settings.is_loopback
    assert settings.database_url is None
    assert settings.home == PROJECT / ".citygrid"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::"])  # noqa: S104
def test_address_that_others_reach_is_not_loopback(host: str) -> None:
    assert not Settings(host=host).is_loopback


@pytest.mark.parametrize(
    "fault", [{"token_minutes": 0}, {"token_minutes": 1441}, {"workers": 0}, {"port": "x"}]
)
def test_impossible_setting_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**fault)


def test_every_setting_is_in_the_operators_manual() -> None:
    manual = (PROJECT / "docs" / "operations.md").read_text("utf-8")
    missing = [name for name in Settings.model_fields if f"`CITYGRID_{name.upper()}`" not in manual]
    assert missing == []


def test_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    first = secret("token", tmp_path)
    assert len(first) >= 43
    assert secret("token", tmp_path) == first
    assert secret("other", tmp_path) != first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_home_is_closed_to_others(tmp_path: Path) -> None:
    secret("token", tmp_path / "home")
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) & 0o066 == 0


def test_readable_secrets_are_refused(tmp_path: Path) -> None:
    secret("token", tmp_path)
    (tmp_path / "secrets.json").chmod(0o644)
    with in_locale("en"), pytest.raises(SetupError, match="chmod 600"):
        secret("token", tmp_path)


def test_damaged_secrets_are_not_replaced(tmp_path: Path) -> None:
    write_private(tmp_path / "secrets.json", '{"database": "abc')
    with in_locale("en"), pytest.raises(SetupError, match="damaged"):
        secret("database", tmp_path)
    assert (tmp_path / "secrets.json").read_text() == '{"database": "abc'


def test_two_processes_get_the_same_new_secret(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from gis.secrets import secret;"
        "print(secret('token', Path(sys.argv[1])))"
    )

    def ask(_number: int) -> str:
        command = [sys.executable, "-c", program, str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(ask, range(4)))
    assert len(answers) == 1
    assert list(json.loads((tmp_path / "secrets.json").read_text())) == ["token"]
