"""How cells of the workbook look; made once a workbook."""

from typing import Any

from xlsxwriter.workbook import Workbook

FACE = "等线"  # DengXian, the face of Chinese spreadsheets; others take their own
GRADE_COLOURS = {
    "green": ("#dff2e7", "#17653e"),
    "blue": ("#e1edfa", "#1f5a98"),
    "yellow": ("#fdf0c9", "#7a5300"),
    "red": ("#fce4e1", "#ab221b"),
    "black": ("#2b353b", "#ffffff"),
}


class Looks:
    """Formats by what a cell holds."""

    def __init__(self, book: Workbook) -> None:
        def look(**traits: Any) -> Any:
            return book.add_format({"font_name": FACE, "font_size": 10, "valign": "vcenter", **traits})

        self.title = look(bold=True, font_size=14)
        self.bold = look(bold=True, valign="top")
        self.text = look()
        self.wrapped = look(text_wrap=True, valign="top")
        self.head = look(
            bold=True,
            text_wrap=True,
            bg_color="#eef2f5",
            bottom=1,
            top=1,
            align="center",
            border_color="#6b7780",
        )
        self.count = look(num_format="#,##0")
        self.ratio = look(num_format="0.0%", align="right")
        self.hours = look(num_format="0.0", align="right")
        self.points = look(num_format="0.00", align="right")
        self.score = look(num_format="0.00", align="right", bold=True)
        self.middle = look(align="center")
        self.input = look(bg_color="#fffbe6", border=1, border_color="#d9c46a")
        self.moment = look(num_format="yyyy-mm-dd hh:mm", align="left")
        self.link = look(font_color="#1f5a98", underline=1)
        self.wrong = look(bg_color="#fce4e1", font_color="#ab221b")
        self.grades = {
            name: look(bg_color=ground, font_color=ink, bold=True, align="center")
            for name, (ground, ink) in GRADE_COLOURS.items()
        }

    def of_unit(self, unit: str) -> Any:
        """The format of an indicator."""
        return {"ratio": self.ratio, "hours": self.hours}.get(unit, self.count)
