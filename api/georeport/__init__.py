"""Open311 GeoReport v2 over HTTP: JSON and XML, errors in its own form."""
