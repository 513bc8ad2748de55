"""Describing datasets: what departments put on the shelf, and what is said of our own. For the administrator.

Reading goes by ``/ogc/collections/datasets`` and the page ``/datasets``.
"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.dependencies import DbSession, allow
from api.ogc.edit_requests import SeenTags, require_seen
from gis.dataset.models import Dataset
from gis.dataset.queries import owners
from gis.dataset.service import (
    Description,
    create_dataset,
    delete_dataset,
    find_dataset,
    replace_dataset,
    shelve,
)
from gis.people.models import Role
from layers.datasets import own_datasets

router = APIRouter(prefix="/api/v1/datasets", tags=["datasets"], dependencies=[Depends(allow(Role.ADMIN))])
Code = Annotated[str, Path(max_length=64)]
# PostgreSQL keeps no NUL.
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Strict(BaseModel):
    """Nothing but its fields: a misspelt one would be lost."""

    model_config = ConfigDict(extra="forbid")


class Distribution(Strict):
    """Somewhere outside where the data can be had: a file, a page, a service."""

    title: Line = ""
    href: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
    type: Annotated[str, Field(max_length=100, pattern=r"^([a-z]+/[a-zA-Z0-9.+-]+)?$")] = ""


class ExternalId(Strict):
    """What others call the dataset."""

    scheme: Line = ""
    value: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class DatasetIn(Strict):
    """What is said of a dataset; what is left out is empty."""

    title_zh: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
    title_en: Line = ""
    description_zh: Text = ""
    description_en: Text = ""
    theme: Line = "other"
    keywords: Annotated[list[Line], Field(max_length=30)] = []
    owner: Annotated[str | None, Field(max_length=16, pattern=r"^[^\x00]*$")] = None
    contact: Line = ""
    data_date: date | None = None
    update_frequency: Line = "unknown"
    quality_zh: Text = ""
    quality_en: Text = ""
    licence: Text = ""
    distributions: Annotated[list[Distribution], Field(max_length=30)] = []
    external_ids: Annotated[list[ExternalId], Field(max_length=30)] = []
    bbox: tuple[Degrees, Degrees, Degrees, Degrees] | None = None

    def said(self) -> Description:
        return Description(**self.model_dump() | {"title_en": self.title_en or self.title_zh})


class NewDataset(DatasetIn):
    """A dataset with the code that it is known by from now on."""

    code: Annotated[str, Field(max_length=64)]


class DatasetOut(BaseModel):
    """A description as it is kept; ``collection``: the service serves the data itself."""

    code: str
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
    collection: str

    @classmethod
    def of(cls, session: Session, dataset: Dataset) -> "DatasetOut":
        """The description of a dataset."""
        owner = owners(session, [dataset]).get(dataset.owner_id or 0)
        told = {name: getattr(dataset, name) for name in cls.model_fields if name != "owner"}
        return cls(**told, owner=owner.code if owner else None)


@router.get("/{code}")
def read(session: DbSession, response: Response, code: Code) -> DatasetOut:
    """A description as it is kept, with the ETag that a change of it needs."""
    shelve(session, own_datasets())
    return _told(session, response, find_dataset(session, code))


@router.post("", status_code=201)
def create(session: DbSession, response: Response, body: NewDataset) -> DatasetOut:
    """Put a dataset on the shelf."""
    shelve(session, own_datasets())
    said = DatasetIn(**body.model_dump(exclude={"code"})).said()
    dataset = create_dataset(session, body.code, said)
    response.headers["Location"] = f"/ogc/collections/datasets/items/{dataset.code}"
    return _told(session, response, dataset)


@router.put("/{code}")
def replace(
    session: DbSession, response: Response, code: Code, tags: SeenTags, body: DatasetIn
) -> DatasetOut:
    """Describe a dataset anew: what is left out is empty."""
    dataset = find_dataset(session, code, for_update=True)
    require_seen(tags, _etag(dataset))
    replace_dataset(session, dataset, body.said())
    return _told(session, response, dataset)


@router.delete("/{code}", status_code=204)
def delete(session: DbSession, code: Code, tags: SeenTags) -> None:
    """Take a description off the shelf; those of our own data stay."""
    dataset = find_dataset(session, code, for_update=True)
    require_seen(tags, _etag(dataset))
    delete_dataset(session, dataset)


def _told(session: Session, response: Response, dataset: Dataset) -> DatasetOut:
    response.headers["ETag"] = _etag(dataset)
    return DatasetOut.of(session, dataset)


def _etag(dataset: Dataset) -> str:
    return f'"{dataset.version}"'
