"""Columns that many tables of the standards share, as mixins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Numeric, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

Metres = Numeric(8, 3, asdecimal=False)


class Sourced:
    """Columns of every table of the standards: its place in the printed order, its source, its state."""

    position: Mapped[int] = mapped_column(SmallInteger, sort_order=90)
    source: Mapped[str] = mapped_column(Text, sort_order=91)
    status: Mapped[str] = mapped_column(String(24), ForeignKey("trust_level.code"), sort_order=92)


class Named:
    """A name in both languages; :func:`gis.i18n.pick` chooses."""

    name_zh: Mapped[str] = mapped_column(Text, sort_order=10)
    name_en: Mapped[str] = mapped_column(Text, sort_order=11)


class Correctable:
    """A shipped number that an administrator may correct without a release, and a release may refresh."""

    corrected_value: Mapped[float | None] = mapped_column(Numeric(10, 3, asdecimal=False), sort_order=95)
    corrected_by: Mapped[str | None] = mapped_column(String(64), sort_order=96)
    corrected_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), sort_order=97)
    correction_note: Mapped[str | None] = mapped_column(Text, sort_order=98)


def signed_correction() -> CheckConstraint:
    """A correction names who made it, when and why."""
    return CheckConstraint(
        "corrected_value IS NULL OR"
        " (corrected_by IS NOT NULL AND corrected_at IS NOT NULL AND correction_note IS NOT NULL)",
        name="correction_is_signed",
    )


class CodedName(Named, Sourced):
    """A plain dictionary of the standard: a code and its name."""

    @declared_attr
    def code(cls) -> Mapped[str]:  # noqa: N805 - how SQLAlchemy writes a column of a mixin
        return mapped_column(String(16), primary_key=True, sort_order=-1)
