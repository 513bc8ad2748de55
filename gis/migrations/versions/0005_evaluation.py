"""evaluation: facts of cases and their totals, score cards, closed periods, reports

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('case_fact',
    sa.Column('case_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('unit_grid_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('street_id', sa.BigInteger(), nullable=False),
    sa.Column('duty_grid_id', sa.BigInteger(), nullable=True),
    sa.Column('department_id', sa.BigInteger(), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('class_code', sa.String(length=5), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verify_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dispatch_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('check_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ending_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('is_filed', sa.Boolean(), nullable=False),
    sa.Column('is_void', sa.Boolean(), nullable=False),
    sa.Column('is_self_disposed', sa.Boolean(), nullable=False),
    sa.Column('is_valid', sa.Boolean(), nullable=False),
    sa.Column('was_verified', sa.Boolean(), nullable=False),
    sa.Column('verified_in_time', sa.Boolean(), nullable=False),
    sa.Column('filed_in_time', sa.Boolean(), nullable=False),
    sa.Column('was_dispatched', sa.Boolean(), nullable=False),
    sa.Column('dispatched_in_time', sa.Boolean(), nullable=False),
    sa.Column('dispatched_right', sa.Boolean(), nullable=False),
    sa.Column('is_disposed', sa.Boolean(), nullable=False),
    sa.Column('disposed_in_time', sa.Boolean(), nullable=False),
    sa.Column('is_exempt', sa.Boolean(), nullable=False),
    sa.Column('was_checked', sa.Boolean(), nullable=False),
    sa.Column('checked_in_time', sa.Boolean(), nullable=False),
    sa.Column('is_closed', sa.Boolean(), nullable=False),
    sa.Column('closed_by_force', sa.Boolean(), nullable=False),
    sa.Column('was_reopened', sa.Boolean(), nullable=False),
    sa.Column('is_satisfied', sa.Boolean(), nullable=False),
    sa.Column('rework_count', sa.SmallInteger(), nullable=False),
    sa.Column('extension_count', sa.SmallInteger(), nullable=False),
    sa.Column('suspension_count', sa.SmallInteger(), nullable=False),
    sa.Column('sent_back_count', sa.SmallInteger(), nullable=False),
    sa.Column('urged_count', sa.SmallInteger(), nullable=False),
    sa.Column('accept_s', sa.Integer(), nullable=False),
    sa.Column('verify_s', sa.Integer(), nullable=False),
    sa.Column('file_s', sa.Integer(), nullable=False),
    sa.Column('dispatch_s', sa.Integer(), nullable=False),
    sa.Column('dispose_s', sa.Integer(), nullable=False),
    sa.Column('suspend_s', sa.Integer(), nullable=False),
    sa.Column('check_s', sa.Integer(), nullable=False),
    sa.Column('close_s', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_fact_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_case_fact'))
    )
    op.create_index('ix_case_fact_answered_at', 'case_fact', ['answered_at'], unique=False)
    op.create_index('ix_case_fact_check_at', 'case_fact', ['check_at'], unique=False)
    op.create_index('ix_case_fact_dispatch_at', 'case_fact', ['dispatch_at'], unique=False)
    op.create_index('ix_case_fact_ending_at', 'case_fact', ['ending_at'], unique=False)
    op.create_index('ix_case_fact_filed_at', 'case_fact', ['filed_at'], unique=False)
    op.create_index('ix_case_fact_judged_at', 'case_fact', ['judged_at'], unique=False)
    op.create_index('ix_case_fact_reported_at', 'case_fact', ['reported_at'], unique=False)
    op.create_index('ix_case_fact_settled_at', 'case_fact', ['settled_at'], unique=False)
    op.create_index('ix_case_fact_verify_at', 'case_fact', ['verify_at'], unique=False)
    op.create_table('case_fact_part',
    sa.Column('case_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('part', sa.String(length=8), nullable=False),
    sa.Column('department_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_done', sa.Boolean(), nullable=False),
    sa.Column('in_time', sa.Boolean(), nullable=False),
    sa.CheckConstraint("part IN ('co', 'former')", name=op.f('ck_case_fact_part_part')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_fact_part_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('case_id', 'part', 'department_id', 'seq', name=op.f('pk_case_fact_part'))
    )
    op.create_index('ix_case_fact_part_counted_at', 'case_fact_part', ['part', 'counted_at'], unique=False)
    op.create_table('case_fact_post',
    sa.Column('case_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('duty', sa.String(length=16), nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_done', sa.Boolean(), nullable=False),
    sa.Column('in_time', sa.Boolean(), nullable=True),
    sa.Column('is_right', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_fact_post_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('case_id', 'duty', 'seq', name=op.f('pk_case_fact_post'))
    )
    op.create_index('ix_case_fact_post_duty', 'case_fact_post', ['duty', 'at'], unique=False, postgresql_include=['person_id', 'in_time', 'is_right'])
    op.create_index('ix_case_fact_post_person_id', 'case_fact_post', ['person_id', 'at'], unique=False)
    op.create_table('fact_total',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('grain', sa.String(length=12), nullable=False),
    sa.Column('count_no', sa.SmallInteger(), nullable=False),
    sa.Column('bucket', sa.Date(), nullable=False),
    sa.Column('object_id', sa.BigInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('fresh', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.CheckConstraint("grain IN ('department', 'community', 'unit_grid')", name=op.f('ck_fact_total_grain')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fact_total'))
    )
    op.create_index('ix_fact_total_fresh', 'fact_total', ['id'], unique=False, postgresql_where=sa.text('fresh'))
    op.create_index('ix_fact_total_key', 'fact_total', ['grain', 'count_no', 'bucket', 'object_id'], unique=False, postgresql_include=['amount'])
    op.create_table('score_card',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('object_kind', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('chosen', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('retired', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('made_by', sa.BigInteger(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('version >= 1', name=op.f('ck_score_card_version')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_score_card_made_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_card')),
    sa.UniqueConstraint('code', 'version', name=op.f('uq_score_card_code_version'))
    )
    op.create_index('uq_score_card_chosen', 'score_card', ['object_kind'], unique=True, postgresql_where=sa.text('chosen'))
    op.create_table('closed_period',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('period', sa.String(length=48), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('begins', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), server_default='', nullable=False),
    sa.Column('changes', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('facts', sa.LargeBinary(), nullable=False),
    sa.Column('case_count', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('closed_by', sa.BigInteger(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f('ck_closed_period_sha256')),
    sa.CheckConstraint('begins < ends', name=op.f('ck_closed_period_order')),
    sa.ForeignKeyConstraint(['closed_by'], ['person.id'], name=op.f('fk_closed_period_closed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closed_period')),
    sa.UniqueConstraint('period', 'version', name=op.f('uq_closed_period_period_version'))
    )
    op.create_table('closing_run',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('period', sa.String(length=48), nullable=False),
    sa.Column('reason', sa.String(), server_default='', nullable=False),
    sa.Column('state', sa.String(length=8), server_default='waiting', nullable=False),
    sa.Column('step', sa.String(length=16), server_default='', nullable=False),
    sa.Column('done', sa.SmallInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('message', sa.String(), server_default='', nullable=False),
    sa.Column('closed_period_id', sa.BigInteger(), nullable=True),
    sa.Column('asked_by', sa.BigInteger(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'done') = (closed_period_id IS NOT NULL)", name=op.f('ck_closing_run_version_when_done')),
    sa.CheckConstraint("state IN ('waiting', 'working', 'done', 'failed')", name=op.f('ck_closing_run_state')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_closing_run_asked_by')),
    sa.ForeignKeyConstraint(['closed_period_id'], ['closed_period.id'], name=op.f('fk_closing_run_closed_period_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing_run'))
    )
    op.create_index('uq_closing_run_open', 'closing_run', ['period'], unique=True, postgresql_where=sa.text("state IN ('waiting', 'working')"))
    op.create_table('lead_note',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('watch', sa.String(length=32), nullable=False),
    sa.Column('subject', sa.String(length=160), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('noted_by', sa.BigInteger(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("outcome IN ('open', 'explained', 'confirmed')", name=op.f('ck_lead_note_outcome')),
    sa.ForeignKeyConstraint(['noted_by'], ['person.id'], name=op.f('fk_lead_note_noted_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_note')),
    sa.UniqueConstraint('watch', 'subject', name=op.f('uq_lead_note_watch_subject'))
    )
    op.create_table('analysis_report',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('period', sa.String(length=48), nullable=False),
    sa.Column('begins', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends', sa.DateTime(timezone=True), nullable=False),
    sa.Column('locale', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=8), server_default='waiting', nullable=False),
    sa.Column('step', sa.String(length=64), server_default='', nullable=False),
    sa.Column('done', sa.SmallInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('message', sa.String(), server_default='', nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    sa.Column('closed_period_id', sa.BigInteger(), nullable=True),
    sa.Column('scheduled', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('asked_by', sa.BigInteger(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'working', 'ready', 'failed')", name=op.f('ck_analysis_report_state')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_analysis_report_asked_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['closed_period_id'], ['closed_period.id'], name=op.f('fk_analysis_report_closed_period_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_analysis_report'))
    )
    op.create_index('ix_analysis_report_made_at', 'analysis_report', ['asked_at', 'id'], unique=False)
    op.create_index('ix_attachment_uploaded_at', 'attachment', ['uploaded_at'], unique=False)
    op.create_table('report_schedule',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('day', sa.SmallInteger(), server_default=sa.text('2'), nullable=False),
    sa.Column('hour', sa.SmallInteger(), server_default=sa.text('6'), nullable=False),
    sa.Column('locale', sa.String(length=8), server_default='zh_CN', nullable=False),
    sa.Column('made_for', sa.String(length=7), server_default='', nullable=False),
    sa.Column('set_by', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('day BETWEEN 1 AND 28', name=op.f('ck_report_schedule_day')),
    sa.CheckConstraint('hour BETWEEN 0 AND 23', name=op.f('ck_report_schedule_hour')),
    sa.CheckConstraint('id = 1', name=op.f('ck_report_schedule_one')),
    sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_report_schedule_set_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_schedule'))
    )
