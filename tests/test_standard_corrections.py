"""The reference tables in the database: shipped rows are refreshed, what the city made its own stays."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from gis.errors import InvalidInput, NotFound
from gis.standard import models, queries
from gis.standard.seed import SHIPPED, seed
from gis.standard.service import CORRECTABLE, correct_number, withdraw_correction
from gis.standard.tables import CITY_EDITION
from gis.standard.vocabulary import ObjectKind


def test_the_database_holds_every_shipped_row(session):
    for model, read in SHIPPED:
        assert session.scalar(select(func.count()).select_from(model)) == len(tuple(read()))


def test_seeding_again_changes_nothing_and_brings_a_lost_row_back(session):
    def content():
        return {model: session.execute(select(model.__table__)).all() for model, _read in SHIPPED}

    before = {model: sorted(map(str, found)) for model, found in content().items()}
    session.delete(session.get(models.PipeMaterial, "BLG"))
    session.flush()
    seed(session)
    session.expire_all()
    assert {model: sorted(map(str, found)) for model, found in content().items()} == before


def test_a_release_refreshes_the_shipped_number_and_keeps_the_correction(session):
    correct_number(
        session, "clearance_vertical", ("GAS", "TELECOM_DIRECT"), 0.15, "printed table 4.1.14", "admin"
    )
    row = queries.vertical_clearance_in_force(session, "TELECOM_DIRECT", "GAS")
    row.min_clearance_m = 0.3  # what an older release shipped
    session.flush()
    seed(session)
    session.expire_all()
    row = queries.vertical_clearance_in_force(session, "TELECOM_DIRECT", "GAS")
    assert (row.min_clearance_m, row.corrected_value, row.min_clearance_m_in_force) == (0.5, 0.15, 0.15)
    assert (row.corrected_by, row.correction_note) == ("admin", "printed table 4.1.14")


def test_a_row_the_city_added_stays(session):
    session.add(
        models.PipeMaterial(
            code="HDPE",
            name_zh="高密度聚乙烯",
            name_en="HDPE",
            position=99,
            source="city",
            status="verified_local",
        )
    )
    session.flush()
    seed(session)
    assert session.get(models.PipeMaterial, "HDPE").name_en == "HDPE"


def test_a_corrected_limit_is_in_force_until_it_is_withdrawn(session):
    correct_number(session, "filing_rule", ("C0101-1",), 1, "city decision 12", "admin", "WORK_DAY")
    rule = queries.rules_in_force(session, CITY_EDITION, ObjectKind.COMPONENT, "0101")[0]
    assert (rule.limit_value_in_force, rule.limit_unit_in_force) == (1, "WORK_DAY")
    assert (rule.limit_value, rule.limit_unit) == (2, "URGENT_HOUR")
    withdraw_correction(session, "filing_rule", ("C0101-1",))
    assert (rule.limit_value_in_force, rule.limit_unit_in_force) == (2, "URGENT_HOUR")
    assert rule.corrected_by is None


@pytest.mark.parametrize(
    ("table", "key", "value", "note", "unit", "error"),
    [
        ("least_cover", ("WATER", "any", "carriageway"), -0.1, "why", None, InvalidInput),
        ("least_cover", ("WATER", "any", "carriageway"), float("nan"), "why", None, InvalidInput),
        ("least_cover", ("WATER", "any", "carriageway"), 1, "  ", None, InvalidInput),
        ("least_cover", ("WATER", "any", "carriageway"), 1, "why", "WORK_DAY", InvalidInput),
        ("filing_rule", ("C0101-1",), 0, "why", None, InvalidInput),
        ("filing_rule", ("C0101-1",), 1, "why", "FORTNIGHT", InvalidInput),
        ("filing_rule", ("C0101-99",), 1, "why", None, NotFound),
        ("least_cover", ("WATER",), 1, "why", None, NotFound),
        ("pipe_material", ("PE",), 1, "why", None, NotFound),
    ],
)
def test_a_correction_that_cannot_be_is_refused(session, table, key, value, note, unit, error):
    with pytest.raises(error):
        correct_number(session, table, key, value, note, "admin", unit)


@pytest.mark.parametrize("table", CORRECTABLE)
def test_the_database_itself_refuses_a_correction_nobody_signed(session, table):
    row = session.scalars(select(CORRECTABLE[table]).limit(1)).one()
    row.corrected_value = 1
    with pytest.raises(IntegrityError, match="correction_is_signed"):
        session.flush()


def test_the_database_itself_refuses_a_pair_stored_the_other_way_round(session):
    session.add(
        models.ClearanceHorizontal(
            class_a="WATER", class_b="GAS", min_clearance_m=1, position=1, source="x", status="ours"
        )
    )
    with pytest.raises(IntegrityError, match="pair_in_order"):
        session.flush()
