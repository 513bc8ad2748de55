"""The catalogue searched: by words, theme, owner, place, time and foreign ids; a page at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import ColumnElement, Date, String, and_, case, func, or_, select
from sqlalchemy.orm import Session

from gis.dataset.models import Dataset
from gis.dataset.vocabulary import THEMES
from gis.errors import InvalidInput, NotFound
from gis.grid.models import City
from gis.i18n import _, get_locale
from gis.page import Page, read_cursor, write_cursor
from gis.people.models import Department

SORTABLE = ("title", "updated", "created", "date", "id")
MOST_WORDS = 10


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is looked for; the parts narrow each other. ``words``: any of these texts, each as it stands.

    ``hidden`` are collections that the reader may not see. ``box`` is in the city's CRS. ``days``: the first
    and the last one that the data may be of, None where open. ``newest``: ``{collection: day}`` of our own.
    """

    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    external_ids: tuple[str, ...] = ()
    theme: str = ""
    owner: str = ""
    box: WKBElement | None = None
    days: tuple[date | None, date | None] | None = None
    hidden: Collection[str] = ()
    newest: Mapping[str, date | None] | None = None
    sort: str = ""


def datasets_page(session: Session, asked: Question, limit: int, cursor: str | None = None) -> Page[Dataset]:
    """Datasets in the order of the question, ties by code; in that of titles where none is said.

    Raises
    ------
    InvalidInput
        The order is none of :data:`SORTABLE`, or the cursor none of ours.
    """
    name, descending = asked.sort.removeprefix("-") or "title", asked.sort.startswith("-")
    if name not in SORTABLE:
        raise InvalidInput(
            _("Cannot sort by {name}; sort by: {known}").format(name=name[:40], known=", ".join(SORTABLE)),
            errors=[{"pointer": "/sortby", "detail": name[:40]}],
        )
    key = _key(name, asked)
    statement = select(Dataset, key.label("key")).where(*_conditions(asked))
    if cursor:
        after, code = read_cursor(cursor, str, str)
        further = key < after if descending else key > after
        statement = statement.where(or_(further, and_(key == after, Dataset.code > code)))
    order = (key.desc() if descending else key.asc(), Dataset.code)
    rows = session.execute(statement.order_by(*order).limit(limit + 1)).all()
    shown = rows[:limit]
    following = write_cursor(shown[-1].key, shown[-1].Dataset.code) if len(rows) > limit else None
    return Page([row.Dataset for row in shown], following)


def find_visible(session: Session, code: str, hidden: Collection[str]) -> Dataset:
    """A dataset that the reader may see; NotFound where there is none, or none for them."""
    found = session.scalar(select(Dataset).where(Dataset.code == code, Dataset.collection.not_in([*hidden])))
    if found is None:
        raise NotFound(_("There is no dataset {code}").format(code=code[:64]))
    return found


def count_datasets(session: Session, asked: Question) -> int:
    """How many datasets answer a question; a catalogue is small enough to be counted."""
    return session.scalar(select(func.count()).select_from(Dataset).where(*_conditions(asked))) or 0


def owners(session: Session, datasets: Collection[Dataset]) -> dict[int, Department]:
    """The departments that datasets belong to, by id."""
    ids = {one.owner_id for one in datasets if one.owner_id is not None}
    found = session.scalars(select(Department).where(Department.id.in_(ids))) if ids else ()
    return {one.id: one for one in found}


def owners_of_all(session: Session) -> list[Department]:
    """The departments that own any dataset."""
    owning = select(Dataset.owner_id).where(Dataset.owner_id.is_not(None))
    return list(
        session.scalars(select(Department).where(Department.id.in_(owning)).order_by(Department.code))
    )


def themes_of_all(session: Session) -> list[str]:
    """The themes that any dataset has, in the order of the vocabulary."""
    there = set(session.scalars(select(Dataset.theme).distinct()))
    return [theme for theme in THEMES if theme in there]


def city_of(session: Session) -> City | None:
    """The city, whose note says of what kind its data are."""
    return session.scalar(select(City).limit(1))


def _key(name: str, asked: Question) -> ColumnElement[str]:
    """What datasets are ordered by, as text; empty where it is not known."""
    keys: dict[str, Any] = {
        "title": Dataset.title_en if get_locale() == "en" else Dataset.title_zh,
        "updated": func.to_char(Dataset.updated_at, "YYYYMMDDHH24MISSUS"),
        "created": func.to_char(Dataset.created_at, "YYYYMMDDHH24MISSUS"),
        "date": func.to_char(_day(asked), "YYYYMMDD"),
        "id": Dataset.code,
    }
    return func.coalesce(keys[name].cast(String), "")


def _day(asked: Question) -> Any:
    """Of what day the data are: as their owner says, else as the rows of our own say."""
    known = {name: day for name, day in (asked.newest or {}).items() if day is not None}
    if not known:
        return Dataset.data_date
    return func.coalesce(Dataset.data_date, case(known, value=Dataset.collection).cast(Date))


def _conditions(asked: Question) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.hidden:
        found.append(Dataset.collection.not_in(list(asked.hidden)))
    if asked.words:
        found.append(or_(*(_holds(word) for word in asked.words[:MOST_WORDS])))
    if asked.codes:
        found.append(Dataset.code.in_(asked.codes))
    if asked.external_ids:
        found.append(or_(*(_has_foreign(one) for one in asked.external_ids)))
    if asked.theme:
        found.append(Dataset.theme == asked.theme)
    if asked.owner:
        found.append(Dataset.owner_id.in_(select(Department.id).where(Department.code == asked.owner)))
    if asked.box is not None:
        city = select(func.ST_Envelope(City.boundary)).limit(1).scalar_subquery()
        found.append(func.ST_Intersects(func.coalesce(Dataset.extent, city), asked.box))
    if asked.days is not None:
        first, last = asked.days
        day = _day(asked)
        found += [day >= first] if first else []
        found += [day <= last] if last else []
        found.append(day.is_not(None))
    return found


def _holds(word: str) -> ColumnElement[bool]:
    """Whether a title, a description, a keyword or the code holds a text, whatever its case."""
    columns = (
        Dataset.code, Dataset.title_zh, Dataset.title_en, Dataset.description_zh, Dataset.description_en,
        Dataset.keywords.cast(String),
    )  # fmt: skip
    return or_(*(one.icontains(word, autoescape=True) for one in columns))


def _has_foreign(said: str) -> ColumnElement[bool]:
    """Whether a dataset has a foreign id: ``scheme:value``, or the value alone."""
    scheme, _colon, value = said.rpartition(":")
    whole = Dataset.external_ids.contains([{"value": said}])
    if not scheme:
        return whole
    return or_(whole, Dataset.external_ids.contains([{"scheme": scheme, "value": value}]))
