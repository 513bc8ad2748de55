"""OGC API Tiles and Styles, TileJSON, style JSON: the same tiles elsewhere, and true words about them."""

import json
import math
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pyogrio
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from playwright.sync_api import Browser

from layers.catalog import LAYERS
from layers.layer import Group
from layers.tilesets import QUAD, limits, tile_of
from tests.browser import visit
from tests.small_city import AsRole
from web.vendor import NODE_MODULES, WEB

Z = 14
COLLECTIONS = [layer for layer in LAYERS.values() if layer.collection]
EACH_COLLECTION = pytest.mark.parametrize("name", [layer.name for layer in COLLECTIONS])
VALIDATE = """
import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { readFileSync } from "node:fs";
console.log(JSON.stringify(validateStyleMin(JSON.parse(readFileSync(0))).map((fault) => fault.message)));
"""


@pytest.fixture
def planner(as_role: AsRole) -> TestClient:
    return as_role("planner")


@pytest.fixture
def at(place: dict[str, float]) -> tuple[int, int]:
    """Column and row of a tile in the middle of the city."""
    return tile_of(place["lon"], place["lat"], Z)


def json_of(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def path_of(address: str) -> str:
    """The path of one of our own whole addresses."""
    assert address.startswith("http://testserver/"), address
    return address.removeprefix("http://testserver")


def linked(told: dict[str, Any], rel: str) -> str:
    [link] = [link for link in told["links"] if link["rel"].endswith(rel)]
    return path_of(link["href"])


@EACH_COLLECTION
def test_a_tile_is_the_same_at_both_doors(planner: TestClient, at: tuple[int, int], name: str) -> None:
    x, y = at
    ours = planner.get(f"/tiles/{name}/{Z}/{x}/{y}.mvt")
    theirs = planner.get(f"/ogc/collections/{name}/tiles/{QUAD}/{Z}/{y}/{x}?f=mvt")
    assert theirs.status_code == ours.status_code
    assert theirs.content == ours.content
    assert {key: theirs.headers.get(key) for key in ("etag", "cache-control", "vary", "content-type")} == {
        key: ours.headers.get(key) for key in ("etag", "cache-control", "vary", "content-type")
    }


def test_an_unchanged_tile_is_answered_with_304(planner: TestClient, at: tuple[int, int]) -> None:
    x, y = at
    for address in (f"/ogc/collections/areas/tiles/{QUAD}/{Z}/{y}/{x}", f"/ogc/tiles/{QUAD}/{Z}/{y}/{x}"):
        first = planner.get(address)
        assert first.content
        again = planner.get(address, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_one_tile_holds_every_collection_as_its_own_tile_does(
    planner: TestClient, at: tuple[int, int]
) -> None:
    x, y = at
    alone: dict[str, Any] = {}
    for layer in COLLECTIONS:
        content = planner.get(f"/tiles/{layer.name}/{Z}/{x}/{y}.mvt").content
        alone |= mapbox_vector_tile.decode(content) if content else {}
    together = mapbox_vector_tile.decode(planner.get(f"/ogc/tiles/{QUAD}/{Z}/{y}/{x}").content)
    assert together == alone
    assert len(together) > 5
    some = planner.get(f"/ogc/tiles/{QUAD}/{Z}/{y}/{x}?collections=roads,areas").content
    assert mapbox_vector_tile.decode(some).keys() == {"roads", "areas", "areas_label"}


@EACH_COLLECTION
def test_gdal_reads_the_rows_that_another_reader_finds(
    planner: TestClient, at: tuple[int, int], name: str, tmp_path: Path
) -> None:
    x, y = at
    content = planner.get(f"/ogc/collections/{name}/tiles/{QUAD}/{Z}/{y}/{x}").content
    known = mapbox_vector_tile.decode(content)[name]["features"] if content else []
    if not known:
        assert content == b"" or name not in mapbox_vector_tile.decode(content)
        return
    file = tmp_path / f"{y}.pbf"
    file.write_bytes(content)
    found = pyogrio.read_dataframe(f"MVT:{file}", layer=name, X=x, Y=y, Z=Z, CLIP="NO")
    assert len(found) == len(known)
    for column in {column for feature in known for column in feature["properties"]}:
        values = [feature["properties"].get(column) for feature in known]
        told = sorted(str(value) for value in values if value is not None)
        assert sorted(str(value) for value in found[column].dropna()) == told
    if LAYERS[name].is_whole_at(Z):
        assert sorted(found["mvt_id"]) == sorted(feature["id"] for feature in known)


def test_rows_and_columns_are_not_taken_for_each_other(planner: TestClient, at: tuple[int, int]) -> None:
    x, y = at
    assert x != y
    assert planner.get(f"/ogc/collections/areas/tiles/{QUAD}/{Z}/{y}/{x}").status_code == 200
    assert planner.get(f"/ogc/collections/areas/tiles/{QUAD}/{Z}/{x}/{y}").status_code == 204


@pytest.mark.parametrize(
    "tile", ["23/0/0", "-1/0/0", "3/8/0", "3/0/8", "3/-1/0", "99999999999999999999/0/0", "0/0/1"]
)
def test_a_tile_that_cannot_be_is_not_there(planner: TestClient, tile: str) -> None:
    for door in ("/ogc/tiles", "/ogc/collections/areas/tiles"):
        answer = planner.get(f"{door}/{QUAD}/{tile}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/tiles/areas/23/0/0.mvt", 422),
        ("/tiles/areas/3/8/0.mvt", 422),
        ("/tiles/areas/3/0/-1.mvt", 422),
        ("/tiles/areas/NaN/0/0.mvt", 422),
        ("/tiles/areas/99999999999999999999/0/0.mvt", 422),
        ("/tiles/areas/1/0/0.mvt?as_of=2026-02-30", 422),
        ("/tiles/areas/1/0/0.png", 404),
        ("/tiles/nothing/1/0/0.mvt", 404),
        (f"/ogc/tiles/{QUAD}/1/0/0?f=png", 400),
        (f"/ogc/tiles/{QUAD}/NaN/0/0", 400),
        (f"/ogc/tiles/{QUAD}/1/0/0?collections=nothing", 404),
        ("/ogc/tiles/WorldCRS84Quad/1/0/0", 404),
        ("/ogc/tileMatrixSets/WorldCRS84Quad", 404),
        ("/ogc/collections/nothing/tiles", 404),
        (f"/ogc/collections/nothing/tiles/{QUAD}", 404),
        ("/ogc/styles/nothing", 404),
        ("/styles/nothing.json", 404),
        ("/tiles/nothing.json", 404),
        ("/styles/sprite/symbols@3x.png", 404),
    ],
)
def test_what_is_not_offered_is_refused(planner: TestClient, address: str, status: int) -> None:
    answer = planner.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_strangers_see_none_of_it(anonymous: TestClient) -> None:
    for address in (f"/ogc/tiles/{QUAD}/1/0/0", "/ogc/styles/city", "/styles/city.json", "/tiles/areas.json"):
        assert anonymous.get(address).status_code == 401


