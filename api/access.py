"""Deny by default: a service with a route that does not say who may use it does not start."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from api.dependencies import public
from api.session import SESSION_COOKIE
from gis.people.models import Role

WAYS_IN = ("bearer", "cookie", "api_key", "api_key_parameter", "api_key_basic")


def declared_access(route: RouteContext | BaseRoute) -> tuple[Role, ...] | None:
    """Roles that may use a route, empty for everyone; ``None`` when the route does not say.

    Raises
    ------
    ValueError
        The route says it twice.
    """
    marks: list[tuple[Role, ...]] = []
    for dependency in route.dependant.dependencies:  # type: ignore[union-attr]
        if dependency.call is public:
            marks.append(())
        elif hasattr(dependency.call, "roles"):
            marks.append(dependency.call.roles)
    if len(marks) > 1:
        raise ValueError(f"{route.path} declares its access {len(marks)} times")  # type: ignore[union-attr]
    return marks[0] if marks else None


def api_routes(app: FastAPI) -> Iterator[RouteContext]:
    """Every route of the application that we wrote, with the prefixes and guards of its routers."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            yield context


def require_access(app: FastAPI) -> None:
    """Check that every route declares its access, and have the API description say it.

    Raises
    ------
    RuntimeError
        A route says nothing: it would be open, or closed, by accident.
    """
    roles_of: dict[tuple[str, str], tuple[Role, ...]] = {}
    for context in iter_route_contexts(app.routes):
        if not isinstance(context.original_route, APIRoute):
            if context.path != app.openapi_url:
                raise RuntimeError(f"{context.path} is a route without any guard")
            continue
        roles = declared_access(context)
        if roles is None:
            raise RuntimeError(f"{context.path} does not say who may use it: add allow(…) or public")
        for method in context.methods or ():
            roles_of[str(context.path_format), method] = roles
    _describe(app, roles_of)


def _describe(app: FastAPI, roles_of: dict[tuple[str, str], tuple[Role, ...]]) -> None:
    """Write ``x-roles`` and ``security`` into each operation; no roles: everyone."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        description = plain()
        schemes = description.setdefault("components", {}).setdefault("securitySchemes", {})
        flow = {"password": {"tokenUrl": "/api/v1/token", "scopes": {}}}
        schemes["bearer"] = {"type": "oauth2", "flows": flow}
        schemes["cookie"] = {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE}
        schemes["api_key"] = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
        schemes["api_key_parameter"] = {"type": "apiKey", "in": "query", "name": "api_key"}
        schemes["api_key_basic"] = {"type": "http", "scheme": "basic"}
        for path, operations in description["paths"].items():
            for method, operation in operations.items():
                roles = roles_of[path, method.upper()]
                operation["x-roles"] = [str(role) for role in roles]
                operation["security"] = [{name: []} for name in WAYS_IN] if roles else []
        return description

    app.openapi = described  # type: ignore[method-assign]  # how FastAPI says to extend it
