"""Classes of components and events as services of Open311. A new class of the city is a new service."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from gis.errors import NotFound
from gis.i18n import _, gettext, pick
from gis.standard.rows import FilingRule, ObjectClass
from gis.standard.tables import CITY_EDITION, object_classes, rules_for
from gis.standard.vocabulary import ObjectKind

CONDITION, COMPONENT, OCCURRED_AT = "condition", "component", "occurred_at"  # codes of attributes


@dataclass(frozen=True)
class Service:
    """A class that can be reported; its ``code`` begins with the letter of its kind, as case numbers do."""

    row: ObjectClass

    @property
    def code(self) -> str:
        return f"{self.kind.letter}{self.row.code}"

    @property
    def kind(self) -> ObjectKind:
        return ObjectKind(self.row.kind)

    @property
    def name(self) -> str:
        return pick(self.row.name_zh, self.row.name_en)

    @property
    def group(self) -> str:
        return pick(self.row.major_name_zh, self.row.major_name_en)

    @property
    def description(self) -> str:
        """On which conditions the city acts."""
        return "; ".join(pick(rule.condition_zh, rule.condition_en) for rule in self.rules)

    @property
    def keywords(self) -> str:
        """Names in both languages, and the kind."""
        return ",".join((self.row.name_zh, self.row.name_en, gettext(self.kind)))

    @property
    def rules(self) -> Sequence[FilingRule]:
        return rules_for(CITY_EDITION, self.kind, self.row.code)


@dataclass(frozen=True)
class Attribute:
    """A question that belongs to a service. ``values``: what may be chosen, code and words."""

    code: str
    datatype: str
    description: str
    datatype_description: str = ""
    values: tuple[tuple[str, str], ...] = ()


@lru_cache
def services() -> tuple[Service, ...]:
    """Every class of the city's edition for which it has filing rules: on others it would not act."""
    return tuple(
        Service(row)
        for row in object_classes()
        if row.edition == CITY_EDITION and rules_for(CITY_EDITION, row.kind, row.code)
    )


@lru_cache
def _by_code() -> dict[str, Service]:
    return {service.code: service for service in services()}


def find_service(code: str) -> Service:
    """The service of a code; raises NotFound."""
    service = _by_code().get(code.strip().upper())
    if service is None:
        raise NotFound(_("There is no service {code}").format(code=code[:40]))
    return service


def attributes_of(service: Service) -> list[Attribute]:
    """What may be told with a report of the service; nothing of it is required."""
    choices = tuple((rule.code, pick(rule.condition_zh, rule.condition_en)) for rule in service.rules)
    asked = [Attribute(CONDITION, "singlevaluelist", _("What is wrong?"), values=choices)]
    if service.kind is ObjectKind.COMPONENT:
        asked.append(Attribute(COMPONENT, "string", _("Code of the component"), _("16 digits on its label")))
    asked.append(Attribute(OCCURRED_AT, "datetime", _("Since when?"), _("with its offset, as +08:00")))
    return asked


def condition_words(service: Service, code: str) -> str | None:
    """The words of a condition of the service; ``None`` where it has no such condition."""
    found = [rule for rule in service.rules if rule.code == code]
    return pick(found[0].condition_zh, found[0].condition_en) if found else None
