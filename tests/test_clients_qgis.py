"""QGIS without a screen reads, filters, pages, edits and draws: ``make test-clients``.

``QGIS_PYTHON`` names another Python with QGIS than the distribution's; that of Debian 12, 3.22, only reads.
"""

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from tests.running_service import RunningService

pytestmark = pytest.mark.clients
SESSION = Path(__file__).with_name("qgis_session.py")
MORE = "class_code = 'JS' AND start_depth_m > 1"
BOX = "ST_MakeEnvelope(109.985, 39.817, 109.99, 39.82, 4326)"
CQL2, EDITS = 34000, 33000  # from which version on it sends filters as CQL2; edits


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("qgis") / "drawn.png"


@pytest.fixture(scope="module")
def said(service: RunningService, picture: Path) -> dict[str, Any]:
    """What came of a session of QGIS."""
    python = shlex.split(os.environ.get("QGIS_PYTHON", "/usr/bin/python3"))
    command = [*python, "-", service.address, service.key("planner", "write"), str(picture)]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with SESSION.open("rb") as script:
        done = subprocess.run(
            command, stdin=script, env=outside, capture_output=True, timeout=180, check=False
        )
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return told


def numbers(service: RunningService, where: str = "true") -> list[str]:
    with service.database.connect() as connection:
        query = text(f"SELECT segment_no FROM app.pipe_segments WHERE {where}")
        return sorted(connection.scalars(query))


def test_it_reads_every_page(service: RunningService, said: dict[str, Any]) -> None:
    read = said["read"]
    assert read["valid"]
    assert read["numbers"] == numbers(service)
    assert read["count"] == len(read["numbers"])
    assert read["pages"] > 1
    assert read["by_expression"] == numbers(service, MORE)


def test_a_subset_holds_what_its_filter_says(service: RunningService, said: dict[str, Any]) -> None:
    assert said["subset"]["numbers"] == numbers(service, MORE)
    if said["version"] >= CQL2:
        assert all("filter-lang=cql2-text" in address for address in said["subset"]["asked"])


def test_a_box_is_asked_of_the_service(service: RunningService, said: dict[str, Any]) -> None:
    # QGIS widens the box of a layer in another system a little.
    inside = numbers(service, f"ST_Intersects(geom, ST_Transform({BOX}, 4546))")
    found = said["box"]["numbers"]
    assert set(inside) <= set(found)
    assert len(found) < len(numbers(service)) / 2
    assert all("bbox=" in address for address in said["box"]["asked"])


def test_it_adds_changes_moves_and_deletes(said: dict[str, Any]) -> None:
    if said["version"] < EDITS:
        assert said["edit"] is None
        pytest.skip(f"QGIS {said['version']} only reads; it edits from 3.30 on")
    edit = said["edit"]
    for capability in ("Add Features", "Delete Features", "Change Attribute Values", "Change Geometries"):
        assert capability in edit["capabilities"]
    assert [step["done"] for step in edit["steps"]] == [True] * 4, edit["steps"]
    added, changed, moved, deleted = (step["there"] for step in edit["steps"])
    assert list(added) == ["QGIS-1"]
    assert list(changed) == list(moved) == ["QGIS-2"]
    assert changed["QGIS-2"] == added["QGIS-1"]
    assert moved["QGIS-2"] != changed["QGIS-2"]
    assert deleted == {}


def test_it_draws_the_tiles_in_our_style(said: dict[str, Any], picture: Path) -> None:
    assert said["draw"] == {"valid": True, "styled": True, "why_not": ""}
    if os.environ.get("QGIS_PYTHON"):
        pytest.skip("the picture lies where that QGIS can write")
    drawn = Image.open(picture).convert("RGB")
    colours = drawn.getcolors(drawn.width * drawn.height) or []
    assert sum(count for count, colour in colours if min(colour) < 150) > 2000
