"""Templates and what every page knows: the reader's language, theme, person, and where files are."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from api.session import csrf_token
from gis.i18n import get_locale, gettext, pick
from gis.settings import get_settings
from web.icons import icon
from web.navigation import is_current, sections_for
from web.security_headers import csp_nonce
from web.static_files import static_url
from web.theme_styles import theme_styles
from web.vendor import import_map, vendor_url
from web.words import KINDS, SOURCES, STATES, role_title, state_title

THEMES = ("light", "dark")
LANG = {"zh_CN": "zh-CN", "en": "en"}  # as HTML and the component library write it


def moment(at: datetime | None) -> Markup:
    """A time as the city's clocks show it, with the exact one for programs."""
    if at is None:
        return Markup("")
    local = at.astimezone(get_settings().zone)
    return Markup('<time class="nowrap" datetime="{}">{}</time>').format(
        local.isoformat(timespec="seconds"), local.strftime("%Y-%m-%d %H:%M")
    )


def fact(value: Any) -> str | Markup:
    """A fact as text: times by the city's clocks, everything else as it is."""
    return moment(value) if isinstance(value, datetime) else str(value)


def tight(html: str) -> Markup:
    """The same page without the indentation of its templates, for pages that are to be small."""
    return Markup(re.sub(r"\n\s+", "\n", html))  # noqa: S704 - what comes in has been escaped


environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Chinese as it is: half the bytes of its escapes.
environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
environment.filters.update(moment=moment, fact=fact, tight=tight)
environment.globals.update(
    _=gettext,
    pick=pick,
    icon=icon,
    static_url=static_url,
    vendor_url=vendor_url,
    theme_styles=theme_styles,
    role_title=role_title,
    state_title=state_title,
    is_current=is_current,
    STATES=STATES,
    KINDS=KINDS,
    SOURCES=SOURCES,
)


def theme_of(request: Request) -> str:
    """The theme the reader chose, ``""`` when the system decides."""
    theme = request.cookies.get("citygrid_theme", "")
    return theme if theme in THEMES else ""


def page_context(request: Request, person: Any = None) -> dict[str, Any]:
    """What every template may use, besides the globals.

    ``person`` is the actor of the request (``login``, ``name``, ``role``), None for a stranger.
    """
    return {
        "request": request,
        "path": request.url.path,
        "address": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "person": person,
        "sections": sections_for(person.role) if person else [],
        "locale": get_locale(),
        "lang": LANG[get_locale()],
        "theme": theme_of(request),
        "csrf_token": csrf_token(request),
        "csp_nonce": csp_nonce(request),
        "import_map": Markup(import_map()),  # noqa: S704 - made of our own table
    }


def render(
    request: Request, template: str, person: Any = None, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Render a template of ``web/templates`` to an answer. Pages hold personal data and are never stored."""
    html = environment.get_template(template).render(page_context(request, person) | values)
    return HTMLResponse(html, status_code=status, headers={"cache-control": "no-store"})
