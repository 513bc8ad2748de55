"""What is asked for, taken apart: plain words, address and door number, crossing, and words such as 附近."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 120  # characters of a question; addresses end well below
_MARKS = re.compile(r"""[\s·.,:;!?'"“”‘’()\[\]{}<>《》、。/\\_|%]""")
_TAIL = re.compile(
    r"(?:附近|旁边?|对面|门口|门前|(?:东南|东北|西南|西北|[东西南北])(?:侧|边|面|方向)|以[东西南北]|路边|里面"
    r"|约?[0-9]+(?:米|m)(?:处|左右)?|处|的)$"
)
_CROSSING_END = re.compile(r"(?:的)?(?:交叉路?口|交汇处?|交界处?|相交处?|十字路口|丁字路口|路口|交口)$")
_BETWEEN = re.compile(r"与|和|跟|同|及|&|/|\+|×|、| x ", re.IGNORECASE)
_DOOR = re.compile(r"^(.*?[^0-9-])([0-9]{1,6})(?:号|#|(?=-)|$)(.*)$")
_NUMERAL = re.compile(r"[零〇一二三四五六七八九十百]+(?=号)")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}


@dataclass(frozen=True)
class Address:
    """A road and a number on it, both plain; ``rest`` is what follows: ``-1``, ``院2号楼``."""

    road: str
    number: int
    rest: str


def plain(words: str) -> str:
    """Words without what people leave out or write in two ways; the same as ``app.plain`` of the database."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", words).lower())


def without_tail(words: str) -> str:
    """Plain words without what only says where about it: ``天骄路12号东侧约30米`` → ``天骄路12号``."""
    while (shorter := _TAIL.sub("", words)) != words and len(shorter) > 1:
        words = shorter
    return words


def address_in(words: str) -> Address | None:
    """The road and number of plain words without a tail; None where there is no number after a name."""
    match = _DOOR.match(_NUMERAL.sub(_value, words))
    return Address(match[1], int(match[2]), match[3]) if match else None


def crossing_in(words: str) -> Iterator[tuple[str, str]]:
    """Pairs of names, plain, that may be two roads which cross; every place they may be parted at."""
    text = unicodedata.normalize("NFKC", words).strip()
    whole = _CROSSING_END.sub("", text)
    named = whole != text
    for part in _BETWEEN.finditer(whole):
        one, other = plain(whole[: part.start()]), plain(whole[part.end() :])
        if len(one) > 1 and len(other) > 1 and (named or other[-1] in "路街巷道" or one.isascii()):
            yield one, other


def _value(numeral: re.Match[str]) -> str:
    """二十三 as 23."""
    total, last = 0, 0
    for sign in numeral[0]:
        if sign in "十百":
            total += (last or 1) * (10 if sign == "十" else 100)
            last = 0
        else:
            last = _DIGITS[sign] if total or not last else last * 10 + _DIGITS[sign]
    return str(total + last)
