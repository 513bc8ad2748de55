"""Open311 GeoReport v2: classes of cases as services, reports of other systems, what the public may read."""
