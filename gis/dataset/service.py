"""The catalogue kept: our own data find their place in it by themselves, others are described by people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.crs import bounds_in_city
from gis.dataset.models import Dataset
from gis.dataset.vocabulary import FREQUENCIES, THEMES
from gis.errors import Conflict, InvalidInput, NotFound
from gis.i18n import _
from gis.people.models import Department
from gis.settings import CITY_SRID

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Own:
    """Data that the service itself serves as a collection."""

    collection: str
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    theme: str
    update_frequency: str


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a person says of a dataset. ``bbox``: west, south, east, north in degrees (EPSG:4490)."""

    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    theme: str
    keywords: list[str]
    owner: str | None
    contact: str
    data_date: date | None
    update_frequency: str
    quality_zh: str
    quality_en: str
    licence: str
    distributions: list[dict[str, Any]]
    external_ids: list[dict[str, Any]]
    bbox: tuple[float, float, float, float] | None


def shelve(session: Session, own: Iterable[Own]) -> None:
    """Give each of our own datasets that has none an entry; what people wrote into one stays."""
    there = set(session.scalars(select(Dataset.collection).where(Dataset.collection != "")))
    missing = [one for one in own if one.collection not in there]
    if missing:
        rows = [{"code": one.collection.replace("_", "-"), **vars(one)} for one in missing]
        session.execute(insert(Dataset).values(rows).on_conflict_do_nothing())


def find_dataset(session: Session, code: str, *, for_update: bool = False) -> Dataset:
    """A dataset by its code; NotFound where there is none."""
    query = select(Dataset).where(Dataset.code == code)
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_("There is no dataset {code}").format(code=code[:64]))
    return found


def create_dataset(session: Session, code: str, said: Description) -> Dataset:
    """Describe a dataset.

    Raises
    ------
    InvalidInput
        The code or a part of the description cannot be used.
    Conflict
        The code is taken.
    """
    if not CODE.fullmatch(code):
        raise _wrong("code", _("small letters, digits, - and _, at most 64"))
    if session.scalar(select(Dataset.id).where(Dataset.code == code)) is not None:
        raise Conflict(_("There is a dataset {code} already").format(code=code))
    dataset = Dataset(code=code)
    _describe(session, dataset, said)
    session.add(dataset)
    session.flush()
    session.refresh(dataset)
    return dataset


def replace_dataset(session: Session, dataset: Dataset, said: Description) -> None:
    """Describe a locked dataset anew; InvalidInput as for a new one."""
    _describe(session, dataset, said)
    dataset.version += 1
    dataset.updated_at = func.now()
    session.flush()
    session.refresh(dataset)


def delete_dataset(session: Session, dataset: Dataset) -> None:
    """Take a locked description off the shelf; Conflict for data that the service serves itself."""
    if dataset.collection:
        raise Conflict(_("{code} is served here and stays in the catalogue").format(code=dataset.code))
    session.delete(dataset)
    session.flush()


def _describe(session: Session, dataset: Dataset, said: Description) -> None:
    if said.theme not in THEMES:
        raise _wrong("theme", _("one of: {words}").format(words=", ".join(THEMES)))
    if said.update_frequency not in FREQUENCIES:
        raise _wrong("update_frequency", _("one of: {words}").format(words=", ".join(FREQUENCIES)))
    for index, one in enumerate(said.distributions):
        if not _is_address(str(one.get("href", ""))):
            raise _wrong(f"distributions/{index}/href", _("an address that begins with https:// or http://"))
    owner_id = None
    if said.owner:
        owned = select(Department.id).where(Department.code == said.owner, Department.valid_to.is_(None))
        owner_id = session.scalar(owned)
        if owner_id is None:
            raise _wrong("owner", _("the code of a department"))
    for name in (
        "title_zh", "title_en", "description_zh", "description_en", "theme", "keywords", "contact",
        "data_date", "update_frequency", "quality_zh", "quality_en", "licence", "distributions",
        "external_ids",
    ):  # fmt: skip
        setattr(dataset, name, getattr(said, name))
    dataset.owner_id = owner_id
    dataset.extent = None
    if said.bbox is not None:
        dataset.extent = from_shape(_box(said.bbox), srid=CITY_SRID)


def _box(bbox: tuple[float, float, float, float]) -> shapely.Polygon:
    west, south, east, north = bbox
    inside = -180 <= west < east <= 180 and -90 <= south < north <= 90
    metres = bounds_in_city(*bbox) if inside else None
    if metres is None:
        raise _wrong("bbox", _("west, south, east, north in degrees, around something of the city"))
    return shapely.box(*metres)


def _is_address(text: str) -> bool:
    """Whether a text is a whole web address; ``javascript:`` and the like are none."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _wrong(where: str, detail: str) -> InvalidInput:
    return InvalidInput(
        _("The description of the dataset cannot be used"),
        errors=[{"pointer": f"/{where}", "detail": detail}],
    )
