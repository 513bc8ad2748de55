"""Whatever the description of the API allows or forbids is sent to every route: none may fail or hang.

Schemathesis makes what fits the description and what does not, by a fixed seed; ``make test-clients`` makes
more of it.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as tries
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import text

from tests.running_service import RunningService
from web.app import create_app

SLOWEST_S = 20
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
# What is not tried, and why. Nothing is left out for what it destroys: the city is the test's own.
LEFT_OUT = {"GET /api/v1/stream": "its answer never ends"}
# Values of path parameters that exist, so that tries come further than "not found".
FIXED = {
    "collectionId": "cases", "tileMatrixSetId": "WebMercatorQuad", "tileMatrix": "14", "tileRow": "6213",
    "tileCol": "13197", "z": "14", "x": "13197", "y": "6213", "layer": "cases", "styleId": "city",
    "style": "city", "file": "symbols.json", "format": "json", "service_code": "C0101", "action": "verify",
    "year": "2026", "day": "2026-05-01", "kind": "component", "class_code": "01",
}  # fmt: skip
FOUND = {
    "case_no": 'SELECT max(case_no) FROM "case"',
    "service_request_id": 'SELECT max(case_no) FROM "case"',
    "number": 'SELECT max(case_no) FROM "case"',
    "code": "SELECT min(code) FROM dataset",
    "record_id": "SELECT min(code) FROM dataset",
    "featureId": 'SELECT min(id) FROM "case"',
    "item_id": 'SELECT min(id) FROM "case"',
    "segment_id": "SELECT min(id) FROM pipe_segment",
    "point_id": "SELECT min(id) FROM pipe_point",
    "place_id": "SELECT min(id) FROM place",
    "rule_id": "SELECT min(id) FROM responsibility",
}
EDITED = {"components": "component", "pipe_points": "pipe_point", "pipe_segments": "pipe_segment"}


@pytest.fixture(scope="module")
def known(service: RunningService) -> dict[str, str]:
    """Path parameter → a value that the city has; ``components/fid`` for the numbers of its features."""
    asked = FOUND | {f"{name}/fid": f"SELECT min(id) FROM {table}" for name, table in EDITED.items()}
    with service.database.connect() as connection:
        found = {name: connection.scalar(text(query)) for name, query in asked.items()}
    return FIXED | {name: str(value) for name, value in found.items() if value is not None}


def operations(app: FastAPI) -> Iterator[APIOperation]:
    """Every route of the description. Without its words on tokens: no try is to be lost to a bad one."""
    described = app.openapi()
    paths = {
        path: {
            method: {name: part for name, part in told.items() if name != "security"}
            for method, told in methods.items()
        }
        for path, methods in described["paths"].items()
    }
    for found in schemathesis.openapi.from_dict(described | {"paths": paths}).get_all_operations():
        operation = found.ok()
        if operation.label not in LEFT_OUT:
            yield operation


def ways(operation: APIOperation, known: dict[str, str]) -> Iterator[dict[str, Any]]:
    """How its cases are made: what fits, what does not, and what fits at an address that exists."""
    names = [one.name for one in operation.path_parameters]
    has_input = names or operation.query or operation.headers or operation.body
    yield {"generation_mode": GenerationMode.POSITIVE}
    if has_input:
        yield {"generation_mode": GenerationMode.NEGATIVE}
    folder = operation.path.split("/collections/")[-1].split("/")[0]
    there = {name: known.get(f"{folder}/{name}", known.get(name)) for name in names}
    if there and None not in there.values():
        yield {"generation_mode": GenerationMode.POSITIVE, "path_parameters": there}


def faults(case: Case, service: RunningService, caller: requests.Session) -> Iterator[str]:
    """What is wrong with the answer to a case."""
    try:
        answer = case.call(base_url=service.address, session=caller, timeout=SLOWEST_S)
    except requests.RequestException as error:
        yield f"no answer: {error}"
        return
    if answer.status_code >= 500:
        yield f"{answer.status_code}: {answer.text[:300]}"
        return
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        yield from (f"{answer.status_code}: {one}" for one in group.exceptions)


def cases_of(operation: APIOperation, way: dict[str, Any], examples: int) -> list[Case]:
    """So many cases, the same ones each time."""
    made: list[Case] = []

    @seed(1)
    @tries(
        max_examples=examples, database=None, deadline=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(**way))
    def keep(case: Case) -> None:
        made.append(case)

    with suppress(Unsatisfiable):  # nothing can be wrong where any word will do
        keep()
    return made


@pytest.mark.parametrize("examples", [2, pytest.param(20, marks=pytest.mark.clients)])
def test_no_route_fails_or_hangs_on_any_input(
    service: RunningService, known: dict[str, str], examples: int
) -> None:
    caller = requests.Session()
    caller.headers["authorization"] = f"Bearer {service.token('admin')}"
    found: dict[str, str] = {}
    tried = set()
    for operation in operations(create_app()):
        for way in ways(operation, known):
            for case in cases_of(operation, way, examples):
                tried.add(operation.label)
                for fault in faults(case, service, caller):
                    name = f"{operation.label} {fault.splitlines()[0]}"
                    found.setdefault(name, f"{name}\n{fault}\n{case.as_curl_command()}")
    assert len(tried) > 190
    assert not found, "\n\n".join(found.values())
