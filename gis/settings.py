"""Every setting of the service, read once from ``CITYGRID_*`` in the environment."""

from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
# https only, except on this machine; nothing else may come into a content security policy.
_ORIGIN = r"(https://[a-zA-Z0-9.-]+(:\d+)?|http://(localhost|127\.0\.0\.1)(:\d+)?)"
_ORIGINS = rf"^\s*({_ORIGIN}(\s+{_ORIGIN})*)?\s*$"


class Settings(BaseSettings):
    """What an operator may set. Defaults serve one machine and one city without any setting."""

    model_config = SettingsConfigDict(env_prefix="CITYGRID_", env_file=None, extra="ignore")

    database_url: str | None = Field(
        default=None, description="PostgreSQL to use; when empty, the private cluster in `home` is used"
    )
    home: Path = Field(default=PROJECT / ".citygrid", description="secrets, private cluster, attachments")
    city_srid: int = Field(default=4546, description="EPSG code of the city's metric CRS")
    timezone: str = Field(default="Asia/Shanghai", description="IANA time zone the city's clocks show")
    host: str = Field(default="127.0.0.1", description="address the service listens on")
    port: int = Field(default=8000, description="port the service listens on")
    behind_https: bool = Field(
        default=False, description="a proxy on this machine serves it to others by HTTPS"
    )
    workers: int = Field(default=1, ge=1, description="server processes")
    token_minutes: int = Field(default=30, ge=1, le=720, description="life of an access token, minutes")
    max_body_bytes: int = Field(default=2_000_000, description="largest request body, bytes")
    max_upload_bytes: int = Field(default=20_000_000, description="largest attachment, bytes")
    survey_file_bytes: int = Field(
        default=1_500_000_000, description="largest file of survey data, sent or unpacked, bytes"
    )
    max_import_bytes: int = Field(default=2 * 1024**3, description="largest import of survey files, bytes")
    export_rows: int = Field(
        default=1_000_000,
        ge=1,
        description="most rows of one export of pipelines; more are refused, never cut",
    )
    page_limit: int = Field(default=1000, description="most rows one answer may hold")
    require_after_photo: bool = Field(
        default=False, description="feeding back needs a photo of what was put right"
    )
    patrol_keep_days: int = Field(default=90, ge=1, description="how long patrol points are kept, days")
    pool_size: int = Field(default=10, ge=1, description="database connections a process keeps")
    jobs: bool = Field(default=True, description="citygrid serve does the jobs too, in a process beside it")
    public_url: str = Field(default="", description="address by which others reach the service, for links")
    smtp_url: SecretStr | None = Field(default=None, description="mail server; empty: no e-mail is sent")
    mail_from: str = Field(default="", description="sender's address of e-mail")
    webhook_urls: str = Field(default="", description="addresses told of every change, with blanks between")
    webhook_secret: SecretStr | None = Field(default=None, description="key that webhooks are signed with")
    webhook_private: bool = Field(default=True, description="webhooks may go to private addresses")
    webhook_networks: str = Field(
        default="", description="networks that webhooks may go to whatever they are, with blanks between"
    )
    webhook_pause_days: int = Field(
        default=3, ge=1, le=30, description="a webhook that fails for so long is paused, days"
    )
    platform_url: str = Field(default="", description="address of the upper platform that takes cases")
    platform_key: SecretStr | None = Field(
        default=None, description="key that the upper platform knows us by"
    )
    platform_minutes: int = Field(
        default=5, ge=1, le=1440, description="how often cases are handed to the upper platform, minutes"
    )

    open311_account: str = Field(
        default="", description="account that takes Open311 reports without a key; empty: a key is needed"
    )
    open311_place: bool = Field(
        default=True, description="Open311 tells the middle of the unit grid that a case lies in"
    )

    embed_origins: str = Field(
        default="",
        pattern=_ORIGINS,
        description="origins whose pages may frame the map, with blanks between",
    )
    dem: Path | None = Field(default=None, description="terrain model for the ground line of sections")
    base_map: str = Field(
        default="", description="base maps under the map, with blanks between, or a TOML file"
    )
    base_map_attribution: str = Field(default="", description="whose base map it is, shown with it")
    tianditu_key: SecretStr | None = Field(default=None, description="key for Tianditu's tiles; stays here")

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def embed_from(self) -> list[str]:
        """Origins of others whose pages may frame the map."""
        return self.embed_origins.split()

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return self.host in {"127.0.0.1", "::1", "localhost"} and not self.behind_https


@lru_cache
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()


CITY_SRID = get_settings().city_srid
