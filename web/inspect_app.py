"""巡查通 `/inspect`: the phone app of the inspectors: an empty shell, and what makes it work without signal.

The shell is the same for everybody and may lie on a phone for weeks. Who is signed in, and the mark that
changes need, the app asks for when there is signal.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import JSONResponse, Response

from api.dependencies import DbSession, public
from api.session import csrf_token
from gis.errors import NotFound
from gis.i18n import _, get_locale, in_locale
from gis.settings import get_settings
from web import static_files
from web.city_place import city_centre
from web.inspect_classes import class_list
from web.inspect_icons import app_icon
from web.inspect_offline import ICON_SIZES, app_mark, map_worker_address, worker_script
from web.inspect_words import words
from web.rendering import LANG, render
from web.visitor import visitor

router = APIRouter(prefix="/inspect", include_in_schema=False, dependencies=[Depends(public)])

# Larger photos are scaled down on the phone: a weak line carries a few megabytes, not twelve.
PHOTO_BYTES = 4_000_000
ASK_AGAIN = {"cache-control": "no-cache"}


@router.get("")
def shell(request: Request, session: DbSession, lang: Literal["zh_CN", "en"] | None = None) -> Response:
    """The app without anybody's data, in the reader's language or the one that is named."""
    with in_locale(lang or get_locale()):
        page = render(
            request,
            "inspect.html",
            words=words(),
            centre=city_centre(session),
            photo_bytes=min(PHOTO_BYTES, get_settings().max_upload_bytes),
            zone=get_settings().timezone,
            mark=app_mark(),
            map_worker=map_worker_address(),
        )
    page.headers.update(ASK_AGAIN)
    return page


@router.get("/session")
def session_of_phone(request: Request) -> Response:
    """Who is signed in on this phone, what the service's clock says, and the mark that changes must carry."""
    person = visitor(request)
    told: dict[str, Any] = {
        "person": person and {"login": person.login, "name": person.name, "role": person.role},
        "csrf_token": csrf_token(request),
        "locale": get_locale(),
        "now": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return JSONResponse(told, headers={"cache-control": "no-store"})


@router.get("/classes.json")
async def classes() -> Response:
    """Majors and classes with their pinyin."""
    return JSONResponse(class_list(), headers=ASK_AGAIN)


@router.get("/sw.js")
async def worker() -> Response:
    """The service worker. Its header lets it serve ``/inspect`` itself, not only what lies below."""
    return Response(
        worker_script(),
        media_type="text/javascript",
        headers=ASK_AGAIN | {"service-worker-allowed": "/inspect"},
    )


@router.get("/map/{version}/worker.mjs")
def map_worker(request: Request, version: str) -> Response:
    """The worker of the app's maps: see :func:`web.inspect_offline.map_worker_address`."""
    return static_files.vendor(request, f"maplibre-gl/{version}/maplibre-gl-worker.mjs")


@router.get("/manifest.webmanifest")
async def manifest() -> Response:
    """What a phone needs to put the app on its home screen."""
    told = {
        "id": "/inspect",
        "name": _("City grid patrol"),
        "short_name": _("Patrol app"),
        "description": _("Report, verify and check in the street, with signal or without"),
        "lang": LANG[get_locale()],
        "start_url": "/inspect",
        "scope": "/inspect",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#12232d",
        "theme_color": "#12232d",
        "icons": [
            *(
                {"src": f"/inspect/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
                for size in ICON_SIZES
            ),
            {
                "src": "/inspect/icon-maskable.png",
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
        "shortcuts": [
            {"name": _("Report"), "url": "/inspect#report"},
            {"name": _("Tasks"), "url": "/inspect#tasks"},
        ],
    }
    return JSONResponse(told, headers=ASK_AGAIN, media_type="application/manifest+json")


@router.get("/icon-{name}.png")
async def icon(name: Annotated[str, Path(pattern=r"^(\d{2,4}|maskable)$")]) -> Response:
    """The app's icon: 180 px for Apple, 192 and 512 for the others, and one that may be cut to any shape."""
    if name == "maskable":
        content = app_icon(512, maskable=True)
    elif int(name) in (180, *ICON_SIZES):
        content = app_icon(int(name))
    else:
        raise NotFound
    return Response(content, media_type="image/png", headers={"cache-control": "public, max-age=604800"})
