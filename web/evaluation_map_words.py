"""The words and icons of the map of figures, by the names its scripts know them by."""

from gis.i18n import N_

VIEWS = {
    "regions": N_("Figures by region"),
    "hotspots": N_("Hot spots"),
    "repeats": N_("Repeat places"),
}

ICONS = ("arrow-right", "flame", "layers", "map-pin", "trending-down", "trending-up", "triangle-alert", "x")

TEXTS: dict[str, str] = {
    "regionsTold": N_("{n} regions, {indicator}; highest first"),
    "hotTold": N_("{n} of {cells} unit grids were hot in {weeks} weeks ({first} to {last})"),
    "repeatsTold": N_("{n} places with {least} cases of one class or more; most cases first"),
    "noRegions": N_("No cases in this period"),
    "noHot": N_("No hot spot: nothing crowds more than chance would have it"),
    "noRepeats": N_("No place where cases came again"),
    "otherwise": N_("Choose another period, or ask less strictly."),
    "unknown": N_("unknown"),
    "range": N_("{from} to {to}"),
    "over": N_("over {from} to {to}"),
    "fewHatched": N_("Hatched: fewer than 10 cases, the figure says little"),
    "few": N_("few cases"),
    "fraction": N_("{top} of {bottom}"),
    "showCases": N_("The cases"),
    "explain": N_("How it comes about"),
    "profile": N_("Its profile page"),
    "close": N_("Close this panel"),
    "more": N_("{n} more"),
    "perAmount": N_("{value} over {amount}"),
    "weeksHot": N_("hot in {hot} of {weeks} weeks"),
    "rising": N_("rising"),
    "falling": N_("falling"),
    "week": N_("Week"),
    "cases": N_("Cases"),
    "statistic": N_("Gi*"),
    "hot": N_("hot"),
    "timesInM": N_("{n} cases within {m} m"),
    "timesOfOne": N_("{n} cases of component {code}"),
    "again": N_("{n} of them repaired or opened again"),
    "between": N_("{first} to {last}"),
    "region": N_("Region"),
    "grid": N_("Unit grid"),
    "kind": N_("Kind"),
    "hotOf": N_("Weeks hot, of {weeks}"),
    "place": N_("Place"),
    "lastCase": N_("Last case"),
    "wrongMap": N_("The figures could not be read: {why}"),
}
