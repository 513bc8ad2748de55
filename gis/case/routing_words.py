"""A routing trace in words: which rule decided, and why each of the others did not."""

from datetime import datetime

from gis.case.routing_rules import Considered, Hours, Outcome, Rule
from gis.i18n import N_, _, pick

REASONS = {
    "maintainer": N_("maintains the component"),
    "responsibility": N_("answers for class {class_code} in {area}"),
    "area": N_("answers for {area}"),
    "fallback": N_("answers for what no one else does"),
}
WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


def reason_words(rule: Rule | None) -> str:
    """What a rule says; ``None`` is the component's maintainer."""
    if rule is None:
        said = REASONS["maintainer"]
        return _(said)
    said = REASONS["responsibility" if rule.class_code else "area" if rule.area_id else "fallback"]
    words = _(said).format(class_code=rule.class_code, area=area_words(rule))
    return words + (f" ({hours_words(rule.hours)})" if rule.hours.conditions else "")


def area_words(rule: Rule) -> str:
    """The area of a rule, the city where it has none."""
    return pick(rule.area_zh, rule.area_en) if rule.area_id else _("the city")


def hours_words(hours: Hours) -> str:
    """When a rule holds: ``Saturday, Sunday 18:00–08:00``; empty where it always does."""
    days = ", ".join(_(WEEKDAYS[int(digit) - 1]) for digit in sorted(hours.weekdays or ""))
    if hours.starts_at is None or hours.ends_at is None:
        return days
    return f"{days} {hours.starts_at:%H:%M}–{hours.ends_at:%H:%M}".strip()


def why_words(considered: Considered, decided: Considered | None, local: datetime) -> str:
    """Why a rule decided or did not; ``decided`` is the one that did, ``local`` the moment of asking."""
    rule, party = considered.rule, considered.party
    name = pick(party.name_zh, party.name_en) if party else ""
    match considered.outcome:
        case Outcome.DECIDED:
            return reason_words(rule)
        case Outcome.OUTSIDE_HOURS:
            return _("holds only {hours}; it is {now}").format(
                hours=hours_words(rule.hours) if rule else "",
                now=f"{_(WEEKDAYS[local.weekday()])} {local:%H:%M}",
            )
        case Outcome.NO_DEPARTMENT:
            return _("the component has no maintainer on record")
        case Outcome.CLOSED:
            day = party.closed_on.isoformat() if party and party.closed_on else ""
            return _("{name} was closed on {day}").format(name=name, day=day)
        case Outcome.NOT_DISPOSING:
            return _("{name} does not dispose of cases").format(name=name)
    return _less_particular(rule, decided.rule if decided else None)


def _less_particular(rule: Rule | None, before: Rule | None) -> str:
    """What the rule that decided has before this one: the first difference in their ranks."""
    if before is None or rule is None:
        return _("the component's maintainer comes first")
    ours, theirs = rule.rank, before.rank
    if ours[0] != theirs[0]:
        return _("less particular in class than the one that decided")
    if ours[1] != theirs[1]:
        return _("less particular in area than the one that decided")
    if ours[2] != theirs[2]:
        return _("less particular in time than the one that decided")
    return _("as particular as the one that decided, but later in order")
