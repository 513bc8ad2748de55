"""Who may read and who may change the pipelines, as the doors ask for it."""

from gis.pipeline.access import READERS, WRITERS

__all__ = ["READERS", "WRITERS"]
