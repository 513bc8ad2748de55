"""The classes of components and events for the phone, with how their names are spelt in pinyin."""

from functools import cache
from itertools import chain

from pypinyin import Style, pinyin

from gis.standard.rows import ObjectClass
from gis.standard.tables import component_classes, event_classes


def spelt(name: str) -> str:
    """The pinyin of a name without tones.

    The reading that fits the word stands first; others follow, because who types thinks of either.

    Examples
    --------
    >>> spelt("井盖")
    'jing gai|ge'
    """
    fitting = pinyin(name, style=Style.NORMAL, errors="ignore")
    all_readings = (
        reading for sign in name for reading in [pinyin(sign, Style.NORMAL, True, "ignore")] if reading
    )
    return " ".join(
        "|".join(dict.fromkeys(chain(first, *others)))
        for first, others in zip(fitting, all_readings, strict=True)
    )


@cache
def class_list() -> dict[str, list[dict[str, str]]]:
    """Majors and classes as the phone keeps them: the same for every reader.

    ``sounds`` of a class is its Chinese name as :func:`spelt` writes it.
    """
    rows = [*component_classes(), *event_classes()]
    majors = {(row.kind, row.major_code): row for row in reversed(rows)}
    return {
        "majors": [
            {"kind": str(kind), "code": code, "name_zh": row.major_name_zh, "name_en": row.major_name_en}
            for (kind, code), row in sorted(majors.items())
        ],
        "classes": [_shown(row) for row in rows],
    }


def _shown(row: ObjectClass) -> dict[str, str]:
    return {
        "kind": str(row.kind),
        "code": row.code,
        "major": row.major_code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "sounds": spelt(row.name_zh),
    }
