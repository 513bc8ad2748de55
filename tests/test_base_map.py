"""Base maps: read from files and from others' servers, guarded, drawn under our own map, none by default."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from pmtiles.tile import Compression, TileType
from pydantic import SecretStr

from gis.errors import SetupError
from gis.settings import get_settings
from layers.base_map import config, upstream
from layers.base_map.config import base_maps
from layers.base_map.drawing import drawn
from layers.base_map.upstream import Upstream, check_template
from tests.base_map_files import Elsewhere, colour_of, elsewhere, make_mbtiles, make_pmtiles, picture
from tests.browser import visit
from tests.small_city import AsRole

PLACES = [(0, 0, 0), (3, 5, 6), (3, 5, 2), (14, 13197, 6213)]
SHAPES = mapbox_vector_tile.encode(
    [
        {
            "name": "water",
            "features": [
                {"geometry": "POLYGON ((0 0, 0 4096, 4096 4096, 4096 0, 0 0))", "properties": {"name": "湖"}}
            ],
        }
    ]
)
Set = Callable[..., None]
DRAWN = "() => window.city && city.gl.loaded() && city.gl.areTilesLoaded()"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Set]:
    """Set base maps as an operator would before the service starts."""

    def put(base_map: str | Path, key: str = "", attribution: str = "") -> None:
        monkeypatch.setattr(get_settings(), "base_map", str(base_map))
        monkeypatch.setattr(get_settings(), "base_map_attribution", attribution)
        monkeypatch.setattr(get_settings(), "tianditu_key", SecretStr(key) if key else None)
        base_maps.cache_clear()

    yield put
    base_maps.cache_clear()


@pytest.fixture
def there() -> Iterator[Elsewhere]:
    with elsewhere() as server:
        yield server


def planner(as_role: AsRole) -> TestClient:
    return as_role("planner")


def test_there_is_none_unless_one_is_set() -> None:
    base_maps.cache_clear()
    assert base_maps() == ()


@pytest.mark.parametrize("form", ["png", "jpg", "webp"])
def test_pictures_of_a_file_come_as_they_lie_there(
    settings: Set, as_role: AsRole, tmp_path: Path, form: str
) -> None:
    kinds = {"png": TileType.PNG, "jpg": TileType.JPEG, "webp": TileType.WEBP}
    tiles = {place: picture(place, {"jpg": "JPEG"}.get(form, form.upper())) for place in PLACES}
    one = make_pmtiles(tmp_path / "Air 2025.pmtiles", tiles, kinds[form], told={"name": "Air"})
    other = make_mbtiles(tmp_path / "streets.mbtiles", tiles, format=form, maxzoom="14")
    listed = tmp_path / "maps.toml"
    listed.write_text(
        f'[[base_map]]\nsource = "{one.name}"\n[[base_map]]\nsource = "{other}"\ntitle = "街道"\n'
    )
    settings(listed)
    assert [base.name for base in base_maps()] == ["air-2025", "streets"]
    assert [base.about.max_zoom for base in base_maps()] == [14, 14]
    for base in base_maps():
        for z, x, y in PLACES:
            answer = planner(as_role).get(f"/base/{base.name}/{z}/{x}/{y}")
            assert answer.content == tiles[z, x, y]
            assert answer.headers["content-type"] == f"image/{form}".replace("jpg", "jpeg")
            if form != "jpg":
                assert colour_of(answer.content) == (z * 10, x % 256, y % 256)
        assert planner(as_role).get(f"/base/{base.name}/3/0/0").status_code == 204


def test_an_unchanged_picture_is_answered_with_304(settings: Set, as_role: AsRole, tmp_path: Path) -> None:
    settings(make_pmtiles(tmp_path / "a.pmtiles", {(0, 0, 0): picture((0, 0, 0))}))
    first = planner(as_role).get("/base/a/0/0/0")
    assert first.headers["cache-control"].startswith("private")
    again = planner(as_role).get("/base/a/0/0/0", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_vector_tiles_of_a_file_are_drawn_in_grey(settings: Set, as_role: AsRole, tmp_path: Path) -> None:
    told: dict[str, object] = {
        "vector_layers": [{"id": "water"}],
        "attribution": "<a href='x'>河流</a> © 2025",
    }
    packed = {(3, 5, 6): gzip.compress(SHAPES)}
    settings(make_pmtiles(tmp_path / "v.pmtiles", packed, TileType.MVT, Compression.GZIP, told))
    for encoding in ("gzip", "identity"):
        answer = planner(as_role).get("/base/v/3/5/6", headers={"accept-encoding": encoding})
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert mapbox_vector_tile.decode(answer.content).keys() == {"water"}
    [base] = base_maps()
    shown = drawn(base)
    assert shown["attribution"] == "河流 © 2025"
    assert {layer["type"] for layer in shown["layers"]} == {"fill", "line", "circle", "symbol"}
    assert {layer["source-layer"] for layer in shown["layers"]} == {"water"}


def test_tilejson_says_where_and_whose(settings: Set, as_role: AsRole, there: Elsewhere) -> None:
    settings(there.address + "/{z}/{x}/{y}.png", attribution="© somebody")
    [base] = base_maps()
    told = planner(as_role).get(f"/base/{base.name}.json").json()
    assert told["tilejson"] == "3.0.0"
    assert told["attribution"] == "© somebody"
    assert told["tiles"] == [f"http://testserver/base/{base.name}/{{z}}/{{x}}/{{y}}"]


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/{z}/{x}/{y}.png", "/3/5/6.png"),
        ("/tms/{z}/{x}/{-y}.png", "/tms/3/5/1.png"),
        ("/{s}/{z}/{x}/{y}", "/c/3/5/6"),
        (
            "/wmts?REQUEST=GetTile&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}",
            "/wmts?REQUEST=GetTile&TILEMATRIX=3&TILEROW=6&TILECOL=5",
        ),
    ],
)
def test_a_template_asks_for_the_tile_that_is_meant(
    settings: Set, as_role: AsRole, there: Elsewhere, pattern: str, path: str
) -> None:
    settings(there.address + pattern)
    answer = planner(as_role).get("/base/127-0-0-1/3/5/6")
    assert answer.content == there.body
    assert there.asked == [path]
    planner(as_role).get("/base/127-0-0-1/3/5/6")
    assert there.asked == [path]  # kept: asked once for everybody


def test_the_key_of_tianditu_stays_here(
    settings: Set, as_role: AsRole, there: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = config.TIANDITU.split("tianditu.gov.cn")[1]
    monkeypatch.setattr(config, "TIANDITU", there.address + query)
    settings("tianditu:vec tianditu:img tianditu:ter", key="secret4711")
    assert [base.name for base in base_maps()] == ["tianditu-vec", "tianditu-img", "tianditu-ter"]
    client = planner(as_role)
    good = client.get("/base/tianditu-img/3/5/6")
    assert good.content == there.body
    assert there.asked[0].startswith("/img_w/wmts?")
    assert there.asked[0].endswith("&TILEMATRIX=3&TILEROW=6&TILECOL=5&tk=secret4711")
    there.status, there.kind, there.body = 418, "application/json", b'{"tk": "secret4711"}'
    answers = [good, client.get("/base/tianditu-vec/3/5/6"), client.get("/base/tianditu-vec.json")]
    for answer in answers:
        assert "secret4711" not in answer.text + str(answer.headers)
    assert answers[1].status_code == 502
    assert "secret4711" not in json.dumps([drawn(base) for base in base_maps()])
    assert "secret4711" not in repr(get_settings())


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": 500},
        {"status": 403},
        {"status": 302, "location": "http://127.0.0.1:1/elsewhere"},
        {"kind": "text/html", "body": b"<html>sign in</html>"},
        {"body": b"<svg onload='x'/>"},
        {"body": b"\x89PNG\r\n\x1a\n" + bytes(upstream.MOST_BYTES)},
    ],
    ids=["fails", "refuses", "leads away", "page", "no picture", "too large"],
)
def test_what_is_no_tile_is_not_passed_on(
    settings: Set, as_role: AsRole, there: Elsewhere, wrong: dict[str, Any]
) -> None:
    settings(there.address + "/{z}/{x}/{y}.png")
    for name, value in wrong.items():
        setattr(there, name, value)
    answer = planner(as_role).get("/base/127-0-0-1/3/5/6")
    assert answer.status_code == 502
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "upstream-failed"
    assert there.address not in answer.text
    assert len(there.asked) == 1


def test_a_server_without_the_tile_is_no_fault(settings: Set, as_role: AsRole, there: Elsewhere) -> None:
    settings(there.address + "/{z}/{x}/{y}.png")
    there.status = 404
    assert planner(as_role).get("/base/127-0-0-1/3/5/6").status_code == 204


def test_a_server_that_is_away_is_left_alone_for_a_while(
    as_role: AsRole, settings: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    with elsewhere() as server:
        settings(server.address + "/{z}/{x}/{y}.png")
        kept = planner(as_role).get("/base/127-0-0-1/3/5/6")
    monkeypatch.setattr(upstream, "LIFE_S", -1.0)
    [base] = base_maps()
    assert isinstance(base.source, Upstream)
    base.source._keep((3, 5, 6), kept.content)  # as if it were a week old
    assert planner(as_role).get("/base/127-0-0-1/3/5/6").content == kept.content
    assert planner(as_role).get("/base/127-0-0-1/3/5/7").status_code == 502
    asked: list[str] = []
    monkeypatch.setattr(base.source, "_open", lambda *_args, **_names: asked.append("again"))
    assert planner(as_role).get("/base/127-0-0-1/3/5/7").status_code == 502
    assert asked == []


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch, there: Elsewhere) -> None:
    monkeypatch.setattr(upstream, "KEPT_BYTES", 3 * (len(there.body) + 300))
    source = Upstream(there.address + "/{z}/{x}/{y}", config.About())
    for x in range(8):
        source.read(3, x, 0)
    source.read(3, 7, 0)
    assert len(there.asked) == 8
    source.read(3, 0, 0)
    assert len(there.asked) == 9


@pytest.mark.parametrize("tile", ["23/0/0", "3/8/0", "3/0/-1", "a/0/0", "3/0/0%2F..%2F..%2Fsecret"])
def test_only_whole_numbers_of_a_tile_reach_the_other_server(
    settings: Set, as_role: AsRole, there: Elsewhere, tile: str
) -> None:
    settings(there.address + "/{z}/{x}/{y}.png")
    assert planner(as_role).get(f"/base/127-0-0-1/{tile}").status_code in (404, 422)
    assert planner(as_role).get(f"/base/nothing/{tile}").status_code in (404, 422)
    assert there.asked == []


def test_strangers_get_no_tile(settings: Set, anonymous: TestClient, there: Elsewhere) -> None:
    settings(there.address + "/{z}/{x}/{y}.png")
    assert anonymous.get("/base/127-0-0-1/3/5/6").status_code == 401
    assert anonymous.get("/base/127-0-0-1.json").status_code == 401
    assert there.asked == []


@pytest.mark.parametrize(
    "template",
    [
        "ftp://a.example/{z}/{x}/{y}",
        "https:///{z}/{x}/{y}",
        "https://{x}.example/{z}/{x}/{y}",
        "https://a.example/{z}/{x}",
        "https://a.example/{z}/{x}/{y}?k={key}",
        "https://a.example/{z}/{x}/{y}.pbf",
    ],
)
def test_a_template_that_leads_nowhere_is_refused(template: str) -> None:
    with pytest.raises(SetupError):
        check_template(template)


@pytest.mark.parametrize(
    "told",
    [
        "nothing.pmtiles",
        "picture.tif",
        "tianditu:sea",
        "tianditu:img",  # without its key
        "list.toml",
        "broken.pmtiles",
        "broken.mbtiles",
        "nameless.mbtiles",
        "extra.toml",
    ],
)
def test_a_base_map_that_cannot_be_used_is_refused_at_the_start(
    settings: Set, tmp_path: Path, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.pmtiles").write_bytes(b"no tiles" * 100)
    Path("broken.mbtiles").write_bytes(b"no tiles" * 100)
    Path("extra.toml").write_text('[[base_map]]\nsource = "tianditu:img"\nsecret = 1\n')
    make_mbtiles(Path("nameless.mbtiles"), {(0, 0, 0): SHAPES}, format="pbf")
    settings(told)
    with pytest.raises(SetupError) as refused:
        base_maps()
    assert str(refused.value)


def test_the_chosen_base_map_lies_under_ours(
    browser: Browser, live_server: str, settings: Set, there: Elsewhere
) -> None:
    settings(there.address + "/{z}/{x}/{y}.png", attribution="© <b>somebody</b>")
    with visit(browser, live_server, "planner") as seen:
        seen.page.goto(f"{live_server}/map")
        seen.page.wait_for_function(DRAWN, timeout=60_000)
        assert there.asked == []  # not before it is chosen
        seen.page.get_by_label("127.0.0.1").check()
        seen.page.wait_for_function(DRAWN)
        kinds = seen.page.evaluate("city.gl.getStyle().layers.slice(0, 3).map((layer) => layer.type)")
        assert kinds[:2] == ["background", "raster"]
        assert there.asked
        credit = seen.page.locator(".leaflet-control-attribution")
        assert credit.inner_text() == "© <b>somebody</b>"
        paper = "city.gl.getPaintProperty('areas:0', 'fill-opacity')"
        assert seen.page.evaluate(paper) == 0
        assert "base" in seen.page.evaluate("Object.keys(city.gl.getStyle().sources)")
        seen.page.locator("#base-maps input[type=range]").fill("30")
        assert seen.page.evaluate("city.gl.getPaintProperty('base:0', 'raster-opacity')") == 0.3
        seen.page.get_by_label("无底图").check()
        assert "base" not in seen.page.evaluate("Object.keys(city.gl.getStyle().sources)")
        assert seen.page.evaluate(paper) == 1
        seen.check()


def test_the_map_works_while_the_base_map_is_away(
    browser: Browser, live_server: str, settings: Set, there: Elsewhere
) -> None:
    settings(there.address + "/{z}/{x}/{y}.png")
    there.status = 500
    with visit(browser, live_server, "planner") as seen:
        seen.page.goto(f"{live_server}/map")
        seen.page.wait_for_function(DRAWN, timeout=60_000)
        seen.page.get_by_label("127.0.0.1").check()
        seen.page.locator("#notice").get_by_text("底图暂时无法获取").wait_for()
        seen.page.wait_for_function(
            "() => city.gl.queryRenderedFeatures().some((one) => one.source === 'areas')"
        )
        assert seen.outside == []
        assert all("502" in error for error in seen.errors)
