"""The catalogue of layers: every row of it holds what the map, the tiles and the legend take from it."""

import json
import re

import pytest
from PIL import ImageColor
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotFound
from gis.i18n import catalogue, in_locale
from gis.people.models import Role
from gis.pipeline.access import READERS
from layers.catalog import LAYERS, find_layer, layers_for
from layers.classes import categories_by, categories_of
from layers.finding import find
from layers.layer import GROUP_TITLES, Category, Count, Heat, Layer, Line, Marker, Merge
from layers.legend import legend
from layers.maplibre import images, style
from layers.source import read_item
from layers.symbols import SHAPES, symbol

EVERY_LAYER = pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
GRID = {"areas", "unit_grids", "duty_grids", "roads", "buildings"}
COLLECTIONS = GRID | {"components", "pipe_segments", "pipe_points", "cases"}


def columns_of(session: Session, layer: Layer) -> dict[str, str]:
    schema, view = layer.source.split(".")
    rows = session.execute(
        text(
            "SELECT column_name, udt_name FROM information_schema.columns"
            " WHERE table_schema = :schema AND table_name = :view"
        ),
        {"schema": schema, "view": view},
    )
    return {name: kind for name, kind in rows}  # noqa: C416 - a row is not a pair to mypy


def test_the_collections_others_rely_on_are_layers() -> None:
    assert set(LAYERS) >= COLLECTIONS


@EVERY_LAYER
def test_view_has_every_column_the_layer_names(session: Session, layer: Layer) -> None:
    columns = columns_of(session, layer)
    assert columns["id"] == "int8"
    assert columns["geom"] == "geometry"
    named = {column for field in layer.fields for column in field.columns}
    named |= {*layer.in_tiles, *layer.search, *re.findall(r"{(\w+)}", layer.page)}
    named |= {layer.drawn, layer.times, *(classes.by for classes in layer.also_by)} - {""}
    assert named <= columns.keys()
    assert layer.heading in {field.name for field in layer.fields}


@EVERY_LAYER
def test_symbols_need_only_what_the_tiles_carry(layer: Layer) -> None:
    needed = {part.only[0] for part in layer.symbols if part.only}
    needed |= {name for part in layer.symbols for name in getattr(part, "text", ())}
    needed |= {part.by for part in layer.symbols if isinstance(part, Marker) and part.by}
    needed |= {part.ring[0] for part in layer.symbols if isinstance(part, Marker) and part.ring}
    if layer.classes:
        needed |= {layer.classes.by, layer.classes.sub} - {""}
    needed |= {classes.by for classes in layer.also_by}
    if isinstance(layer.generalise, Merge):
        assert set(layer.generalise.by) <= set(layer.in_tiles)
    assert needed <= set(layer.in_tiles)


@EVERY_LAYER
def test_tables_of_a_layer_exist(session: Session, layer: Layer) -> None:
    for table in layer.tables:
        assert session.scalar(text("SELECT to_regclass(:name)"), {"name": f'public."{table}"'}) is not None


@EVERY_LAYER
def test_every_class_has_a_colour_and_a_symbol_that_exist(session: Session, layer: Layer) -> None:
    for category in every_category(session, layer):
        assert re.fullmatch(r"#[0-9A-Fa-f]{6}", category.colour)
        assert category.symbol.partition("+")[0] in {*SHAPES, ""}
        assert "<svg" in symbol(category.symbol or "circle", category.colour)
        assert all(float(step) > 0 for step in category.dash.split())
    if any(isinstance(part, Marker) and not part.by for part in layer.symbols):
        assert all(category.symbol for category in categories_of(session, layer))


def every_category(session: Session, layer: Layer) -> list[Category]:
    """Of a layer's usual classes, and of those the reader may choose."""
    return [one for classes in (layer.classes, *layer.also_by) for one in categories_by(session, classes)]


def test_point_classes_are_told_apart_without_colour(session: Session) -> None:
    for layer in LAYERS.values():
        for classes in (layer.classes, *layer.also_by):
            symbols = [category.symbol for category in categories_by(session, classes) if category.symbol]
            assert len(symbols) == len(set(symbols)), layer.name


def test_cases_can_be_told_apart_by_state_clock_and_class(session: Session) -> None:
    drawn = style(session, [LAYERS["cases"]])["layers"]
    choices = next(
        one["metadata"]["citygrid:by"] for one in drawn if "citygrid:by" in one.get("metadata", {})
    )
    assert list(choices) == ["held", "lamp", "major"]
    sent = images(session, [LAYERS["cases"]])
    for classes in LAYERS["cases"].also_by:
        names = {f"cases@{classes.by}/{one.value}" for one in categories_by(session, classes)}
        assert names <= sent.keys()
        assert len({sent[name] for name in names}) == len(names)
    with in_locale("en"):
        told = [entry.title for entry in legend(session, LAYERS["cases"], LAYERS["cases"].also_by[1])]
    assert "Publicity and advertising" in told


def test_a_glow_is_read_by_lightness_alone() -> None:
    for layer in LAYERS.values():
        for part in layer.symbols:
            if isinstance(part, Heat):
                greys = [ImageColor.getcolor(colour, "L") for colour in part.ramp]
                assert greys == sorted(greys, reverse=True)
                assert len(set(greys)) == len(greys)


