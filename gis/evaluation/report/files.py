"""The files of reports: in the home folder, each named by the SHA-256 of its content."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from gis.errors import NotFound
from gis.evaluation.models import AnalysisReport
from gis.i18n import _
from gis.settings import get_settings

FORMATS = ("docx", "pdf", "xlsx")


@dataclass(frozen=True)
class ReportFile:
    """A file to be sent, with the name people see."""

    path: Path
    name: str


def path_of(sha256: str) -> Path:
    """Where the file of a content lies."""
    return get_settings().home / "reports" / sha256[:2] / sha256


def keep(contents: Mapping[str, bytes], name: str) -> list[dict[str, Any]]:
    """Keep the files of a report; returns what its row says of them. ``name``: without an ending."""
    kept = []
    for form, content in contents.items():
        sha256 = hashlib.sha256(content).hexdigest()
        _write(path_of(sha256), content)
        kept.append({"format": form, "name": f"{name}.{form}", "size": len(content), "sha256": sha256})
    return kept


def file_of(report: AnalysisReport, form: str) -> ReportFile:
    """A file of a report; raises NotFound where it has none of that form, or it is lost."""
    found = next((file for file in report.files if file["format"] == form), None)
    if found is None:
        raise NotFound(_("The report has no file of this kind yet"))
    path = path_of(found["sha256"])
    if not path.is_file():
        raise NotFound(_("The file of the report is not here any more; have the report made again"))
    return ReportFile(path, found["name"])


def drop_after_commit(session: Session, report: AnalysisReport) -> None:
    """Remove the files of a report that is being deleted, once that is certain; shared ones stay."""
    hashes = [file["sha256"] for file in report.files]

    @event.listens_for(session, "after_commit", once=True)
    def _drop(_session: Session) -> None:
        for sha256 in hashes:
            path_of(sha256).unlink(missing_ok=True)

    for sha256 in tuple(hashes):
        others = select(AnalysisReport.id).where(
            AnalysisReport.files.contains([{"sha256": sha256}]), AnalysisReport.id != report.id
        )
        if session.scalar(others.limit(1)) is not None:
            hashes.remove(sha256)


def _write(path: Path, content: bytes) -> None:
    """Write aside and rename: a crash leaves no half file under a name that promises its content."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)
