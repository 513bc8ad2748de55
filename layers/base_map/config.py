"""Which base maps there are: ``CITYGRID_BASE_MAP`` names them, or a TOML file that tells more of each."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gis.errors import NotFound, SetupError
from gis.i18n import N_, _, pick
from gis.settings import get_settings
from layers.base_map.archives import ARCHIVES
from layers.base_map.sources import About, Source
from layers.base_map.upstream import Upstream, check_template

TIANDITU = (
    "https://t{s}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
)
TIANDITU_HOSTS = "01234567"
# The layers of Tianditu that are grounds of their own: name, title, deepest zoom.
TIANDITU_LAYERS = {
    "vec": (N_("Tianditu: streets"), 18),
    "img": (N_("Tianditu: imagery"), 18),
    "ter": (N_("Tianditu: terrain"), 14),
}
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Row(BaseModel):
    """One ``[[base_map]]`` of a TOML file; only ``source`` must be there."""

    model_config = ConfigDict(extra="forbid")

    source: str
    name: str | None = Field(default=None, pattern=f"^{NAME.pattern}$")
    title: str | None = None
    title_en: str | None = None
    attribution: str | None = None
    min_zoom: int | None = Field(default=None, ge=0, le=22)
    max_zoom: int | None = Field(default=None, ge=0, le=22)
    tile_px: int | None = Field(default=None, ge=128, le=1024)


@dataclass(frozen=True)
class BaseMap:
    """A map of others under our own. ``name`` stands in addresses."""

    name: str
    about: About
    source: Source
    title_zh: str
    title_en: str

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return _(pick(self.title_zh, self.title_en))


@lru_cache
def base_maps() -> tuple[BaseMap, ...]:
    """The base maps that are set, in their order; none by default.

    Raises
    ------
    SetupError
        One of them cannot be used; the message says which and why.
    """
    return tuple(_named([_base_map(row) for row in _rows(get_settings().base_map)]))


def find_base_map(name: str) -> BaseMap:
    """A base map by its name.

    Raises
    ------
    NotFound
        None of that name is set.
    """
    for base in base_maps():
        if base.name == name:
            return base
    raise NotFound(_("There is no base map {name}").format(name=name[:60]))


def _rows(setting: str) -> list[Row]:
    if not setting.strip().endswith(".toml"):
        attribution = get_settings().base_map_attribution or None
        return [Row(source=source, attribution=attribution) for source in setting.split()]
    path = Path(setting.strip())
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        rows = [Row(**row) for row in told["base_map"]]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SetupError(
            _("{path} cannot be read as a list of [[base_map]]: {why}").format(path=path, why=error)
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SetupError(
            _("{path}: {field} of a base map: {why}").format(
                path=path, field=".".join(map(str, first["loc"])), why=first["msg"]
            )
        ) from error
    # Files lie beside the list unless their path is whole.
    return [
        row if "://" in row.source or row.source.startswith("tianditu:")
        else row.model_copy(update={"source": str(path.parent / row.source)})
        for row in rows
    ]  # fmt: skip


def _base_map(row: Row) -> BaseMap:
    source, name = _source(row.source)
    about = source.about
    about = replace(
        about,
        attribution=about.attribution if row.attribution is None else row.attribution,
        min_zoom=about.min_zoom if row.min_zoom is None else row.min_zoom,
        max_zoom=about.max_zoom if row.max_zoom is None else row.max_zoom,
        tile_px=about.tile_px if row.tile_px is None else row.tile_px,
    )
    title = row.title or row.title_en or about.title
    return BaseMap(row.name or name, about, source, title, row.title_en or title)


def _source(told: str) -> tuple[Source, str]:
    """The source that a setting names, and a name for it."""
    if told.startswith("tianditu:"):
        return _tianditu(told.removeprefix("tianditu:"))
    if "://" in told:
        check_template(told)
        host = urlsplit(told).hostname or ""
        return Upstream(told, About(title=host)), _slug(host)
    path = Path(told)
    reader = ARCHIVES.get(path.suffix.lower())
    if reader is None:
        raise SetupError(
            _(
                "{source} is no base map: give a .pmtiles or .mbtiles file, a .toml list, an address with"
                " {{z}}, {{x}} and {{y}}, or one of {tianditu}"
            ).format(source=told, tianditu=", ".join(f"tianditu:{name}" for name in TIANDITU_LAYERS))
        )
    if not path.is_file():
        raise SetupError(_("The base map {path} is not there").format(path=path))
    return reader(path), _slug(path.stem)


def _tianditu(layer: str) -> tuple[Source, str]:
    if layer not in TIANDITU_LAYERS:
        raise SetupError(
            _("Tianditu has no base map {name}; there are: {names}").format(
                name=layer, names=", ".join(TIANDITU_LAYERS)
            )
        )
    key = get_settings().tianditu_key
    if key is None or not key.get_secret_value():
        raise SetupError(_("Tianditu needs a key: set CITYGRID_TIANDITU_KEY"))
    title, deepest = TIANDITU_LAYERS[layer]
    about = About(title=title, attribution="天地图", min_zoom=1, max_zoom=deepest)
    secret = {"key": quote(key.get_secret_value()), "layer": layer}
    return Upstream(TIANDITU, about, TIANDITU_HOSTS, secret), f"tianditu-{layer}"


def _slug(words: str) -> str:
    """A name that can stand in an address."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:36] or "base"


def _named(bases: Sequence[BaseMap]) -> list[BaseMap]:
    """The same with a number behind names that would stand twice."""
    found: list[BaseMap] = []
    for base in bases:
        taken = {one.name for one in found}
        names = [base.name, *(f"{base.name}-{number}" for number in range(2, len(bases) + 1))]
        found.append(replace(base, name=next(name for name in names if name not in taken)))
    return found
