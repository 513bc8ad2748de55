"""the city

Revision ID: 0001
Revises: 
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from gis.settings import CITY_SRID

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('area',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('level', sa.Enum('district', 'street', 'community', name='arealevel', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('population', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('geom', Geometry(geometry_type='MULTIPOLYGON', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_area_valid_order')),
    sa.ForeignKeyConstraint(['parent_id'], ['area.id'], name=op.f('fk_area_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area')),
    sa.UniqueConstraint('code', name=op.f('uq_area_code'))
    )
    op.create_index('idx_area_geom', 'area', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_area_parent_id', 'area', ['parent_id'], unique=False)
    op.create_table('calendar_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('is_workday', sa.Boolean(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_calendar_day'))
    )
    op.create_table('case_counter',
    sa.Column('prefix', sa.String(length=16), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('prefix', 'day', name=op.f('pk_case_counter'))
    )
    op.create_table('city',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('srid', sa.Integer(), nullable=False),
    sa.Column('timezone', sa.String(), nullable=False),
    sa.Column('note_zh', sa.String(), server_default='', nullable=False),
    sa.Column('note_en', sa.String(), server_default='', nullable=False),
    sa.Column('boundary', Geometry(geometry_type='MULTIPOLYGON', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_city_only_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_city'))
    )
    op.create_index('idx_city_boundary', 'city', ['boundary'], unique=False, postgresql_using='gist')
    op.create_table('department',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('disposes', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_department_valid_order')),
    sa.ForeignKeyConstraint(['parent_id'], ['department.id'], name=op.f('fk_department_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_department')),
    sa.UniqueConstraint('code', name=op.f('uq_department_code'))
    )
    op.create_index(op.f('ix_department_parent_id'), 'department', ['parent_id'], unique=False)
    op.create_table('road',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('width_m', sa.Double(), nullable=True),
    sa.Column('carriageway_m', sa.Double(), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('overhauled_on', sa.Date(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='LINESTRING', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_road_valid_order')),
    sa.CheckConstraint('width_m IS NULL OR width_m > 0', name=op.f('ck_road_has_width')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_road')),
    sa.UniqueConstraint('code', name=op.f('uq_road_code'))
    )
    op.create_index('idx_road_geom', 'road', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_road_name_zh', 'road', ['name_zh'], unique=False)
    op.create_table('sign_in_failure',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_failure'))
    )
    op.create_index('ix_sign_in_failure_login_at', 'sign_in_failure', ['login', 'at'], unique=False)
    op.create_table('trust_level',
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('is_firm', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_trust_level'))
    )
    op.create_table('work_shift',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('starts_at', sa.Time(), nullable=False),
    sa.Column('ends_at', sa.Time(), nullable=False),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_work_shift_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_shift'))
    )
    op.create_table('accuracy_class',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('rmse_m', sa.Numeric(precision=8, scale=3, asdecimal=False), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('corrected_value', sa.Numeric(precision=10, scale=3, asdecimal=False), nullable=True),
    sa.Column('corrected_by', sa.String(length=64), nullable=True),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('correction_note', sa.Text(), nullable=True),
    sa.Column('rmse_m_in_force', sa.Numeric(precision=8, scale=3, asdecimal=False), sa.Computed('coalesce(corrected_value, rmse_m)', persisted=True), nullable=False),
    sa.CheckConstraint('corrected_value IS NULL OR (corrected_by IS NOT NULL AND corrected_at IS NOT NULL AND correction_note IS NOT NULL)', name=op.f('ck_accuracy_class_correction_is_signed')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_accuracy_class_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_accuracy_class'))
    )
    op.create_table('building',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.Column('address', sa.String(), server_default='', nullable=False),
    sa.Column('use', sa.String(length=16), server_default='', nullable=False),
    sa.Column('floors', sa.Integer(), nullable=True),
    sa.Column('height_m', sa.Double(), nullable=True),
    sa.Column('road_id', sa.BigInteger(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POLYGON', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_building_valid_order')),
    sa.ForeignKeyConstraint(['road_id'], ['road.id'], name=op.f('fk_building_road_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_building')),
    sa.UniqueConstraint('code', name=op.f('uq_building_code'))
    )
    op.create_index('idx_building_geom', 'building', ['geom'], unique=False, postgresql_using='gist')
    op.create_index(op.f('ix_building_road_id'), 'building', ['road_id'], unique=False)
    op.create_table('clearance_party',
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('is_line', sa.Boolean(), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_clearance_party_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_clearance_party'))
    )
    op.create_table('component_state',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_component_state_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_component_state'))
    )
    op.create_table('data_origin',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_data_origin_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_data_origin'))
    )
    op.create_table('duty_grid',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('street_id', sa.BigInteger(), nullable=False),
    sa.Column('geom', Geometry(geometry_type='MULTIPOLYGON', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_duty_grid_valid_order')),
    sa.ForeignKeyConstraint(['street_id'], ['area.id'], name=op.f('fk_duty_grid_street_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_grid')),
    sa.UniqueConstraint('code', name=op.f('uq_duty_grid_code'))
    )
    op.create_index('idx_duty_grid_geom', 'duty_grid', ['geom'], unique=False, postgresql_using='gist')
    op.create_index(op.f('ix_duty_grid_street_id'), 'duty_grid', ['street_id'], unique=False)
    op.create_table('edition',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('grid_parts', sa.String(length=16), nullable=True),
    sa.Column('component_parts', sa.String(length=16), nullable=True),
    sa.Column('local_minor_from', sa.SmallInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_edition_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_edition'))
    )
    op.create_table('flow_direction',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_flow_direction_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_flow_direction'))
    )
    op.create_table('laying_method',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('is_trench', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('is_overhead', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_laying_method_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_laying_method'))
    )
    op.create_table('limit_unit',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('is_continuous', sa.Boolean(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_limit_unit_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_limit_unit'))
    )
    op.create_table('person',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('role', sa.Enum('inspector', 'acceptor', 'shift_leader', 'dispatcher', 'department', 'evaluator', 'planner', 'owner', 'admin', name='role', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('centre', sa.Enum('supervision', 'command', 'department', 'evaluation', 'planning', 'administration', name='centre', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('department_id', sa.BigInteger(), nullable=True),
    sa.Column('is_demo', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('token_generation', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("centre = CASE role WHEN 'inspector' THEN 'supervision' WHEN 'acceptor' THEN 'supervision' WHEN 'shift_leader' THEN 'supervision' WHEN 'dispatcher' THEN 'command' WHEN 'department' THEN 'department' WHEN 'owner' THEN 'department' WHEN 'evaluator' THEN 'evaluation' WHEN 'planner' THEN 'planning' ELSE 'administration' END", name=op.f('ck_person_centre_of_role')),
    sa.CheckConstraint("role <> 'department' OR department_id IS NOT NULL", name=op.f('ck_person_department_known')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_person_department_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('login', name=op.f('uq_person_login'))
    )
    op.create_index(op.f('ix_person_department_id'), 'person', ['department_id'], unique=False)
    op.create_table('pipe_main_class',
    sa.Column('class_code', sa.String(length=2), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('rgb_hex', sa.String(length=7), nullable=False),
    sa.Column('dash', sa.String(length=32), nullable=False),
    sa.Column('is_gravity', sa.Boolean(), nullable=False),
    sa.Column('can_be_isolated', sa.Boolean(), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_pipe_main_class_status')),
    sa.PrimaryKeyConstraint('class_code', name=op.f('pk_pipe_main_class'))
    )
    op.create_table('pipe_material',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_pipe_material_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_pipe_material'))
    )
    op.create_table('pipeline_field',
    sa.Column('table_name', sa.String(length=8), nullable=False),
    sa.Column('field', sa.String(length=16), nullable=False),
    sa.Column('type', sa.String(length=24), nullable=False),
    sa.Column('unit', sa.String(length=8), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_pipeline_field_status')),
    sa.PrimaryKeyConstraint('table_name', 'field', name=op.f('pk_pipeline_field'))
    )
    op.create_table('pressure_band',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('upper_mpa', sa.Numeric(precision=8, scale=3, asdecimal=False), nullable=False),
    sa.Column('upper_included', sa.Boolean(), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('corrected_value', sa.Numeric(precision=10, scale=3, asdecimal=False), nullable=True),
    sa.Column('corrected_by', sa.String(length=64), nullable=True),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('correction_note', sa.Text(), nullable=True),
    sa.Column('upper_mpa_in_force', sa.Numeric(precision=8, scale=3, asdecimal=False), sa.Computed('coalesce(corrected_value, upper_mpa)', persisted=True), nullable=False),
    sa.CheckConstraint('corrected_value IS NULL OR (corrected_by IS NOT NULL AND corrected_at IS NOT NULL AND correction_note IS NOT NULL)', name=op.f('ck_pressure_band_correction_is_signed')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_pressure_band_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_pressure_band'))
    )
    op.create_table('usage_status',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_usage_status_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_usage_status'))
    )
    op.create_table('clearance_horizontal',
    sa.Column('class_a', sa.String(length=24), nullable=False),
    sa.Column('class_b', sa.String(length=24), nullable=False),
    sa.Column('min_clearance_m', sa.Numeric(precision=8, scale=3, asdecimal=False), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('corrected_value', sa.Numeric(precision=10, scale=3, asdecimal=False), nullable=True),
    sa.Column('corrected_by', sa.String(length=64), nullable=True),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('correction_note', sa.Text(), nullable=True),
    sa.Column('min_clearance_m_in_force', sa.Numeric(precision=8, scale=3, asdecimal=False), sa.Computed('coalesce(corrected_value, min_clearance_m)', persisted=True), nullable=False),
    sa.CheckConstraint('class_a COLLATE "C" <= class_b COLLATE "C"', name=op.f('ck_clearance_horizontal_pair_in_order')),
    sa.CheckConstraint('corrected_value IS NULL OR (corrected_by IS NOT NULL AND corrected_at IS NOT NULL AND correction_note IS NOT NULL)', name=op.f('ck_clearance_horizontal_correction_is_signed')),
    sa.ForeignKeyConstraint(['class_a'], ['clearance_party.code'], name=op.f('fk_clearance_horizontal_class_a')),
    sa.ForeignKeyConstraint(['class_b'], ['clearance_party.code'], name=op.f('fk_clearance_horizontal_class_b')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_clearance_horizontal_status')),
    sa.PrimaryKeyConstraint('class_a', 'class_b', name=op.f('pk_clearance_horizontal'))
    )
    op.create_table('clearance_vertical',
    sa.Column('class_a', sa.String(length=24), nullable=False),
    sa.Column('class_b', sa.String(length=24), nullable=False),
    sa.Column('min_clearance_m', sa.Numeric(precision=8, scale=3, asdecimal=False), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('corrected_value', sa.Numeric(precision=10, scale=3, asdecimal=False), nullable=True),
    sa.Column('corrected_by', sa.String(length=64), nullable=True),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('correction_note', sa.Text(), nullable=True),
    sa.Column('min_clearance_m_in_force', sa.Numeric(precision=8, scale=3, asdecimal=False), sa.Computed('coalesce(corrected_value, min_clearance_m)', persisted=True), nullable=False),
    sa.CheckConstraint('class_a COLLATE "C" <= class_b COLLATE "C"', name=op.f('ck_clearance_vertical_pair_in_order')),
    sa.CheckConstraint('corrected_value IS NULL OR (corrected_by IS NOT NULL AND corrected_at IS NOT NULL AND correction_note IS NOT NULL)', name=op.f('ck_clearance_vertical_correction_is_signed')),
    sa.ForeignKeyConstraint(['class_a'], ['clearance_party.code'], name=op.f('fk_clearance_vertical_class_a')),
    sa.ForeignKeyConstraint(['class_b'], ['clearance_party.code'], name=op.f('fk_clearance_vertical_class_b')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_clearance_vertical_status')),
    sa.PrimaryKeyConstraint('class_a', 'class_b', name=op.f('pk_clearance_vertical'))
    )
    op.create_table('least_cover',
    sa.Column('party', sa.String(length=24), nullable=False),
    sa.Column('laying', sa.String(length=24), nullable=False),
    sa.Column('surface', sa.String(length=16), nullable=False),
    sa.Column('laying_zh', sa.Text(), nullable=False),
    sa.Column('laying_en', sa.Text(), nullable=False),
    sa.Column('cover_m', sa.Numeric(precision=8, scale=3, asdecimal=False), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('corrected_value', sa.Numeric(precision=10, scale=3, asdecimal=False), nullable=True),
    sa.Column('corrected_by', sa.String(length=64), nullable=True),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('correction_note', sa.Text(), nullable=True),
    sa.Column('cover_m_in_force', sa.Numeric(precision=8, scale=3, asdecimal=False), sa.Computed('coalesce(corrected_value, cover_m)', persisted=True), nullable=True),
    sa.CheckConstraint("surface IN ('carriageway', 'non_carriageway')", name=op.f('ck_least_cover_surface')),
    sa.CheckConstraint('corrected_value IS NULL OR (corrected_by IS NOT NULL AND corrected_at IS NOT NULL AND correction_note IS NOT NULL)', name=op.f('ck_least_cover_correction_is_signed')),
    sa.ForeignKeyConstraint(['party'], ['clearance_party.code'], name=op.f('fk_least_cover_party')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_least_cover_status')),
    sa.PrimaryKeyConstraint('party', 'laying', 'surface', name=op.f('pk_least_cover'))
    )
    op.create_table('object_class',
    sa.Column('edition', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=9), nullable=False),
    sa.Column('code', sa.String(length=5), nullable=False),
    sa.Column('major_code', sa.String(length=2), nullable=False),
    sa.Column('major_name_zh', sa.Text(), nullable=False),
    sa.Column('major_name_en', sa.Text(), nullable=False),
    sa.Column('scope', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.CheckConstraint("code ~ '^[0-9]{4,5}$' AND left(code, 2) = major_code", name=op.f('ck_object_class_code_begins_with_major')),
    sa.CheckConstraint("kind IN ('component', 'event')", name=op.f('ck_object_class_kind')),
    sa.ForeignKeyConstraint(['edition'], ['edition.code'], name=op.f('fk_object_class_edition')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_object_class_status')),
    sa.PrimaryKeyConstraint('edition', 'kind', 'code', name=op.f('pk_object_class'))
    )
    op.create_table('person_area',
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('area_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_person_area_area_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_area_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'area_id', name=op.f('pk_person_area'))
    )
    op.create_index(op.f('ix_person_area_area_id'), 'person_area', ['area_id'], unique=False)
    op.create_table('person_duty_grid',
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('duty_grid_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['duty_grid_id'], ['duty_grid.id'], name=op.f('fk_person_duty_grid_duty_grid_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_duty_grid_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'duty_grid_id', name=op.f('pk_person_duty_grid'))
    )
    op.create_index(op.f('ix_person_duty_grid_duty_grid_id'), 'person_duty_grid', ['duty_grid_id'], unique=False)
    op.create_table('pipe_class',
    sa.Column('class_code', sa.String(length=2), nullable=False),
    sa.Column('sub_code', sa.String(length=2), nullable=False),
    sa.Column('rgb_hex', sa.String(length=7), nullable=False),
    sa.Column('colour_zh', sa.Text(), nullable=False),
    sa.Column('colour_en', sa.Text(), nullable=False),
    sa.Column('dash', sa.String(length=32), nullable=False),
    sa.Column('depth_reference', sa.String(length=24), nullable=False),
    sa.Column('depth_reference_in_trench', sa.String(length=24), nullable=False),
    sa.Column('depth_reference_status', sa.String(length=24), nullable=False),
    sa.Column('depth_reference_source', sa.Text(), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['class_code'], ['pipe_main_class.class_code'], name=op.f('fk_pipe_class_class_code')),
    sa.ForeignKeyConstraint(['depth_reference_status'], ['trust_level.code'], name=op.f('fk_pipe_class_depth_reference_status')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_pipe_class_status')),
    sa.PrimaryKeyConstraint('class_code', 'sub_code', name=op.f('pk_pipe_class'))
    )
    op.create_table('point_kind',
    sa.Column('class_code', sa.String(length=2), nullable=False),
    sa.Column('role', sa.String(length=9), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('acts_as', sa.String(length=16), nullable=True),
    sa.Column('joins', sa.SmallInteger(), nullable=True),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.CheckConstraint("role IN ('feature', 'appendage')", name=op.f('ck_point_kind_role')),
    sa.ForeignKeyConstraint(['class_code'], ['pipe_main_class.class_code'], name=op.f('fk_point_kind_class_code')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_point_kind_status')),
    sa.PrimaryKeyConstraint('class_code', 'role', 'code', name=op.f('pk_point_kind')),
    sa.UniqueConstraint('class_code', 'role', 'name_zh', name=op.f('uq_point_kind_class_code_role_name_zh'))
    )
    op.create_table('protection_range',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('zone', sa.String(length=16), nullable=False),
    sa.Column('class_code', sa.String(length=2), nullable=False),
    sa.Column('scope', sa.String(length=16), nullable=False),
    sa.Column('pressure_bands', sa.String(length=32), nullable=True),
    sa.Column('distance_m', sa.Numeric(precision=8, scale=3, asdecimal=False), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('corrected_value', sa.Numeric(precision=10, scale=3, asdecimal=False), nullable=True),
    sa.Column('corrected_by', sa.String(length=64), nullable=True),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('correction_note', sa.Text(), nullable=True),
    sa.Column('distance_m_in_force', sa.Numeric(precision=8, scale=3, asdecimal=False), sa.Computed('coalesce(corrected_value, distance_m)', persisted=True), nullable=True),
    sa.CheckConstraint("zone IN ('protection', 'control')", name=op.f('ck_protection_range_zone')),
    sa.CheckConstraint('corrected_value IS NULL OR (corrected_by IS NOT NULL AND corrected_at IS NOT NULL AND correction_note IS NOT NULL)', name=op.f('ck_protection_range_correction_is_signed')),
    sa.ForeignKeyConstraint(['class_code'], ['pipe_main_class.class_code'], name=op.f('fk_protection_range_class_code')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_protection_range_status')),
    sa.PrimaryKeyConstraint('code', 'zone', name=op.f('pk_protection_range'))
    )
    op.create_table('responsibility',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('area_id', sa.BigInteger(), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('edition', sa.String(length=32), nullable=False),
    sa.Column('class_code', sa.String(length=5), server_default='', nullable=False),
    sa.Column('department_id', sa.BigInteger(), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint("class_code ~ '^([0-9]{2}|[0-9]{4,5})?$'", name=op.f('ck_responsibility_class_prefix')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_responsibility_valid_order')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_responsibility_area_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_responsibility_department_id')),
    sa.ForeignKeyConstraint(['edition'], ['edition.code'], name=op.f('fk_responsibility_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_responsibility')),
    sa.UniqueConstraint('area_id', 'kind', 'edition', 'class_code', 'valid_from', name=op.f('uq_responsibility_area_id_kind_edition_class_code_valid_from'))
    )
    op.create_index(op.f('ix_responsibility_area_id'), 'responsibility', ['area_id'], unique=False)
    op.create_index('ix_responsibility_class', 'responsibility', ['kind', 'edition', 'class_code'], unique=False)
    op.create_index(op.f('ix_responsibility_department_id'), 'responsibility', ['department_id'], unique=False)
    op.create_table('unit_grid',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('edition', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('duty_grid_id', sa.BigInteger(), nullable=True),
    sa.Column('area_m2', sa.Double(), nullable=False),
    sa.Column('land_use', sa.String(), server_default='', nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('geom', Geometry(geometry_type='POLYGON', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('area_m2 > 0', name=op.f('ck_unit_grid_has_area')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_unit_grid_valid_order')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_unit_grid_community_id')),
    sa.ForeignKeyConstraint(['duty_grid_id'], ['duty_grid.id'], name=op.f('fk_unit_grid_duty_grid_id')),
    sa.ForeignKeyConstraint(['edition'], ['edition.code'], name=op.f('fk_unit_grid_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_grid')),
    sa.UniqueConstraint('code', name=op.f('uq_unit_grid_code'))
    )
    op.create_index('idx_unit_grid_geom', 'unit_grid', ['geom'], unique=False, postgresql_using='gist')
    op.create_index(op.f('ix_unit_grid_community_id'), 'unit_grid', ['community_id'], unique=False)
    op.create_index(op.f('ix_unit_grid_duty_grid_id'), 'unit_grid', ['duty_grid_id'], unique=False)
    op.create_table('component',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('edition', sa.String(), nullable=False),
    sa.Column('kind', sa.String(length=16), server_default='component', nullable=False),
    sa.Column('class_code', sa.String(length=5), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=16), server_default='intact', nullable=False),
    sa.Column('unit_grid_id', sa.BigInteger(), nullable=False),
    sa.Column('supervisor_id', sa.BigInteger(), nullable=True),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('maintainer_id', sa.BigInteger(), nullable=True),
    sa.Column('data_source', sa.String(length=16), server_default='surveyed', nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_component_valid_order')),
    sa.ForeignKeyConstraint(['edition', 'kind', 'class_code'], ['object_class.edition', 'object_class.kind', 'object_class.code'], name=op.f('fk_component_edition_kind_class_code')),
    sa.ForeignKeyConstraint(['maintainer_id'], ['department.id'], name=op.f('fk_component_maintainer_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['department.id'], name=op.f('fk_component_owner_id')),
    sa.ForeignKeyConstraint(['state'], ['component_state.code'], name=op.f('fk_component_state')),
    sa.ForeignKeyConstraint(['supervisor_id'], ['department.id'], name=op.f('fk_component_supervisor_id')),
    sa.ForeignKeyConstraint(['unit_grid_id'], ['unit_grid.id'], name=op.f('fk_component_unit_grid_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_component')),
    sa.UniqueConstraint('code', name=op.f('uq_component_code'))
    )
    op.create_index('idx_component_geom', 'component', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_component_class', 'component', ['class_code'], unique=False)
    op.create_index(op.f('ix_component_unit_grid_id'), 'component', ['unit_grid_id'], unique=False)
    op.create_table('filing_rule',
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('city', sa.String(length=16), nullable=False),
    sa.Column('edition', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=9), nullable=False),
    sa.Column('class_code', sa.String(length=5), nullable=True),
    sa.Column('class_name_zh', sa.Text(), nullable=False),
    sa.Column('condition_zh', sa.Text(), nullable=False),
    sa.Column('condition_en', sa.Text(), nullable=False),
    sa.Column('limit_value', sa.Numeric(precision=10, scale=3, asdecimal=False), nullable=False),
    sa.Column('limit_unit', sa.String(length=16), nullable=False),
    sa.Column('closing_zh', sa.Text(), nullable=False),
    sa.Column('closing_en', sa.Text(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('corrected_unit', sa.String(length=16), nullable=True),
    sa.Column('corrected_value', sa.Numeric(precision=10, scale=3, asdecimal=False), nullable=True),
    sa.Column('corrected_by', sa.String(length=64), nullable=True),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('correction_note', sa.Text(), nullable=True),
    sa.Column('limit_value_in_force', sa.Numeric(precision=10, scale=3, asdecimal=False), sa.Computed('coalesce(corrected_value, limit_value)', persisted=True), nullable=False),
    sa.Column('limit_unit_in_force', sa.String(length=16), sa.Computed('coalesce(corrected_unit, limit_unit)', persisted=True), nullable=False),
    sa.CheckConstraint("kind IN ('component', 'event')", name=op.f('ck_filing_rule_kind')),
    sa.CheckConstraint('(edition IS NULL) = (class_code IS NULL)', name=op.f('ck_filing_rule_class_has_edition')),
    sa.CheckConstraint('corrected_unit IS NULL OR corrected_value IS NOT NULL', name=op.f('ck_filing_rule_corrected_unit_has_value')),
    sa.CheckConstraint('corrected_value IS NULL OR (corrected_by IS NOT NULL AND corrected_at IS NOT NULL AND correction_note IS NOT NULL)', name=op.f('ck_filing_rule_correction_is_signed')),
    sa.CheckConstraint('limit_value > 0 AND coalesce(corrected_value, 1) > 0', name=op.f('ck_filing_rule_limit_is_positive')),
    sa.ForeignKeyConstraint(['corrected_unit'], ['limit_unit.code'], name=op.f('fk_filing_rule_corrected_unit')),
    sa.ForeignKeyConstraint(['edition', 'kind', 'class_code'], ['object_class.edition', 'object_class.kind', 'object_class.code'], name=op.f('fk_filing_rule_edition_kind_class_code')),
    sa.ForeignKeyConstraint(['limit_unit'], ['limit_unit.code'], name=op.f('fk_filing_rule_limit_unit')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_filing_rule_status')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_filing_rule'))
    )
    op.create_table('pipe_class_alias',
    sa.Column('alias', sa.String(length=16), nullable=False),
    sa.Column('class_code', sa.String(length=2), nullable=False),
    sa.Column('sub_code', sa.String(length=2), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['class_code', 'sub_code'], ['pipe_class.class_code', 'pipe_class.sub_code'], name=op.f('fk_pipe_class_alias_class_code_sub_code')),
    sa.ForeignKeyConstraint(['class_code'], ['pipe_main_class.class_code'], name=op.f('fk_pipe_class_alias_class_code')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_pipe_class_alias_status')),
    sa.PrimaryKeyConstraint('alias', name=op.f('pk_pipe_class_alias'))
    )
    op.create_table('pipe_point',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('survey', sa.String(length=32), nullable=False),
    sa.Column('point_no', sa.String(length=64), nullable=False),
    sa.Column('class_code', sa.String(length=2), nullable=False),
    sa.Column('sub_code', sa.String(length=2), nullable=False),
    sa.Column('element_code', sa.String(length=8), server_default='', nullable=False),
    sa.Column('feature', sa.String(length=32), server_default='', nullable=False),
    sa.Column('appendage', sa.String(length=32), server_default='', nullable=False),
    sa.Column('ground_level', sa.Double(), nullable=True),
    sa.Column('well_depth_m', sa.Double(), nullable=True),
    sa.Column('cover_shape', sa.String(length=16), server_default='', nullable=False),
    sa.Column('cover_material', sa.String(length=16), server_default='', nullable=False),
    sa.Column('cover_size_mm', sa.String(length=16), server_default='', nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=True),
    sa.Column('address', sa.String(), server_default='', nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('unit_grid_id', sa.BigInteger(), nullable=True),
    sa.Column('usage_status', sa.String(length=16), server_default='0', nullable=False),
    sa.Column('built_on', sa.Date(), nullable=True),
    sa.Column('surveyed_on', sa.Date(), nullable=True),
    sa.Column('survey_unit', sa.String(), server_default='', nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint("feature = '' OR appendage = ''", name=op.f('ck_pipe_point_one_kind')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_pipe_point_valid_order')),
    sa.ForeignKeyConstraint(['class_code', 'sub_code'], ['pipe_class.class_code', 'pipe_class.sub_code'], name=op.f('fk_pipe_point_class_code_sub_code')),
    sa.ForeignKeyConstraint(['owner_id'], ['department.id'], name=op.f('fk_pipe_point_owner_id')),
    sa.ForeignKeyConstraint(['unit_grid_id'], ['unit_grid.id'], name=op.f('fk_pipe_point_unit_grid_id')),
    sa.ForeignKeyConstraint(['usage_status'], ['usage_status.code'], name=op.f('fk_pipe_point_usage_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pipe_point')),
    sa.UniqueConstraint('survey', 'point_no', 'valid_from', name=op.f('uq_pipe_point_survey_point_no_valid_from'))
    )
    op.create_index('idx_pipe_point_geom', 'pipe_point', ['geom'], unique=False, postgresql_using='gist')
    op.create_index(op.f('ix_pipe_point_unit_grid_id'), 'pipe_point', ['unit_grid_id'], unique=False)
    op.create_table('case',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('case_no', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('edition', sa.String(), nullable=False),
    sa.Column('class_code', sa.String(length=5), nullable=False),
    sa.Column('rule_code', sa.String(length=24), nullable=True),
    sa.Column('state', sa.Enum('reported', 'verifying', 'verified', 'filed', 'dispatched', 'accepted', 'disposed', 'fed_back', 'checking', 'checked', 'closed', 'refused', 'void', name='casestate', native_enum=False, length=16), nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('address', sa.String(), server_default='', nullable=False),
    sa.Column('location', Geometry(geometry_type='POINT', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.Column('unit_grid_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('street_id', sa.BigInteger(), nullable=False),
    sa.Column('component_id', sa.BigInteger(), nullable=True),
    sa.Column('reporter_id', sa.BigInteger(), nullable=True),
    sa.Column('department_id', sa.BigInteger(), nullable=True),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dispatched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('limit_value', sa.Double(), nullable=True),
    sa.Column('limit_unit', sa.String(length=16), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_is_provisional', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('rework_count', sa.SmallInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('idempotency_key', sa.String(length=128), nullable=True),
    sa.Column('idempotency_digest', sa.String(length=64), nullable=True),
    sa.Column('external_id', sa.String(length=64), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_case_closed_at_when_closed')),
    sa.CheckConstraint("kind = 'component' OR component_id IS NULL", name=op.f('ck_case_component_of_component_case')),
    sa.CheckConstraint("state IN ('reported', 'verifying', 'verified', 'filed', 'dispatched', 'accepted', 'disposed', 'fed_back', 'checking', 'checked', 'closed', 'refused', 'void')", name=op.f('ck_case_state_known')),
    sa.CheckConstraint("state NOT IN ('dispatched', 'accepted', 'disposed', 'fed_back', 'checking', 'checked', 'closed') OR (department_id IS NOT NULL AND dispatched_at IS NOT NULL)", name=op.f('ck_case_department_when_dispatched')),
    sa.CheckConstraint("state NOT IN ('filed', 'dispatched', 'accepted', 'disposed', 'fed_back', 'checking', 'checked', 'closed') OR (filed_at IS NOT NULL AND (due_at IS NOT NULL OR source = 'imported'))", name=op.f('ck_case_limit_when_filed')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_case_community_id')),
    sa.ForeignKeyConstraint(['component_id'], ['component.id'], name=op.f('fk_case_component_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_case_department_id')),
    sa.ForeignKeyConstraint(['edition', 'kind', 'class_code'], ['object_class.edition', 'object_class.kind', 'object_class.code'], name=op.f('fk_case_edition_kind_class_code')),
    sa.ForeignKeyConstraint(['limit_unit'], ['limit_unit.code'], name=op.f('fk_case_limit_unit')),
    sa.ForeignKeyConstraint(['reporter_id'], ['person.id'], name=op.f('fk_case_reporter_id')),
    sa.ForeignKeyConstraint(['rule_code'], ['filing_rule.code'], name=op.f('fk_case_rule_code')),
    sa.ForeignKeyConstraint(['street_id'], ['area.id'], name=op.f('fk_case_street_id')),
    sa.ForeignKeyConstraint(['unit_grid_id'], ['unit_grid.id'], name=op.f('fk_case_unit_grid_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case')),
    sa.UniqueConstraint('case_no', name=op.f('uq_case_case_no')),
    sa.UniqueConstraint('external_id', name=op.f('uq_case_external_id')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_case_idempotency_key'))
    )
    op.create_index('idx_case_location', 'case', ['location'], unique=False, postgresql_using='gist')
    op.create_index('ix_case_class', 'case', ['kind', 'class_code', 'id'], unique=False)
    op.create_index('ix_case_community_id', 'case', ['community_id', 'id'], unique=False)
    op.create_index('ix_case_component_id', 'case', ['component_id'], unique=False, postgresql_where=sa.text('component_id IS NOT NULL'))
    op.create_index('ix_case_department_state_id', 'case', ['department_id', 'state', 'id'], unique=False)
    op.create_index('ix_case_due_at', 'case', ['due_at'], unique=False, postgresql_where=sa.text("state NOT IN ('closed', 'refused', 'void')"))
    op.create_index('ix_case_filed_at', 'case', ['filed_at'], unique=False)
    op.create_index('ix_case_reporter_id', 'case', ['reporter_id', 'id'], unique=False)
    op.create_index('ix_case_state_id', 'case', ['state', 'id'], unique=False)
    op.create_index('ix_case_street_id', 'case', ['street_id', 'id'], unique=False)
    op.create_index('ix_case_unit_grid_id', 'case', ['unit_grid_id', 'id'], unique=False)
    op.create_table('pipe_segment',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('survey', sa.String(length=32), nullable=False),
    sa.Column('segment_no', sa.String(length=64), nullable=False),
    sa.Column('class_code', sa.String(length=2), nullable=False),
    sa.Column('sub_code', sa.String(length=2), nullable=False),
    sa.Column('element_code', sa.String(length=8), server_default='', nullable=False),
    sa.Column('start_point_id', sa.BigInteger(), nullable=False),
    sa.Column('end_point_id', sa.BigInteger(), nullable=False),
    sa.Column('start_depth_m', sa.Double(), nullable=True),
    sa.Column('end_depth_m', sa.Double(), nullable=True),
    sa.Column('start_level', sa.Double(), nullable=True),
    sa.Column('end_level', sa.Double(), nullable=True),
    sa.Column('size', sa.String(length=20), server_default='', nullable=False),
    sa.Column('width_mm', sa.Integer(), nullable=True),
    sa.Column('height_mm', sa.Integer(), nullable=True),
    sa.Column('material', sa.String(length=16), nullable=True),
    sa.Column('laying', sa.String(length=16), nullable=True),
    sa.Column('pressure_mpa', sa.Double(), nullable=True),
    sa.Column('pressure_band', sa.String(length=16), nullable=True),
    sa.Column('voltage_kv', sa.Double(), nullable=True),
    sa.Column('temperature_c', sa.Integer(), nullable=True),
    sa.Column('cable_count', sa.Integer(), nullable=True),
    sa.Column('total_holes', sa.Integer(), nullable=True),
    sa.Column('used_holes', sa.Integer(), nullable=True),
    sa.Column('flow_direction', sa.String(length=1), server_default='0', nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('year_laid', sa.Integer(), nullable=True),
    sa.Column('usage_status', sa.String(length=16), server_default='0', nullable=False),
    sa.Column('road_name', sa.String(), server_default='', nullable=False),
    sa.Column('data_source', sa.String(length=16), server_default='', nullable=False),
    sa.Column('surveyed_on', sa.Date(), nullable=True),
    sa.Column('survey_unit', sa.String(), server_default='', nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('geom', Geometry(geometry_type='LINESTRINGZ', srid=CITY_SRID, dimension=3, spatial_index=False), nullable=False),
    sa.Column('valid_from', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint("flow_direction IN ('+', '-', '0')", name=op.f('ck_pipe_segment_flow')),
    sa.CheckConstraint('height_mm IS NULL OR height_mm > 0', name=op.f('ck_pipe_segment_has_height')),
    sa.CheckConstraint('pressure_mpa IS NULL OR pressure_mpa >= 0', name=op.f('ck_pipe_segment_pressure')),
    sa.CheckConstraint('start_point_id <> end_point_id', name=op.f('ck_pipe_segment_two_points')),
    sa.CheckConstraint('used_holes IS NULL OR used_holes BETWEEN 0 AND total_holes', name=op.f('ck_pipe_segment_holes')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_pipe_segment_valid_order')),
    sa.CheckConstraint('voltage_kv IS NULL OR voltage_kv >= 0', name=op.f('ck_pipe_segment_voltage')),
    sa.CheckConstraint('width_mm IS NULL OR width_mm > 0', name=op.f('ck_pipe_segment_has_width')),
    sa.ForeignKeyConstraint(['class_code', 'sub_code'], ['pipe_class.class_code', 'pipe_class.sub_code'], name=op.f('fk_pipe_segment_class_code_sub_code')),
    sa.ForeignKeyConstraint(['end_point_id'], ['pipe_point.id'], name=op.f('fk_pipe_segment_end_point_id')),
    sa.ForeignKeyConstraint(['laying'], ['laying_method.code'], name=op.f('fk_pipe_segment_laying')),
    sa.ForeignKeyConstraint(['material'], ['pipe_material.code'], name=op.f('fk_pipe_segment_material')),
    sa.ForeignKeyConstraint(['owner_id'], ['department.id'], name=op.f('fk_pipe_segment_owner_id')),
    sa.ForeignKeyConstraint(['pressure_band'], ['pressure_band.code'], name=op.f('fk_pipe_segment_pressure_band')),
    sa.ForeignKeyConstraint(['start_point_id'], ['pipe_point.id'], name=op.f('fk_pipe_segment_start_point_id')),
    sa.ForeignKeyConstraint(['usage_status'], ['usage_status.code'], name=op.f('fk_pipe_segment_usage_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pipe_segment')),
    sa.UniqueConstraint('survey', 'segment_no', 'valid_from', name=op.f('uq_pipe_segment_survey_segment_no_valid_from'))
    )
    op.create_index('idx_pipe_segment_geom', 'pipe_segment', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_pipe_segment_class', 'pipe_segment', ['class_code', 'sub_code'], unique=False)
    op.create_index('ix_pipe_segment_end_point_id', 'pipe_segment', ['end_point_id'], unique=False)
    op.create_index(op.f('ix_pipe_segment_owner_id'), 'pipe_segment', ['owner_id'], unique=False)
    op.create_index('ix_pipe_segment_start_point_id', 'pipe_segment', ['start_point_id'], unique=False)
    op.create_table('attachment',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('stage', sa.String(length=16), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=32), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('width_px', sa.Integer(), nullable=False),
    sa.Column('height_px', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(), server_default='', nullable=False),
    sa.Column('uploaded_by', sa.BigInteger(), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('size_bytes > 0', name=op.f('ck_attachment_not_empty')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_attachment_case_id')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['person.id'], name=op.f('fk_attachment_uploaded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('case_id', 'sha256', name=op.f('uq_attachment_case_id_sha256'))
    )
    op.create_index(op.f('ix_attachment_sha256'), 'attachment', ['sha256'], unique=False)
    op.create_table('case_step',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('seq', sa.SmallInteger(), nullable=False),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('from_state', sa.Enum('reported', 'verifying', 'verified', 'filed', 'dispatched', 'accepted', 'disposed', 'fed_back', 'checking', 'checked', 'closed', 'refused', 'void', name='casestate', native_enum=False, length=16), nullable=True),
    sa.Column('to_state', sa.Enum('reported', 'verifying', 'verified', 'filed', 'dispatched', 'accepted', 'disposed', 'fed_back', 'checking', 'checked', 'closed', 'refused', 'void', name='casestate', native_enum=False, length=16), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('actor_role', sa.String(length=16), nullable=False),
    sa.Column('department_id', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(seq = 1) = (from_state IS NULL)', name=op.f('ck_case_step_first_has_no_from')),
    sa.CheckConstraint('seq >= 1', name=op.f('ck_case_step_seq')),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_case_step_actor_id')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_step_case_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_case_step_department_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_step')),
    sa.UniqueConstraint('case_id', 'seq', name=op.f('uq_case_step_case_id_seq'))
    )
    op.create_index('ix_case_step_actor_id', 'case_step', ['actor_id', 'at'], unique=False)
    op.create_index('ix_case_step_at', 'case_step', ['at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_case_step_at', table_name='case_step')
    op.drop_index('ix_case_step_actor_id', table_name='case_step')
    op.drop_table('case_step')
    op.drop_index(op.f('ix_attachment_sha256'), table_name='attachment')
    op.drop_table('attachment')
    op.drop_index('ix_pipe_segment_start_point_id', table_name='pipe_segment')
    op.drop_index(op.f('ix_pipe_segment_owner_id'), table_name='pipe_segment')
    op.drop_index('ix_pipe_segment_end_point_id', table_name='pipe_segment')
    op.drop_index('ix_pipe_segment_class', table_name='pipe_segment')
    op.drop_index('idx_pipe_segment_geom', table_name='pipe_segment', postgresql_using='gist')
    op.drop_table('pipe_segment')
    op.drop_index('ix_case_unit_grid_id', table_name='case')
    op.drop_index('ix_case_street_id', table_name='case')
    op.drop_index('ix_case_state_id', table_name='case')
    op.drop_index('ix_case_reporter_id', table_name='case')
    op.drop_index('ix_case_filed_at', table_name='case')
    op.drop_index('ix_case_due_at', table_name='case', postgresql_where=sa.text("state NOT IN ('closed', 'refused', 'void')"))
    op.drop_index('ix_case_department_state_id', table_name='case')
    op.drop_index('ix_case_component_id', table_name='case', postgresql_where=sa.text('component_id IS NOT NULL'))
    op.drop_index('ix_case_community_id', table_name='case')
    op.drop_index('ix_case_class', table_name='case')
    op.drop_index('idx_case_location', table_name='case', postgresql_using='gist')
    op.drop_table('case')
    op.drop_index(op.f('ix_pipe_point_unit_grid_id'), table_name='pipe_point')
    op.drop_index('idx_pipe_point_geom', table_name='pipe_point', postgresql_using='gist')
    op.drop_table('pipe_point')
    op.drop_table('pipe_class_alias')
    op.drop_table('filing_rule')
    op.drop_index(op.f('ix_component_unit_grid_id'), table_name='component')
    op.drop_index('ix_component_class', table_name='component')
    op.drop_index('idx_component_geom', table_name='component', postgresql_using='gist')
    op.drop_table('component')
    op.drop_index(op.f('ix_unit_grid_duty_grid_id'), table_name='unit_grid')
    op.drop_index(op.f('ix_unit_grid_community_id'), table_name='unit_grid')
    op.drop_index('idx_unit_grid_geom', table_name='unit_grid', postgresql_using='gist')
    op.drop_table('unit_grid')
    op.drop_index(op.f('ix_responsibility_department_id'), table_name='responsibility')
    op.drop_index('ix_responsibility_class', table_name='responsibility')
    op.drop_index(op.f('ix_responsibility_area_id'), table_name='responsibility')
    op.drop_table('responsibility')
    op.drop_table('protection_range')
    op.drop_table('point_kind')
    op.drop_table('pipe_class')
    op.drop_index(op.f('ix_person_duty_grid_duty_grid_id'), table_name='person_duty_grid')
    op.drop_table('person_duty_grid')
    op.drop_index(op.f('ix_person_area_area_id'), table_name='person_area')
    op.drop_table('person_area')
    op.drop_table('object_class')
    op.drop_table('least_cover')
    op.drop_table('clearance_vertical')
    op.drop_table('clearance_horizontal')
    op.drop_table('usage_status')
    op.drop_table('pressure_band')
    op.drop_table('pipeline_field')
    op.drop_table('pipe_material')
    op.drop_table('pipe_main_class')
    op.drop_index(op.f('ix_person_department_id'), table_name='person')
    op.drop_table('person')
    op.drop_table('limit_unit')
    op.drop_table('laying_method')
    op.drop_table('flow_direction')
    op.drop_table('edition')
    op.drop_index(op.f('ix_duty_grid_street_id'), table_name='duty_grid')
    op.drop_index('idx_duty_grid_geom', table_name='duty_grid', postgresql_using='gist')
    op.drop_table('duty_grid')
    op.drop_table('data_origin')
    op.drop_table('component_state')
    op.drop_table('clearance_party')
    op.drop_index(op.f('ix_building_road_id'), table_name='building')
    op.drop_index('idx_building_geom', table_name='building', postgresql_using='gist')
    op.drop_table('building')
    op.drop_table('accuracy_class')
    op.drop_table('work_shift')
    op.drop_table('trust_level')
    op.drop_index('ix_sign_in_failure_login_at', table_name='sign_in_failure')
    op.drop_table('sign_in_failure')
    op.drop_index('ix_road_name_zh', table_name='road')
    op.drop_index('idx_road_geom', table_name='road', postgresql_using='gist')
    op.drop_table('road')
    op.drop_index(op.f('ix_department_parent_id'), table_name='department')
    op.drop_table('department')
    op.drop_index('idx_city_boundary', table_name='city', postgresql_using='gist')
    op.drop_table('city')
    op.drop_table('case_counter')
    op.drop_table('calendar_day')
    op.drop_index('ix_area_parent_id', table_name='area')
    op.drop_index('idx_area_geom', table_name='area', postgresql_using='gist')
    op.drop_table('area')
