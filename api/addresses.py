"""Whole addresses, for answers that are read away from the service."""

from urllib.parse import urlencode

from fastapi import Request

from gis.settings import get_settings


def root_of(request: Request) -> str:
    """The service's address without a slash at its end: the one that is set, else the one that was asked."""
    return (get_settings().public_url or str(request.base_url)).rstrip("/")


def key_of(request: Request) -> str:
    """The API key that was sent in the address, as a query to put behind others; empty when none was.

    A client that can only send addresses asks for tiles with the same key as for the style that names them.
    """
    key = request.query_params.get("api_key")
    return f"?{urlencode({'api_key': key})}" if key else ""
