"""公平监督 as one table: signs that a figure may not be what it seems. A new watch is one row and one query.

A lead is no verdict: each watch says what it may innocently mean, and the evaluator notes what was found. The
query of a row is ``gis/sql/queries/watch_{code}.sql``; for a period's ``:begins`` and ``:ends`` and the row's
limits it gives ``subject``, ``name``, ``name_en``, ``weight`` (the strangest first), ``figures``, ``cases``
(numbers, at most twenty) and ``cases_total``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from gis.errors import InvalidInput, NotFound
from gis.i18n import N_, _


@dataclass(frozen=True)
class Limit:
    """From where on something is a lead. ``value`` unless asked otherwise, between ``least`` and ``most``."""

    code: str
    title: str
    value: float
    least: float
    most: float

    @property
    def is_whole(self) -> bool:
        return isinstance(self.value, int)


@dataclass(frozen=True)
class Watch:
    """One row.

    Attributes
    ----------
    looks_for, innocent : sentences: what is looked for, and what it may mean when nothing is wrong
    tells : figures of a lead by their code: title and unit (``count``, ``share``, ``metres``, ``seconds``,
        ``moment``, ``number``, ``text``)
    by_period : a lead of another period is another lead; else it is one for good (a photo, a step)
    """

    code: str
    title: str
    looks_for: str
    innocent: str
    limits: tuple[Limit, ...]
    tells: dict[str, tuple[str, str]]
    by_period: bool = True

    def limits_with(self, asked: Mapping[str, str]) -> dict[str, float]:
        """The limits, those that are asked for in place of the usual ones.

        Raises
        ------
        InvalidInput
            The watch has no such limit, it is no number, or it lies out of bounds.
        """
        known = {limit.code: limit for limit in self.limits}
        found: dict[str, float] = {code: limit.value for code, limit in known.items()}
        for code, said in asked.items():
            if code not in known:
                raise InvalidInput(
                    _("This watch has no limit {code}; it has: {known}").format(
                        code=code[:40], known=", ".join(known)
                    ),
                    errors=[{"pointer": f"/{code[:40]}"}],
                )
            found[code] = _read(known[code], said)
        return found


def _read(limit: Limit, said: str) -> float:
    try:
        value = int(said) if limit.is_whole else float(said)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or not limit.least <= value <= limit.most:
        raise InvalidInput(
            _("{code} lies between {least:g} and {most:g}").format(
                code=limit.code, least=limit.least, most=limit.most
            ),
            errors=[{"pointer": f"/{limit.code}"}],
        )
    return value


Z = Limit("z", N_("Standard deviations (z)"), 1.96, 0.5, 10.0)
JUMP = (
    Limit("days", N_("Last days of the period"), 3, 1, 31),
    Limit("z", N_("Standard deviations (z)"), 3.0, 1.0, 20.0),
    Limit("least", N_("Reports in these days, at least"), 10, 1, 10_000),
)
JUMP_TELLS = {
    "last": (N_("In the last days"), "count"),
    "expected": (N_("Expected, had all days been alike"), "number"),
    "before": (N_("In the days before"), "count"),
    "z": (N_("Standard deviations above that"), "number"),
}
ALWAYS_TELLS = {
    "city_share": (N_("Share elsewhere in the city"), "share"),
    "at_least": (N_("What “always” must at least mean (Wilson, 95 %)"), "share"),
}

# fmt: off
WATCHES: dict[str, Watch] = {row.code: row for row in (
    Watch("grid_unvisited", N_("Unit grids that nobody patrols"),
          N_("Unit grids of a duty grid where no track point was left for weeks, though its inspectors shared tracks"
             " elsewhere meanwhile."),
          N_("A park that is closed, a building site, a grid seen from its edge; a phone that finds no position there;"
             " an inspector who shares no track."),
          (Limit("weeks", N_("Weeks without a visit"), 4, 1, 12),),
          {"visited_at": (N_("Last visit"), "moment"), "duty_grid": (N_("Duty grid"), "text"),
           "inspectors": (N_("Inspectors of the duty grid"), "count"),
           "tracked": (N_("of them with a track in these weeks"), "count"),
           "public_cases": (N_("Reported by the public there"), "count")}),
    Watch("photo_twice", N_("Photos used twice"),
          N_("The same picture stands in cases that have nothing to do with each other."),
          N_("One picture that shows two problems; a report sent again under another class; a picture of another"
             " system that came with several cases."),
          (),
          {"times": (N_("Cases with it"), "count"), "people": (N_("People who sent it"), "count"),
           "first_at": (N_("First sent"), "moment"), "last_at": (N_("Last sent"), "moment")}, by_period=False),
    Watch("check_far", N_("Checks from far away"),
          N_("Who checked on site was far from the case, by the track or by the photo of the check."),
          N_("The check was sent later, when there was signal again; the case lies inside a large area; the position"
             " was inexact between tall buildings."),
          (Limit("metres", N_("Metres away, more than"), 200, 20, 50_000),
           Limit("minutes", N_("Minutes between check and track point, at most"), 5, 1, 60)),
          {"metres": (N_("Away from the case"), "metres"), "person": (N_("Checked by"), "text"),
           "at": (N_("Checked at"), "moment"), "track_metres": (N_("by the track"), "metres"),
           "photo_metres": (N_("by the photo"), "metres")}, by_period=False),
    Watch("check_quick", N_("Checks seconds after disposal"),
          N_("A check was passed within a minute after the department had handed over."),
          N_("The inspector stood beside the repair, or the department fed back only when the inspector was there."),
          (Limit("seconds", N_("Seconds after the hand-over, less than"), 60, 1, 3600),),
          {"seconds": (N_("After the hand-over"), "seconds"), "person": (N_("Checked by"), "text"),
           "at": (N_("Checked at"), "moment")}, by_period=False),
    Watch("always_pass", N_("Checkers who pass everything of one department"),
          N_("One checker has passed every repair of one department, though repairs are sent back elsewhere."),
          N_("A department that works well; easy classes; a checker who is called once the repair is known to be good."),
          (Limit("least", N_("Checks, at least"), 20, 5, 10_000), Z),
          {"checks": (N_("Checks, all passed"), "count"), **ALWAYS_TELLS}),
    Watch("jump_collector", N_("Reports of a collector that jump at the end"),
          N_("A collector reports far more in the last days of the period than in the days before."),
          N_("A campaign, a storm, a shift taken over for others, days off at the beginning."),
          JUMP, JUMP_TELLS),
    Watch("jump_community", N_("Reports of a community that jump at the end"),
          N_("From a community far more is reported in the last days of the period than in the days before."),
          N_("A campaign, a storm, a fair or a building site that began in these days."),
          JUMP, JUMP_TELLS),
    Watch("no_after_photo", N_("Cases closed without an after-photo"),
          N_("Cases of a department are closed with no photo of what was put right."),
          N_("The city asks for no such photo, or the repair cannot be seen (under ground, at night, a rule recited)."),
          (Limit("least", N_("Cases, at least"), 5, 1, 100_000),
           Limit("share", N_("Share of the closed cases, at least (0–1)"), 0.1, 0.0, 1.0)),
          {"without": (N_("Without an after-photo"), "count"), "closed": (N_("Closed cases of it"), "count"),
           "share": (N_("Share"), "share"), "city_share": (N_("Share in the city"), "share")}),
    Watch("one_class", N_("Collectors who report one class only"),
          N_("All valid reports of a collector are of one class, which others report far less often."),
          N_("A special task (a well-lid campaign), or a grid where little else can happen."),
          (Limit("least", N_("Valid reports, at least"), 20, 5, 10_000), Z),
          {"reports": (N_("Valid reports, all of one class"), "count"), "class": (N_("Class"), "text"), **ALWAYS_TELLS}),
    Watch("always_granted_department", N_("Departments whose extensions are always granted"),
          N_("Every request of a department for an extension was granted, though others' are denied at times."),
          N_("A department that asks seldom and with good reason, such as one that waits for spare parts."),
          (Limit("least", N_("Requests, at least"), 10, 3, 10_000), Z),
          {"requests": (N_("Requests, all granted"), "count"), **ALWAYS_TELLS}),
    Watch("always_granted_dispatcher", N_("Dispatchers who grant every extension"),
          N_("A dispatcher granted every request for an extension, though others deny some."),
          N_("A shift on which only urgent requests come in, or few requests at all."),
          (Limit("least", N_("Requests, at least"), 10, 3, 10_000), Z),
          {"requests": (N_("Requests, all granted"), "count"), **ALWAYS_TELLS}),
)}
# fmt: on


def watch_of(code: str) -> Watch:
    """The row of a code; raises NotFound."""
    if code not in WATCHES:
        raise NotFound(_("There is no watch {code}").format(code=code[:40]))
    return WATCHES[code]