def test_links_lead_from_the_list_to_a_tile(planner: TestClient, at: tuple[int, int]) -> None:
    x, y = at
    for door in ("/ogc/tiles", "/ogc/collections/roads/tiles"):
        [item] = json_of(planner, door)["tilesets"]
        told = json_of(planner, linked(item, "self"))
        assert told["tileMatrixSetURI"] == item["tileMatrixSetURI"]
        scheme = json_of(planner, linked(told, "/tiling-scheme"))
        assert scheme["uri"] == told["tileMatrixSetURI"]
        pattern = linked(told, "item")
        tile = pattern.replace("{tileMatrix}", str(Z)).replace("{tileRow}", str(y))
        assert "roads" in mapbox_vector_tile.decode(planner.get(tile.replace("{tileCol}", str(x))).content)


def test_the_matrix_set_is_the_one_of_the_standard(planner: TestClient) -> None:
    told = json_of(planner, f"/ogc/tileMatrixSets/{QUAD}")
    first, last = told["tileMatrices"][0], told["tileMatrices"][-1]
    # OGC 17-083r4, annex D.1.
    assert first["scaleDenominator"] == pytest.approx(559082264.028717, rel=1e-12)
    assert first["cellSize"] == pytest.approx(156543.033928041, rel=1e-12)
    assert first["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])
    assert (last["id"], last["matrixWidth"]) == ("22", 4194304)
    assert json_of(planner, "/ogc/tileMatrixSets")["tileMatrixSets"][0]["uri"] == told["uri"]


def test_limits_leave_no_row_outside(planner: TestClient) -> None:
    """Beside the limits nothing lies: one tile further in every direction is empty."""
    for name in ("pipe_segments", "cases", "areas"):
        told = json_of(planner, f"/ogc/collections/{name}/tiles/{QUAD}")
        [limit] = [limit for limit in told["tileMatrixSetLimits"] if limit["tileMatrix"] == "12"]
        rows = range(limit["minTileRow"] - 1, limit["maxTileRow"] + 2)
        columns = range(limit["minTileCol"] - 1, limit["maxTileCol"] + 2)
        inside = 0
        for row in rows:
            for column in columns:
                found = planner.get(f"/ogc/collections/{name}/tiles/{QUAD}/12/{row}/{column}")
                inner = row in rows[1:-1] and column in columns[1:-1]
                inside += inner and found.status_code == 200
                assert inner or found.status_code == 204, (name, row, column)
        assert inside


@pytest.mark.parametrize("z", [0, 5, 14, 22])
def test_a_place_lies_in_the_tile_that_is_told(z: int) -> None:
    side = 2**z
    for lon, lat in ((109.99, 39.82), (-180.0, 85.05), (180.0, -85.05), (0.0, 0.0)):
        x, y = tile_of(lon, lat, z)
        west = x / side * 360 - 180
        north = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / side))))
        south = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 1) / side))))
        assert west <= lon <= west + 360 / side
        assert south - 1e-9 <= lat <= north + 1e-9
    assert limits(None, range(3)) == []


