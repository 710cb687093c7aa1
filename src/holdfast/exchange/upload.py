"""What a person uploads: a programme folder as zip, a workbook, or somebody else's tables with a mapping; read like the same thing on a disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from holdfast.kernel.errors import Problem
from holdfast.people.models import Person
from holdfast.people.signing import actor_of

from .authority import check_authority, last_change_set
from .mapping.loading import load_mapped
from .programme.archive import unpack_folder
from .programme.loading import load_folder
from .report import ImportReport
from .workbook.reading import load_workbook

MAPPING = "mapping.yaml"
WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}  # one of them is read; the others are refused with what to save them as
TABLES = {".csv", ".tsv", ".txt"}


@dataclass(frozen=True)
class Upload:
    """A file as it came, and the mapping that came beside it (empty: none)."""

    name: str
    content: bytes
    mapping: bytes = b""

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()


def bring_in(upload: Upload, person: Person, *, reason: str, check_only: bool) -> ImportReport:
    """Import what was uploaded, all or nothing; with problems, or with `check_only`, nothing is written.

    Raises `ChangesAuthority` (and takes everything back) when it changed who may do what and the person does not administer that, and `MayNotWrite`.
    """
    since = last_change_set()
    with transaction.atomic(), TemporaryDirectory(prefix="holdfast-import-") as folder:
        report = _load(upload, Path(folder), person, reason, check_only)
        if report.wrote:
            check_authority(person, since)
    return report


def _load(upload: Upload, folder: Path, person: Person, reason: str, check_only: bool) -> ImportReport:
    problems = _lay_out(upload, folder)
    if problems:
        return ImportReport(checked_only=check_only, problems=problems)
    actor, mapping = actor_of(person), folder / MAPPING
    if upload.suffix in WORKBOOKS:
        return load_workbook(folder / upload.name, actor, reason=reason, check_only=check_only)
    if mapping.is_file():
        return load_mapped(folder, mapping, actor, reason=reason, check_only=check_only)
    return load_folder(folder, actor, reason=reason, check_only=check_only)


def _lay_out(upload: Upload, folder: Path) -> list[Problem]:
    """Put the files where a reader finds them: a zip unpacked, a table beside its mapping. What fits no way is a problem."""
    name = upload.name
    if not name or name != Path(name).name or "\\" in name or name.startswith(".") or len(name) > 150 or not name.isprintable():
        return [Problem("the file", "Its name cannot be kept.", "Give it a plain name of at most 150 characters.")]
    if upload.suffix == ".zip":
        problems = unpack_folder(name, upload.content, folder)
        if problems:
            return problems
    elif upload.suffix in WORKBOOKS and upload.mapping:
        return [Problem(name, "A mapping describes plain tables.", "Save the worksheets as CSV files, or leave the mapping out.")]
    elif upload.suffix in TABLES and not upload.mapping:
        return [Problem(name, "A table by itself does not say what its columns are.", "Upload its mapping with it, or a programme folder as zip.")]
    elif upload.suffix in WORKBOOKS | TABLES:
        (folder / name).write_bytes(upload.content)
    else:
        return [Problem(name, "It is no zip, workbook or table.", "Upload a folder as .zip, a workbook as .xlsx, or a table as .csv with its mapping.")]
    if upload.mapping:
        (folder / MAPPING).write_bytes(upload.mapping)
    return []


__all__ = ["MAPPING", "Upload", "bring_in"]
