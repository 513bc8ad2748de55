"""Alembic's door: only ever called by :mod:`gis.schema`, on its connection and in its transaction."""

from alembic import context

from gis import schema

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=schema.metadata(),
    include_object=schema.is_ours,
    compare_type=True,
)
context.run_migrations()
