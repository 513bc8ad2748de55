"""A multipart form with files of any size: they go to disk as they arrive, never through the memory."""

from dataclasses import dataclass, field
from pathlib import Path

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from gis.errors import InvalidInput, TooLarge
from gis.i18n import _
from gis.settings import get_settings
from gis.survey.files import IncomingFile, Received, open_file

MOST_FIELD_BYTES = 1_000_000
MOST_HEADER_BYTES = 10_000
MOST_PARTS = 250
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files[]": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "survey": {"type": "string", "maxLength": 32},
                        "options": {"type": "string", "description": "JSON; see the page on survey import"},
                    },
                    "required": ["files[]"],
                }
            }
        },
    }
}


@dataclass
class Form:
    """What a form brought: plain fields by name, and its files, which lie in the folder it was given."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[Received] = field(default_factory=list)


async def read_form(request: Request, folder: Path) -> Form:
    """Read the form of a request; its files are written into ``folder``.

    Raises
    ------
    InvalidInput
        It is no form, or breaks off, or has no file.
    TooLarge
        It is larger than an import may be.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise InvalidInput(_("Send the files as multipart/form-data"))
    parts = _Parts(folder)
    try:
        parser = MultipartParser(options[b"boundary"], parts.callbacks())  # type: ignore[arg-type]
        async for block in request.stream():
            # A block may be the megabytes of a file: the disk must not stop the others.
            await run_in_threadpool(parser.write, block)
        parser.finalize()
        if not parts.is_whole:
            raise InvalidInput(_("The form breaks off"))
    except MultipartParseError as error:
        raise InvalidInput(_("The form cannot be read: {reason}").format(reason=error)) from error
    except HTTPException as error:  # from the limit on bodies, without a word
        most = get_settings().max_import_bytes
        raise TooLarge(_("An import may have at most {most} bytes").format(most=f"{most:,}")) from error
    finally:
        parts.close()
    if not parts.form.files:
        raise InvalidInput(_("No file came with the form"), errors=[{"pointer": "/files"}])
    return parts.form


class _Parts:
    """What the parser calls as it goes: header by header, part by part."""

    def __init__(self, folder: Path) -> None:
        self.form = Form()
        self.is_whole = False
        self._folder = folder
        self._headers: dict[str, bytes] = {}
        self._name = self._value = b""
        self._count = 0
        self._field: str | None = None
        self._held = b""
        self._file: IncomingFile | None = None

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._part_ends,
            "on_end": self._ends,
        }

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _part_begins(self) -> None:
        self._count += 1
        if self._count > MOST_PARTS:
            raise InvalidInput(_("The form has too many parts"))
        self._headers, self._field, self._held = {}, None, b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]
        self._keep_small(self._name, MOST_HEADER_BYTES)

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._keep_small(self._value, MOST_HEADER_BYTES)

    def _header_ends(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._value
        self._name = self._value = b""

    def _headers_end(self) -> None:
        _kind, options = parse_options_header(self._headers.get("content-disposition", b""))
        name = options.get(b"filename")
        if name:
            self._file = open_file(self._folder, name.decode("utf-8", "replace"))
        else:
            self._field = options.get(b"name", b"").decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
        else:
            self._held += data[start:end]
            self._keep_small(self._held, MOST_FIELD_BYTES)

    def _part_ends(self) -> None:
        if self._file is not None:
            self.form.files.append(self._file.finish())
            self._file = None
        elif self._field:
            self.form.fields[self._field] = self._held.decode("utf-8", "replace")

    def _ends(self) -> None:
        self.is_whole = True

    @staticmethod
    def _keep_small(value: bytes, most: int) -> None:
        if len(value) > most:
            raise InvalidInput(_("A field of the form is too long"))
