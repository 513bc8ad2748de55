"""The words, icons and small tables of the dashboard, by the names its scripts know them by."""

from gis.i18n import N_

# Titles of the kinds where many are meant.
KIND_TABS = {
    "district": N_("Districts"),
    "street": N_("Streets"),
    "community": N_("Communities"),
    "unit_grid": N_("Unit grids"),
    "department": N_("Departments"),
    "collector": N_("Collectors"),
    "acceptor": N_("Acceptors"),
    "shift_leader": N_("Shift leaders"),
    "dispatcher": N_("Dispatchers"),
}

LAMP_WORDS = {"green": N_("Within the limit"), "yellow": N_("Soon due"), "red": N_("Overdue")}

TREND_UNITS = (("day", N_("by day")), ("week", N_("by week")), ("month", N_("by month")))
# How fine a period is drawn; and how many points of each unit are asked for.
TREND_OF = {"day": "day", "week": "day", "month": "day", "quarter": "week", "year": "month", "span": "day"}
TREND_POINTS = {"day": 31, "week": 26, "month": 24}

# Causes of a change can be split by these, as far as an object has any of them.
CAUSES = (("class", N_("by class")), ("street", N_("by street")), ("department", N_("by department")))

ICONS = (
    "arrow-down",
    "arrow-right",
    "arrow-up",
    "circle-alert",
    "circle-question-mark",
    "book-open",
    "landmark",
    "external-link",
    "list",
)

TEXTS: dict[str, str] = {
    "after": N_("This period"),
    "badWeights": N_("The weights make {total}, not 100"),
    "before": N_("Period before"),
    "byMix": N_("by another mix"),
    "byRate": N_("by another rate"),
    "cardName": N_("Score card {name}, version {version}"),
    "casesBehind": N_("{n} cases"),
    "cause": N_("Share of the change"),
    "changeCauses": N_("Why it changed against the period before"),
    "counts": N_("{n} counted"),
    "formula": N_("How it is counted"),
    "goodWeights": N_("The weights make 100"),
    "hours": N_("{n} h"),
    "kept": N_("The card is saved. It is used when somebody chooses it."),
    "leftOut": N_("no cases: left out, the others carry the whole"),
    "noCases": N_("no cases"),
    "noCauses": N_("There is nothing to compare: one of the two periods has no cases."),
    "noChange": N_("No change against the period before."),
    "onTime": N_("On-time disposal rate"),
    "part": N_("Indicator"),
    "percentPoints": N_("{n} percentage points"),
    "points": N_("Points scored"),
    "reported": N_("Reports"),
    "score": N_("Score"),
    "share": N_("Adds"),
    "splitBy": N_("Split"),
    "toPoints": N_("{points} points × weight {weight} % = {share} of the score"),
    "trendOf": N_("Score or indicator over the last periods, as in the table below"),
    "trendSays": N_("Reports and on-time disposal rate over time"),
    "scoresSay": N_("Scores by rank, as in the ranking below"),
    "value": N_("Value"),
    "weight": N_("Weight"),
    "weightUsed": N_("{n} % of the card's weight has cases"),
    "wrong": N_("This could not be read: {why}"),
}
