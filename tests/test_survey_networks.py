"""Networks of EPANET and SWMM: lengths, sizes and levels as the programs themselves understand the files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from geoalchemy2.shape import to_shape
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from gis.cluster import Cluster
from gis.errors import InvalidInput
from gis.survey.reading.opening import network_tables
from gis.survey.reading.table import Chunk
from tests.import_files import EAST, NORTH, lay_out
from tests.survey_files import staged

US_FOOT_M = 1200 / 3937  # of EPSG:3089

SWMM = """
[OPTIONS]
FLOW_UNITS           LPS
LINK_OFFSETS         {offsets}
[JUNCTIONS]
;;Name  Elev  MaxDepth
W1      1036.00  2.50
W2      1035.80  2.60
[STORAGE]
T1      1035.00  4.00  0 FUNCTIONAL 0 0 100
[OUTFALLS]
O1      1035.50  FREE
[CONDUITS]
C1      W1  W2  52.5  0.013  {first}  {second}
C2      W2  O1  30    0.013  *  *
C3      T1  W2  20    0.013  0  0
[PUMPS]
P1      T1  W1  *  ON
[XSECTIONS]
C1      CIRCULAR     0.4  0  0  0  1
C2      RECT_CLOSED  0.8  1.2  0  0  1
C3      EGG          0.6  0  0  0  1
[COORDINATES]
W1  {w}   {s}
W2  {e}   {s}
O1  {e}   {n}
[VERTICES]
C1  {w}   {n}
"""


def swmm(tmp_path: Path, offsets: str = "DEPTH", first: str = "0.10", second: str = "0") -> Path:
    path = tmp_path / "a.inp"
    places = {"w": EAST, "e": EAST + 30, "s": NORTH, "n": NORTH + 40}
    path.write_text(SWMM.format(offsets=offsets, first=first, second=second, **places), "utf-8")
    return path


@pytest.fixture
def city(session: Session) -> Session:
    lay_out(session)
    return session


@pytest.mark.parametrize(
    ("offsets", "first", "second"), [("DEPTH", "0.10", "0"), ("ELEVATION", "1036.10", "1035.80")]
)
def test_a_drainage_network_brings_its_inverts_and_depths(
    city: Session, tmp_path: Path, offsets: str, first: str, second: str
) -> None:
    found = staged(city, swmm(tmp_path, offsets, first, second))
    wells = {one.point_no: one for one in found.points}
    assert (wells["W1"].ground_level, wells["W1"].well_depth_m) == (1038.5, 2.5)
    assert (wells["O1"].ground_level, wells["O1"].extra["InvertElev"]) == (None, "1035.5")
    assert wells["T1"].geom is None
    pipes = {one.segment_no: one for one in found.lines}
    pipe = pipes["C1"]
    # Worked by hand: invert 1036.00 + 0.10, ground 1036.00 + 2.50 above it.
    assert (pipe.start_level, pipe.start_depth_m, pipe.end_level, pipe.end_depth_m) == (
        1036.1,
        2.4,
        1035.8,
        2.6,
    )
    assert (pipe.start_no, pipe.end_no, pipe.class_code, pipe.extra["Length"]) == ("W1", "W2", "PS", "52.5")
    assert to_shape(pipe.geom).length == 40 + 50
    assert [(pipes[n].size, pipes[n].width_mm, pipes[n].height_mm) for n in ("C1", "C2", "C3")] == [
        ("400", 400, 400), ("1200X800", 1200, 800), ("600", 600, 600),
    ]  # fmt: skip
    assert (pipes["C2"].end_depth_m, pipes["P1"].extra) == (None, {"Link": "PUMP"})


def test_feet_become_metres(tmp_path: Path) -> None:
    path = tmp_path / "a.inp"
    path.write_text(
        "[OPTIONS]\nFLOW_UNITS CFS\n[JUNCTIONS]\nA 100 10\nB 99 0\n[CONDUITS]\nC A B 1000 0.01 1 0\n"
        "[XSECTIONS]\nC CIRCULAR 1.5 0 0 0\n[COORDINATES]\nA 0 0\nB 1 1\n",
        "utf-8",
    )
    nodes, links = (next(table.chunks(None)).cells for table in network_tables(path))
    assert nodes["ground_level"].tolist() == pytest.approx([110 * 0.3048, None])
    assert (links["start_level"][0], links["start_depth_m"][0]) == pytest.approx((101 * 0.3048, 9 * 0.3048))
    assert (links["size"][0], float(links["Length"][0])) == ("457.2", pytest.approx(304.8))


def test_a_word_where_a_number_should_be_is_refused_with_its_line(city: Session, tmp_path: Path) -> None:
    path = swmm(tmp_path)
    path.write_text(path.read_text("utf-8").replace("52.5", "lang"), "utf-8")
    with pytest.raises(InvalidInput, match=r"a\.inp.* 14.*lang"):
        staged(city, path)


@pytest.fixture(scope="module")
def ky4() -> Path:
    wntr = pytest.importorskip("wntr")
    return Path(wntr.__file__).parent / "library" / "networks" / "ky4.inp"


def whole(path: Path) -> tuple[Chunk, Chunk]:
    nodes, links = network_tables(path)
    return next(nodes.chunks(None)), next(links.chunks(None))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_ky4_is_read_as_wntr_reads_it(ky4: Path) -> None:
    import wntr

    peer = wntr.network.WaterNetworkModel(str(ky4))
    nodes, links = whole(ky4)
    assert set(nodes.cells["point_no"]) == set(peer.node_name_list)
    assert set(links.cells["segment_no"]) == set(peer.link_name_list)
    rows = zip(
        *(links.cells[name] for name in ("segment_no", "Link", "Length", "size", "start_no")), strict=True
    )
    pipes = {row[0]: row for row in rows if row[1] == "PIPE"}
    assert set(pipes) == set(peer.pipe_name_list)
    for number, (_number, _kind, length, size, start) in pipes.items():
        pipe = peer.get_link(number)
        assert float(length) == pytest.approx(pipe.length, abs=1e-5)
        assert float(size) == pytest.approx(
            pipe.diameter * 1000, abs=0.051
        )  # kept to a tenth of a millimetre
        assert start == pipe.start_node_name
    levels = dict(zip(nodes.cells["point_no"], nodes.cells["ground_level"], strict=True))
    for number in peer.junction_name_list:
        assert levels[number] == pytest.approx(peer.get_node(number).elevation, abs=1e-5)


def test_the_drawing_of_ky4_is_as_long_as_it_declares(ky4: Path) -> None:
    """Two measures of one thing: what the file says of a pipe, and its vertices in EPSG:3089."""
    _nodes, links = whole(ky4)
    drawn, declared = np.array(
        [
            (shape.length * US_FOOT_M, float(length))
            for shape, length in zip(links.shapes, links.cells["Length"], strict=True)
            if length is not None
        ]
    ).T
    assert len(drawn) == 1156
    assert drawn.sum() == pytest.approx(declared.sum(), rel=1e-3)
    assert np.median(drawn / declared) == pytest.approx(1, abs=1e-3)


STAGE_KY4 = """
import json, sys
from pathlib import Path
from sqlalchemy import text
import gis.jobs.tables, gis.people.models, gis.pipeline.models, gis.standard.models
from gis.database import transaction
from gis.survey.models import SurveyImport
from gis.survey.options import SurveyOptions
from gis.survey.staging import stage

