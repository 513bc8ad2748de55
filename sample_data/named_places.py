"""Places by name: what people steer by, and the plates at their doors.

Names are made of the names of roads and communities: no real place is claimed to stand where it does not.
"""

from dataclasses import dataclass, field

import numpy as np

from sample_data.buildings import Buildings
from sample_data.chance import stream
from sample_data.geometry import points
from sample_data.lines import Ints
from sample_data.partition import Partition
from sample_data.roads import Network
from sample_data.tables import Table, table

FOUNDED, RENAMED = "2020-01-01", "2023-05-01"
# What a community has, in the order in which its buildings are given out: Chinese, English, other name, and
# what some were called before.
PUBLIC = (
    ("党群服务中心", "Service Centre", "居委会", "居民服务站"),
    ("小学", "Primary School", "第一小学", "希望小学"),
    ("卫生服务站", "Clinic", "社区医院", "卫生所"),
    ("幼儿园", "Kindergarten", "", ""),
    ("文化广场", "Culture Square", "广场", ""),
    ("便民市场", "Market", "早市", "农贸市场"),
)
RENAMED_EVERY = 4  # public places that had another name before
# What stands in commercial buildings, called by their road.
SHOPS = (
    ("商业广场", "Plaza"),
    ("宾馆", "Hotel"),
    ("超市", "Supermarket"),
    ("加油站", "Filling Station"),
    ("药店", "Pharmacy"),
)
SHOP_SHARE = 0.1  # of commercial buildings that have a name
_ENDINGS = (" Community", " Village", "社区", "村委会")


@dataclass
class _Rows:
    """The columns that differ from row to row; ``building`` indexes buildings, ``past_of`` is an id."""

    building: list[int] = field(default_factory=list)
    type_code: list[str] = field(default_factory=list)
    name_zh: list[str] = field(default_factory=list)
    name_en: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    valid_from: list[str] = field(default_factory=list)
    past_of: list[int | None] = field(default_factory=list)

    def add(
        self, building: int, type_code: str, zh: str, en: str = "", alias: str = "", **more: object
    ) -> int:
        """Append a row; answers its id."""
        self.building.append(building)
        self.type_code.append(type_code)
        self.name_zh.append(zh)
        self.name_en.append(en)
        self.aliases.append(f"{{{alias}}}")
        self.valid_from.append(str(more.get("since", FOUNDED)))
        past_of = more.get("past_of")
        self.past_of.append(past_of if isinstance(past_of, int) else None)
        return len(self.building)


def place_table(
    partition: Partition, network: Network, b: Buildings, first_community: int, seed: int
) -> Table:
    """Table ``place``: public places, shops, the doors of both, and former names."""
    rows = _Rows()
    _add_public(rows, partition, b)
    _add_shops(rows, network, b, seed)
    use = np.asarray(b.use)
    addresses = _addresses(network, b)
    for index in np.nonzero(np.isin(use, ("commercial", "public")) & (b.road >= 0))[0].tolist():
        rows.add(index, "door_plate", addresses[index])
    at = np.array(rows.building, dtype=np.intp)
    cell = b.cell[at]
    is_past = [one is not None for one in rows.past_of]
    return table(
        "place",
        {
            "id": range(1, len(at) + 1), "type_code": rows.type_code, "name_zh": rows.name_zh,
            "name_en": rows.name_en, "aliases": rows.aliases,
            "address": [addresses[k] for k in rows.building],
            "road": [network.roads[r].name_zh if r >= 0 else "" for r in b.road[at].tolist()],
            "door_no": [str(n) if r >= 0 else "" for n, r in zip(b.number[at], b.road[at], strict=True)],
            "community_id": partition.community[cell] + first_community, "unit_grid_id": cell + 1,
            "source": "sample", "past_of": rows.past_of, "valid_from": rows.valid_from,
            "valid_to": [RENAMED if past else None for past in is_past],
            "geom": points(b.corners[at].mean(axis=1).round(3)),
        },
    )  # fmt: skip


def _add_public(rows: _Rows, partition: Partition, b: Buildings) -> None:
    """Each community's public places, in its public and commercial buildings while there are any."""
    community = partition.community[b.cell]
    wanted = np.asarray(b.use) == "residential"
    order = np.lexsort((np.arange(len(b.cell)), wanted, community))
    first = np.searchsorted(community[order], np.arange(len(partition.communities) + 1))
    for number, division in enumerate(partition.communities):
        mine: Ints = order[first[number] : first[number + 1]]
        zh, en = division.name_zh, division.name_en
        for ending in _ENDINGS:
            zh, en = zh.removesuffix(ending), en.removesuffix(ending)
        # Spread over the community, not one house after the other.
        step = max(1, len(mine) // len(PUBLIC))
        for k, (name, name_en, alias, before) in enumerate(PUBLIC):
            if k * step >= len(mine):
                break
            renamed = bool(before) and (number + k) % RENAMED_EVERY == 0
            place = rows.add(
                int(mine[k * step]), "poi", zh + name, f"{en} {name_en}", zh + alias if alias else "",
                since=RENAMED if renamed else FOUNDED,
            )  # fmt: skip
            if renamed:
                rows.add(int(mine[k * step]), "poi", zh + before, past_of=place)


def _add_shops(rows: _Rows, network: Network, b: Buildings, seed: int) -> None:
    """Some commercial buildings, called by their road; at each road one of a kind."""
    chance = stream(seed, "shops").random(len(b.cell))
    given: set[tuple[str, int]] = set()
    for index in np.nonzero((np.asarray(b.use) == "commercial") & (b.road >= 0) & (chance < SHOP_SHARE))[0]:
        road = network.roads[b.road[index]]
        kind = int(chance[index] / SHOP_SHARE * len(SHOPS))
        if (road.name_zh, kind) not in given:
            given.add((road.name_zh, kind))
            name, name_en = SHOPS[kind]
            rows.add(int(index), "poi", road.name_zh + name, f"{road.name_en} {name_en}")


def _addresses(network: Network, b: Buildings) -> list[str]:
    return [
        f"{network.roads[road].name_zh}{number}号" if road >= 0 else ""
        for road, number in zip(b.road.tolist(), b.number.tolist(), strict=True)
    ]
