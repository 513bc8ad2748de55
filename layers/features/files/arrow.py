"""Files that map programs read fast: FlatGeobuf, GeoPackage, GeoParquet; one stream of Arrow batches."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pyogrio
from pyproj import CRS

from gis.filtering.table import Type
from layers.features.files.rows import Rows
from layers.features.reading import transformed
from layers.features.systems import LONLAT, System
from layers.layer import Shape

GEOMETRY = "geometry"
_TYPES = {
    Type.WHOLE: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.DATE: pa.date32(),
    Type.MOMENT: pa.timestamp("us", tz="UTC"),
    Type.YES: pa.bool_(),
}
_KINDS = {
    "POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon", "MULTIPOLYGON": "MultiPolygon",
    "MULTILINESTRING": "MultiLineString", "MULTIPOINT": "MultiPoint",
}  # fmt: skip
_GENERAL = {Shape.POINT: "Point", Shape.LINE: "LineString", Shape.POLYGON: "Polygon"}


def write_fgb(rows: Rows, path: Path) -> int:
    """FlatGeobuf with its spatial index: what lies in a box is read without the rest."""
    return _write_gdal(rows, path, "FlatGeobuf")


def write_gpkg(rows: Rows, path: Path) -> int:
    """A GeoPackage of one layer."""
    return _write_gdal(rows, path, "GPKG")


def write_parquet(rows: Rows, path: Path) -> int:
    """GeoParquet 1.1."""
    batches = _Batches(rows)
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": batches.geometry_types}
    if rows.system is not LONLAT:  # else it is what the standard takes for granted
        column["crs"] = CRS.from_epsg(rows.system.srid).to_json_dict()
    about = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    schema = batches.schema.with_metadata({"geo": json.dumps(about)})
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))
    return batches.count


def _write_gdal(rows: Rows, path: Path, driver: str) -> int:
    batches = _Batches(rows, marked=True)
    pyogrio.write_arrow(
        pa.RecordBatchReader.from_batches(batches.schema, batches),
        str(path),
        driver=driver,
        layer=rows.asked.layer.name,
        geometry_name=GEOMETRY,
        geometry_type=batches.geometry_type,
        crs=_name(rows.system),
    )
    return batches.count


def _name(system: System) -> str:
    """Files of map programs have easting first, whatever the system says: the plain code is enough."""
    return f"EPSG:{system.srid}"


class _Batches:
    """Arrow batches of rows; ``count`` tells, in the end, how many there were."""

    def __init__(self, rows: Rows, marked: bool = False) -> None:
        self.rows, self.count = rows, 0
        found = rows.asked.geometry_type
        self.kind = _KINDS.get(found, "" if found == "GEOMETRY" else _GENERAL[rows.asked.layer.shape])
        mark = {"ARROW:extension:name": "ogc.wkb"} if marked else None
        self.schema = pa.schema(
            [
                pa.field("id", pa.int64(), nullable=False),
                pa.field(GEOMETRY, pa.binary(), metadata=mark),
                *(pa.field(one.name, _TYPES.get(one.type, pa.string())) for one in rows.properties),
            ]
        )

    @property
    def geometry_type(self) -> str:
        """As GDAL writes it."""
        return (self.kind or "Unknown") + (" Z" if self.kind and self.rows.asked.has_heights else "")

    @property
    def geometry_types(self) -> list[str]:
        """As GeoParquet writes it; empty where there may be any."""
        return [self.geometry_type] if self.kind else []

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        # Inside, and in these files, easting or longitude comes first.
        plain = System(self.rows.system.uri, self.rows.system.srid, False, self.rows.system.in_degrees)
        shape = f"ST_AsBinary({transformed('s.geom', plain)})"
        for chunk in self.rows.chunks(shape):
            self.count += len(chunk)
            columns = zip(*chunk, strict=True)
            arrays = [
                pa.array(values, field.type) for values, field in zip(columns, self.schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=self.schema)
