"""Two months of cases (or two years): who works on them, by which clock, and what comes of it."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from gis.case.calendar import DEFAULT_SHIFTS, national_year
from gis.case.clock import WorkingClock
from gis.people.models import Role
from gis.settings import get_settings
from sample_data.case_drafts import Drafts, last_moment, make_drafts
from sample_data.case_flow import Crew
from sample_data.case_paths import make_paths
from sample_data.case_tables import Docket
from sample_data.components import Components
from sample_data.departments import Department, responsible_in
from sample_data.ground import Ground
from sample_data.lines import Ints
from sample_data.partition import Partition
from sample_data.people import People
from sample_data.roads import Network
from sample_data.sizes import Size


def make_docket(
    ground: Ground,
    partition: Partition,
    network: Network,
    components: Components,
    departments: list[Department],
    people: People,
    size: Size,
    seed: int,
    until: date,
) -> Docket:
    """Draw the cases and hire those who act on them."""
    zone = get_settings().zone
    years = sorted({until.year - k for k in range(1 + size.months // 12 + 1)} | {until.year})
    days = [day for year in years for day in national_year(year)]
    workdays = {day.day for day in days if day.is_workday}
    clock = WorkingClock.from_days(workdays, DEFAULT_SHIFTS, zone, days[0].day, days[-1].day)
    paths = make_paths()
    drafts = make_drafts(
        ground, partition, network, components, paths, workdays, size, seed, until, zone
    )  # fmt: skip
    right, office = _departments_of(drafts, partition, departments)
    return Docket(
        drafts, paths, clock, make_crew(partition, departments, people), partition, network.roads, right,
        office, last_moment(until, zone), seed,
    )  # fmt: skip


def make_crew(partition: Partition, departments: Sequence[Department], people: People) -> Crew:
    """Who acts; the demo accounts work too, so that each finds cases of its own."""
    inspector = np.zeros(len(partition.duty_codes), dtype=np.intp)
    relief = inspector.copy()
    demo = next(p for p in people.everybody if p.role is Role.INSPECTOR and p.is_demo)
    for person, duty in people.patrols:
        if person == demo.id:
            relief[duty] = person
        else:
            inspector[duty] = person
    relief = np.where(relief > 0, relief, inspector)
    table = np.zeros((len(departments) + 1, 2), dtype=np.intp)
    for someone in people.everybody:
        if someone.role is Role.DEPARTMENT and someone.department is not None:
            # Two may act for a department; where there is one, it acts alone.
            table[someone.department, 1 if someone.is_demo else 0] = someone.id
    table[:, 1] = np.where(table[:, 1] > 0, table[:, 1], table[:, 0])
    return Crew(
        inspector, relief, people.ids(Role.ACCEPTOR), people.ids(Role.SHIFT_LEADER),
        people.ids(Role.DISPATCHER), table,
    )  # fmt: skip


def _departments_of(
    drafts: Drafts, partition: Partition, departments: Sequence[Department]
) -> tuple[Ints, Ints]:
    """The department that answers for each case, and the office of its street."""
    ids = {department.code: department.id for department in departments}
    table = np.array(
        [
            [ids[responsible_in(street, row.kind, row.code)] for street in partition.streets]
            for row in drafts.classes
        ]
    )
    offices = np.array([ids["JD" + street.code[6:9]] for street in partition.streets])
    street = partition.street[drafts.grid]
    return table[drafts.klass, street], offices[street]