@pytest.mark.parametrize("name", LAYERS)
def test_tilejson_has_what_version_3_asks_for(as_role: AsRole, at: tuple[int, int], name: str) -> None:
    reader = as_role(LAYERS[name].roles[0])
    told = json_of(reader, f"/tiles/{name}.json")
    assert told["tilejson"] == "3.0.0"
    [address] = told["tiles"]
    x, y = at
    tile = address.replace("{z}", str(Z)).replace("{x}", str(x)).replace("{y}", str(y))
    content = reader.get(path_of(tile)).content
    assert 0 <= told["minzoom"] <= told["maxzoom"] <= 30
    west, south, east, north = told["bounds"]
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90
    assert west <= told["center"][0] <= east
    inside = {layer["id"]: set(layer["fields"]) for layer in told["vector_layers"]}
    assert name in inside
    for layer, rows in (mapbox_vector_tile.decode(content) if content else {}).items():
        fields = {field for feature in rows["features"] for field in feature["properties"]}
        assert fields <= inside[layer]


def test_a_key_in_the_address_goes_on_to_the_tiles(planner: TestClient) -> None:
    [tiles] = json_of(planner, "/tiles/areas.json?api_key=a%26b")["tiles"]
    assert tiles.endswith(".mvt?api_key=a%26b")
    drawn = json_of(planner, "/styles/grid.json?api_key=a%26b")
    addresses = [drawn["sprite"], *(one for source in drawn["sources"].values() for one in source["tiles"])]
    assert all(address.endswith("?api_key=a%26b") for address in addresses)


