"""Language and where to go next: choices of the reader that ride in the address or a cookie."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse

from api.dependencies import public
from gis.errors import NotFound
from gis.i18n import LOCALES

LOCALE_COOKIE = "citygrid_locale"
A_YEAR_S = 365 * 24 * 3600

router = APIRouter(include_in_schema=False)


def safe_next(address: str | None) -> str:
    """An address of our own to go on to; ``/`` for anything that could lead elsewhere.

    Examples
    --------
    >>> safe_next("/cases?state=filed")
    '/cases?state=filed'
    >>> safe_next("//evil.example/"), safe_next("/\\\\evil.example"), safe_next("https://evil.example")
    ('/', '/', '/')
    """
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return "/"
    # Browsers drop tabs and line ends inside an address: "/\t/evil.example" would become "//evil.example".
    if any(ord(letter) <= 32 or letter == "\\" for letter in address):
        return "/"
    parts = urlsplit(address)
    return "/" if parts.scheme or parts.netloc else address


@router.get("/locale/{code}", dependencies=[Depends(public)])
def choose_locale(request: Request, code: str, next: str = "/") -> RedirectResponse:
    """Keep the reader's language and go back to the page they were on."""
    if code not in LOCALES:
        raise NotFound
    answer = RedirectResponse(safe_next(next), 303)
    answer.set_cookie(
        LOCALE_COOKIE,
        code,
        max_age=A_YEAR_S,
        path="/",
        samesite="lax",
        httponly=True,
        secure=request.url.scheme == "https",
    )
    return answer
