"""Survey files into the staged tables, by COPY, a chunk at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from gis.survey.options import SurveyOptions
from gis.survey.recognised import Recognised

Progress = Callable[[int, int | None], None]


def stage(
    session: Session,
    import_id: int,
    files: Sequence[Path],
    options: SurveyOptions,
    progress: Progress = lambda _done, _total: None,
) -> list[Recognised]:
    """Read all files and COPY their rows into ``survey_staged_point`` and ``survey_staged_line``.

    In the session's transaction: whoever calls rolls back on an error, so that nothing is half-loaded.
    ``progress`` is told the rows read so far, and their total where it is known.

    Raises
    ------
    InvalidInput
        A file cannot be read, or not without the sender saying more; the message names file, sheet and row.
    """
    raise NotImplementedError
