"""In and out: a programme as a folder (zip) or workbook, tables that somebody else designed, and what was imported before."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path as File
from tempfile import TemporaryDirectory
from typing import Any, cast

from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest
from ninja import Path, Query, Router

from holdfast.exchange.authority import ChangesAuthority, check_authority, last_change_set
from holdfast.exchange.mapping.loading import load_mapped
from holdfast.exchange.programme.archive import pack_folder, unpack_folder
from holdfast.exchange.programme.loading import load_folder
from holdfast.exchange.report import ImportReport
from holdfast.exchange.upload import MAPPING
from holdfast.exchange.workbook.reading import load_workbook
from holdfast.exchange.workbook.rows import programme_rows
from holdfast.exchange.workbook.writing import workbook_of, write_folder
from holdfast.kernel.errors import Problem, Refused
from holdfast.ledger.models import ChangeSet, RowChange
from holdfast.people.signing import actor_of

from .access import person, programme_of
from .ledger import as_file
from .middleware import ApiRequest
from .paging import page_of
from .problems import ImportRefused, NotAllowed
from .routes import XLSX, ZIP, brings, file_of, reads, writes
from .schema.base import Given, Page
from .schema.exchange import ImportAsked, ImportsAsked, ImportShown, PastImport, WorkbookAsked

router = Router()


@router.post("/imports/folder", response=writes(ImportShown), openapi_extra=brings(ZIP, "A programme folder, packed as a zip."))
def import_folder(request: HttpRequest, asked: Query[ImportAsked]) -> Any:
    """Bring in a programme folder, all or nothing; with `check_only`, say what is wrong and write nothing."""

    def load(folder: File) -> ImportReport:
        problems = unpack_folder("upload.zip", _upload(request), folder)
        if problems:
            return ImportReport(checked_only=asked.check_only, problems=problems)
        return load_folder(folder, actor_of(person(request)), reason=asked.reason, check_only=asked.check_only)

    return _imported(request, load)


@router.post("/imports/workbook", response=writes(ImportShown), openapi_extra=brings(XLSX, "A programme as one workbook."))
def import_workbook(request: HttpRequest, asked: Query[WorkbookAsked]) -> Any:
    """Bring in a programme from one workbook, all or nothing; with `check_only`, say what is wrong and write nothing."""
    if not re.fullmatch(r"[^/\\\x00-\x1f]{1,150}\.xlsx", asked.name) or asked.name.startswith("."):
        raise Refused("The workbook's name ends in .xlsx and holds no folder.")

    def load(folder: File) -> ImportReport:
        (folder / asked.name).write_bytes(_upload(request))
        return load_workbook(folder / asked.name, actor_of(person(request)), reason=asked.reason, check_only=asked.check_only)

    return _imported(request, load)


@router.post("/imports/mapped", response=writes(ImportShown), openapi_extra=brings(ZIP, "Tables and mapping.yaml, packed as a zip."))
def import_mapped(request: HttpRequest, asked: Query[ImportAsked]) -> Any:
    """Bring in tables that somebody else designed, as the `mapping.yaml` beside them says; with `check_only`, write nothing."""

    def load(folder: File) -> ImportReport:
        problems = unpack_folder("upload.zip", _upload(request), folder)
        if not problems and not (folder / MAPPING).is_file():
            problems = [Problem("upload.zip", f"There is no {MAPPING} in it.", "Put the mapping beside the tables.")]
        if problems:
            return ImportReport(checked_only=asked.check_only, problems=problems)
        return load_mapped(folder, folder / MAPPING, actor_of(person(request)), reason=asked.reason, check_only=asked.check_only)

    return _imported(request, load)


def _upload(request: HttpRequest) -> bytes:
    content = getattr(cast(ApiRequest, request), "upload", None)
    if content is None:
        raise Refused("Send the file as it is, as the body, with its own Content-Type (application/zip, or that of a workbook).")
    return bytes(content)


def _imported(request: HttpRequest, load: Callable[[File], ImportReport]) -> dict[str, Any]:
    """Run an import, and take it back when it changed who may do what and who asks may not. Raises `ImportRefused`, `NotAllowed`."""
    last = last_change_set()
    with transaction.atomic(), TemporaryDirectory(prefix="holdfast-import-") as folder:
        report = load(File(folder))
        if report.problems:
            raise ImportRefused(report)
        if report.wrote:
            try:
                check_authority(person(request), last)
            except ChangesAuthority as refusal:
                raise NotAllowed(str(refusal)) from refusal
    return report.as_dict()


@router.get("/imports", response=reads(Page[PastImport]))
def list_imports(request: HttpRequest, asked: Query[ImportsAsked]) -> Any:
    """Imports that wrote something, the latest first, with how many rows of each table."""
    rows = ChangeSet.objects.filter(action="import programme")
    if asked.programme:
        rows = rows.filter(row_changes__programme_id=programme_of(asked.programme).pk).distinct()
    page = page_of(rows, asked, lambda row: row, newest_first=True)
    counts: dict[int, list[dict[str, Any]]] = {}
    added, changed = Count("id", filter=Q(operation="insert")), Count("id", filter=Q(operation="update"))
    grouped = RowChange.objects.filter(change_set__in=page["items"]).values("change_set_id", "table_name").annotate(added=added, changed=changed)
    for group in grouped.order_by("change_set_id", "table_name"):
        counts.setdefault(group["change_set_id"], []).append({"table": group["table_name"], "added": group["added"], "changed": group["changed"]})
    return {"items": [_past_import(row, counts.get(row.pk, [])) for row in page["items"]], "next": page["next"]}


def _past_import(row: ChangeSet, touched: list[dict[str, Any]]) -> dict[str, Any]:
    return {"change_set": row.pk, "recorded_at": row.recorded_at, "actor": row.actor_name, "reason": row.reason, "tables": touched}


@router.get("/programmes/{number}/workbook", response=reads(None), openapi_extra=file_of(XLSX))
def export_workbook(request: HttpRequest, number: Path[Given]) -> Any:
    """The programme as you see it, as one workbook that an import reads back. Decisions and signatures are not in it."""
    programme = programme_of(number)
    return as_file(workbook_of(programme_rows(programme)), f"{programme.number}.xlsx", XLSX)


@router.get("/programmes/{number}/folder", response=reads(None), openapi_extra=file_of(ZIP))
def export_folder(request: HttpRequest, number: Path[Given]) -> Any:
    """The programme as you see it, as a zip of CSV files that an import reads back. Decisions and signatures are not in it."""
    programme = programme_of(number)
    with TemporaryDirectory(prefix="holdfast-export-") as folder:
        write_folder(programme, File(folder))
        return as_file(pack_folder(File(folder)), f"{programme.number}.zip", ZIP)
