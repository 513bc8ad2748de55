"""Features as files: one row a format, each written from a stream of the database."""

from layers.features.files.run import FORMATS, Format, Written, write_file

__all__ = ["FORMATS", "Format", "Written", "write_file"]
