"""What is posted to GeoReport: a form, with its key, its attributes and its photos."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from math import isfinite
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.dependencies import current_person
from api.presented_key import presented_key
from api.track import address_of
from gis.case.attachments import KeptPhoto, keep_photo
from gis.case.track import count_address
from gis.errors import InvalidInput, NotSignedIn, TooLarge
from gis.i18n import _
from gis.open311.posting import MOST_ATTRIBUTES, MOST_PHOTOS, Sender
from gis.people.models import Person
from gis.settings import get_settings

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MOST_FIELDS = MOST_ATTRIBUTES + 60
LONGEST_FIELD = 100_000  # bytes; what is too long for us is told by name, what is longer is not even read


@dataclass(frozen=True)
class Form:
    """A posted form: its fields, several of a name kept, and its files."""

    data: FormData

    def text(self, name: str) -> str:
        """The last value of a field, without blanks around it; empty where there is none."""
        values = [value for value in self.data.getlist(name) if isinstance(value, str)]
        return values[-1].strip() if values else ""

    def texts(self, *names: str) -> tuple[str, ...]:
        """All values of some fields that are not empty."""
        found = (value for name in names for value in self.data.getlist(name))
        return tuple(value.strip() for value in found if isinstance(value, str) and value.strip())

    def number(self, name: str) -> float | None:
        """A finite number; ``None`` where the field is empty. Raises InvalidInput."""
        text = self.text(name)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            raise InvalidInput(
                _("{name} is {text}, which is no number").format(name=name, text=text[:40]),
                errors=[{"pointer": f"/{name}"}],
            )
        return value

    def attributes(self) -> dict[str, str]:
        """``attribute[code]=value``; of a code that comes several times, all values with commas between."""
        found: dict[str, list[str]] = {}
        for name, value in self.data.multi_items():
            if name.startswith("attribute[") and isinstance(value, str):
                code = name.removeprefix("attribute[").removesuffix("[]").removesuffix("]")
                found.setdefault(code, []).append(value.strip())
        return {code: ",".join(values) for code, values in found.items()}

    def files(self) -> list[UploadFile]:
        """Its files that hold something, whatever their fields are called."""
        return [
            value for _name, value in self.data.multi_items() if isinstance(value, UploadFile) and value.size
        ]

    def sender(self) -> Sender:
        """Who reports."""
        return Sender(
            email=self.text("email"),
            phone=self.text("phone"),
            first_name=self.text("first_name"),
            last_name=self.text("last_name"),
            account_id=self.text("account_id"),
            media_urls=self.texts("media_url", "media_url[]"),
        )


async def posted_form(request: Request) -> AsyncIterator[Form]:
    """The form of a request. Raises HTTPException 400 for another kind of body, or one that is broken."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS:
        raise HTTPException(400, _("Send a form: {kinds}").format(kinds=", ".join(FORMS)))
    if kind == FORMS[0]:
        yield Form(FormData(_fields(await request.body())))
        return
    limits = {"max_files": MOST_PHOTOS, "max_fields": MOST_FIELDS, "max_part_size": LONGEST_FIELD}
    async with request.form(**limits) as data:
        yield Form(data)


def _fields(body: bytes) -> list[tuple[str, str | UploadFile]]:
    """Names and values of an encoded form, in UTF-8 also where a client has left them without escapes."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400, _("The form cannot be read; it must be UTF-8")) from error
    return [(name, value) for name, value in pairs]


Posted = Annotated[Form, Depends(posted_form, scope="function")]


def sender_of(request: Request, session: Session, form: Form) -> Person:
    """The account that takes a report: of the key, or the city's own for reports without one.

    Raises
    ------
    NotSignedIn
        No key where one is needed, or one that is not good.
    TooManyTries
        Too many reports without a key from one address.
    """
    request.state.api_key = form.text("api_key")
    if request.headers.get("authorization") or presented_key(request):
        return current_person(request, session)
    login = get_settings().open311_account
    person = session.scalar(select(Person).where(Person.login == login, Person.active)) if login else None
    if person is None:
        raise NotSignedIn(_("Send your api_key: reports need one here"))
    count_address(session, address_of(request))
    return person


def kept_photos(form: Form) -> list[KeptPhoto]:
    """The photos of a form, cleaned and stored. Takes long: to be called without a session.

    Raises
    ------
    InvalidInput, TooLarge
        A file that is no picture, or is too large.
    """
    most = get_settings().max_upload_bytes
    photos = []
    for file in form.files():
        content = file.file.read(most + 1)
        if len(content) > most:
            raise TooLarge(_("At most {most} bytes are taken here").format(most=most))
        photos.append(keep_photo(content, file.filename or ""))
    return photos
