"""How many rows the layers have, as the database estimates it: no table is counted for a list."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.layer import Layer

# A table never analysed has -1: nothing is known of it.
_ESTIMATES = text(
    "SELECT c.relname, c.reltuples::bigint AS number FROM pg_class AS c"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(:names) AND c.reltuples >= 0"
)


def estimated_rows(session: Session, layers: Sequence[Layer]) -> dict[str, int]:
    """Rows of each layer's own table, states of the past included, by the layer's name.

    As of the last ANALYZE of the server; layers of which nothing is known are left out, and so are those
    that draw a part of their table only.
    """
    tables = {layer.name: layer.tables[0] for layer in layers if layer.tables and not layer.drawn}
    rows = session.execute(_ESTIMATES, {"names": list(tables.values())})
    found = {row.relname: int(row.number) for row in rows}
    return {name: found[table] for name, table in tables.items() if table in found}
