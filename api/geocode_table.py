"""Tables of addresses, JSON or CSV, in and out."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from api.geocode_shapes import MOST_ROWS, GeocodesIn, RowOut, answer_out
from gis.crs import parse_crs
from gis.errors import InvalidInput
from gis.i18n import _
from gis.place.geocode import geocode
from gis.place.words import LONGEST

ADDRESS_COLUMNS = ("address", "地址", "q")
CSV_COLUMNS = ("kind", "title", "match", "score", "precision", "lon", "lat", "where", "former")
# The CSV's own columns may be called like ours.
_PREFIX = "geocode_"

TABLE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": GeocodesIn.model_json_schema()},
            "text/csv": {"schema": {"type": "string"}, "example": "address\n科创街1422号\n"},
        },
    }
}
TABLE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}


@dataclass(frozen=True)
class Asked:
    """A table of addresses; ``rows`` are those of the CSV it came as, with all its columns."""

    table: GeocodesIn
    columns: tuple[str, ...] = ()
    rows: tuple[dict[str, str], ...] | None = None


def read_table(body: bytes, media_type: str) -> Asked:
    """The addresses that were sent.

    Raises
    ------
    InvalidInput
        They are no JSON or CSV of the shape that is asked for, or too many.
    """
    if media_type.partition(";")[0].strip().lower() == "text/csv":
        return _read_csv(body)
    try:
        return Asked(GeocodesIn.model_validate_json(body))
    except ValidationError as error:
        raise InvalidInput(
            _("The table cannot be read"),
            errors=[
                {"pointer": "/" + "/".join(map(str, fault["loc"])), "detail": fault["msg"]}
                for fault in error.errors()[:20]
            ],
        ) from error


def _read_csv(body: bytes) -> Asked:
    try:
        lines = csv.DictReader(io.StringIO(body.decode("utf-8-sig")), strict=True)
        rows = tuple({key: value or "" for key, value in row.items() if key} for row in lines)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput(_("The table is no CSV in UTF-8")) from error
    columns = tuple(name for name in lines.fieldnames or () if name)
    column = next((name for name in columns if name.strip().lower() in ADDRESS_COLUMNS), None)
    if column is None:
        raise InvalidInput(
            _("The table has no column {names}").format(names=" / ".join(ADDRESS_COLUMNS)),
            errors=[{"pointer": "/address"}],
        )
    if not 1 <= len(rows) <= MOST_ROWS:
        raise InvalidInput(_("A table holds 1 to {most} addresses").format(most=MOST_ROWS))
    addresses = [row.get(column, "")[:LONGEST] for row in rows]
    return Asked(GeocodesIn(addresses=addresses), columns, rows)


def geocode_rows(session: Session, table: GeocodesIn) -> list[RowOut]:
    """The best answer to each address of a table, in its order; an empty one finds nothing."""
    srid = parse_crs(table.crs)
    rows = []
    for number, address in enumerate(table.addresses, start=1):
        words = address.replace("\0", "")
        found = geocode(session, words, limit=1, near=table.near, srid=srid) if words.strip() else []
        rows.append(RowOut(row=number, address=address, found=answer_out(found[0]) if found else None))
    return rows


def write_csv(asked: Asked, rows: list[RowOut]) -> str:
    """The table with what was found in columns of ours after its own. With BOM: spreadsheets open it."""
    out = io.StringIO()
    columns = asked.columns or ("address",)
    lines = csv.writer(out)
    lines.writerow([*columns, *(_PREFIX + name for name in CSV_COLUMNS)])
    for row in rows:
        own = asked.rows[row.row - 1] if asked.rows is not None else {"address": row.address}
        told = row.found.model_dump(mode="json") if row.found else {}
        lines.writerow(
            [*(own.get(name, "") for name in columns), *(told.get(name, "") for name in CSV_COLUMNS)]
        )
    return "\ufeff" + out.getvalue()
