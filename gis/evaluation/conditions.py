"""Conditions of counts read over columns in memory: frozen facts are counted again without a database.

They are written as SQL (:mod:`gis.evaluation.counts`, :mod:`gis.evaluation.duties`): columns of ``f`` or
``p``, ``AND``, ``OR``, ``NOT``, brackets, ``IS [NOT] NULL``, ``> number`` and ``true``. Anything else is
refused: nothing is counted by a condition that was only half understood. What is unknown stays unknown.
"""

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from gis.errors import SetupError
from gis.i18n import _

_TOKEN = re.compile(r"\s*(?:(AND|OR|NOT|IS|NULL|true)\b|[fp]\.(\w+)|(\d+)|([()>]))")
Column = Callable[[str], pa.Array]


def holds(condition: str, column: Column, rows: int) -> pa.Array:
    """Where a condition holds.

    Parameters
    ----------
    column : gives a column by its name, of length ``rows``

    Returns
    -------
    booleans, shape (rows,); false where SQL would say unknown

    Raises
    ------
    SetupError
        The condition says what this reader does not know.
    """
    reader = _Reader(condition, column, rows)
    found = reader.either()
    reader.end()
    return pc.fill_null(found, False)


class _Reader:
    """One condition, read from the left; the methods go from what binds least to what binds most."""

    def __init__(self, condition: str, column: Column, rows: int) -> None:
        self._condition, self._column, self._rows = condition, column, rows
        self._tokens = self._split()

    def _split(self) -> list[tuple[str, str]]:
        tokens, at, text = [], 0, self._condition.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._unknown()
            word, name, number, sign = found.groups()
            tokens.append(("column", name) if name else ("number", number) if number else ("", word or sign))
            at = found.end()
        return tokens

    def _unknown(self) -> SetupError:
        return SetupError(_("A condition cannot be read: {condition}").format(condition=self._condition))

    def _takes(self, *words: str) -> bool:
        """Whether these come next; then they are read."""
        if [word for kind, word in self._tokens[: len(words)] if not kind] != list(words):
            return False
        del self._tokens[: len(words)]
        return True

    def _next(self, kind: str) -> str:
        if not self._tokens or self._tokens[0][0] != kind:
            raise self._unknown()
        return self._tokens.pop(0)[1]

    def either(self) -> pa.Array:
        found = self._all()
        while self._takes("OR"):
            found = pc.or_kleene(found, self._all())
        return found

    def _all(self) -> pa.Array:
        found = self._one()
        while self._takes("AND"):
            found = pc.and_kleene(found, self._one())
        return found

    def _one(self) -> pa.Array:
        if self._takes("NOT"):
            return pc.invert(self._one())
        if self._takes("("):
            found = self.either()
            if not self._takes(")"):
                raise self._unknown()
            return found
        if self._takes("true"):
            return pa.repeat(pa.scalar(True), self._rows)
        return self._about(self._column(self._next("column")))

    def _about(self, values: pa.Array) -> pa.Array:
        if self._takes("IS", "NOT", "NULL"):
            return pc.is_valid(values)
        if self._takes("IS", "NULL"):
            return pc.is_null(values)
        if self._takes(">"):
            return pc.greater(values, int(self._next("number")))
        if not pa.types.is_boolean(values.type):
            raise self._unknown()
        return values

    def end(self) -> None:
        if self._tokens:
            raise self._unknown()
