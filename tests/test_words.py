"""Every word shown to people is there in Chinese."""

from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gis.i18n import catalogue, gettext, in_locale, pick, set_locale

PROJECT = Path(__file__).parent.parent
FLOORS = ("gis", "layers", "api", "web", "sample_data")
# The same in both languages.
SAME = {"citygrid"}


def shown_words() -> dict[str, str]:
    """Every message marked in code and templates, with the file it stands in."""
    found = {}
    methods = [("**/node_modules/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
    for floor in FLOORS:
        keywords = {"_": None, "N_": None, "gettext": None}
        for name, _line, message, _notes, _context in extract_from_dir(
            PROJECT / floor, method_map=methods, keywords=keywords
        ):
            if isinstance(message, str):
                found[message] = f"{floor}/{name}"
    return found


def test_every_word_is_there_in_chinese() -> None:
    words = shown_words()
    assert len(words) > 200
    chinese = catalogue("zh_CN")
    missing = {word: place for word, place in words.items() if word not in chinese and word not in SAME}
    assert missing == {}


def test_a_word_is_translated_in_one_place() -> None:
    """In two files it would sooner or later mean two things, and the file's name would decide."""
    places: dict[str, list[str]] = {}
    for path in sorted((PROJECT / "gis" / "locale" / "zh_CN").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    places.setdefault(str(message.id), []).append(path.name)
    assert {word: files for word, files in places.items() if len(files) > 1} == {}


@pytest.mark.parametrize(("english", "chinese"), sorted(catalogue("zh_CN").items()))
def test_a_translation_names_the_same_things(english: str, chinese: str) -> None:
    """A name in braces that differs would fail when it is shown, in front of the person."""

    def names(words: str) -> set[str]:
        return {name for _text, name, _spec, _conversion in Formatter().parse(words) if name}

    assert names(english) == names(chinese)


def test_the_reader_chooses_the_language() -> None:
    with in_locale("zh_CN"):
        assert gettext("Dispatch") == "派遣"
        assert pick("井盖", "Manhole cover") == "井盖"
    with in_locale("en"):
        assert gettext("Dispatch") == "Dispatch"
        assert pick("井盖", "Manhole cover") == "Manhole cover"
        assert pick("井盖", None) == "井盖"
        set_locale("xx")
        assert gettext("Dispatch") == "派遣"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"), ("zh-CN,zh;q=0.9", "zh"), ("en", "en"), ("en;q=0.5,zh;q=0.9", "zh"),
        ("fr,en;q=0.3", "en"), ("de", "zh"), ("en;q=x", "zh"), ("*", "zh"),
    ],
)  # fmt: skip
def test_problems_are_told_in_the_readers_language(anonymous, header: str, language: str) -> None:
    title = anonymous.get("/api/v1/me", headers={"accept-language": header}).json()["title"]
    assert title == {"zh": "请先登录", "en": "Please sign in"}[language]
