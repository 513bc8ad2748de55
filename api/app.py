"""The service without its pages: routers, problems, limits, language."""

from importlib.metadata import version

from fastapi import FastAPI

from api import (
    attachments,
    base_map,
    batch,
    calendar,
    cases,
    checks,
    components,
    contacts,
    cross_sections,
    datasets,
    evaluation_closing,
    evaluation_incidents,
    evaluation_map,
    evaluation_now,
    evaluation_reports,
    evaluation_watches,
    exchange,
    filters,
    find,
    geocode,
    grids,
    histogram,
    imports,
    keys,
    layer_items,
    notices,
    patrol,
    people,
    pipeline_export,
    pipeline_statistics,
    pipelines,
    places,
    problems,
    profiles,
    queues,
    routing,
    service_state,
    similar,
    standards,
    stream,
    styles,
    surroundings,
    tasks,
    tiles,
    track,
    uploads,
    webhooks,
)
from api.evaluation import cards as evaluation_cards
from api.evaluation import explained as evaluation_explained
from api.evaluation import rows as evaluation_rows
from api.evaluation import tables as evaluation_tables
from api.evaluation import what_if as evaluation_what_if
from api.georeport import router as georeport
from api.locale import LocaleMiddleware
from api.middleware import BodyLimit, Cookies, Measure
from api.ogc import collections as ogc_collections
from api.ogc import edits as ogc_edits
from api.ogc import items as ogc_items
from api.ogc import landing as ogc_landing
from api.ogc import records as ogc_records
from api.ogc import styles as ogc_styles
from api.ogc import tiles as ogc_tiles
from api.quick_tiles import QuickTiles
from gis import logs

ROUTERS = (
    people.router,
    keys.router,
    grids.router,
    components.router,
    queues.router,
    filters.router,
    surroundings.router,
    histogram.router,
    similar.router,  # before the cases: a case's own address would take its words for a number
    batch.router,
    cases.router,
    contacts.router,
    attachments.router,
    routing.router,
    uploads.router,
    tasks.router,
    patrol.router,
    calendar.router,
    evaluation_closing.router,
    evaluation_watches.router,
    evaluation_reports.router,
    evaluation_incidents.router,
    evaluation_now.router,
    evaluation_rows.router,
    evaluation_tables.router,
    evaluation_cards.router,
    evaluation_explained.router,
    evaluation_map.router,
    evaluation_what_if.router,
    imports.router,
    checks.router,  # before the pipelines, whose addresses might take its words
    pipelines.router,
    pipeline_statistics.router,
    pipeline_export.router,
    profiles.router,
    standards.router,
    stream.router,
    notices.router,
    cross_sections.router,
    tiles.router,
    styles.router,
    base_map.router,
    ogc_edits.router,
    ogc_records.router,  # before the features: their addresses would take its name for a layer
    datasets.router,
    ogc_tiles.router,
    ogc_styles.router,
    ogc_landing.router,
    ogc_collections.router,  # after the collections that have routes of their own
    ogc_items.router,
    layer_items.router,
    find.router,
    geocode.router,
    places.router,
    track.router,
    webhooks.router,
    exchange.router,
    georeport.router,
    service_state.router,
)


def create_app() -> FastAPI:
    """The API. :mod:`web.app` adds its routes on top, then calls :func:`api.access.require_access`."""
    logs.configure()
    app = FastAPI(
        title="citygrid",
        version=version("citygrid"),
        description="Grids, cases and the pipelines under the street.",
        # The pages draw the description with scripts of their own; FastAPI's would load them from outside.
        docs_url=None,
        redoc_url=None,
        responses=problems.DESCRIBED,
    )
    for router in ROUTERS:
        app.include_router(router)
    problems.register(app)
    # The last one added is the outermost.
    app.add_middleware(Cookies)
    app.add_middleware(BodyLimit)
    app.add_middleware(LocaleMiddleware)
    app.add_middleware(QuickTiles)
    app.add_middleware(Measure)
    return app
