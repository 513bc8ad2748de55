"""拼音: of a word as it is asked for, and of every character for the database to write names by."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin
from sqlalchemy import text
from sqlalchemy.orm import Session

FIRST, LAST = 0x4E00, 0x9FFF  # CJK unified ideographs
MOST_READINGS = 3  # rarer ones are no help in finding names


@lru_cache(maxsize=4096)
def spelled(words: str) -> str:
    """Words in Latin letters, what is not Chinese as it stands: ``铁西路12号`` → ``tiexilu12hao``."""
    return "".join(lazy_pinyin(words, style=Style.NORMAL))


def load_pinyin(session: Session) -> None:
    """Bring table ``pinyin`` to what the library knows; rows that are right already are left alone."""
    letters = [chr(number) for number in range(FIRST, LAST + 1)]
    readings = [",".join(_readings(letter)) for letter in letters]
    session.execute(
        text(
            "INSERT INTO pinyin (letter, readings)"
            " SELECT letter, string_to_array(readings, ',')"
            " FROM unnest(CAST(:letters AS text[]), CAST(:readings AS text[])) AS n (letter, readings)"
            " WHERE letter <> readings"
            " ON CONFLICT (letter) DO UPDATE SET readings = excluded.readings"
            " WHERE pinyin.readings <> excluded.readings"
        ),
        {"letters": letters, "readings": readings},
    )


def _readings(letter: str) -> list[str]:
    found = dict.fromkeys(pinyin(letter, heteronym=True, style=Style.NORMAL)[0])
    known = list(found)[:MOST_READINGS]
    # ü is v on keyboards; who does not know that types u.
    return [*known, *(one.replace("v", "u") for one in known if "v" in one)]
