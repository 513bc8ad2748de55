"""doors to the world: tiles, keys of other systems, webhooks, places, datasets

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from gis.settings import CITY_SRID

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    tiles()
    keys()
    webhooks()
    places()
    datasets()
    edits()


def tiles() -> None:
    """What tiles are made of, and what has changed where."""
    op.create_table('data_change',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dataset', sa.String(length=32), nullable=False),
    sa.Column('x', sa.Integer(), nullable=False),
    sa.Column('y', sa.Integer(), nullable=False),
    sa.Column('stamp', sa.BigInteger(), server_default=sa.text('floor(random() * 9007199254740992)::bigint'), nullable=False),
    sa.Column('settled', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_change'))
    )
    op.create_index('ix_data_change_cell', 'data_change', ['dataset', 'x', 'y'], unique=False)
    op.create_index('ix_data_change_unsettled', 'data_change', ['dataset', 'id'], unique=False, postgresql_where=sa.text('NOT settled'))
    op.create_table('tile_line',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dataset', sa.String(length=32), nullable=False),
    sa.Column('z', sa.SmallInteger(), nullable=False),
    sa.Column('x', sa.Integer(), nullable=False),
    sa.Column('y', sa.Integer(), nullable=False),
    sa.Column('kind', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('geom', Geometry(srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tile_line'))
    )
    op.create_index('idx_tile_line_geom', 'tile_line', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_tile_line_cell', 'tile_line', ['dataset', 'z', 'x', 'y'], unique=False)
    op.create_table('tile_count',
    sa.Column('dataset', sa.String(length=32), nullable=False),
    sa.Column('z', sa.SmallInteger(), nullable=False),
    sa.Column('x', sa.Integer(), nullable=False),
    sa.Column('y', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('easting', sa.Double(), nullable=False),
    sa.Column('northing', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('dataset', 'z', 'x', 'y', name=op.f('pk_tile_count'))
    )
    op.create_table('tile_area',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('label', Geometry(geometry_type='POINT', srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.Column('geom', Geometry(srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tile_area'))
    )
    op.create_index('idx_tile_area_geom', 'tile_area', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_tile_area_ends_on', 'tile_area', ['ends_on'], unique=False, postgresql_where=sa.text('ends_on IS NOT NULL'))
    op.create_table('tile_unit_grid',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('label', Geometry(geometry_type='POINT', srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.Column('geom', Geometry(srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tile_unit_grid'))
    )
    op.create_index('idx_tile_unit_grid_geom', 'tile_unit_grid', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_tile_unit_grid_ends_on', 'tile_unit_grid', ['ends_on'], unique=False, postgresql_where=sa.text('ends_on IS NOT NULL'))
    op.create_table('tile_duty_grid',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('label', Geometry(geometry_type='POINT', srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.Column('geom', Geometry(srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tile_duty_grid'))
    )
    op.create_index('idx_tile_duty_grid_geom', 'tile_duty_grid', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_tile_duty_grid_ends_on', 'tile_duty_grid', ['ends_on'], unique=False, postgresql_where=sa.text('ends_on IS NOT NULL'))
    op.create_table('tile_building',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('geom', Geometry(srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tile_building'))
    )
    op.create_index('idx_tile_building_geom', 'tile_building', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_tile_building_ends_on', 'tile_building', ['ends_on'], unique=False, postgresql_where=sa.text('ends_on IS NOT NULL'))
    op.create_table('tile_road',
    sa.Column('grade', sa.String(), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('cell_x', sa.Integer(), nullable=False),
    sa.Column('cell_y', sa.Integer(), nullable=False),
    sa.Column('geom', Geometry(geometry_type='LINESTRING', srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tile_road'))
    )
    op.create_index('idx_tile_road_geom', 'tile_road', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_tile_road_cell', 'tile_road', ['cell_x', 'cell_y'], unique=False)
    op.create_index('ix_tile_road_ends_on', 'tile_road', ['ends_on'], unique=False, postgresql_where=sa.text('ends_on IS NOT NULL'))
    op.create_table('tile_pipe_segment',
    sa.Column('class_code', sa.String(), nullable=False),
    sa.Column('sub_code', sa.String(), nullable=False),
    sa.Column('size', sa.String(), nullable=False),
    sa.Column('flow_direction', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('cell_x', sa.Integer(), nullable=False),
    sa.Column('cell_y', sa.Integer(), nullable=False),
    sa.Column('geom', Geometry(geometry_type='LINESTRING', srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tile_pipe_segment'))
    )
    op.create_index('idx_tile_pipe_segment_geom', 'tile_pipe_segment', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_tile_pipe_segment_cell', 'tile_pipe_segment', ['cell_x', 'cell_y'], unique=False)
    op.create_index('ix_tile_pipe_segment_ends_on', 'tile_pipe_segment', ['ends_on'], unique=False, postgresql_where=sa.text('ends_on IS NOT NULL'))
    op.create_table('tile_pipe_point',
    sa.Column('class_code', sa.String(), nullable=False),
    sa.Column('sub_code', sa.String(), nullable=False),
    sa.Column('mark', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tile_pipe_point'))
    )
    op.create_index('idx_tile_pipe_point_geom', 'tile_pipe_point', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_tile_pipe_point_ends_on', 'tile_pipe_point', ['ends_on'], unique=False, postgresql_where=sa.text('ends_on IS NOT NULL'))
    op.create_table('tile_component',
    sa.Column('major_code', sa.String(), nullable=False),
    sa.Column('class_zh', sa.String(), nullable=True),
    sa.Column('class_en', sa.String(), nullable=True),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=3857, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tile_component'))
    )
    op.create_index('idx_tile_component_geom', 'tile_component', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_tile_component_ends_on', 'tile_component', ['ends_on'], unique=False, postgresql_where=sa.text('ends_on IS NOT NULL'))
    op.create_table('patrol_track',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('length_m', sa.Double(), nullable=False),
    sa.Column('geom', Geometry(geometry_type='MULTILINESTRING', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_patrol_track_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patrol_track')),
    sa.UniqueConstraint('person_id', 'day', name=op.f('uq_patrol_track_person_id_day'))
    )
    op.create_index('idx_patrol_track_geom', 'patrol_track', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_patrol_track_began_at', 'patrol_track', ['began_at'], unique=False)
    op.add_column('pipe_finding', sa.Column('place', Geometry(geometry_type='POINT', srid=CITY_SRID, dimension=2, spatial_index=False), sa.Computed('ST_PointOnSurface(geom)', persisted=True), nullable=True))
    op.create_index('idx_pipe_finding_place', 'pipe_finding', ['place'], unique=False, postgresql_using='gist')


def keys() -> None:
    """Keys of other systems, and their service requests."""
    op.create_table('api_key',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('prefix', sa.String(length=16), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('scopes', postgresql.ARRAY(sa.String(length=16)), nullable=False),
    sa.Column('per_minute', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('minute_began', sa.DateTime(timezone=True), nullable=True),
    sa.Column('minute_count', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.CheckConstraint('per_minute > 0', name=op.f('ck_api_key_per_minute')),
    sa.CheckConstraint("cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'write', 'open311']::varchar[]", name=op.f('ck_api_key_scopes')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_api_key_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_api_key_created_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_key')),
    sa.UniqueConstraint('prefix', name=op.f('uq_api_key_prefix')),
    )
    op.create_index(op.f('ix_api_key_person_id'), 'api_key', ['person_id'])
    op.create_table('service_request',
    sa.Column('case_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('device_id', sa.String(length=128), server_default='', nullable=False),
    sa.Column('attributes', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    *contact(),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_service_request_case_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_service_request_person_id')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_service_request')),
    )
    op.create_index(op.f('ix_service_request_person_id'), 'service_request', ['person_id'])
    op.create_table('service_request_update',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('update_id', sa.String(length=128), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('step_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    *contact(),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_service_request_update_person_id')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_service_request_update_case_id')),
    sa.ForeignKeyConstraint(['step_id'], ['case_step.id'], name=op.f('fk_service_request_update_step_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_request_update')),
    sa.UniqueConstraint('person_id', 'update_id', name=op.f('uq_service_request_update_person_id_update_id')),
    )
    op.create_index(op.f('ix_service_request_update_case_id'), 'service_request_update', ['case_id'])


def contact() -> tuple[sa.Column, ...]:
    """Who a citizen is, in the words of another system."""
    return (
    sa.Column('email', sa.String(length=254), server_default='', nullable=False),
    sa.Column('phone', sa.String(length=64), server_default='', nullable=False),
    sa.Column('first_name', sa.String(length=128), server_default='', nullable=False),
    sa.Column('last_name', sa.String(length=128), server_default='', nullable=False),
    sa.Column('account_id', sa.String(length=128), server_default='', nullable=False),
    sa.Column('media_urls', postgresql.ARRAY(sa.String()), server_default='{}', nullable=False),
    )


def webhooks() -> None:
    """Who is told of what, and what was handed to the upper platform."""
    op.create_table('webhook',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('url', sa.String(), server_default=sa.text("''"), nullable=False),
    sa.Column('origin', sa.String(length=16), server_default=sa.text("'person'"), nullable=False),
    sa.Column('mode', sa.Enum('structured', 'binary', 'plain', name='mode', native_enum=False, create_constraint=True, length=16), server_default=sa.text("'structured'"), nullable=False),
    sa.Column('types', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('areas', postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('classes', postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('departments', postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.Column('salt', sa.String(length=32), server_default=sa.text("''"), nullable=False),
    sa.Column('serial', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.Column('key_mark', sa.String(length=16), server_default=sa.text("''"), nullable=False),
    sa.Column('previous_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_success_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_failure_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(), server_default=sa.text("''"), nullable=False),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_reason', sa.String(length=32), server_default=sa.text("''"), nullable=False),
    sa.Column('created_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("origin IN ('person', 'settings')", name=op.f('ck_webhook_origin')),
    sa.CheckConstraint("(origin = 'settings') = (url = '')", name=op.f('ck_webhook_address')),
    sa.CheckConstraint("(paused_at IS NULL) = (paused_reason = '')", name=op.f('ck_webhook_paused_for_a_reason')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_webhook_created_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook'))
    )
    op.create_index('uq_webhook_name', 'webhook', ['name'], unique=True)
    op.create_table('webhook_event',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('type', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('areas', postgresql.ARRAY(sa.String()), nullable=True),
    sa.Column('classes', postgresql.ARRAY(sa.String()), nullable=True),
    sa.Column('departments', postgresql.ARRAY(sa.String()), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_event'))
    )
    op.create_index('ix_webhook_event_at', 'webhook_event', ['at', 'id'], unique=False)
    op.create_table('webhook_delivery',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('webhook_id', sa.BigInteger(), nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'delivered', 'failed', name='deliverystate', native_enum=False, create_constraint=True, length=16), server_default=sa.text("'waiting'"), nullable=False),
    sa.Column('attempt', sa.SmallInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status', sa.SmallInteger(), nullable=True),
    sa.Column('duration_ms', sa.Integer(), nullable=True),
    sa.Column('error', sa.String(), server_default=sa.text("''"), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_delivery_webhook_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id'], ['webhook_event.id'], name=op.f('fk_webhook_delivery_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_delivery'))
    )
    op.create_index('ix_webhook_delivery_webhook_id', 'webhook_delivery', ['webhook_id', 'id'], unique=False)
    op.create_index('ix_webhook_delivery_event_id', 'webhook_delivery', ['event_id'], unique=False)
    op.create_index('ix_webhook_delivery_created_at', 'webhook_delivery', ['created_at'], unique=False)
    op.create_index('ix_webhook_delivery_waiting', 'webhook_delivery', ['webhook_id', 'next_at', 'id'], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_index('ix_webhook_delivery_subject', 'webhook_delivery', ['webhook_id', 'subject', 'id'], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_index('ix_webhook_delivery_failed', 'webhook_delivery', ['webhook_id', 'id'], unique=False, postgresql_where=sa.text("state = 'failed'"))
    op.create_table('dataset_change',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dataset', sa.String(length=32), nullable=False),
    sa.Column('changes', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dataset_change'))
    )
    op.create_table('platform_delivery',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('begins', sa.String(length=200), server_default=sa.text("''"), nullable=False),
    sa.Column('ends', sa.String(length=200), server_default=sa.text("''"), nullable=False),
    sa.Column('cases', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('attempt', sa.SmallInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status', sa.SmallInteger(), nullable=True),
    sa.Column('duration_ms', sa.Integer(), nullable=True),
    sa.Column('error', sa.String(), server_default=sa.text("''"), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('numbers', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_delivery'))
    )
    op.alter_column('notice', 'case_id', existing_type=sa.BigInteger(), nullable=True)
    op.alter_column('notice', 'event_id', existing_type=sa.BigInteger(), nullable=True)
    op.create_index('ix_case_reported_at', 'case', ['reported_at', 'id'], unique=False)
    op.create_index('ix_case_updated_at', 'case', ['updated_at', 'id'], unique=False)


def places() -> None:
    """Places by name."""
    op.create_table('place_type',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_place_type_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_place_type'))
    )
    op.create_table('place',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=True),
    sa.Column('type_code', sa.String(), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), server_default='', nullable=False),
    sa.Column('aliases', sa.ARRAY(sa.String()), server_default='{}', nullable=False),
    sa.Column('address', sa.String(), server_default='', nullable=False),
    sa.Column('road', sa.String(), server_default='', nullable=False),
    sa.Column('door_no', sa.String(length=32), server_default='', nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=True),
    sa.Column('unit_grid_id', sa.BigInteger(), nullable=True),
    sa.Column('source', sa.String(), server_default='', nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('past_of', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('geom', Geometry(srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint("name_zh <> ''", name=op.f('ck_place_has_name')),
    sa.CheckConstraint('past_of IS NULL OR valid_to IS NOT NULL', name=op.f('ck_place_past_has_ended')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_place_valid_order')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_place_community_id')),
    sa.ForeignKeyConstraint(['past_of'], ['place.id'], name=op.f('fk_place_past_of')),
    sa.ForeignKeyConstraint(['type_code'], ['place_type.code'], name=op.f('fk_place_type_code')),
    sa.ForeignKeyConstraint(['unit_grid_id'], ['unit_grid.id'], name=op.f('fk_place_unit_grid_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place'))
    )
    op.create_index('idx_place_geom', 'place', ['geom'], unique=False, postgresql_using='gist')
    op.create_index(op.f('ix_place_community_id'), 'place', ['community_id'], unique=False)
    op.create_index(op.f('ix_place_unit_grid_id'), 'place', ['unit_grid_id'], unique=False)
    op.create_index(op.f('ix_place_past_of'), 'place', ['past_of'], unique=False)
    op.create_index('ix_place_name_zh', 'place', ['name_zh'], unique=False)
    op.create_index('uq_place_code', 'place', ['code'], unique=True, postgresql_where=sa.text('code IS NOT NULL AND past_of IS NULL'))
    op.create_table('search_name',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('ref_id', sa.BigInteger(), nullable=False),
    sa.Column('row_id', sa.BigInteger(), nullable=False),
    sa.Column('rank', sa.SmallInteger(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('plain', sa.String(), nullable=False),
    sa.Column('pinyin', sa.String(), nullable=False),
    sa.Column('initials', sa.String(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_name'))
    )
    op.create_index('ix_search_name_row', 'search_name', ['kind', 'row_id'], unique=False)
    op.create_index('ix_search_name_plain', 'search_name', ['plain'], unique=False)
    op.create_index('ix_search_name_parts', 'search_name', ['plain', 'pinyin', 'initials'], unique=False, postgresql_using='gin', postgresql_ops={'plain': 'gin_trgm_ops', 'pinyin': 'gin_trgm_ops', 'initials': 'gin_trgm_ops'})
    op.create_table('search_door',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('ref_id', sa.BigInteger(), nullable=False),
    sa.Column('row_id', sa.BigInteger(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('road', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('rest', sa.String(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_door'))
    )
    op.create_index('ix_search_door_row', 'search_door', ['kind', 'row_id'], unique=False)
    op.create_index('ix_search_door_road', 'search_door', ['road', 'number'], unique=False)
    op.create_table('pinyin',
    sa.Column('letter', sa.String(length=1), nullable=False),
    sa.Column('readings', sa.ARRAY(sa.String()), nullable=False),
    sa.PrimaryKeyConstraint('letter', name=op.f('pk_pinyin'))
    )


def datasets() -> None:
    """The shelf of the city's datasets."""
    op.create_table('dataset',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('title_zh', sa.String(), nullable=False),
    sa.Column('title_en', sa.String(), nullable=False),
    sa.Column('description_zh', sa.String(), server_default='', nullable=False),
    sa.Column('description_en', sa.String(), server_default='', nullable=False),
    sa.Column('theme', sa.String(length=16), server_default='other', nullable=False),
    sa.Column('keywords', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('contact', sa.String(), server_default='', nullable=False),
    sa.Column('data_date', sa.Date(), nullable=True),
    sa.Column('update_frequency', sa.String(length=16), server_default='unknown', nullable=False),
    sa.Column('quality_zh', sa.String(), server_default='', nullable=False),
    sa.Column('quality_en', sa.String(), server_default='', nullable=False),
    sa.Column('licence', sa.String(), server_default='', nullable=False),
    sa.Column('collection', sa.String(length=32), server_default='', nullable=False),
    sa.Column('distributions', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    sa.Column('external_ids', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    sa.Column('extent', Geometry(geometry_type='POLYGON', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['department.id'], name=op.f('fk_dataset_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dataset')),
    sa.UniqueConstraint('code', name=op.f('uq_dataset_code'))
    )
    op.create_index('idx_dataset_extent', 'dataset', ['extent'], unique=False, postgresql_using='gist')
    op.create_index(op.f('ix_dataset_owner_id'), 'dataset', ['owner_id'], unique=False)
    op.create_index('ix_dataset_theme', 'dataset', ['theme', 'code'], unique=False)
    op.create_index('ix_dataset_updated_at', 'dataset', ['updated_at', 'id'], unique=False)
    op.create_index('uq_dataset_collection', 'dataset', ['collection'], unique=True, postgresql_where=sa.text("collection <> ''"))


def edits() -> None:
    """Who changed which row by hand."""
    op.create_table('edit_record',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=False),
    sa.Column('action', sa.String(length=16), nullable=False),
    sa.Column('collection', sa.String(length=32), nullable=False),
    sa.Column('item_id', sa.BigInteger(), nullable=False),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_edit_record_actor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edit_record'))
    )
    op.create_index(op.f('ix_edit_record_actor_id'), 'edit_record', ['actor_id'], unique=False)
    op.create_index('ix_edit_record_item', 'edit_record', ['collection', 'item_id', 'id'], unique=False)
