"""casework in depth

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from gis.settings import CITY_SRID

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('auto_dispatch',
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('edition', sa.String(length=32), nullable=False),
    sa.Column('class_code', sa.String(length=5), nullable=False),
    sa.Column('set_by', sa.BigInteger(), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("class_code ~ '^([0-9]{2}|[0-9]{4,5})$'", name=op.f('ck_auto_dispatch_class_prefix')),
    sa.ForeignKeyConstraint(['edition'], ['edition.code'], name=op.f('fk_auto_dispatch_edition')),
    sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_auto_dispatch_set_by')),
    sa.PrimaryKeyConstraint('kind', 'edition', 'class_code', name=op.f('pk_auto_dispatch'))
    )
    op.create_table('local_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('is_workday', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.Column('set_by', sa.BigInteger(), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_local_day_set_by')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_local_day'))
    )
    op.create_table('public_answer',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_public_answer'))
    )
    op.create_index('ix_public_answer_address', 'public_answer', ['address'], unique=False)
    op.create_index('ix_public_answer_at', 'public_answer', ['at'], unique=False)
    op.create_table('saved_filter',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('query', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_filter_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filter')),
    sa.UniqueConstraint('person_id', 'name', name=op.f('uq_saved_filter_person_id_name'))
    )
    op.create_table('upload',
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('file_name', sa.String(), server_default='', nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('complete_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f('ck_upload_sha256')),
    sa.CheckConstraint('size_bytes > 0', name=op.f('ck_upload_not_empty')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_upload_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'sha256', name=op.f('pk_upload'))
    )
    op.create_index('ix_upload_started_at', 'upload', ['started_at'], unique=False)
    op.create_table('patrol_point',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('unit_grid_id', sa.BigInteger(), nullable=True),
    sa.Column('location', Geometry(geometry_type='POINT', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_patrol_point_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_grid_id'], ['unit_grid.id'], name=op.f('fk_patrol_point_unit_grid_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patrol_point')),
    sa.UniqueConstraint('person_id', 'at', name=op.f('uq_patrol_point_person_id_at'))
    )
    op.create_index('idx_patrol_point_location', 'patrol_point', ['location'], unique=False, postgresql_using='gist')
    op.create_index('ix_patrol_point_at', 'patrol_point', ['at'], unique=False)
    op.create_index('ix_patrol_point_unit_grid_id', 'patrol_point', ['unit_grid_id', 'at'], unique=False)
    op.create_table('seasonal_limit',
    sa.Column('rule_code', sa.String(length=24), nullable=False),
    sa.Column('from_day', sa.String(length=5), nullable=False),
    sa.Column('to_day', sa.String(length=5), nullable=False),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.CheckConstraint("from_day ~ '^[0-9]{2}-[0-9]{2}$' AND to_day ~ '^[0-9]{2}-[0-9]{2}$'", name=op.f('ck_seasonal_limit_month_day')),
    sa.ForeignKeyConstraint(['rule_code'], ['filing_rule.code'], name=op.f('fk_seasonal_limit_rule_code')),
    sa.PrimaryKeyConstraint('rule_code', 'from_day', name=op.f('pk_seasonal_limit'))
    )
    op.create_table('case_co_department',
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('department_id', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_note', sa.String(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_co_department_case_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_case_co_department_department_id')),
    sa.PrimaryKeyConstraint('case_id', 'department_id', name=op.f('pk_case_co_department'))
    )
    op.create_index(op.f('ix_case_co_department_department_id'), 'case_co_department', ['department_id'], unique=False)
    op.create_table('case_event',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('txid', sa.BigInteger(), server_default=sa.text('txid_current()'), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('seq', sa.SmallInteger(), nullable=False),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_event_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_event'))
    )
    op.create_index('ix_case_event_at', 'case_event', ['at'], unique=False)
    op.create_index(op.f('ix_case_event_case_id'), 'case_event', ['case_id'], unique=False)
    op.create_index('ix_case_event_txid_id', 'case_event', ['txid', 'id'], unique=False)
    op.create_table('case_follower',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('idempotency_key', sa.String(length=128), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_follower_case_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_case_follower_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_follower')),
    sa.UniqueConstraint('case_id', 'person_id', name=op.f('uq_case_follower_case_id_person_id')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_case_follower_idempotency_key'))
    )
    op.create_index(op.f('ix_case_follower_person_id'), 'case_follower', ['person_id'], unique=False)
    op.create_table('case_interval',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('stage', sa.String(length=16), nullable=False),
    sa.Column('round', sa.SmallInteger(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('department_id', sa.BigInteger(), nullable=True),
    sa.Column('person_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('ended_at >= started_at', name=op.f('ck_case_interval_order')),
    sa.CheckConstraint('round >= 1', name=op.f('ck_case_interval_round')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_interval_case_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_case_interval_department_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_case_interval_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_interval'))
    )
    op.create_index('ix_case_interval_case_id', 'case_interval', ['case_id', 'stage'], unique=False)
    op.create_index('uq_case_interval_running', 'case_interval', ['case_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('case_request',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('round', sa.SmallInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('asked_by', sa.BigInteger(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.BigInteger(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('granted', sa.Boolean(), nullable=True),
    sa.Column('decision', sa.String(), server_default='', nullable=False),
    sa.Column('minutes', sa.Double(), nullable=True),
    sa.CheckConstraint('(decided_at IS NULL) = (granted IS NULL)', name=op.f('ck_case_request_decided')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_case_request_asked_by')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_request_case_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_case_request_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_request'))
    )
    op.create_index('ix_case_request_case_id', 'case_request', ['case_id', 'kind'], unique=False)
    op.create_index('uq_case_request_open', 'case_request', ['case_id'], unique=True, postgresql_where=sa.text('decided_at IS NULL'))
    op.create_table('case_task',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('assignee_id', sa.BigInteger(), nullable=True),
    sa.Column('reason', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('given_by', sa.BigInteger(), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.CheckConstraint("kind IN ('verify', 'check')", name=op.f('ck_case_task_kind')),
    sa.CheckConstraint('ended_at IS NULL OR outcome IS NOT NULL', name=op.f('ck_case_task_outcome')),
    sa.ForeignKeyConstraint(['assignee_id'], ['person.id'], name=op.f('fk_case_task_assignee_id')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_task_case_id')),
    sa.ForeignKeyConstraint(['ended_by'], ['person.id'], name=op.f('fk_case_task_ended_by')),
    sa.ForeignKeyConstraint(['given_by'], ['person.id'], name=op.f('fk_case_task_given_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_task'))
    )
    op.create_index('ix_case_task_assignee_id', 'case_task', ['assignee_id', 'due_at'], unique=False, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index('ix_case_task_case_id', 'case_task', ['case_id'], unique=False)
    op.create_index('ix_case_task_due_at', 'case_task', ['due_at', 'id'], unique=False, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index('uq_case_task_open', 'case_task', ['case_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('notice',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_notice_case_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('event_id', 'person_id', name=op.f('uq_notice_event_id_person_id'))
    )
    op.create_index('ix_notice_at', 'notice', ['at'], unique=False)
    op.create_index('ix_notice_case_id', 'notice', ['case_id'], unique=False)
    op.create_index('ix_notice_person_id', 'notice', ['person_id', 'id'], unique=False)
    op.create_index('ix_notice_unread', 'notice', ['person_id', 'id'], unique=False, postgresql_where=sa.text('read_at IS NULL'))
    op.add_column('attachment', sa.Column('source_sha256', sa.String(length=64), nullable=True))
    op.add_column('attachment', sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('attachment', sa.Column('taken_place', Geometry(geometry_type='POINT', srid=CITY_SRID, dimension=2, spatial_index=False), nullable=True))
    op.create_index('idx_attachment_taken_place', 'attachment', ['taken_place'], unique=False, postgresql_using='gist')
    op.create_index(op.f('ix_attachment_source_sha256'), 'attachment', ['source_sha256'], unique=False)
    op.add_column('case', sa.Column('duty_grid_id', sa.BigInteger(), nullable=True))
    op.add_column('case', sa.Column('warn_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('case', sa.Column('stage', sa.String(length=16), nullable=True))
    op.add_column('case', sa.Column('stage_due_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('case', sa.Column('stage_warn_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('case', sa.Column('suspended_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('case', sa.Column('alarm_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('case', sa.Column('pending', sa.String(length=16), nullable=True))
    op.add_column('case', sa.Column('closing_rule_code', sa.String(length=24), nullable=True))
    op.add_column('case', sa.Column('parent_id', sa.BigInteger(), nullable=True))
    op.add_column('case', sa.Column('merged_into_id', sa.BigInteger(), nullable=True))
    op.add_column('case', sa.Column('urged_count', sa.SmallInteger(), server_default=sa.text('0'), nullable=False))
    op.add_column('case', sa.Column('extension_count', sa.SmallInteger(), server_default=sa.text('0'), nullable=False))
    op.add_column('case', sa.Column('closed_by_force', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('case', sa.Column('exempt', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('case', sa.Column('appealed', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('case', sa.Column('open_parts', sa.SmallInteger(), server_default=sa.text('0'), nullable=False))
    op.add_column('case', sa.Column('said', sa.String(length=16), nullable=True))
    op.create_index('ix_case_department_queue', 'case', ['department_id', 'stage', 'stage_due_at', 'id'], unique=False, postgresql_where=sa.text('stage IS NOT NULL'))
    op.create_index(op.f('ix_case_duty_grid_id'), 'case', ['duty_grid_id'], unique=False)
    op.create_index('ix_case_merged_into_id', 'case', ['merged_into_id'], unique=False, postgresql_where=sa.text('merged_into_id IS NOT NULL'))
    op.create_index('ix_case_open_location', 'case', ['location'], unique=False, postgresql_using='gist', postgresql_where=sa.text('stage IS NOT NULL'))
    op.create_index('ix_case_parent_id', 'case', ['parent_id'], unique=False, postgresql_where=sa.text('parent_id IS NOT NULL'))
    op.create_index('ix_case_pending', 'case', ['pending', 'id'], unique=False, postgresql_where=sa.text('pending IS NOT NULL'))
    op.create_index('ix_case_queue', 'case', ['stage', 'stage_due_at', 'id'], unique=False, postgresql_where=sa.text('stage IS NOT NULL'))
    op.execute(BIGRAMS)
    op.create_index('ix_case_words', 'case', [sa.text(WORDS)], unique=False, postgresql_using='gin', postgresql_with={'fastupdate': 'off'})
    op.create_index('ix_case_open', 'case', ['id'], unique=False, postgresql_where=sa.text('stage IS NOT NULL'))
    op.create_index('ix_case_department_id', 'case', ['department_id', 'id'], unique=False)
    op.create_index('ix_case_said', 'case', ['said', 'id'], unique=False, postgresql_where=sa.text('said IS NOT NULL'))
    op.create_index('ix_case_without_alarm', 'case', ['id'], unique=False, postgresql_where=sa.text('stage IS NOT NULL AND alarm_at IS NULL'))
    op.create_foreign_key(op.f('fk_case_closing_rule_code'), 'case', 'filing_rule', ['closing_rule_code'], ['code'])
    op.create_foreign_key(op.f('fk_case_duty_grid_id'), 'case', 'duty_grid', ['duty_grid_id'], ['id'])
    op.create_foreign_key(op.f('fk_case_merged_into_id'), 'case', 'case', ['merged_into_id'], ['id'])
    op.create_foreign_key(op.f('fk_case_parent_id'), 'case', 'case', ['parent_id'], ['id'])
    op.create_index('ix_person_role', 'person', ['role'], unique=False)
    op.add_column('person', sa.Column('email', sa.String(length=254), nullable=True))
    op.add_column('person', sa.Column('shares_track', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('responsibility', sa.Column('weekdays', sa.String(length=7), nullable=True))
    op.add_column('responsibility', sa.Column('starts_at', sa.Time(), nullable=True))
    op.add_column('responsibility', sa.Column('ends_at', sa.Time(), nullable=True))
    op.drop_constraint(op.f('uq_responsibility_area_id_kind_edition_class_code_valid_from'), 'responsibility', type_='unique')
    op.create_unique_constraint('uq_responsibility_place_class_time', 'responsibility', ['area_id', 'kind', 'edition', 'class_code', 'weekdays', 'starts_at', 'valid_from'])
    op.add_column('work_shift', sa.Column('weekday', sa.SmallInteger(), nullable=True))
    op.add_column('work_shift', sa.Column('from_day', sa.String(length=5), nullable=True))
    op.add_column('work_shift', sa.Column('to_day', sa.String(length=5), nullable=True))
    _keep_what_is_there()
    _check()


# Chinese has no spaces between words, and trigrams find no word of two characters: every two neighbours are a
# word of the index, the last character one by itself. In public, as the index stands on it: schema app is made
# anew at each upgrade. Not parallel, on purpose: a list wants fifty rows, and to start workers takes longer.
BIGRAMS = r"""
CREATE FUNCTION public.bigrams(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT COST 200
RETURN array_to_tsvector(array_remove(string_to_array(
    regexp_replace(lower(words), '(..)', E'\\1\x01', 'g') || E'\x01'
    || regexp_replace(substr(lower(words), 2), '(..)', E'\\1\x01', 'g'), E'\x01'), ''))
"""
WORDS = "bigrams((description::text || ' '::text) || address::text)"
ENDED = "('closed', 'archived', 'refused', 'merged', 'void')"
STAGE = """CASE {state}
    WHEN 'reported' THEN 'accept' WHEN 'verifying' THEN 'verify' WHEN 'verified' THEN 'file'
    WHEN 'filed' THEN 'dispatch' WHEN 'fed_back' THEN 'send_check' WHEN 'checking' THEN 'check'
    WHEN 'checked' THEN 'close'
    WHEN 'dispatched' THEN 'dispose' WHEN 'accepted' THEN 'dispose' WHEN 'disposed' THEN 'dispose' END"""


def _keep_what_is_there() -> None:
    """Give the cases that are there already their links, intervals and duty grids, from their history."""
    # What changes is no place: the guards need not look, and the rows are written once.
    op.execute(
        f"""
        WITH moved AS (
            SELECT case_id, seq, at, actor_id, department_id, {STAGE.format(state="to_state")} AS stage,
                   lag({STAGE.format(state="to_state")}) OVER story AS stage_before
            FROM case_step WINDOW story AS (PARTITION BY case_id ORDER BY seq)
        ), stretch AS (
            SELECT case_id, stage, at, department_id, lead(at) OVER story AS ended_at,
                   lead(actor_id) OVER story AS ended_by
            FROM moved
            WHERE stage IS DISTINCT FROM stage_before
            WINDOW story AS (PARTITION BY case_id ORDER BY seq)
        )
        INSERT INTO case_interval (case_id, stage, round, started_at, ended_at, department_id, person_id)
        SELECT case_id, stage, 1, at, greatest(at, ended_at),
               CASE WHEN stage = 'dispose' THEN department_id END, ended_by
        FROM stretch WHERE stage IS NOT NULL
        """
    )
    op.execute(
        f"""
        UPDATE "case" AS c
        SET stage = {STAGE.format(state="c.state")},
            stage_due_at = CASE WHEN c.state IN {ENDED} THEN NULL
                                WHEN c.state IN ('dispatched', 'accepted', 'disposed')
                                THEN coalesce(c.due_at, '9000-01-01T00:00Z')
                                ELSE c.updated_at + interval '15 minutes' END,
            duty_grid_id = g.duty_grid_id
        FROM unit_grid AS g WHERE g.id = c.unit_grid_id
        """
    )


def _check() -> None:
    for name, condition in {
        "stage_while_open": f"(state IN {ENDED}) = (stage IS NULL)",
        "stage_has_due": "(stage IS NULL) = (stage_due_at IS NULL)",
        "suspended_until": "(state = 'suspended') = (suspended_until IS NOT NULL)",
        "merged_into_one": "(state = 'merged') = (merged_into_id IS NOT NULL)",
        "not_its_own": "parent_id <> id AND merged_into_id <> id",
    }.items():
        op.create_check_constraint(op.f(f"ck_case_{name}"), "case", condition)
    states = (
        "reported", "self_disposed", "verifying", "verified", "filed", "dispatched", "accepted", "suspended",
        "disposed", "fed_back", "checking", "checked", "closed", "archived", "refused", "merged", "void",
    )  # fmt: skip
    renewed = {
        "state_known": "state IN (" + ", ".join(f"'{state}'" for state in states) + ")",
        "department_when_dispatched": "state NOT IN ('dispatched', 'accepted', 'suspended', 'disposed',"
        " 'fed_back', 'checking', 'checked', 'closed')"
        " OR (department_id IS NOT NULL AND dispatched_at IS NOT NULL)",
        "limit_when_filed": "state NOT IN ('filed', 'dispatched', 'accepted', 'suspended', 'disposed',"
        " 'fed_back', 'checking', 'checked', 'closed')"
        " OR (filed_at IS NOT NULL AND (due_at IS NOT NULL OR source = 'imported'))",
    }
    for name, condition in renewed.items():
        op.drop_constraint(op.f(f"ck_case_{name}"), "case", type_="check")
        op.create_check_constraint(op.f(f"ck_case_{name}"), "case", condition)
    op.drop_index("ix_case_due_at", table_name="case")
    op.create_index(
        "ix_case_due_at", "case", ["due_at"], postgresql_where=sa.text(f"state NOT IN {ENDED}")
    )
    for table, name, condition in (
        ("responsibility", "weekdays", "weekdays ~ '^[1-7]{1,7}$'"),
        ("responsibility", "hours", "(starts_at IS NULL) = (ends_at IS NULL)"),
        ("work_shift", "weekday", "weekday BETWEEN 1 AND 7"),
        ("work_shift", "season", "(from_day IS NULL) = (to_day IS NULL)"),
        (
            "work_shift",
            "month_day",
            "from_day ~ '^[0-9]{2}-[0-9]{2}$' AND to_day ~ '^[0-9]{2}-[0-9]{2}$'",
        ),
    ):
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
