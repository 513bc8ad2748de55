"""Filters (CQL2) into conditions of the database, over a table of attributes and nothing else.

Text is read by :mod:`gis.filtering.text`; CQL2 JSON is walked as it comes. Values are bound, names are
looked up: no word of the sender becomes SQL. What is unknown (empty) is neither equal nor unequal to
anything, as in SQL; ``IS NULL`` asks for it.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, true

from gis.errors import InvalidInput
from gis.filtering.faults import Fault, which
from gis.filtering.table import Column, Table, Type
from gis.filtering.temporal import RELATIONS, Relation
from gis.filtering.text import fault, place_of_name, read_text
from gis.filtering.values import TYPE_WORDS, read_span, read_value
from gis.i18n import _

Node = Any
DEEPEST = 24
MOST_NODES = 2000
GEOMETRY = ("geometry", "geom")
WORDS = (Type.CODE, Type.TEXT)


def condition(table: Table, said: str | dict[str, Any] | None) -> ColumnElement[bool] | None:
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
        return _Translator(table).predicate(tree, "")
    except Fault as wrong:
        if isinstance(said, str):
            at = place_of_name(said, wrong.name, which(tree, wrong))
            raise fault(wrong.detail, at, said) from wrong
        error = {"pointer": f"/filter{wrong.path}", "detail": wrong.detail}
        raise InvalidInput(f"{wrong.detail} (/filter{wrong.path})", errors=[error]) from wrong


class _Translator:
    def __init__(self, table: Table) -> None:
        self.table = table
        self.nodes = 0
        self.predicates: dict[str, Callable[[list[Node], str], ColumnElement[bool]]] = {
            "and": self._and,
            "or": self._or,
            "not": self._not,
            "isNull": self._is_null,
            "in": self._in,
            "between": self._between,
            "like": self._like,
            **{name: self._spatial(function) for name, function in table.spatial.items()},
            **({name: self._temporal(one) for name, one in RELATIONS.items()} if table.temporal else {}),
            **{sign: self._comparison(sign) for sign in _COMPARE},
        }

    def predicate(self, node: Node, path: str) -> ColumnElement[bool]:
        self.nodes += 1
        if path.count("/args/") > DEEPEST or self.nodes > MOST_NODES:
            raise Fault(_("The filter is too deep or too long"), path)
        if node is True or node is False:
            return true() if node else not_(true())
        if isinstance(node, dict) and isinstance(node.get("property"), str):
            column = self._property(node, path)
            if column.type is Type.YES:
                return column.sql
        if not isinstance(node, dict) or not isinstance(node.get("op"), str):
            name = node.get("property") if isinstance(node, dict) else ""
            raise Fault(_("A comparison is expected here"), path, str(name))
        args = node.get("args")
        make = self.predicates.get(node["op"]) or self.predicates.get(node["op"].lower())
        if make is None:
            known = ", ".join(self.predicates)
            raise Fault(
                _("{name} is not among what a filter can say: {known}").format(
                    name=_shown(node["op"]), known=known
                ),
                f"{path}/op",
                str(node["op"]),
            )
        if not isinstance(args, list):
            raise Fault(_("The arguments are missing"), path)
        return make(args, path)

    def _and(self, args: list[Node], path: str) -> ColumnElement[bool]:
        return and_(*self._all(args, path))

    def _or(self, args: list[Node], path: str) -> ColumnElement[bool]:
        return or_(*self._all(args, path))

    def _all(self, args: list[Node], path: str) -> list[ColumnElement[bool]]:
        if not args:
            raise Fault(_("The arguments are missing"), path)
        return [self.predicate(arg, f"{path}/args/{n}") for n, arg in enumerate(args)]

    def _not(self, args: list[Node], path: str) -> ColumnElement[bool]:
        _count(args, 1, path)
        return not_(self.predicate(args[0], f"{path}/args/0"))

    def _is_null(self, args: list[Node], path: str) -> ColumnElement[bool]:
        _count(args, 1, path)
        return self._property(args[0], f"{path}/args/0").sql.is_(None)

    def _in(self, args: list[Node], path: str) -> ColumnElement[bool]:
        _count(args, 2, path)
        column, sql, folded = self._operand(args[0], f"{path}/args/0")
        if not isinstance(args[1], list) or not args[1]:
            raise Fault(_("A list of values is expected here"), f"{path}/args/1")
        values = [self._value(column, value, f"{path}/args/1/{n}", folded) for n, value in enumerate(args[1])]
        return sql.in_(values)

    def _between(self, args: list[Node], path: str) -> ColumnElement[bool]:
        _count(args, 3, path)
        column = self._property(args[0], f"{path}/args/0")
        low, high = (self._value(column, args[n], f"{path}/args/{n}") for n in (1, 2))
        return column.sql.between(low, high)

    def _like(self, args: list[Node], path: str) -> ColumnElement[bool]:
        _count(args, 2, path)
        column, sql, folded = self._operand(args[0], f"{path}/args/0")
        if column.type not in WORDS:
            raise Fault(
                _("{name} holds no text that LIKE could search").format(name=column.name),
                f"{path}/args/0",
                column.name,
            )
        pattern = self._value(column, args[1], f"{path}/args/1", folded)
        if (len(pattern) - len(pattern.rstrip("\\"))) % 2:
            raise Fault(_("A pattern must not end with a single \\"), f"{path}/args/1", column.name)
        return sql.like(pattern, escape="\\")

    def _comparison(self, sign: str) -> Callable[[list[Node], str], ColumnElement[bool]]:
        def compare(args: list[Node], path: str) -> ColumnElement[bool]:
            _count(args, 2, path)
            left, right = args
            if not _names_property(left):
                if not _names_property(right):
                    raise Fault(_("An attribute is expected here"), f"{path}/args/0")
                left, right = right, left
                at, other_at, turned = f"{path}/args/1", f"{path}/args/0", _TURNED.get(sign, sign)
            else:
                at, other_at, turned = f"{path}/args/0", f"{path}/args/1", sign
            column, sql, folded = self._operand(left, at)
            if _names_property(right):
                other, against, _folded = self._operand(right, other_at)
                if _family(other) != _family(column):
                    raise Fault(
                        _("{a} cannot be compared with {b}").format(a=column.name, b=other.name),
                        other_at,
                        other.name,
                    )
                return _COMPARE[turned](sql, against)
            return _COMPARE[turned](sql, self._value(column, right, other_at, folded))

        return compare

    def _spatial(self, function: str) -> Callable[[list[Node], str], ColumnElement[bool]]:
        def relate(args: list[Node], path: str) -> ColumnElement[bool]:
            _count(args, 2, path)
            turned = not _names_geometry(args[0]) and _names_geometry(args[1])
            own, other = (1, 0) if turned else (0, 1)
            if not _names_geometry(args[own]):
                raise Fault(_("The attribute geometry is expected here"), f"{path}/args/0")
            try:
                place = self.table.place(args[other])
            except InvalidInput as wrong:
                raise Fault(wrong.detail, f"{path}/args/{other}", "geometry") from wrong
            sides = [self.table.geometry, place]
            made: ColumnElement[bool] = getattr(func, function)(*(reversed(sides) if turned else sides))
            return made

        return relate

    def _temporal(self, relation: Relation) -> Callable[[list[Node], str], ColumnElement[bool]]:
        def relate(args: list[Node], path: str) -> ColumnElement[bool]:
            _count(args, 2, path)
            kind = self._kind_of_time(args, path)
            spans = [self._span(kind, arg, f"{path}/args/{n}") for n, arg in enumerate(args)]
            return relation(*spans[0], *spans[1])

        return relate

    def _kind_of_time(self, args: list[Node], path: str) -> Type:
        """Days or moments: as the first attribute named has it."""
        for number, arg in enumerate(args):
            ends = arg.get("interval", [arg]) if isinstance(arg, dict) else []
            for one in ends if isinstance(ends, list) else []:
                if _names_property(one):
                    return self._property(one, f"{path}/args/{number}").type
        raise Fault(_("An attribute is expected here"), f"{path}/args/0")

    def _span(self, kind: Type, node: Node, path: str) -> tuple[Any, Any]:
        """Beginning and end of an attribute, a value, or an interval of either."""
        if isinstance(node, dict) and isinstance(node.get("interval"), list) and len(node["interval"]) == 2:
            if any(_names_property(one) for one in node["interval"]):
                sides = [
                    self._span(kind, one if _names_property(one) else {"interval": [one, one]}, path)
                    for one in node["interval"]
                ]
                return sides[0][0], sides[1][1]
        elif _names_property(node):
            column = self._property(node, path)
            if column.type is not kind or kind not in (Type.DATE, Type.MOMENT):
                raise Fault(_("{name} holds no time").format(name=column.name), path, column.name)
            return column.sql, column.sql
        self.nodes += 1
        span = read_span(kind, node)
        if span is None:
            raise Fault(
                _("{value} is no day, moment or interval").format(value=_shown(node)),
                path,
            )
        return span

    def _operand(self, node: Node, path: str) -> tuple[Column, ColumnElement[Any], bool]:
        """An attribute, perhaps in ``casei(…)``; the last tells whether it is."""
        if isinstance(node, dict) and node.get("op") == "casei":
            args = node.get("args")
            _count(args, 1, path)
            column = self._property(args[0], f"{path}/args/0")  # type: ignore[index]
            if column.type not in WORDS:
                raise Fault(_("{name} holds no text").format(name=column.name), path, column.name)
            return column, func.lower(column.sql), True
        column = self._property(node, path)
        return column, column.sql, False

    def _property(self, node: Node, path: str) -> Column:
        name = node.get("property") if isinstance(node, dict) else None
        if not isinstance(name, str):
            raise Fault(_("An attribute is expected here"), path)
        column = self.table.find(name)
        if column is None:
            raise Fault(
                _("There is no attribute {name}; there are: {known}").format(
                    name=_shown(name), known=", ".join(self.table.names())
                ),
                f"{path}/property",
                name,
            )
        return column

    def _value(self, column: Column, value: Node, path: str, folded: bool = False) -> Any:
        """A value of the sender in the type of an attribute; in lower case where the attribute is folded."""
        self.nodes += 1
        if folded and isinstance(value, dict) and value.get("op") == "casei":
            args = value.get("args")
            _count(args, 1, path)
            value = args[0]  # type: ignore[index]
        made = read_value(column.type, value)
        if made is None or self.nodes > MOST_NODES:
            raise Fault(
                _("{name} is compared with {kind}, not with {value}").format(
                    name=column.name, kind=_(TYPE_WORDS[column.type]), value=_shown(value)
                ),
                path,
                column.name,
            )
        return made.lower() if folded else made


def _count(args: Any, number: int, path: str) -> None:
    if not isinstance(args, list) or len(args) != number:
        raise Fault(_("{number} arguments are expected here").format(number=number), f"{path}/args")


def _names_property(node: Node) -> bool:
    return isinstance(node, dict) and ("property" in node or (node.get("op") == "casei" and _folds(node)))


def _names_geometry(node: Node) -> bool:
    return isinstance(node, dict) and node.get("property") in GEOMETRY


def _folds(node: dict[str, Any]) -> bool:
    args = node.get("args")
    return isinstance(args, list) and len(args) == 1 and isinstance(args[0], dict)


def _family(column: Column) -> str:
    """Attributes of one family can be compared with each other."""
    if column.type in (Type.WHOLE, Type.NUMBER):
        return "number"
    return "word" if column.type in WORDS else column.type


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
