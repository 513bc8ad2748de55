"""Everything that can go wrong and be told to a person, as one family.

``code`` is a promise to programs; ``title`` is for people and is translated when it is shown.
``extra`` carries what helps the reader go on (``open_actions``, ``errors``).
"""

from typing import Any

from gis.i18n import N_, gettext


class CityGridError(Exception):
    """The root of the family; never raised itself."""

    code = "error"
    title = N_("Something went wrong")

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra

    def __str__(self) -> str:
        return self.detail or gettext(self.title)


class NotFound(CityGridError):
    code = "not-found"
    title = N_("There is nothing here by that name")


class InvalidInput(CityGridError):
    """What was sent cannot be right. ``errors`` = ``[{"pointer": "/lon", "detail": "…"}]`` where known."""

    code = "invalid-input"
    title = N_("What was sent cannot be used")


class OutsideCity(InvalidInput):
    code = "outside-city"
    title = N_("The place lies outside the city")


class NotSignedIn(CityGridError):
    code = "not-signed-in"
    title = N_("Please sign in")


class NotAllowed(CityGridError):
    code = "not-allowed"
    title = N_("Your role may not do this")


class TooManyTries(CityGridError):
    code = "too-many-tries"
    title = N_("Too many tries; please wait")


class TooManyRequests(CityGridError):
    """``retry_after_s`` says when to come back."""

    code = "too-many-requests"
    title = N_("Too many requests; please wait")


class ActionNotAllowed(CityGridError):
    """``open_actions`` lists what the case's state would allow."""

    code = "action-not-allowed"
    title = N_("The case is not in a state for this step")


class Conflict(CityGridError):
    code = "conflict"
    title = N_("This contradicts what is already stored")


class Gone(CityGridError):
    """It was stored once and was taken away since, for a reason that ``detail`` gives."""

    code = "gone"
    title = N_("This has been withdrawn since")


class Stale(CityGridError):
    code = "stale"
    title = N_("The record was changed by someone else in the meantime")


class SeenVersionNeeded(CityGridError):
    """A change must say which version of the record its sender saw."""

    code = "seen-version-needed"
    title = N_("Say which version of the record was seen")


class TooLarge(CityGridError):
    code = "too-large"
    title = N_("What was sent is too large")


class UpstreamFailed(CityGridError):
    """Another service that this answer needs is away, slow or wrong; trying again later may help."""

    code = "upstream-failed"
    title = N_("Another service did not answer as it should")


class CalendarNotLoaded(CityGridError):
    code = "calendar-not-loaded"
    title = N_("The working calendar of that year is not loaded")


class SetupError(CityGridError):
    """Something on this machine is missing or wrong; ``detail`` says what, and what to do."""

    code = "setup"
    title = N_("citygrid cannot start")
