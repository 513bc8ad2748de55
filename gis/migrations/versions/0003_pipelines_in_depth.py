"""pipelines in depth

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from gis.settings import CITY_SRID

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pipe_party',
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('class_code', sa.String(length=2), nullable=False),
    sa.Column('sub_code', sa.String(length=2), nullable=True),
    sa.Column('laying', sa.String(length=16), nullable=True),
    sa.Column('pressure_band', sa.String(length=16), nullable=True),
    sa.Column('material', sa.String(length=16), nullable=True),
    sa.Column('most_mm', sa.Integer(), nullable=True),
    sa.Column('horizontal', sa.String(length=24), nullable=True),
    sa.Column('vertical', sa.String(length=24), nullable=True),
    sa.Column('cover', sa.String(length=24), nullable=True),
    sa.Column('cover_laying', sa.String(length=24), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['class_code'], ['pipe_main_class.class_code'], name=op.f('fk_pipe_party_class_code')),
    sa.ForeignKeyConstraint(['cover'], ['clearance_party.code'], name=op.f('fk_pipe_party_cover')),
    sa.ForeignKeyConstraint(['horizontal'], ['clearance_party.code'], name=op.f('fk_pipe_party_horizontal')),
    sa.ForeignKeyConstraint(['laying'], ['laying_method.code'], name=op.f('fk_pipe_party_laying')),
    sa.ForeignKeyConstraint(['material'], ['pipe_material.code'], name=op.f('fk_pipe_party_material')),
    sa.ForeignKeyConstraint(['pressure_band'], ['pressure_band.code'], name=op.f('fk_pipe_party_pressure_band')),
    sa.ForeignKeyConstraint(['status'], ['trust_level.code'], name=op.f('fk_pipe_party_status')),
    sa.ForeignKeyConstraint(['vertical'], ['clearance_party.code'], name=op.f('fk_pipe_party_vertical')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_pipe_party'))
    )
    op.create_table('survey_import',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('survey', sa.String(length=32), nullable=False),
    sa.Column('state', sa.Enum('received', 'reading', 'checking', 'checked', 'accepting', 'accepted', 'undoing', 'undone', 'dropped', 'failed', name='importstate', native_enum=False, create_constraint=True, length=16), server_default='received', nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('options', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('recognised', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    sa.Column('step', sa.String(length=32), server_default='', nullable=False),
    sa.Column('done', sa.Integer(), server_default='0', nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('message', sa.String(), server_default='', nullable=False),
    sa.Column('accepted_how', sa.String(length=8), server_default='', nullable=False),
    sa.Column('created_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_survey_import_created_by')),
    sa.ForeignKeyConstraint(['ended_by'], ['person.id'], name=op.f('fk_survey_import_ended_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_import'))
    )
    op.create_index('ix_survey_import_created', 'survey_import', ['created_at', 'id'], unique=False)
    op.create_index('ix_survey_import_survey', 'survey_import', ['survey'], unique=False)
    op.create_index('uq_survey_import_open', 'survey_import', ['survey'], unique=True, postgresql_where=sa.text("state IN ('received', 'reading', 'checking', 'checked', 'accepting', 'undoing')"))
    op.create_table('survey_mapping',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('table_name', sa.String(length=8), nullable=False),
    sa.Column('columns', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('mapping', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("table_name IN ('point', 'line')", name=op.f('ck_survey_mapping_table')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_survey_mapping_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_mapping')),
    sa.UniqueConstraint('name', 'table_name', name=op.f('uq_survey_mapping_name_table_name'))
    )
    op.create_table('check_run',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.String(length=8), server_default='waiting', nullable=False),
    sa.Column('scope', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('step', sa.String(length=32), server_default='', nullable=False),
    sa.Column('done', sa.Integer(), server_default='0', nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('message', sa.String(), server_default='', nullable=False),
    sa.Column('created_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_check_run_created_by')),
    sa.ForeignKeyConstraint(['import_id'], ['survey_import.id'], name=op.f('fk_check_run_import_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_run'))
    )
    op.create_index('ix_check_run_created', 'check_run', ['created_at', 'id'], unique=False)
    op.create_index(op.f('ix_check_run_import_id'), 'check_run', ['import_id'], unique=False)
    op.create_table('survey_staged_line',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('import_id', sa.BigInteger(), nullable=False),
    sa.Column('file', sa.String(), nullable=False),
    sa.Column('sheet', sa.String(), server_default='', nullable=False),
    sa.Column('row_no', sa.Integer(), nullable=False),
    sa.Column('class_code', sa.String(length=2), nullable=True),
    sa.Column('sub_code', sa.String(length=2), nullable=True),
    sa.Column('element_code', sa.String(), server_default='', nullable=False),
    sa.Column('segment_no', sa.String(), nullable=True),
    sa.Column('start_no', sa.String(), nullable=True),
    sa.Column('end_no', sa.String(), nullable=True),
    sa.Column('start_depth_m', sa.Double(), nullable=True),
    sa.Column('end_depth_m', sa.Double(), nullable=True),
    sa.Column('start_level', sa.Double(), nullable=True),
    sa.Column('end_level', sa.Double(), nullable=True),
    sa.Column('start_ground', sa.Double(), nullable=True),
    sa.Column('end_ground', sa.Double(), nullable=True),
    sa.Column('size', sa.String(), server_default='', nullable=False),
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
    sa.Column('year_laid', sa.Integer(), nullable=True),
    sa.Column('road_name', sa.String(), server_default='', nullable=False),
    sa.Column('data_source', sa.String(), server_default='', nullable=False),
    sa.Column('geom', Geometry(geometry_type='LINESTRINGZ', srid=CITY_SRID, dimension=3, spatial_index=False), nullable=True),
    sa.Column('owner', sa.String(), server_default='', nullable=False),
    sa.Column('usage_status', sa.String(length=1), server_default='0', nullable=False),
    sa.Column('surveyed_on', sa.Date(), nullable=True),
    sa.Column('survey_unit', sa.String(), server_default='', nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('extra', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('unread', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('is_clean', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('change', sa.String(length=8), nullable=True),
    sa.Column('living_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['survey_import.id'], name=op.f('fk_survey_staged_line_import_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_staged_line'))
    )
    op.create_index('ix_survey_staged_line_no', 'survey_staged_line', ['import_id', 'segment_no'], unique=False)
    op.create_table('survey_staged_point',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('import_id', sa.BigInteger(), nullable=False),
    sa.Column('file', sa.String(), nullable=False),
    sa.Column('sheet', sa.String(), server_default='', nullable=False),
    sa.Column('row_no', sa.Integer(), nullable=False),
    sa.Column('class_code', sa.String(length=2), nullable=True),
    sa.Column('sub_code', sa.String(length=2), nullable=True),
    sa.Column('element_code', sa.String(), server_default='', nullable=False),
    sa.Column('point_no', sa.String(), nullable=True),
    sa.Column('feature', sa.String(), server_default='', nullable=False),
    sa.Column('appendage', sa.String(), server_default='', nullable=False),
    sa.Column('ground_level', sa.Double(), nullable=True),
    sa.Column('well_depth_m', sa.Double(), nullable=True),
    sa.Column('cover_shape', sa.String(), server_default='', nullable=False),
    sa.Column('cover_material', sa.String(), server_default='', nullable=False),
    sa.Column('cover_size_mm', sa.String(), server_default='', nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=True),
    sa.Column('address', sa.String(), server_default='', nullable=False),
    sa.Column('built_on', sa.Date(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=True),
    sa.Column('owner', sa.String(), server_default='', nullable=False),
    sa.Column('usage_status', sa.String(length=1), server_default='0', nullable=False),
    sa.Column('surveyed_on', sa.Date(), nullable=True),
    sa.Column('survey_unit', sa.String(), server_default='', nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('extra', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('unread', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('is_clean', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('change', sa.String(length=8), nullable=True),
    sa.Column('living_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['survey_import.id'], name=op.f('fk_survey_staged_point_import_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_staged_point'))
    )
    op.create_index('ix_survey_staged_point_no', 'survey_staged_point', ['import_id', 'point_no'], unique=False)
    op.create_table('pipe_finding',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('run_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('severity', sa.String(length=8), nullable=False),
    sa.Column('subject', sa.String(length=8), nullable=False),
    sa.Column('number', sa.String(), server_default='', nullable=False),
    sa.Column('class_code', sa.String(length=2), nullable=True),
    sa.Column('file', sa.String(), server_default='', nullable=False),
    sa.Column('sheet', sa.String(), server_default='', nullable=False),
    sa.Column('row_no', sa.Integer(), nullable=True),
    sa.Column('row_id', sa.BigInteger(), nullable=False),
    sa.Column('value', sa.Double(), nullable=True),
    sa.Column('limit_value', sa.Double(), nullable=True),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('geom', Geometry(srid=CITY_SRID, dimension=2, spatial_index=False), nullable=True),
    sa.CheckConstraint("subject IN ('point', 'line')", name=op.f('ck_pipe_finding_subject')),
    sa.ForeignKeyConstraint(['run_id'], ['check_run.id'], name=op.f('fk_pipe_finding_run_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pipe_finding'))
    )
    op.create_index('idx_pipe_finding_geom', 'pipe_finding', ['geom'], unique=False, postgresql_using='gist')
    op.create_index('ix_pipe_finding_row', 'pipe_finding', ['row_id', 'run_id'], unique=False)
    op.create_index('ix_pipe_finding_run', 'pipe_finding', ['run_id', 'code', 'id'], unique=False)
    op.add_column('pipe_point', sa.Column('past_of', sa.BigInteger(), nullable=True))
    op.add_column('pipe_point', sa.Column('extra', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('pipe_point', sa.Column('import_id', sa.BigInteger(), nullable=True))
    op.add_column('pipe_point', sa.Column('ended_import_id', sa.BigInteger(), nullable=True))
    op.drop_constraint(op.f('uq_pipe_point_survey_point_no_valid_from'), 'pipe_point', type_='unique')
    op.create_index(op.f('ix_pipe_point_import_id'), 'pipe_point', ['import_id'], unique=False)
    op.create_index(op.f('ix_pipe_point_ended_import_id'), 'pipe_point', ['ended_import_id'], unique=False)
    op.create_index(op.f('ix_pipe_point_past_of'), 'pipe_point', ['past_of'], unique=False)
    op.create_index('uq_pipe_point_survey_point_no', 'pipe_point', ['survey', 'point_no'], unique=True, postgresql_where=sa.text('valid_to IS NULL'))
    op.create_index('ix_pipe_point_point_no_parts', 'pipe_point', ['point_no'], unique=False, postgresql_using='gin', postgresql_ops={'point_no': 'gin_trgm_ops'}, postgresql_where=sa.text('valid_to IS NULL'))
    op.create_foreign_key(op.f('fk_pipe_point_import_id'), 'pipe_point', 'survey_import', ['import_id'], ['id'])
    op.create_foreign_key(op.f('fk_pipe_point_ended_import_id'), 'pipe_point', 'survey_import', ['ended_import_id'], ['id'])
    op.create_foreign_key(op.f('fk_pipe_point_past_of'), 'pipe_point', 'pipe_point', ['past_of'], ['id'])
    op.add_column('pipe_segment', sa.Column('length_m', sa.Double(), sa.Computed('ST_Length(geom)', persisted=True), nullable=False))
    op.add_column('pipe_segment', sa.Column('past_of', sa.BigInteger(), nullable=True))
    op.add_column('pipe_segment', sa.Column('extra', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('pipe_segment', sa.Column('import_id', sa.BigInteger(), nullable=True))
    op.add_column('pipe_segment', sa.Column('ended_import_id', sa.BigInteger(), nullable=True))
    op.drop_constraint(op.f('uq_pipe_segment_survey_segment_no_valid_from'), 'pipe_segment', type_='unique')
    op.create_index(op.f('ix_pipe_segment_import_id'), 'pipe_segment', ['import_id'], unique=False)
    op.create_index(op.f('ix_pipe_segment_ended_import_id'), 'pipe_segment', ['ended_import_id'], unique=False)
    op.create_index(op.f('ix_pipe_segment_past_of'), 'pipe_segment', ['past_of'], unique=False)
    op.create_index('uq_pipe_segment_survey_segment_no', 'pipe_segment', ['survey', 'segment_no'], unique=True, postgresql_where=sa.text('valid_to IS NULL'))
    op.create_index('ix_pipe_segment_segment_no_parts', 'pipe_segment', ['segment_no'], unique=False, postgresql_using='gin', postgresql_ops={'segment_no': 'gin_trgm_ops'}, postgresql_where=sa.text('valid_to IS NULL'))
    op.create_foreign_key(op.f('fk_pipe_segment_import_id'), 'pipe_segment', 'survey_import', ['import_id'], ['id'])
    op.create_foreign_key(op.f('fk_pipe_segment_ended_import_id'), 'pipe_segment', 'survey_import', ['ended_import_id'], ['id'])
    op.create_foreign_key(op.f('fk_pipe_segment_past_of'), 'pipe_segment', 'pipe_segment', ['past_of'], ['id'])
    # What a survey got wrong is kept as it is and found by the checks.
    op.drop_constraint(op.f('ck_pipe_point_one_kind'), 'pipe_point', type_='check')
    op.drop_constraint(op.f('ck_pipe_segment_holes'), 'pipe_segment', type_='check')
    op.create_check_constraint(op.f('ck_pipe_segment_holes'), 'pipe_segment', 'used_holes >= 0 AND total_holes >= 0')
