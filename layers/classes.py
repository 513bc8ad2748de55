"""Classes of layers that are rows of the standards' tables."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.standard.models import ObjectClass, PipeClass, PipeMainClass
from gis.standard.tables import CITY_EDITION
from layers.layer import Category, Classes, Layer, Standard

KINDS = {"component": "square", "event": "circle"}
# Of majors 01, 02 …: told apart by their number first, by colours that differ in lightness, too, second.
MAJORS = ("#0a6c88", "#b06000", "#673a9b", "#1f4d2b", "#a3195b", "#7b8084")


def pipe_classes(session: Session) -> tuple[Category, ...]:
    """Main classes (``JS``), each followed by its sub-classes (``JS/JP``), in the profession's colours."""
    subs: dict[str, list[Category]] = {}
    for row in session.scalars(select(PipeClass).order_by(PipeClass.position)):
        subs.setdefault(row.class_code, []).append(
            Category(
                value=f"{row.class_code}/{row.sub_code}",
                colour=row.rgb_hex,
                dash=row.dash,
                name_zh=row.name_zh,
                name_en=row.name_en,
                parent=row.class_code,
            )
        )
    found: list[Category] = []
    for main in session.scalars(select(PipeMainClass).order_by(PipeMainClass.number)):
        name = {"name_zh": main.name_zh, "name_en": main.name_en}
        found.append(Category(value=main.class_code, colour=main.rgb_hex, dash=main.dash, **name))
        found.extend(subs.get(main.class_code, []))
    return tuple(found)


def case_classes(session: Session) -> tuple[Category, ...]:
    """The major classes of the city's edition, components (squares) before events (circles).

    A value is ``kind/Chinese name``: editions give the same number to different majors.
    """
    majors = (
        select(ObjectClass.kind, ObjectClass.major_code, ObjectClass.major_name_zh, ObjectClass.major_name_en)
        .where(ObjectClass.edition == CITY_EDITION)
        .distinct()
        .order_by(ObjectClass.kind, ObjectClass.major_code)
    )
    return tuple(
        Category(
            value=f"{row.kind}/{row.major_name_zh}",
            colour=MAJORS[(int(row.major_code) - 1) % len(MAJORS)],
            name_zh=row.major_name_zh,
            name_en=row.major_name_en,
            symbol=f"{KINDS[row.kind]}+{int(row.major_code)}",
        )
        for row in session.execute(majors)
    )


READERS: dict[Standard, Callable[[Session], tuple[Category, ...]]] = {
    Standard.PIPE_CLASSES: pipe_classes,
    Standard.CASE_CLASSES: case_classes,
}


def categories_of(session: Session, layer: Layer) -> tuple[Category, ...]:
    """The classes a layer's rows are told apart by; empty where it has none."""
    return categories_by(session, layer.classes)


def categories_by(session: Session, classes: Classes | None) -> tuple[Category, ...]:
    """The categories of some classes; empty for none."""
    if classes is None:
        return ()
    known = classes.categories
    return READERS[known](session) if isinstance(known, Standard) else known
