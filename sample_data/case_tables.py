"""Cases, their steps and the counters of their numbers, as rows of the schema, chunk by chunk."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.case.clock import WorkingClock
from gis.case.limits import UNWRITTEN
from gis.case.states import CaseState
from gis.case.workflow import Source
from gis.people.models import Role
from gis.standard.tables import CITY_EDITION, filing_rule, find_class
from sample_data import geometry
from sample_data.case_clocks import STAGE_CODES
from sample_data.case_drafts import SOURCES, Drafts
from sample_data.case_flow import ACTIONS, PENDING, ROLES, SAID, STATES, Crew, Flow, run
from sample_data.case_paths import Path
from sample_data.case_side_tables import side_tables
from sample_data.case_words import (
    CALLED_TEXTS,
    COMPONENT_TEXTS,
    DONE,
    EVENT_TEXTS,
    REASONS,
    UNCLEAR,
    condition_words,
)
from sample_data.lines import Ints
from sample_data.partition import Partition
from sample_data.roads import Road
from sample_data.tables import BLOCK_ROWS, Block, Table, cut, either, moments, table


@dataclass(frozen=True)
class Docket:
    """All that is needed to write the cases; chunks are computed anew for each table, so none is kept."""

    drafts: Drafts
    paths: tuple[Path, ...]
    clock: WorkingClock
    crew: Crew
    partition: Partition
    roads: list[Road]
    right: Ints  # department id of each case
    office: Ints
    now: int
    seed: int

    def duty_codes(self, cases: Ints) -> list[str]:
        """Codes of the duty grids of cases, which are given by their index from 0."""
        return [
            self.partition.duty_codes[duty] for duty in self.partition.duty[self.drafts.grid[cases]].tolist()
        ]

    def flows(self) -> Iterator[Flow]:
        """The cases as they stand at the sample's now, in chunks."""
        count = len(self.drafts.reported)
        for start in range(0, count, BLOCK_ROWS):
            part = slice(start, min(count, start + BLOCK_ROWS))
            duty = self.partition.duty[self.drafts.grid[part]]
            yield run(
                self.drafts, part, self.paths, self.clock, self.crew, duty, self.right[part],
                self.office[part], self.now, self.seed, part.stop == count,
            )  # fmt: skip


CASE_COLUMNS = (
    "id", "case_no", "kind", "edition", "class_code", "rule_code", "state", "version", "source",
    "description",
    "address", "location", "unit_grid_id", "community_id", "street_id", "component_id", "reporter_id",
    "department_id", "occurred_at", "reported_at", "filed_at", "dispatched_at", "disposed_at", "closed_at",
    "limit_value", "limit_unit", "due_at", "due_is_provisional", "rework_count", "updated_at", "duty_grid_id",
    "warn_at", "stage", "stage_due_at", "stage_warn_at", "suspended_until", "pending", "merged_into_id",
    "extension_count", "said",
)  # fmt: skip
# The last entry stands for -1: none.
STAGE_NAMES = np.array([*STAGE_CODES, None], dtype=object)
PENDING_NAMES = np.array([*(kind.value for kind in PENDING), None], dtype=object)
STEP_COLUMNS = (
    "id", "case_id", "seq", "action", "from_state", "to_state", "actor_id", "actor_role", "department_id",
    "note", "detail", "at",
)  # fmt: skip


def case_tables(docket: Docket) -> Iterator[Table]:
    """Cases, steps, what stands beside them, counters."""
    yield Table("case", CASE_COLUMNS, (_case_block(docket, flow) for flow in docket.flows()))
    yield Table("case_step", STEP_COLUMNS, _step_blocks(docket))
    yield from side_tables(docket.flows, docket.now, docket.duty_codes)
    yield _counters(docket.drafts)


