"""What the documents promise is there: links, commands, calls, files, packages; drawings are up to date."""

import json
import re
import shlex
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from docs.tools import draw_data_model, write_workflow
from gis.case.outcomes import OUTCOMES
from gis.cli import build
from gis.evaluation.counts import COUNTS
from gis.evaluation.duties import BESIDE, DUTY_COUNTS
from gis.evaluation.indicators import INDICATORS
from gis.evaluation.models import CaseFact
from gis.standard.tables import limit_units
from web.app import create_app

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
IN_CHINESE = [
    ("README.md", "README.zh-CN.md"),
    ("docs/first-five-minutes.md", "docs/first-five-minutes.zh-CN.md"),
]
LARGEST_PICTURE = 350_000  # bytes; a clone stays small, a page opens at once
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FLOORS = "gis|api|layers|web|sample_data|tests|setup|docs|benchmarks"

each_page = pytest.mark.parametrize("page", PAGES, ids=NAMES)


@cache
def description() -> dict[str, Any]:
    """The calls of the service, as its API description has them: ``{path: {method: …}}``."""
    paths: dict[str, Any] = create_app().openapi()["paths"]
    return paths


@cache
def command_line() -> Any:
    return typer.main.get_command(build())


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def prose(text: str) -> str:
    """The page without its code blocks."""
    return FENCE.sub("", text)


def code(text: str) -> list[str]:
    """Lines of shell blocks, continued ones joined, and whatever stands between backticks."""
    blocks = [block for language, block in FENCE.findall(text) if language == "sh"]
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return lines + re.findall(r"`([^`\n]+)`", prose(text))


