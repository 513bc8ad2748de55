"""Deny by default: a service with a route that does not say who may use it does not start."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from api.dependencies import public
from gis.people.models import Role


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
    """Check that every route declares its access, and write it into the API description.

    Raises
    ------
    RuntimeError
        A route says nothing: it would be open, or closed, by accident.
    """
    for context in api_routes(app):
        roles = declared_access(context)
        if roles is None:
            raise RuntimeError(f"{context.path} does not say who may use it: add allow(…) or public")
        route = context.original_route
        assert isinstance(route, APIRoute)  # noqa: S101 - api_routes yields nothing else
        extra = dict(route.openapi_extra or {})
        extra["x-roles"] = [str(role) for role in roles]
        extra["security"] = [{"bearer": []}, {"cookie": []}] if roles else []
        route.openapi_extra = extra
    foreign = [
        getattr(context.original_route, "path", "?")
        for context in iter_route_contexts(app.routes)
        if not isinstance(context.original_route, APIRoute)
        and getattr(context.original_route, "path", "") != app.openapi_url
    ]
    if foreign:
        raise RuntimeError(f"routes without any guard: {foreign}")
