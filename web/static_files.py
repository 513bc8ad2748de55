"""Files for the browser: our own and the packages', compressed once, with the right type and a long life."""

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import public
from gis.errors import NotFound
from web.vendor import WEB, vendor_file

STATIC = WEB / "static"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # keep it, but ask whether it changed: answered with 304
TEXT_SUFFIXES = frozenset({".js", ".mjs", ".css", ".svg", ".json", ".webmanifest"})
# The machine's own table may say otherwise (or nothing) about these.
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}

router = APIRouter(prefix="/static", include_in_schema=False, dependencies=[Depends(public)])


@lru_cache(maxsize=512)
def _content(path: Path, modified_ns: int, packed: bool) -> tuple[bytes, str]:
    """The bytes of a file as sent, and their ETag; ``modified_ns`` makes a changed file a new entry."""
    content = path.read_bytes()
    tag = hashlib.sha256(content).hexdigest()[:20]
    if packed:
        # mtime=0: every server process sends the same bytes.
        return gzip.compress(content, compresslevel=6, mtime=0), f'"{tag}-gzip"'
    return content, f'"{tag}"'


def _answer(request: Request, path: Path, life: str) -> Response:
    packed = path.suffix in TEXT_SUFFIXES and "gzip" in request.headers.get("accept-encoding", "")
    content, tag = _content(path, path.stat().st_mtime_ns, packed)
    headers = {"cache-control": life, "etag": tag, "vary": "accept-encoding"}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers=headers)
    if packed:
        headers["content-encoding"] = "gzip"
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Response(content, media_type=kind, headers=headers)


@lru_cache
def _version(path: Path, modified_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """The address of one of our own files, with its content's mark: kept for ever, new when it changes."""
    path = STATIC / name
    return f"/static/{name}?v={_version(path, path.stat().st_mtime_ns)}"


@router.get("/vendor/{path:path}")
def vendor(request: Request, path: str) -> Response:
    """A file of a front-end package in :data:`web.vendor.VENDOR`."""
    return _answer(request, vendor_file(path), FOR_EVER)


@router.get("/{path:path}")
def own(request: Request, path: str) -> Response:
    """A file of ``web/static``. Modules import each other without a mark, so these ask again."""
    file = (STATIC / path).resolve()
    if not file.is_relative_to(STATIC) or not file.is_file():
        raise NotFound
    return _answer(request, file, FOR_EVER if "v" in request.query_params else ASK_AGAIN)
