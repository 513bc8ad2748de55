"""What can be reported, and where GeoReport is served."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.georeport.doors import Open311Route, door
from api.georeport.formats import MEDIA_TYPES, Row, answer
from api.georeport.parameters import jurisdiction
from api.georeport.requests import base_of
from gis.i18n import _
from gis.open311.services import Attribute, attributes_of, find_service, services

router = APIRouter(route_class=Open311Route, tags=["open311"])
CHANGESET = "2026-11-23T00:00:00+08:00"  # when what is described here was changed last
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


@door(router, "GET", "/discovery")
def discovery(request: Request) -> Response:
    """Where and in which formats GeoReport is served."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{base_of(request)}/georeport/v2",
        "changeset": CHANGESET,
        "type": "production",
        "formats": list(MEDIA_TYPES.values()),
    }
    content = {
        "changeset": CHANGESET,
        "contact": _("The city's supervision centre"),
        "key_service": _("Keys are made by the administrator of this service"),
        "endpoints": [endpoint],
    }
    return answer(request, "discovery", content)


@door(router, "GET", "/services", jurisdiction)
def read_services(request: Request) -> Response:
    """Every class of components and events that the city acts on."""
    rows: list[Row] = [
        {
            "service_code": service.code,
            "service_name": service.name,
            "description": service.description,
            "metadata": True,
            "type": "realtime",
            "keywords": service.keywords,
            "group": service.group,
        }
        for service in services()
    ]
    return answer(request, "services", rows)


@door(router, "GET", "/services/{service_code}", jurisdiction)
def read_service(request: Request, service_code: str) -> Response:
    """What may be told with a report of one service."""
    service = find_service(service_code)
    attributes = [row_of(asked, place) for place, asked in enumerate(attributes_of(service), 1)]
    return answer(request, "service_definition", {"service_code": service.code, "attributes": attributes})


def row_of(asked: Attribute, order: int) -> Row:
    row: dict[str, object] = {
        "variable": True,
        "code": asked.code,
        "datatype": asked.datatype,
        "required": False,
        "datatype_description": asked.datatype_description,
        "order": order,
        "description": asked.description,
    }
    if asked.values:
        row["values"] = [{"key": key, "name": name} for key, name in asked.values]
    return row