with transaction() as session:
    one = SurveyImport(survey="KY4", files=[])
    session.add(one)
    session.flush()
    said = stage(session, one.id, [Path(sys.argv[1])], SurveyOptions(crs="EPSG:3089", survey="KY4"))
    row = session.execute(text(
        "SELECT count(*), count(geom), sum(ST_Length(geom)) FILTER (WHERE extra ? 'Length'),"
        " sum((extra ->> 'Length')::float), count(DISTINCT segment_no) FROM survey_staged_line"
    )).one()
    points = session.scalar(text("SELECT count(*) FROM survey_staged_point"))
print(json.dumps({"lines": list(row), "points": points, "said": [one.code for one in said]}))
"""


def test_ky4_is_staged_in_a_city_of_its_own(ky4: Path, cluster: Cluster, tmp_path: Path) -> None:
    """In UTM zone 16, whose scale there is 0.99988: lengths agree to half a thousandth."""
    address = cluster.database_url("postgres").replace("postgresql://", "postgresql+psycopg://")
    server = create_engine(address, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS kentucky"))
        connection.execute(text("CREATE DATABASE kentucky"))
    server.dispose()
    environment = os.environ | {
        "CITYGRID_DATABASE_URL": cluster.database_url("kentucky"),
        "CITYGRID_HOME": str(tmp_path / "home"),
        "CITYGRID_CITY_SRID": "32616",
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            words, env=environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    program = str(Path(sys.executable).parent / "citygrid")
    run(program, "init-db")
    box = ("--bbox", "-85.69,38.0,-85.49,38.09", "--cell", "500", "--timezone", "America/Kentucky/Louisville")
    run(program, "init-city", "--code", "210029", "--name-zh", "布利特", "--name-en", "Bullitt", *box)
    found = json.loads(run(sys.executable, "-c", STAGE_KY4, str(ky4)))
    lines, drawn, length, declared, numbers = found["lines"]
    assert (lines, drawn, numbers, found["points"]) == (1158, 1158, 1158, 964)
    assert length == pytest.approx(declared, rel=5e-4)
    assert {"crs_said", "unit_system", "no_depths"} <= set(found["said"])
    assert "outside_city" not in found["said"]
