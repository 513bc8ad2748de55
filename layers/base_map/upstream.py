"""Base maps that another server has: fetched by us, never by the browser.

So a page still names no host but ours, keys stay here, and a tile is fetched once for everybody. This is no
proxy: only the operator's own template is ever asked, with three whole numbers put into it.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from threading import BoundedSemaphore, Lock
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from gis.errors import SetupError, UpstreamFailed
from gis.i18n import _
from layers.base_map.sources import About, media_type

MOST_BYTES = 2_000_000  # of a tile; a picture of 512 px has 50 to 500 kB
WAIT_S = 6.0  # for each step of an answer
WHOLE_S = 12.0  # for all of it
REST_S = 10.0  # after a server could not be reached
LIFE_S = 7 * 86400.0  # of a tile that is kept
EMPTY_LIFE_S = 3600.0  # of the knowledge that there is none
KEPT_BYTES = 64_000_000
AT_ONCE = 8
# Names that templates give the three numbers; {-y} counts rows from the south, as TMS does.
NUMBERS = {
    "z": "z", "x": "x", "y": "y", "-y": "-y",
    "TileMatrix": "z", "TileCol": "x", "TileRow": "y",
}  # fmt: skip
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class NoRedirect(HTTPRedirectHandler):
    """Follows no redirect: it could lead anywhere, into the city's own network too."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def check_template(template: str) -> None:
    """Refuse a template that cannot lead to tiles.

    Raises
    ------
    SetupError
        It is no web address, lacks a number, names something unknown, or leads to vector tiles.
    """
    parts = urlsplit(template)
    names = set(PLACEHOLDER.findall(template))
    in_host = set(PLACEHOLDER.findall(parts.netloc))
    meant = {NUMBERS.get(name, "") for name in names - {"s"}}
    if parts.scheme not in ("http", "https") or not parts.hostname or in_host - {"s"}:
        raise SetupError(_("The base map's address must be http:// or https:// and name its host"))
    if not {"z", "x"} <= meant or not meant & {"y", "-y"} or "" in meant:
        raise SetupError(
            _("The base map's address must have {z}, {x} and {y} or {-y} in it, and no other names")
        )
    if parts.path.endswith((".mvt", ".pbf")):
        raise SetupError(_("Vector tiles are taken from a PMTiles or MBTiles file, not from an address"))


class Upstream:
    """Tiles by a template. ``secret`` are values put into it that nobody is told, such as a key."""

    def __init__(
        self, template: str, about: About, hosts: str = "abc", secret: Mapping[str, str] | None = None
    ) -> None:
        self.about = about
        self._template = template
        self._hosts = hosts
        self._secret = dict(secret or {})
        self._kept: OrderedDict[tuple[int, int, int], tuple[float, bytes | None]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._turns = BoundedSemaphore(AT_ONCE)
        self._rest_until = 0.0
        self._open = build_opener(NoRedirect).open

    def read(self, z: int, x: int, y: int) -> bytes | None:
        """One tile, kept from before or fetched; an old one rather than none when the server is away."""
        place = (z, x, y)
        with self._lock:
            kept = self._kept.get(place)
        if kept and time.monotonic() < kept[0]:
            return kept[1]
        try:
            content = self._fetch(*place)
        except UpstreamFailed:
            if kept is None:
                raise
            return kept[1]
        self._keep(place, content)
        return content

    def address(self, z: int, x: int, y: int) -> str:
        """The whole address of a tile; it may hold a key and is shown to nobody."""
        values = {"z": str(z), "x": str(x), "y": str(y), "-y": str((1 << z) - 1 - y)}
        values |= {"s": self._hosts[(x + y) % len(self._hosts)]} | self._secret
        return PLACEHOLDER.sub(lambda found: values[NUMBERS.get(found[1], found[1])], self._template)

    def _fetch(self, z: int, x: int, y: int) -> bytes | None:
        if time.monotonic() < self._rest_until:
            raise UpstreamFailed(_("The base map's server cannot be reached"))
        if not self._turns.acquire(timeout=WAIT_S):
            raise UpstreamFailed(_("The base map's server is too slow"))
        try:
            # The template is checked to be http or https, and comes from the operator.
            request = Request(self.address(z, x, y), headers={"User-Agent": "citygrid"})  # noqa: S310
            with self._open(request, timeout=WAIT_S) as answer:
                return _picture(answer)
        except HTTPError as error:
            if error.code in (204, 404):
                return None
            # Its address is not told: it may hold the key.
            raise UpstreamFailed(
                _("The base map's server answered {status}").format(status=error.code)
            ) from None
        except (OSError, HTTPException):
            self._rest_until = time.monotonic() + REST_S
            raise UpstreamFailed(_("The base map's server cannot be reached")) from None
        finally:
            self._turns.release()

    def _keep(self, place: tuple[int, int, int], content: bytes | None) -> None:
        life = LIFE_S if content else EMPTY_LIFE_S
        with self._lock:
            self._bytes -= _weight(self._kept.pop(place, None))
            self._kept[place] = (time.monotonic() + life, content)
            self._bytes += _weight(self._kept[place])
            while self._bytes > KEPT_BYTES:
                self._bytes -= _weight(self._kept.popitem(last=False)[1])


def _weight(kept: tuple[float, bytes | None] | None) -> int:
    return 0 if kept is None else 300 + len(kept[1] or b"")


def _picture(answer: Any) -> bytes | None:
    """The body of an answer, if it is a picture of bearable size that comes in bearable time."""
    if answer.status == 204:
        return None
    kind = answer.headers.get_content_type()
    if not kind.startswith("image/"):
        raise UpstreamFailed(_("The base map's server sent something else than a picture"))
    content = b""
    until = time.monotonic() + WHOLE_S
    while part := answer.read(65536):
        content += part
        if len(content) > MOST_BYTES:
            raise UpstreamFailed(_("The base map's server sent a tile that is too large"))
        if time.monotonic() > until:
            raise UpstreamFailed(_("The base map's server is too slow"))
    if media_type(content) is None:
        raise UpstreamFailed(_("The base map's server sent something else than a picture"))
    return content
