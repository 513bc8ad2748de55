"""What must never be false, tried past all programs, in SQL."""

# ruff: noqa: E501 - a statement reads best on one line

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gis import schema

SQUARE = "ST_Multi(ST_MakeEnvelope(413000, 4410000, 413200, 4410100, ST_SRID(geom)))"


@pytest.fixture
def city(session: Session) -> Session:
    """Two grids side by side in one community, a person, a case in the western grid, two pipe points."""
    srid = session.scalar(text("SELECT srid FROM geometry_columns WHERE f_table_name = 'unit_grid'"))
    box = f"ST_MakeEnvelope(%s, 4410000, %s, 4410100, {srid})"
    whole, west, east = (box % ends for ends in ((413000, 413200), (413000, 413100), (413100, 413200)))
    point = f"ST_SetSRID(ST_MakePoint(413050, 4410050), {srid})"
    for statement in (
        f"INSERT INTO area (id, code, level, name_zh, name_en, geom) VALUES (1, '150602', 'district', '区', 'D', ST_Multi({whole}))",
        f"INSERT INTO area (id, code, level, name_zh, name_en, parent_id, geom) VALUES (2, '150602001', 'street', '街', 'S', 1, ST_Multi({whole}))",
        f"INSERT INTO area (id, code, level, name_zh, name_en, parent_id, geom) VALUES (3, '150602001001', 'community', '社', 'C', 2, ST_Multi({whole}))",
        f"INSERT INTO unit_grid (id, code, edition, community_id, area_m2, geom) VALUES (1, '150602001001001', 'GB30428.1-2013', 3, 10000, {west}), (2, '150602001001002', 'GB30428.1-2013', 3, 10000, {east})",
        "INSERT INTO person (id, login, name, password_hash, role, centre) VALUES (1, 'd', 'd', '!', 'dispatcher', 'command'), (2, 's', 's', '!', 'shift_leader', 'supervision')",
        'INSERT INTO "case" (id, case_no, kind, edition, class_code, state, source, description, location, unit_grid_id, community_id, street_id, reported_at, stage, stage_due_at)'
        f" VALUES (1, 'E1', 'event', 'GB30428.2-2013/YC', '0101', 'reported', 'inspector', '', {point}, 1, 3, 2, now(), 'accept', now())",
        f"INSERT INTO pipe_point (id, survey, point_no, class_code, sub_code, geom) VALUES (1, 'S', 'A', 'JS', 'JP', {point}), (2, 'S', 'B', 'JS', 'JP', ST_Translate({point}, 30, 0))",
    ):
        session.execute(text(statement))
    return session


LINE = "ST_Force3DZ(ST_MakeLine((SELECT geom FROM pipe_point WHERE id = 1), (SELECT geom FROM pipe_point WHERE id = 2)))"
SEGMENT = "INSERT INTO pipe_segment (survey, segment_no, class_code, sub_code, start_point_id, end_point_id, geom{more}) VALUES ('S', '1', 'JS', 'JP', {start}, {end}, {line}{values})"
STEP = "INSERT INTO case_step (case_id, seq, action, from_state, to_state, actor_id, actor_role, at) VALUES (1, {seq}, '{action}', {source}, '{target}', {actor}, 'x', now())"


def segment(start: int = 1, end: int = 2, line: str = LINE, more: str = "", values: str = "") -> str:
    return SEGMENT.format(start=start, end=end, line=line, more=more, values=values)


BROKEN = {
    "a case outside its grid": "UPDATE \"case\" SET unit_grid_id = 2",
    "a case moved out of its grid": "UPDATE \"case\" SET location = ST_Translate(location, 100, 0)",
    "a case in another street": "UPDATE \"case\" SET street_id = 1",
    "a closed case without a time": "UPDATE \"case\" SET state = 'closed'",
    "a dispatched case without a department": "UPDATE \"case\" SET state = 'dispatched', filed_at = now(), due_at = now()",
    "a filed case without a limit": "UPDATE \"case\" SET state = 'filed'",
    "an open case in no link": "UPDATE \"case\" SET stage = NULL, stage_due_at = NULL",
    "a link without an end": "UPDATE \"case\" SET stage_due_at = NULL",
    "a suspended case without an end": "UPDATE \"case\" SET state = 'suspended', filed_at = now(), due_at = now()",
    "a case merged into none": "UPDATE \"case\" SET state = 'merged', stage = NULL, stage_due_at = NULL",
    "a case merged into itself": "UPDATE \"case\" SET state = 'merged', stage = NULL, stage_due_at = NULL, merged_into_id = id",
    "a case under itself": "UPDATE \"case\" SET parent_id = id",
    "a state nobody knows": "UPDATE \"case\" SET state = 'lost'",
    "a class of no edition": "UPDATE \"case\" SET class_code = '9999'",
    "a segment from a point to itself": segment(end=1),
    "a segment that starts elsewhere": segment(line=f"ST_Translate({LINE}, 1, 0)"),
    "a segment to a point that is not": segment(end=99),
    "holes below zero": segment(more=", total_holes, used_holes", values=", 4, -1"),
    "a pipe of no class": segment().replace("'JP'", "'??'"),
    "a negative width": segment(more=", width_mm", values=", -300"),
    "overlapping grids": "INSERT INTO unit_grid (code, edition, community_id, area_m2, geom) SELECT 'X', edition, 3, 1, ST_Translate(geom, 50, 0) FROM unit_grid WHERE id = 1",
    "a grid outside its community": "UPDATE unit_grid SET geom = ST_Translate(geom, -50, 0) WHERE id = 1",
    "a grid in a street, not a community": "UPDATE unit_grid SET community_id = 2 WHERE id = 1",
    "a role in the wrong centre": "UPDATE person SET centre = 'supervision' WHERE id = 1",
    "a department's account without one": "UPDATE person SET role = 'department', centre = 'department' WHERE id = 1",
    "validity that ends before it begins": "UPDATE area SET valid_to = valid_from - 1",
    "a second city": f"INSERT INTO city (id, code, name_zh, name_en, srid, timezone, boundary) SELECT 2, '1', '', '', 1, '', {SQUARE} FROM unit_grid LIMIT 1",
}  # fmt: skip


