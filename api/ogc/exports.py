"""Features as a file: written from a stream of the database, then sent without holding a connection."""

import structlog
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from api.ogc.parameters import Wanted
from gis.people.models import Person
from layers.features.asking import Asked
from layers.features.files import Format, write_file
from layers.features.reading import chosen_names

log = structlog.get_logger()


def exported(asked: Asked, asks: Wanted, kind: Format, actor: Person) -> FileResponse:
    """All features that are asked for, or the first ``limit``, as a file; who took them goes to the log."""
    made = write_file(
        asked, kind, system=asks.system, names=chosen_names(asked, asks.properties), limit=asks.limit
    )
    log.info(
        "features exported",
        who=actor.login,
        collection=asked.layer.name,
        format=kind.name,
        rows=made.rows,
        bytes=made.path.stat().st_size,
        asked={name: value for name, value in asks.said.items() if name != "api_key"},
    )
    return FileResponse(
        made.path,
        media_type=kind.media_type,
        filename=made.path.name,
        headers={
            "x-row-count": str(made.rows),
            "cache-control": "no-store",
            "content-crs": f"<{made.system.uri}>",
        },
        background=BackgroundTask(made.remove),
    )
