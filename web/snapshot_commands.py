"""``citygrid map snapshot``: a map as one file for reports and e-mail. Imports happen when it runs."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gis.i18n import _

Bbox = Annotated[str, typer.Option(help="W,S,E,N in degrees / 经纬度范围")]
Area = Annotated[str, typer.Option(help="code of a district, subdistrict or community / 区划代码")]
Layers = Annotated[str, typer.Option(help="names with commas between, else those shown at first / 图层")]
Zoom = Annotated[str, typer.Option(help="15 or 14-17, as in the map's address / 缩放级别")]
AsOf = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="as it was that day / 历史日期")]
Title = Annotated[str, typer.Option(help="else the area's name / 标题")]
Output = Annotated[Path, typer.Option("--output", "-o", help="file to write / 输出文件")]
Lang = Annotated[str, typer.Option(help="zh, en; else the terminal's / 语言")]
Cases = Annotated[bool, typer.Option("--cases", help="cases too: mind who gets the file / 含案件")]
MostMb = Annotated[int, typer.Option(min=1, max=100, help="most MB of tiles / 瓦片大小上限")]
LANGUAGES = {"zh": "zh_CN", "en": "en"}


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help=_("The map of the city"), no_args_is_help=True)
    group.callback()(lambda: None)  # with one command alone, Typer would drop its name
    group.command("snapshot", help=_("Write a map as one HTML file that needs no network"))(snapshot)
    app.add_typer(group, name="map")


def snapshot(
    output: Output = Path("map.html"),
    bbox: Bbox = "",
    area: Area = "",
    layers: Layers = "",
    zoom: Zoom = "",
    as_of: AsOf = None,
    title: Title = "",
    lang: Lang = "",
    cases: Cases = False,
    most_mb: MostMb = 12,
) -> None:
    from gis.database import transaction
    from gis.errors import InvalidInput
    from gis.i18n import get_locale, in_locale
    from layers.snapshot import choose_layers, read_box, read_zooms, take
    from web.snapshot import write_html

    if lang and lang not in LANGUAGES:
        raise InvalidInput(_("A language is one of {names}").format(names=", ".join(LANGUAGES)))
    day: date | None = as_of.date() if as_of else None
    with in_locale(LANGUAGES.get(lang) or get_locale()), transaction() as session:
        chosen = choose_layers(layers, cases)
        box, name = read_box(session, bbox, area)
        zooms = read_zooms(zoom, box)
        taken = take(session, box, chosen, zooms, day, most_mb * 1_000_000)
        html = write_html(taken, title or name or taken.attribution, day)
    output.write_text(html, "utf-8")
    tiles = sum(map(len, taken.tiles.values()))
    words = _("{path}: {mb:.1f} MB, {tiles} tiles of {layers} layers, zoom {low} to {high}").format(
        path=output,
        mb=output.stat().st_size / 1e6,
        tiles=tiles,
        layers=len(taken.layers),
        low=zooms[0],
        high=zooms[1],
    )
    Console(soft_wrap=True).print(words, highlight=False, markup=False)
    if taken.left_out:
        left = ", ".join(layer.name for layer in taken.left_out)
        Console(soft_wrap=True).print(
            _("Without a history, left out: {layers}").format(layers=left), highlight=False, markup=False
        )
