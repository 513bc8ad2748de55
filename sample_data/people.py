"""People of the sample city: the demo accounts, and those who work beside them without a password."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from argon2 import PasswordHasher
from numpy.typing import NDArray

from gis.people.models import Role
from sample_data.chance import stream
from sample_data.departments import Department
from sample_data.partition import Partition

DEMO_PASSWORD = "citygrid-demo"  # noqa: S105 - published on purpose; accepted on loopback only
NO_PASSWORD = "!"  # noqa: S105 - no hash is ever equal to it
DEMO_DEPARTMENT = "CGSZ"
DEMO = {
    Role.INSPECTOR: "演示监督员",
    Role.ACCEPTOR: "演示受理员",
    Role.SHIFT_LEADER: "演示值班长",
    Role.DISPATCHER: "演示派遣员",
    Role.DEPARTMENT: "演示市政处",
    Role.EVALUATOR: "演示考核员",
    Role.PLANNER: "演示规划员",
    Role.OWNER: "演示供水公司",
    Role.ADMIN: "演示管理员",
}
CENTRES = {
    Role.INSPECTOR: "supervision",
    Role.ACCEPTOR: "supervision",
    Role.SHIFT_LEADER: "supervision",
    Role.DISPATCHER: "command",
    Role.DEPARTMENT: "department",
    Role.OWNER: "department",
    Role.EVALUATOR: "evaluation",
    Role.PLANNER: "planning",
    Role.ADMIN: "administration",
}
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    "建军 志强 秀英 丽娜 海霞 永胜 文静 志刚 桂兰 晓东 红梅 国庆 玉兰 建华 雪梅 俊杰 婷婷 浩然 子涵 佳琪 "
    "宏伟 春燕 立新 慧敏 瑞霞 振宇 凤英 学军 小龙 美玲"
)
_MONGOLIAN = "巴特尔 娜仁花 苏日娜 额尔敦 萨仁 其木格 布和 乌兰 朝鲁 格日勒 阿拉坦 呼斯楞 托娅 宝音 哈斯 斯琴"


@dataclass(frozen=True)
class Person:
    """``id`` counts from 1; ``department`` is an id of a department."""

    id: int
    login: str
    name: str
    password_hash: str
    role: Role
    department: int | None = None
    is_demo: bool = False
    streets: tuple[int, ...] = ()  # indexes; none: the whole city


@dataclass
class People:
    """Everybody, and who patrols which duty grid."""

    everybody: list[Person] = field(default_factory=list)
    patrols: list[tuple[int, int]] = field(default_factory=list)  # person id, index of the duty grid

    def ids(self, role: Role) -> NDArray[np.intp]:
        """Ids of those who hold a role and whose scope is the whole city."""
        return np.array([p.id for p in self.everybody if p.role is role and not p.streets], dtype=np.intp)


def demo_hash(seed: int) -> str:
    """The demo password's argon2 hash, one for all demo accounts.

    A fixed salt where a random one belongs, so that the city is the same to the byte. Nothing is lost: this
    password stands in the documentation. Parameters are the library's own, as for every other account.
    """
    salt = hashlib.sha256(f"citygrid sample {seed}".encode()).digest()[:16]
    return PasswordHasher().hash(DEMO_PASSWORD, salt=salt)


def make_people(partition: Partition, departments: list[Department], seed: int) -> People:
    """The demo accounts first, one for each role; then inspectors by duty grid, the centres, departments."""
    chance = stream(seed, "people")
    people = People()
    by_code = {d.code: d.id for d in departments}
    theirs = {Role.DEPARTMENT: by_code[DEMO_DEPARTMENT], Role.OWNER: by_code["GSGS"]}
    hashed = demo_hash(seed)
    for role, name in DEMO.items():
        number = len(people.everybody) + 1
        people.everybody.append(Person(number, role.value, name, hashed, role, theirs.get(role), True))
    people.patrols.append((people.everybody[0].id, 0))

    def add(login: str, role: Role, name: str = "", **more: object) -> int:
        number = len(people.everybody) + 1
        named = name or _name(chance)
        people.everybody.append(Person(number, login, named, NO_PASSWORD, role, **more))  # type: ignore[arg-type]
        return number

    for duty, street in enumerate(partition.duty_street):
        code = partition.duty_codes[duty]
        who = add(f"jd{code[6:9]}{code[-3:]}", Role.INSPECTOR, streets=(street,))
        people.patrols.append((who, duty))
    for role, letters, count in (
        (Role.ACCEPTOR, "sl", 8),
        (Role.SHIFT_LEADER, "zb", 4),
        (Role.DISPATCHER, "pq", 6),
        (Role.EVALUATOR, "kh", 2),
    ):
        for number in range(1, count + 1):
            add(f"{letters}{number:02d}", role)
    for department in departments:
        if department.disposes:
            add(f"bm_{department.code.lower()}", Role.DEPARTMENT, department=department.id)
    return people


def _name(chance: np.random.Generator) -> str:
    def one(words: Sequence[str]) -> str:
        return words[int(chance.integers(len(words)))]

    if chance.random() < 0.2:
        return one(_MONGOLIAN.split())
    return one(_SURNAMES) + one(_GIVEN.split())