def test_there_is_a_style_of_the_city_and_of_each_folder(planner: TestClient) -> None:
    told = json_of(planner, "/ogc/styles")
    used = {str(layer.group) for layer in LAYERS.values()}
    assert {style["id"] for style in told["styles"]} == {"city", *(str(group) for group in Group)} & (
        used | {"city"}
    )
    assert told["default"] == "city"
    for style in told["styles"]:
        drawn = json_of(planner, linked(style, "stylesheet"))
        told_of = json_of(planner, linked(style, "describedby"))
        assert [layer["id"] for layer in told_of["layers"]] == list(drawn["sources"])
        assert drawn == json_of(planner, f"/styles/{style['id']}.json")


def test_styles_pass_the_validator_of_their_specification(planner: TestClient) -> None:
    node = shutil.which("node") or str(Path(".venv/bin/node").resolve())
    assert (NODE_MODULES / "@maplibre" / "maplibre-gl-style-spec").is_dir()

    def faults(style: Any) -> Any:
        run = subprocess.run(
            [node, "--input-type=module", "--eval", VALIDATE],
            input=json.dumps(style), cwd=WEB, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return json.loads(run.stdout)

    answer = planner.get("/styles/city.json")
    assert answer.headers["content-type"] == "application/vnd.mapbox.style+json"
    style = answer.json()
    assert faults(style) == []
    style["layers"][0]["type"] = "nonsense"
    assert faults(style)


def test_every_symbol_of_the_style_stands_on_the_sheet(planner: TestClient) -> None:
    sheet = path_of(json_of(planner, "/styles/city.json")["sprite"])
    for density, suffix in ((1, ""), (2, "@2x")):
        index = json_of(planner, f"{sheet}{suffix}.json")
        answer = planner.get(f"{sheet}{suffix}.png")
        assert answer.headers["content-type"] == "image/png"
        picture = Image.open(BytesIO(answer.content))
        assert {"cases/intake", "cases/intake!", "components/01", "pipe_points/JS/valve"} <= index.keys()
        places = {(symbol["x"], symbol["y"]) for symbol in index.values()}
        assert len(places) == len(index)
        for symbol in index.values():
            right, low = symbol["x"] + symbol["width"], symbol["y"] + symbol["height"]
            assert symbol["pixelRatio"] == density
            drawn = picture.crop((symbol["x"], symbol["y"], right, low)).getchannel("A").getbbox()
            assert drawn is not None
            assert low <= picture.height


@pytest.mark.parametrize(
    "address",
    [
        "/ogc/tiles",
        f"/ogc/tiles/{QUAD}",
        "/ogc/collections/roads/tiles",
        f"/ogc/collections/roads/tiles/{QUAD}",
        "/ogc/styles",
        "/ogc/styles/pipelines/metadata",
    ],
)
def test_people_read_a_page_where_programs_read_json(planner: TestClient, address: str) -> None:
    page = planner.get(address, headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1>" in page.text
    told = planner.get(address)
    assert told.headers["content-type"] == "application/json"
    again = planner.get(address, headers={"if-none-match": told.headers["etag"]})
    assert again.status_code == 304
    assert planner.get(f"{address}?colour=red").status_code == 400


def test_maplibre_draws_the_city_from_the_address_of_its_style(
    browser: Browser, live_server: str, place: dict[str, float]
) -> None:
    draw = """async ({ lon, lat }) => {
      const { Map } = await import("maplibre-gl");
      document.body.innerHTML = '<div id="plain"></div>';
      const container = document.getElementById("plain");
      container.style.height = "600px";
      window.plain = new Map({ container, style: "/styles/city.json", center: [lon, lat], zoom: 16 });
      window.plain.on("error", (event) => console.error(event.error));
      await new Promise((done) => window.plain.once("idle", done));
      return [...new Set(window.plain.queryRenderedFeatures().map((one) => one.layer.type))].sort();
    }"""
    with visit(browser, live_server, "planner") as seen:
        seen.page.goto(f"{live_server}/ogc?f=html")
        kinds = seen.page.evaluate(draw, place)
        assert {"fill", "line", "symbol"} <= set(kinds)
        assert seen.page.evaluate("plain.listImages().includes('components/01')")  # from the sprite
        assert seen.outside == []
        assert seen.errors == []
