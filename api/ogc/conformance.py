"""What the service says that it conforms to: one row a class. A new part of OGC API is some rows here."""

_COMMON = "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/"
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
_CRS = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/"
_FILTER = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
_EDITS = "http://www.opengis.net/spec/ogcapi-features-4/1.0/"
_RECORDS = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/"
_SCHEMAS = "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
_STYLES = "http://www.opengis.net/spec/ogcapi-styles-1/0.0/conf/"  # a draft

CONFORMANCE: tuple[str, ...] = (
    f"{_COMMON}core",
    f"{_COMMON}landing-page",
    f"{_COMMON}oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    f"{_FEATURES}core",
    f"{_FEATURES}oas30",
    f"{_FEATURES}html",
    f"{_FEATURES}geojson",
    f"{_CRS}crs",
    f"{_FILTER}queryables",
    f"{_FILTER}queryables-query-parameters",
    f"{_FILTER}filter",
    f"{_FILTER}features-filter",
    f"{_EDITS}conf/create-replace-delete",
    f"{_EDITS}conf/update",
    f"{_EDITS}conf/features",
    f"{_EDITS}req/optimistic-locking-etags",  # the draft calls this class by its requirements
    f"{_SCHEMAS}schemas",
    f"{_SCHEMAS}core-roles-features",
    f"{_SCHEMAS}returnables-and-receivables",
    f"{_RECORDS}record-core",
    f"{_RECORDS}record-collection",
    f"{_RECORDS}record-core-query-parameters",
    f"{_RECORDS}json",
    f"{_CQL2}cql2-text",
    f"{_CQL2}cql2-json",
    f"{_CQL2}basic-cql2",
    f"{_CQL2}advanced-comparison-operators",
    f"{_CQL2}case-insensitive-comparison",
    f"{_CQL2}basic-spatial-functions",
    f"{_CQL2}basic-spatial-functions-plus",
    f"{_CQL2}spatial-functions",
    f"{_CQL2}temporal-functions",
    f"{_CQL2}property-property",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    f"{_TILES}core",
    f"{_TILES}tileset",
    f"{_TILES}tilesets-list",
    f"{_TILES}dataset-tilesets",
    f"{_TILES}geodata-tilesets",
    f"{_TILES}collections-selection",
    f"{_TILES}mvt",
    f"{_STYLES}core",
    f"{_STYLES}mapbox-style",
)
