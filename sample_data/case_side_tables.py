"""What stands beside the sample's cases: the intervals of their clocks, requests, and tasks on site."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gis.case.workflow import Pending
from gis.people.models import Role
from sample_data.case_clocks import DISPOSE, STAGE_CODES, STAGE_SECONDS
from sample_data.case_flow import ACTIONS, ROLES, Flow, until_of
from sample_data.case_words import REASONS
from sample_data.lines import Ints
from sample_data.tables import Block, Table, cut, either, moments

Flows = Callable[[], Iterator[Flow]]
DutyCodes = Callable[[Ints], list[str]]
INTERVAL_COLUMNS = (
    "id", "case_id", "stage", "round", "started_at", "ended_at", "department_id", "person_id",
)  # fmt: skip
REQUEST_COLUMNS = (
    "id", "case_id", "kind", "round", "asked_by", "asked_at", "note", "until", "decided_by", "decided_at",
    "granted", "minutes",
)  # fmt: skip
TASK_COLUMNS = (
    "id", "case_id", "kind", "assignee_id", "reason", "given_by", "given_at", "due_at", "ended_at",
    "ended_by", "outcome",
)  # fmt: skip
ASKED = {
    "ask_void": Pending.VOID,
    "ask_suspension": Pending.SUSPENSION,
    "ask_extension": Pending.EXTENSION,
}
TASKS = ("verify", "check")


def side_tables(flows: Flows, now: int, duty_codes: DutyCodes) -> Iterator[Table]:
    """Intervals, requests, tasks; ``now`` is the sample's now, seconds since 1970 UTC.

    ``duty_codes``: codes of the duty grids of cases, which are given by their index from 0.

    The few requests and tasks are kept while the intervals pass, so that the cases need not run once more.
    """
    requests: list[Block] = []
    tasks: list[Block] = []
    yield Table("case_interval", INTERVAL_COLUMNS, _interval_blocks(flows, now, duty_codes, requests, tasks))
    yield Table("case_request", REQUEST_COLUMNS, _numbered(requests))
    yield Table("case_task", TASK_COLUMNS, _numbered(tasks))


def _numbered(blocks: list[Block]) -> Iterator[Block]:
    next_id = 1
    for block in blocks:
        yield Block(block.rows, {"id": np.arange(next_id, next_id + block.rows), **block.columns})
        next_id += block.rows


def _interval_blocks(
    flows: Flows, now: int, duty_codes: DutyCodes, requests: list[Block], tasks: list[Block]
) -> Iterator[Block]:
    next_id = 1
    codes = np.array(STAGE_CODES, dtype=object)
    for flow in flows():
        requests.append(_requests(flow, now))
        tasks.append(_tasks(flow, duty_codes))
        told, rows = flow.told, len(flow.told.case)
        whole: dict[str, Any] = {
            "id": np.arange(next_id, next_id + rows),
            "case_id": told.case + flow.start + 1,
            "stage": codes[told.stage],
            "round": told.round,
            "started_at": moments(told.started),
            "ended_at": moments(told.ended),
            "department_id": either(told.department > 0, told.department, None),
            "person_id": either(told.person > 0, told.person, None),
        }
        next_id += rows
        yield from cut(whole, rows)


def _requests(flow: Flow, now: int) -> Block:
    """Every request is decided in the next step, unless it waits for that now."""
    taken = np.arange(flow.at.shape[1]) < flow.steps[:, None]
    asked = np.isin(flow.action, [ACTIONS.index(name) for name in ASKED])
    row, column = np.nonzero(taken & asked)
    names = flow.names()[row, column].tolist()
    kinds = np.array([ASKED[name] for name in names], dtype=object)
    decided = column + 1 < flow.steps[row]
    later = np.minimum(column + 1, flow.at.shape[1] - 1)
    turn = np.ones(len(flow.steps), dtype=np.intp)
    disposal = flow.told.stage == DISPOSE
    np.maximum.at(turn, flow.told.case[disposal], flow.told.round[disposal])
    at, until = flow.at[row, column], until_of(flow, row, column, now)
    whole: dict[str, Any] = {
        "case_id": row + flow.start + 1,
        "kind": kinds,
        "round": turn[row],
        "asked_by": flow.actor[row, column],
        "asked_at": moments(at),
        "note": [REASONS[name][n % len(REASONS[name])] for name, n in zip(names, at.tolist(), strict=True)],
        "until": moments(np.where(kinds == Pending.SUSPENSION, until, -1)),
        "decided_by": either(decided, flow.actor[row, later], None),
        "decided_at": moments(np.where(decided, flow.at[row, later], -1)),
        "granted": either(decided, True, None),
        "minutes": either(decided & (kinds == Pending.EXTENSION), flow.extension_s[row] / 60.0, None),
    }
    return Block(len(row), whole)


def _tasks(flow: Flow, duty_codes: DutyCodes) -> Block:
    """What inspectors were and are asked to look at: each task is given to whoever does it."""
    told = flow.told
    mine = np.isin(told.stage, [STAGE_CODES.index(kind) for kind in TASKS])
    case, started, ended = told.case[mine], told.started[mine], told.ended[mine]
    given = (flow.at[case] == started[:, None]).argmax(axis=1)
    is_done = ended >= 0
    # Whoever takes the step that ends it; of an open one, the step that comes next.
    last = np.where(is_done, (flow.at[case] == ended[:, None]).argmax(axis=1), flow.steps[case])
    last = np.minimum(last, flow.at.shape[1] - 1)
    is_inspector = flow.role[case, last] == ROLES.index(Role.INSPECTOR)
    kind = np.array(STAGE_CODES, dtype=object)[told.stage[mine]]
    whole: dict[str, Any] = {
        "case_id": case + flow.start + 1,
        "kind": kind,
        "assignee_id": either(is_inspector, flow.actor[case, last], None),
        "reason": [
            json.dumps({"rule": "duty_grid", "duty_grid": code} if given_to_one else {"rule": "nobody"})
            for code, given_to_one in zip(duty_codes(case + flow.start), is_inspector.tolist(), strict=True)
        ],
        "given_by": flow.actor[case, given],
        "given_at": moments(started),
        "due_at": moments(started + STAGE_SECONDS[told.stage[mine]]),
        "ended_at": moments(ended),
        "ended_by": either(is_done, told.person[mine], None),
        "outcome": either(is_done, flow.names()[case, last], None),
    }
    return Block(len(case), whole)