def test_tracks_are_for_shift_leaders_and_findings_for_readers_of_pipelines() -> None:
    seen = {role: {layer.name for layer in layers_for(role)} for role in Role}
    assert {role for role in Role if "patrol_tracks" in seen[role]} == {Role.SHIFT_LEADER}
    assert {role for role in Role if "pipe_findings" in seen[role]} == set(READERS)


def test_pipe_classes_are_told_apart_without_colour(session: Session) -> None:
    mains = [one for one in categories_of(session, LAYERS["pipe_segments"]) if not one.parent]
    assert len({one.dash for one in mains}) == len(mains)


def test_pipelines_keep_the_colours_of_the_profession(session: Session) -> None:
    mains: dict[str, Category] = {
        one.value: one for one in categories_of(session, LAYERS["pipe_segments"]) if not one.parent
    }
    rows = session.execute(text("SELECT class_code, rgb_hex FROM pipe_main_class"))
    assert {code: one.colour for code, one in mains.items()} == {code: colour for code, colour in rows}  # noqa: C416


def test_every_word_of_the_catalogue_stands_in_chinese(session: Session) -> None:
    words = {layer.title for layer in LAYERS.values()} | set(GROUP_TITLES.values())
    for layer in LAYERS.values():
        words |= {field.title for field in layer.fields}
        words |= {word for field in layer.fields for word in field.words.values()}
        words |= {one.title for one in every_category(session, layer) if one.title}
        words |= {classes.title for classes in (layer.classes, *layer.also_by) if classes} - {""}
        for part in layer.symbols:
            if isinstance(part, Marker):
                words |= {title for _symbol, title in part.shapes.values()} | {part.ring_title} - {""}
    assert words - catalogue("zh_CN").keys() == set()


@EVERY_LAYER
def test_legend_speaks_the_readers_language(session: Session, layer: Layer) -> None:
    with in_locale("zh_CN"):
        chinese = legend(session, layer)
    with in_locale("en"):
        english = legend(session, layer)
    assert chinese
    assert all(re.search(r"[一-鿿]", entry.title) for entry in chinese)
    assert not any(re.search(r"[一-鿿]", entry.title) for entry in english)
    assert all(entry.swatch.startswith("<svg") for entry in chinese)


def test_style_names_only_our_own_addresses(session: Session) -> None:
    written = json.dumps(style(session, list(LAYERS.values())))
    assert not re.search(r"https?://", written)
    assert '"glyphs"' not in written
    assert '"sprite"' not in written


def test_style_draws_every_symbol_of_every_layer_once(session: Session) -> None:
    drawn = style(session, list(LAYERS.values()))["layers"]
    ids = [one["id"] for one in drawn]
    assert len(ids) == len(set(ids))
    for layer in LAYERS.values():
        numbers = {int(one.split(":")[1]) for one in ids if one.startswith(f"{layer.name}:")}
        assert numbers == set(range(len(layer.symbols)))


def test_dashes_are_given_in_line_widths(session: Session) -> None:
    drawn = style(session, [LAYERS["pipe_segments"]])["layers"]
    pattern = next(
        one["paint"]["line-dasharray"] for one in drawn if "line-dasharray" in one.get("paint", {})
    )
    dashes = dict(zip(pattern[2:-1:2], pattern[3:-1:2], strict=True))
    storm = next(one for one in categories_of(session, LAYERS["pipe_segments"]) if one.value == "PS/YS")
    assert dashes["PS/YS"] == ["literal", [float(step) / 2 for step in storm.dash.split()]]


def test_every_symbol_the_style_can_name_is_sent(session: Session) -> None:
    sent = images(session, LAYERS.values())
    assert {"cases/filed"}.isdisjoint(sent)
    for one in categories_of(session, LAYERS["cases"]):
        assert {f"cases/{one.value}", f"cases/{one.value}!"} <= sent.keys()
    for one in categories_of(session, LAYERS["pipe_points"]):
        if not one.parent:
            assert f"pipe_points/{one.value}/valve" in sent


def test_unknown_layer_is_named_with_the_ones_there_are() -> None:
    with pytest.raises(NotFound, match="unit_grids"):
        find_layer("nothing", Role.PLANNER)


def test_every_role_sees_the_ground() -> None:
    assert all({"areas", "roads"} <= {layer.name for layer in layers_for(role)} for role in Role)


@pytest.mark.parametrize("words", ["", " ", "a", "x" * 65])
def test_search_refuses_words_that_find_everything(session: Session, words: str) -> None:
    with pytest.raises(InvalidInput):
        find(session, LAYERS.values(), words)


def test_search_takes_percent_and_underscore_as_they_are(session: Session) -> None:
    assert find(session, LAYERS.values(), "%_%") == []


@EVERY_LAYER
def test_nothing_by_that_number_is_not_found(session: Session, layer: Layer) -> None:
    with pytest.raises(NotFound):
        read_item(session, layer, 10**15)


def test_lines_and_counts_are_whole_where_they_can_be_clicked() -> None:
    for layer in LAYERS.values():
        if isinstance(layer.generalise, Count):
            markers = [part for part in layer.symbols if isinstance(part, Marker)]
            assert all(part.min_zoom >= layer.generalise.below for part in markers)
        if any(isinstance(part, Line) for part in layer.symbols):
            assert not isinstance(layer.generalise, Count)
