"""Filters (CQL2) into conditions of the database, over the table of attributes and nothing else.

Text is read by :mod:`gis.pipeline.filter_text`; CQL2 JSON is walked as it comes. Values are bound, names are
looked up: no word of the sender becomes SQL. What is unknown (empty) is neither equal nor unequal to
anything, as in SQL; ``IS NULL`` asks for it.
"""

from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_

from gis.errors import InvalidInput
from gis.i18n import _
from gis.pipeline.areas import area_in_city, area_sql
from gis.pipeline.attributes import Attribute, Type, attributes_of, find_attribute
from gis.pipeline.filter_text import fault, place_of_name, read_text
from gis.pipeline.filter_values import TYPE_WORDS, read_value
from gis.pipeline.frame import Frame

Node = Any
DEEPEST = 24
MOST_NODES = 2000
GEOMETRY = ("geometry", "geom")
WORDS = (Type.CODE, Type.TEXT)


class _Fault(Exception):
    """What is wrong with a node: where it stands in the tree, and the property it is about, if any."""

    def __init__(self, detail: str, path: str, name: str = "") -> None:
        super().__init__(detail)
        self.detail, self.path, self.name = detail, path, name


def condition(frame: Frame, said: str | dict[str, Any] | None) -> ColumnElement[bool] | None:
    """The rows that a filter asks for; None where there is no filter.

    Raises
    ------
    InvalidInput
        It cannot be read, names what there is not, or compares what cannot be compared. ``errors`` point to
        the character of a text (``character``), or to the node of CQL2 JSON (``pointer``).
    """
    if said is None or said == "":
        return None
    tree = read_text(said) if isinstance(said, str) else said
    try:
        return _Translator(frame).predicate(tree, "")
    except _Fault as wrong:
        if isinstance(said, str):
            at = place_of_name(said, wrong.name, _which(tree, wrong))
            raise fault(wrong.detail, at, said) from wrong
        error = {"pointer": f"/filter{wrong.path}", "detail": wrong.detail}
        raise InvalidInput(f"{wrong.detail} (/filter{wrong.path})", errors=[error]) from wrong


def _which(tree: Node, wrong: _Fault) -> int:
    """Which of the places where a property is named, in the order of the text, stands nearest to a fault."""
    places = [path for path, name in _properties(tree, "") if name == wrong.name]
    shared = [_steps_shared(path, wrong.path) for path in places]
    return shared.index(max(shared)) if shared else 0