@pytest.mark.parametrize("statement", BROKEN.values(), ids=BROKEN.keys())
def test_the_database_refuses(city: Session, statement: str) -> None:
    with pytest.raises(DBAPIError) as refused:
        city.execute(text(statement))
    assert refused.value.orig is not None
    assert refused.value.orig.sqlstate.startswith("23"), refused.value.orig  # type: ignore[attr-defined]


def test_the_database_takes_what_is_right(city: Session) -> None:
    city.execute(text(segment(more=", total_holes, used_holes", values=", 4, 4")))
    city.execute(text('UPDATE "case" SET location = ST_Translate(location, 49, 0)'))
    assert city.scalar(text("SELECT count(*) FROM pipe_segment")) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_step SET note = 'x'",
        "DELETE FROM case_step",
        "TRUNCATE case_step CASCADE",
        'TRUNCATE "case" CASCADE',
    ],
)
def test_history_is_only_added_to(city: Session, statement: str) -> None:
    city.execute(text(STEP.format(seq=1, action="report", source="NULL", target="reported", actor=2)))
    city.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # facts are written; what waits would refuse first
    with pytest.raises(DBAPIError, match="only ever added"):
        city.execute(text(statement))


def test_who_dispatched_may_not_close(city: Session) -> None:
    city.execute(text(STEP.format(seq=1, action="report", source="NULL", target="reported", actor=2)))
    city.execute(text(STEP.format(seq=2, action="dispatch", source="'filed'", target="dispatched", actor=1)))
    for action, source in (("force_close", "'accepted'"), ("close", "'checked'")):
        close = STEP.format(seq=3, action=action, source=source, target="closed", actor="{}")
        with pytest.raises(DBAPIError, match="may not close"), city.begin_nested():
            city.execute(text(close.format(1)))
    city.execute(text(close.format(2)))


def test_a_step_number_is_used_once(city: Session) -> None:
    statement = STEP.format(seq=1, action="report", source="NULL", target="reported", actor=2)
    city.execute(text(statement))
    with pytest.raises(DBAPIError):
        city.execute(text(statement))


def test_every_geometry_column_has_an_index_and_the_citys_srid(session: Session) -> None:
    from gis.settings import CITY_SRID

    columns = session.execute(
        text(
            "SELECT f_table_name, f_geometry_column, srid FROM geometry_columns WHERE f_table_schema = 'public'"
        )
    ).all()
    assert len(columns) >= 10
    for table, column, srid in columns:
        is_of_tiles = table.startswith("tile_")
        assert srid == (3857 if is_of_tiles else CITY_SRID), (table, column)
        if table.startswith("survey_staged_"):
            continue  # read whole, import by import; the checks index their own copy
        if table.startswith("search_"):
            continue  # found by words; the place only comes along
        if is_of_tiles and column == "label":
            continue  # found by the polygon whose words stand there
        indexed = session.scalar(
            text(
                "SELECT true FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid"
                " JOIN pg_am AS m ON m.oid = c.relam"
                " JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
                " WHERE i.indrelid = CAST(:table AS regclass) AND a.attname = :column AND m.amname = 'gist'"
            ),
            {"table": f'"{table}"', "column": column},
        )
        assert indexed, (table, column)


def test_migrations_and_models_say_the_same(session: Session) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(
        session.connection(), opts={"include_object": schema.is_ours, "compare_type": True}
    )
    assert compare_metadata(context, schema.metadata()) == []
