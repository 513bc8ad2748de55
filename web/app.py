"""The whole application: the service with its pages on top. ``uvicorn --factory web.app:create_app``."""

from fastapi import FastAPI

from api.access import require_access
from api.app import create_app as create_api
from web import (
    calendar_page,
    case_page,
    checks_page,
    datasets_page,
    desk,
    entrance,
    evaluation_cards_page,
    evaluation_closed_page,
    evaluation_incidents_page,
    evaluation_map_page,
    evaluation_page,
    evaluation_profile,
    evaluation_reports_page,
    evaluation_wall_page,
    evaluation_watches_page,
    imports_page,
    inspect_app,
    keys_page,
    map_pages,
    notices,
    pages,
    pipelines_page,
    preferences,
    static_files,
    statistics_page,
    track_page,
    webhooks_page,
)
from web import map as map_page
from web.error_pages import draw_problems
from web.ogc_pages import draw_ogc
from web.security_headers import SecurityHeaders
from web.vendor import require_packages

ROUTERS = (
    static_files.router,
    preferences.router,
    entrance.router,
    evaluation_cards_page.router,
    evaluation_closed_page.router,
    evaluation_map_page.router,
    evaluation_page.router,
    evaluation_profile.router,
    evaluation_reports_page.router,
    pages.router,
    pipelines_page.router,
    calendar_page.router,
    case_page.router,
    checks_page.router,
    datasets_page.router,
    desk.router,
    evaluation_incidents_page.router,
    evaluation_wall_page.router,
    evaluation_watches_page.router,
    imports_page.router,
    inspect_app.router,
    notices.router,
    statistics_page.router,
    track_page.router,
    keys_page.router,
    webhooks_page.router,
    map_page.router,
    map_pages.router,
)


def mount_web(app: FastAPI) -> FastAPI:
    """Add the pages, their files, their headers and their way of showing errors."""
    require_packages()
    for router in ROUTERS:
        app.include_router(router)
    require_access(app)
    draw_problems(app)
    draw_ogc(app)
    app.add_middleware(SecurityHeaders)
    return app


def create_app() -> FastAPI:
    """The application that is served.

    Raises
    ------
    SetupError
        The front-end packages are not installed.
    """
    return mount_web(create_api())
