"""Classes of layers that are rows of the standards' tables."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.standard.models import PipeClass, PipeMainClass
from layers.layer import Category, Layer, Standard


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


READERS: dict[Standard, Callable[[Session], tuple[Category, ...]]] = {Standard.PIPE_CLASSES: pipe_classes}


def categories_of(session: Session, layer: Layer) -> tuple[Category, ...]:
    """The classes a layer's rows are told apart by; empty where it has none."""
    if layer.classes is None:
        return ()
    known = layer.classes.categories
    return READERS[known](session) if isinstance(known, Standard) else known