def _case_block(docket: Docket, flow: Flow) -> Block:
    drafts, part = docket.drafts, slice(flow.start, flow.start + len(flow.steps))
    rows = len(flow.steps)
    klass = drafts.klass[part]
    kinds = np.array([row.kind for row in drafts.classes], dtype=object)[klass]
    codes = np.array([row.code for row in drafts.classes], dtype=object)[klass]
    days = np.datetime_as_string(drafts.day[part])
    grid = drafts.grid[part]
    first_community = 2 + len(docket.partition.streets)
    rules, values, units = _rules(drafts, part, flow)
    streets = docket.partition.street[grid] + 2
    last = flow.at[np.arange(rows), flow.steps - 1]
    spread = drafts.reported[part] % 2400
    occurred = drafts.reported[part] - np.where(drafts.source[part] == 0, 60 + spread // 8, 600 + 4 * spread)
    columns: dict[str, Any] = {
        "id": np.arange(part.start + 1, part.stop + 1),
        "case_no": [
            f"{kind[0].upper()}{code}{day.replace('-', '')}{number:04d}"
            for kind, code, day, number in zip(
                kinds.tolist(), codes.tolist(), days.tolist(), drafts.number[part].tolist(), strict=True
            )
        ],
        "kind": kinds,
        "edition": CITY_EDITION,
        "class_code": codes,
        "rule_code": rules,
        "state": np.array([state.value for state in STATES], dtype=object)[flow.state],
        "version": flow.steps,
        "source": np.array([Source.INSPECTOR.value, *(s.value for s in SOURCES)], dtype=object)[
            drafts.source[part]
        ],
        "description": _descriptions(docket, part),
        "address": _addresses(docket, part),
        "location": geometry.points(drafts.xy[part]),
        "unit_grid_id": grid + 1,
        "community_id": docket.partition.community[grid] + first_community,
        "street_id": streets,
        "component_id": either(drafts.component[part] >= 0, drafts.component[part] + 1, None),
        "reporter_id": flow.actor[:, 0],
        "department_id": either(flow.department > 0, flow.department, None),
        "occurred_at": moments(occurred),
        "reported_at": moments(flow.at[:, 0]),
        "filed_at": moments(flow.filed),
        "dispatched_at": moments(flow.dispatched),
        "disposed_at": moments(flow.disposed),
        "closed_at": moments(flow.closed),
        "limit_value": values,
        "limit_unit": units,
        "due_at": moments(flow.ends.due),
        "due_is_provisional": flow.ends.provisional,
        "rework_count": flow.rework,
        "updated_at": moments(last),
        "duty_grid_id": docket.partition.duty[grid] + 1,
        "warn_at": moments(flow.ends.warn),
        "stage": STAGE_NAMES[flow.ends.stage],
        "stage_due_at": moments(flow.ends.stage_due),
        "stage_warn_at": moments(flow.ends.stage_warn),
        "suspended_until": moments(flow.suspended_until),
        "pending": PENDING_NAMES[flow.pending],
        "merged_into_id": either(drafts.original[part] >= 0, drafts.original[part] + 1, None),
        "extension_count": (flow.extension_s > 0).astype(np.int64),
        "said": np.array(SAID, dtype=object)[flow.said],
    }
    # Who was about to merge a duplicate has not yet done so.
    columns["merged_into_id"][flow.state != STATES.index(CaseState.MERGED)] = None
    return Block(rows, columns)


def _rules(drafts: Drafts, part: slice, flow: Flow) -> tuple[list[str | None], list[float], list[str]]:
    """Code, value and unit of each case's limit: of the chosen condition once filed, of the first before."""
    chosen = np.where(flow.is_filed, drafts.rule[part], np.minimum(drafts.rule[part], 0)).tolist()
    found = [
        drafts.classes[k].rules[rule] if rule >= 0 else (None, UNWRITTEN.value, UNWRITTEN.unit)
        for k, rule in zip(drafts.klass[part].tolist(), chosen, strict=True)
    ]
    codes = [row[0] if filed else None for row, filed in zip(found, flow.is_filed.tolist(), strict=True)]
    return codes, [float(row[1]) for row in found], [row[2] for row in found]


def _addresses(docket: Docket, part: slice) -> list[str]:
    names = [road.name_zh for road in docket.roads] + [""]
    communities = [row.name_zh for row in docket.partition.communities]
    where = docket.partition.community[docket.drafts.grid[part]]
    return [
        names[road] or communities[c]
        for road, c in zip(docket.drafts.road[part].tolist(), where.tolist(), strict=True)
    ]


def _descriptions(docket: Docket, part: slice) -> list[str]:
    drafts = docket.drafts
    names = [find_class(CITY_EDITION, row.kind, row.code).name_zh for row in drafts.classes]
    conditions = [
        [condition_words(filing_rule(code).condition_zh) for code, _value, _unit in row.rules] or ["需要处理"]
        for row in drafts.classes
    ]
    texts = []
    turn = drafts.reported[part].tolist()
    for address, k, rule, source, n in zip(
        _addresses(docket, part), drafts.klass[part].tolist(), drafts.rule[part].tolist(),
        drafts.source[part].tolist(), turn, strict=True,
    ):  # fmt: skip
        kind = EVENT_TEXTS if drafts.classes[k].kind == "event" else COMPONENT_TEXTS
        choice = CALLED_TEXTS if source else kind
        condition = conditions[k][max(rule, 0)]
        texts.append(choice[n % len(choice)].format(address=address, name=names[k], condition=condition))
    return texts


def _step_blocks(docket: Docket) -> Iterator[Block]:
    next_id = 1
    for flow in docket.flows():
        rows, columns = np.nonzero(np.arange(flow.at.shape[1]) < flow.steps[:, None])
        states = np.array([state.value for state in STATES], dtype=object)
        action = flow.action[rows, columns]
        origin = states[flow.target[rows, columns - 1]]
        origin[columns == 0] = None
        department = flow.step_department[rows, columns]
        turn = flow.at[rows, columns]
        whole: dict[str, Any] = {
            "id": np.arange(next_id, next_id + len(rows)),
            "case_id": rows + flow.start + 1,
            "seq": columns + 1,
            "action": np.array(ACTIONS, dtype=object)[action],
            "from_state": origin,
            "to_state": states[flow.target[rows, columns]],
            "actor_id": flow.actor[rows, columns],
            "actor_role": np.array([role.value for role in ROLES], dtype=object)[flow.role[rows, columns]],
            "department_id": either(department > 0, department, None),
            "note": _notes(action, flow.role[rows, columns], turn),
            "detail": _details(docket, flow, action, rows),
            "at": moments(turn),
        }
        next_id += len(rows)
        yield from cut(whole, len(rows))


def _notes(action: Ints, role: Ints, turn: NDArray[np.int64]) -> NDArray[np.object_]:
    notes = np.full(len(action), "", dtype=object)
    for name, texts in {**REASONS, **DONE}.items():
        mine = action == ACTIONS.index(name)
        notes[mine] = np.array(texts, dtype=object)[turn[mine] % len(texts)]
    unclear = (action == ACTIONS.index("send_back")) & (role == ROLES.index(Role.DISPATCHER))
    notes[unclear] = np.array(UNCLEAR, dtype=object)[turn[unclear] % len(UNCLEAR)]
    return notes


def _details(docket: Docket, flow: Flow, action: Ints, rows: Ints) -> NDArray[np.object_]:
    """As the service writes them: a filing names its condition."""
    drafts = docket.drafts
    details = np.full(len(action), "{}", dtype=object)
    filed = np.nonzero(action == ACTIONS.index("file"))[0]
    of = rows[filed] + flow.start
    for place, k, rule in zip(filed, drafts.klass[of].tolist(), drafts.rule[of].tolist(), strict=True):
        code = drafts.classes[k].rules[rule][0] if rule >= 0 else None
        details[place] = json.dumps({"condition": code})
    return details


def _counters(drafts: Drafts) -> Table:
    """The last number given out for each class and day."""
    key = drafts.klass.astype(np.int64) * 100_000 + drafts.day.astype(np.int64)
    keys, last = np.unique(key, return_index=False, return_counts=True)
    classes = [f"{row.kind}/{row.code}" for row in drafts.classes]
    return table(
        "case_counter",
        {
            "prefix": np.array(classes, dtype=object)[keys // 100_000],
            "day": (keys % 100_000).astype("datetime64[D]"),
            "last": last,
        },
    )
