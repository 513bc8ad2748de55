"""Where a request carries an API key, and what the key is good for."""

import base64
import binascii

from fastapi import Request
from sqlalchemy.orm import Session

from gis.errors import NotAllowed
from gis.i18n import _
from gis.people.api_keys import MARK, count_use, find_key
from gis.people.api_keys_models import Scope

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN311 = "/georeport/"


def presented_key(request: Request) -> str | None:
    """The API key of a request, or ``None``: ``X-API-Key``, bearer, basic, or the parameter ``api_key``.

    With HTTP basic, the form that GDAL, QGIS and OWSLib know, the key is the password; the user name is free.
    The parameter is Open311's form: it stands in addresses, so it yields to every header. In a form that is
    posted it is a field, which :mod:`api.georeport.form` leaves in the state of the request.
    """
    if key := request.headers.get("x-api-key"):
        return key.strip()
    scheme, _space, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip().startswith(MARK):
        return value.strip()
    if scheme.lower() == "basic":
        return _password(value)
    if scheme:
        return None
    return request.query_params.get("api_key") or getattr(request.state, "api_key", None) or None


def _password(value: str) -> str:
    """The password of basic credentials, else the user name; empty when they cannot be read."""
    try:
        login, _colon, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return password or login


def person_id_of_key(session: Session, request: Request, key: str) -> int:
    """Whose key it is, once it may be used for this request and the use is counted.

    Raises
    ------
    NotSignedIn
        Unknown, revoked or expired.
    NotAllowed
        A key that is not good for this.
    TooManyRequests
        Beyond the limit of the key.
    """
    row = find_key(session, key)
    count_use(session, row)
    if not scopes_for(request.method, request.url.path) & set(row.scopes):
        raise NotAllowed(
            _("This key is for {scopes} only").format(scopes=", ".join(row.scopes)), scopes=row.scopes
        )
    return row.person_id


def scopes_for(method: str, path: str) -> set[str]:
    """The scopes, any one of which lets a request in."""
    enough: set[str] = {Scope.WRITE}
    if method in SAFE_METHODS:
        enough.add(Scope.READ)
    if path.startswith(OPEN311):
        enough.add(Scope.OPEN311)
    return enough
