"""The words that datasets are described by: themes and how often data are renewed."""

from gis.i18n import N_

THEMES: dict[str, str] = {
    "grid": N_("Areas and grids"),
    "component": N_("Components"),
    "pipeline": N_("Pipelines"),
    "case": N_("Cases"),
    "ground": N_("Roads and buildings"),
    "traffic": N_("Traffic"),
    "environment": N_("Environment and greening"),
    "planning": N_("Planning and construction"),
    "people": N_("Population and services"),
    "other": N_("Other data"),
}
FREQUENCIES: dict[str, str] = {
    "continual": N_("as it happens"),
    "daily": N_("daily"),
    "weekly": N_("weekly"),
    "monthly": N_("monthly"),
    "quarterly": N_("quarterly"),
    "annually": N_("yearly"),
    "as_needed": N_("when something changes"),
    "not_planned": N_("not renewed"),
    "unknown": N_("not stated"),
}