def anchors(page: Path) -> set[str]:
    """The names by which the headings of a page can be linked to."""
    titles = re.findall(r"^#+ (.+)$", prose(page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@each_page
def test_every_link_leads_somewhere_in_the_project(page: Path) -> None:
    for target in LINK.findall(prose(page.read_text("utf-8"))):
        address, _hash, anchor = target.partition("#")
        assert "://" not in address, f"{target} leads outside"
        there = (page.parent / address).resolve() if address else page
        assert there.exists(), f"{target} is not there"
        assert there.is_relative_to(ROOT)
        if anchor:
            assert anchor in anchors(there), f"{target} names no heading"


@each_page
def test_pictures_are_ours_and_small(page: Path) -> None:
    text = page.read_text("utf-8")
    assert "<img" not in text
    for target in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", prose(text)):
        assert (page.parent / target).stat().st_size < LARGEST_PICTURE, target


@pytest.mark.parametrize("index", ["docs/README.md", "docs/decisions/README.md"])
def test_every_page_stands_in_its_index(index: str) -> None:
    linked = {target.partition("#")[0] for target in LINK.findall(read(index))}
    beside = {page.name for page in (ROOT / index).parent.glob("*.md")} - {"README.md"}
    assert beside <= linked


@each_page
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = {line.split()[1] for line in code(page.read_text("utf-8")) if re.match(r"make [a-z]", line)}
    assert named <= targets


@each_page
def test_every_command_that_is_named_exists_with_its_options(page: Path) -> None:
    for line in code(page.read_text("utf-8")):
        words = line.strip().removeprefix(".venv/bin/").replace("|", "/")
        if re.match(r"citygrid [a-z]", words):
            command, rest = find_command(command_line(), shlex.split(words, comments=True)[1:])
            options = {name for one in command.params for name in [*one.opts, *one.secondary_opts]}
            assert {word for word in rest if word.startswith("--")} <= options | {"--help"}, line


def find_command(root: Any, words: list[str]) -> tuple[Any, list[str]]:
    """The command that words lead to, and the words left over; a/b in one word are two commands."""
    command = root
    while hasattr(command, "commands") and words:
        for name in words[0].split("/"):
            assert name in command.commands, f"citygrid has no command {name}"
        command, words = command.commands[words[0].split("/")[0]], words[1:]
    return command, words


@each_page
def test_every_file_that_is_named_exists(page: Path) -> None:
    for name in re.findall(rf"`((?:{FLOORS})/[\w./-]*)`", page.read_text("utf-8")):
        assert (ROOT / name).exists() or name in ("web/node_modules",), name


@each_page
def test_every_call_that_is_shown_stands_in_the_description(page: Path) -> None:
    described = [re.sub(r"\{\w+\}", "[^/]+", path) for path in description()]
    for line in code(page.read_text("utf-8")):
        for address in re.findall(r"curl .*?\$city(/[^\s\"?]*)", line):
            assert any(re.fullmatch(path, address) for path in described), address


def test_interfaces_tell_every_call_and_no_other() -> None:
    told = set(re.findall(r"^\| `([A-Z]+ /\S+)` \|", read("docs/api.md"), re.MULTILINE))
    described = {f"{method.upper()} {path}" for path, calls in description().items() for method in calls}
    assert told == described | {"GET /metrics"}  # Prometheus reads no description


def test_the_first_screen_says_what_shows_and_how() -> None:
    screen = read("README.md").split("\n## ")[0]
    assert "docs/pictures/map-city.png" in screen
    assert re.search(r"^make run", screen, re.MULTILINE)
    assert re.search(r"^make test", screen, re.MULTILINE)
    assert len(screen.splitlines()) <= 25


@pytest.mark.parametrize(("english", "chinese"), IN_CHINESE)
def test_the_chinese_page_has_the_same_parts(english: str, chinese: str) -> None:
    one, other = read(english), read(chinese)
    assert FENCE.findall(one) == FENCE.findall(other)
    for part in (r"^#+ ", r"^\| ", r"^- ", r"^\d\. ", r"!\[.*?\]\((.*?)\)"):
        found, expected = (re.findall(part, prose(text), re.MULTILINE) for text in (other, one))
        assert found == expected, part


def test_the_drawing_shows_the_tables_as_they_are() -> None:
    assert draw_data_model.PICTURE.read_text("utf-8") == draw_data_model.draw()


def test_the_workflow_page_shows_the_table_as_it_is() -> None:
    page = write_workflow.PAGE.read_text("utf-8")
    assert write_workflow.renewed(page) == page


def test_the_workflow_page_explains_every_unit_and_outcome() -> None:
    page = read("docs/workflow.md")
    for unit in limit_units():
        assert f"| `{unit.code}` {unit.name_zh} |" in page
    for name in OUTCOMES:
        assert f"\n| {name.replace('_', ' ')} |" in page


def test_the_page_of_facts_explains_every_count_and_indicator() -> None:
    page = read("docs/evaluation-facts.md")
    for count in COUNTS.values():
        assert re.search(rf"^\| `{count.code}` \| [^|]+ \| `{count.at}` \|", page, re.MULTILINE), count.code
    for code in (*DUTY_COUNTS, *BESIDE):
        assert f"\n| `{code}` |" in page, code
    for row in INDICATORS.values():
        formula = f"`{row.numerator}` / `{row.denominator}`" if row.denominator else f"`{row.numerator}`"
        assert f" | {formula} | {row.better or '–'} | {row.source} | {row.status} |" in page, row.code
    for column in CaseFact.__table__.columns:
        if column.name.endswith("_at") or column.type.python_type is bool:
            assert f"`{column.name}`" in page, column.name


def test_the_data_model_names_every_table_and_every_guard() -> None:
    page = read("docs/data-model.md")
    for name, subject in draw_data_model.subject_of_tables().items():
        assert f"`{name}`" in read("docs/standards.md") if subject == "standard" else f"`{name}`" in page, (
            name
        )
    guards = re.findall(r"CONSTRAINT = '(\w+)'", read("gis/sql/functions/guards.sql"))
    assert guards
    assert [name for name in guards if f"| `{name}` |" not in page] == []


def test_every_direct_dependency_is_explained_and_no_other() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    wanted += project["optional-dependencies"]["clients"]
    for name in ("setup/build.in", "setup/node.in"):
        wanted += [line for line in read(name).splitlines() if line and not line.startswith("#")]
    packages = {re.split(r"[\[<>=~!; ]", line)[0] for line in wanted}
    packages |= set(json.loads(read("web/package.json"))["dependencies"])
    page = read("docs/dependencies.md").split("## Distribution")[0]
    cells = re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)} == packages


def test_every_package_of_the_distribution_is_explained() -> None:
    page = read("docs/dependencies.md").split("## Distribution")[1]
    script = read("setup/system.sh")
    named = {word for words in re.findall(r"packages\+=\(([a-z][\w -]*)\)", script) for word in words.split()}
    assert named
    for name in named | {"postgresql", "postgresql-postgis", "chromium"}:
        assert name in script
        assert f"`{name}`" in page
