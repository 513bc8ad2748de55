"""The few words of the standards that code must tell apart; every other word is a row of a table."""

from enum import StrEnum

from gis.i18n import N_


class ObjectKind(StrEnum):
    """管理部件 or 事件: the two halves of what a grid is watched for (GB/T 30428.2)."""

    COMPONENT = N_("component")
    EVENT = N_("event")

    @property
    def letter(self) -> str:
        """The letter a case number begins with, ``C`` or ``E``."""
        return self.value[0].upper()

    @classmethod
    def from_letter(cls, letter: str) -> "ObjectKind":
        """The kind behind ``C`` or ``E``; ValueError for any other letter."""
        for kind in cls:
            if kind.letter == letter:
                return kind
        raise ValueError(letter)


class DepthReference(StrEnum):
    """The face of a line to which its surveyed depth 埋深 is measured."""

    CROWN_OUTSIDE = "crown_outside"  # 管顶/外顶
    INVERT_INSIDE = "invert_inside"  # 管内底
    BLOCK_TOP = "block_top"  # 管块顶, or the top of a cable laid directly in soil
    TRENCH_BOTTOM_INSIDE = "trench_bottom_inside"  # 沟内底


class PointRole(StrEnum):
    """The two columns of a survey point table of which exactly one is filled."""

    FEATURE = "feature"  # 特征
    APPENDAGE = "appendage"  # 附属物