def _steps_shared(a: str, b: str) -> int:
    """How many steps from the root two paths go together."""
    pairs = zip(a.split("/"), b.split("/"), strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _properties(node: Node, path: str) -> Iterator[tuple[str, str]]:
    """The properties that a filter names, from left to right, each with its path."""
    if isinstance(node, dict) and isinstance(node.get("property"), str):
        yield path, node["property"]
    elif isinstance(node, dict) and isinstance(node.get("args"), list):
        for number, arg in enumerate(node["args"]):
            yield from _properties(arg, f"{path}/args/{number}")


class _Translator:
    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.nodes = 0
        self.predicates: dict[str, Callable[[list[Node], str], ColumnElement[bool]]] = {
            "and": self._and,
            "or": self._or,
            "not": self._not,
            "isNull": self._is_null,
            "in": self._in,
            "between": self._between,
            "like": self._like,
            "s_intersects": self._spatial("ST_Intersects"),
            "s_within": self._spatial("ST_CoveredBy"),
            **{sign: self._comparison(sign) for sign in _COMPARE},
        }

    def predicate(self, node: Node, path: str) -> ColumnElement[bool]:
        self.nodes += 1
        if path.count("/args/") > DEEPEST or self.nodes > MOST_NODES:
            raise _Fault(_("The filter is too deep or too long"), path)
        if not isinstance(node, dict) or not isinstance(node.get("op"), str):
            name = node.get("property") if isinstance(node, dict) else ""
            raise _Fault(_("A comparison is expected here"), path, str(name))
        args = node.get("args")
        make = self.predicates.get(node["op"])
        if make is None:
            known = ", ".join(self.predicates)
            raise _Fault(
                _("{name} is not among what a filter can say: {known}").format(
                    name=_shown(node["op"]), known=known
                ),
                f"{path}/op",
                str(node["op"]),
            )
        if not isinstance(args, list):
            raise _Fault(_("The arguments are missing"), path)
        return make(args, path)

    def _and(self, args: list[Node], path: str) -> ColumnElement[bool]:
        return and_(*self._all(args, path))

    def _or(self, args: list[Node], path: str) -> ColumnElement[bool]:
        return or_(*self._all(args, path))

    def _all(self, args: list[Node], path: str) -> list[ColumnElement[bool]]:
        if not args:
            raise _Fault(_("The arguments are missing"), path)
        return [self.predicate(arg, f"{path}/args/{n}") for n, arg in enumerate(args)]

    def _not(self, args: list[Node], path: str) -> ColumnElement[bool]:
        _count(args, 1, path)
        return not_(self.predicate(args[0], f"{path}/args/0"))

    def _is_null(self, args: list[Node], path: str) -> ColumnElement[bool]:
        _count(args, 1, path)
        return self._property(args[0], f"{path}/args/0")[1].is_(None)

    def _in(self, args: list[Node], path: str) -> ColumnElement[bool]:
        _count(args, 2, path)
        attribute, column, folded = self._operand(args[0], f"{path}/args/0")
        if not isinstance(args[1], list) or not args[1]:
            raise _Fault(_("A list of values is expected here"), f"{path}/args/1")
        values = [
            self._value(attribute, value, f"{path}/args/1/{n}", folded) for n, value in enumerate(args[1])
        ]
        return column.in_(values)

    def _between(self, args: list[Node], path: str) -> ColumnElement[bool]:
        _count(args, 3, path)
        attribute, column = self._property(args[0], f"{path}/args/0")
        low, high = (self._value(attribute, args[n], f"{path}/args/{n}") for n in (1, 2))
        return column.between(low, high)

    def _like(self, args: list[Node], path: str) -> ColumnElement[bool]:
        _count(args, 2, path)
        attribute, column, folded = self._operand(args[0], f"{path}/args/0")
        if attribute.type not in WORDS:
            raise _Fault(
                _("{name} holds no text that LIKE could search").format(name=attribute.name),
                f"{path}/args/0",
                attribute.name,
            )
        pattern = self._value(attribute, args[1], f"{path}/args/1", folded)
        if (len(pattern) - len(pattern.rstrip("\\"))) % 2:
            raise _Fault(_("A pattern must not end with a single \\"), f"{path}/args/1", attribute.name)
        return column.like(pattern, escape="\\")

    def _comparison(self, sign: str) -> Callable[[list[Node], str], ColumnElement[bool]]:
        def compare(args: list[Node], path: str) -> ColumnElement[bool]:
            _count(args, 2, path)
            left, right = args
            if not _names_property(left):
                if not _names_property(right):
                    raise _Fault(_("An attribute is expected here"), f"{path}/args/0")
                left, right = right, left
                at, other_at, turned = f"{path}/args/1", f"{path}/args/0", _TURNED.get(sign, sign)
            else:
                at, other_at, turned = f"{path}/args/0", f"{path}/args/1", sign
            attribute, column, folded = self._operand(left, at)
            if _names_property(right):
                other, against, _folded = self._operand(right, other_at)
                if _family(other) != _family(attribute):
                    raise _Fault(
                        _("{a} cannot be compared with {b}").format(a=attribute.name, b=other.name),
                        other_at,
                        other.name,
                    )
                return _COMPARE[turned](column, against)
            return _COMPARE[turned](column, self._value(attribute, right, other_at, folded))

        return compare

    def _spatial(self, function: str) -> Callable[[list[Node], str], ColumnElement[bool]]:
        def relate(args: list[Node], path: str) -> ColumnElement[bool]:
            _count(args, 2, path)
            first = args[0]
            if not isinstance(first, dict) or first.get("property") not in GEOMETRY:
                raise _Fault(_("The attribute geometry is expected here"), f"{path}/args/0")
            try:
                area = area_in_city(args[1], "")
            except InvalidInput as wrong:
                raise _Fault(wrong.detail, f"{path}/args/1", "geometry") from wrong
            made: ColumnElement[bool] = getattr(func, function)(self.frame.row.geom, area_sql(area))
            return made

        return relate

    def _operand(self, node: Node, path: str) -> tuple[Attribute, ColumnElement[Any], bool]:
        """An attribute, perhaps in ``casei(…)``; the last tells whether it is."""
        if isinstance(node, dict) and node.get("op") == "casei":
            args = node.get("args")
            _count(args, 1, path)
            attribute, column = self._property(args[0], f"{path}/args/0")  # type: ignore[index]
            if attribute.type not in WORDS:
                raise _Fault(_("{name} holds no text").format(name=attribute.name), path, attribute.name)
            return attribute, func.lower(column), True
        attribute, column = self._property(node, path)
        return attribute, column, False

    def _property(self, node: Node, path: str) -> tuple[Attribute, ColumnElement[Any]]:
        name = node.get("property") if isinstance(node, dict) else None
        if not isinstance(name, str):
            raise _Fault(_("An attribute is expected here"), path)
        attribute = find_attribute(self.frame.kind, name)
        if attribute is None or not attribute.filterable:
            known = ", ".join(one.name for one in attributes_of(self.frame.kind) if one.filterable)
            raise _Fault(
                _("There is no attribute {name}; there are: {known}").format(name=_shown(name), known=known),
                f"{path}/property",
                name,
            )
        return attribute, attribute.of(self.frame)

    def _value(self, attribute: Attribute, value: Node, path: str, folded: bool = False) -> Any:
        """A value of the sender in the type of an attribute; in lower case where the attribute is folded."""
        self.nodes += 1
        if folded and isinstance(value, dict) and value.get("op") == "casei":
            args = value.get("args")
            _count(args, 1, path)
            value = args[0]  # type: ignore[index]
        made = read_value(attribute.type, value)
        if made is None or self.nodes > MOST_NODES:
            raise _Fault(
                _("{name} is compared with {kind}, not with {value}").format(
                    name=attribute.name, kind=_(TYPE_WORDS[attribute.type]), value=_shown(value)
                ),
                path,
                attribute.name,
            )
        return made.lower() if folded else made


def _count(args: Any, number: int, path: str) -> None:
    if not isinstance(args, list) or len(args) != number:
        raise _Fault(_("{number} arguments are expected here").format(number=number), f"{path}/args")


def _names_property(node: Node) -> bool:
    return isinstance(node, dict) and ("property" in node or (node.get("op") == "casei" and _folds(node)))


def _folds(node: dict[str, Any]) -> bool:
    args = node.get("args")
    return isinstance(args, list) and len(args) == 1 and isinstance(args[0], dict)


def _family(attribute: Attribute) -> str:
    """Attributes of one family can be compared with each other."""
    if attribute.type in (Type.WHOLE, Type.NUMBER):
        return "number"
    return "word" if attribute.type in WORDS else attribute.type


def _shown(value: Any) -> str:
    """A value of the sender for a message: short, and never half a character."""
    return str(value).encode("utf-8", "replace").decode()[:60]


_COMPARE: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
# The same comparison with its sides exchanged.
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
