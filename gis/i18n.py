"""Words for people: English in the code, Chinese from ``locale/zh_CN/*.po``, one file a subject.

The current language is a context variable that the ASGI middleware sets, once per request. Names that a
standard fixes are data (``name_zh``, ``name_en``) and do not pass through here: see :func:`pick`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = ("zh_CN", "en")
DEFAULT_LOCALE = "zh_CN"
_locale: ContextVar[str] = ContextVar("citygrid_locale", default=DEFAULT_LOCALE)


def N_(message: str) -> str:  # noqa: N802 - the name every gettext reader knows
    """Mark a message for translation without translating it yet."""
    return message


@lru_cache
def catalogue(locale: str) -> dict[str, str]:
    """All translations of a language, ``{english: translated}``, from every ``.po`` file of its folder."""
    words: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "locale" / locale).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id and isinstance(message.id, str) and isinstance(message.string, str):
                    words[message.id] = message.string
    return words


def gettext(message: str) -> str:
    """The message in the reader's language; the English text where no translation stands."""
    return catalogue(_locale.get()).get(message) or message


_ = gettext


def get_locale() -> str:
    """The reader's language, one of :data:`LOCALES`."""
    return _locale.get()


def set_locale(locale: str) -> None:
    """Set the reader's language for the rest of this context."""
    _locale.set(locale if locale in LOCALES else DEFAULT_LOCALE)


@contextmanager
def in_locale(locale: str) -> Iterator[None]:
    """Speak another language for a while."""
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)


def pick(name_zh: str | None, name_en: str | None) -> str:
    """The name of a standard's row in the reader's language, the other one where it is missing."""
    first, second = (name_en, name_zh) if get_locale() == "en" else (name_zh, name_en)
    return first or second or ""
