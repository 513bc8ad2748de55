"""The rows of the catalogue's layers as features for other systems: narrowed, paged, written to files."""

from layers.features.reading import feature_etag, read_feature

__all__ = ["feature_etag", "read_feature"]
