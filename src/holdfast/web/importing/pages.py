"""Bringing a programme in: choose a file, see what it would write and what is wrong with it, then import it with a reason."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from holdfast.exchange.upload import Upload, bring_in
from holdfast.kernel.errors import Problem, Refused
from holdfast.ledger.models import ChangeSet
from holdfast.people.review import FORMULA

from ..access import for_people, signed_in
from .kept import forget, keep, kept

STATES = ("written", "unchanged", "refused", "ignored")
CHECK = "Check before an import"
FIELDS = ("file", "sheet", "row", "column", "letter", "message", "advice")
SHOWN = 200  # problems on the page; the file holds all


@for_people
def import_page(request: HttpRequest) -> HttpResponse:
    """Choose a file; on POST it is checked, and nothing is written."""
    problem = ""
    if request.method == "POST":
        try:
            upload = _upload(request)
            keep(request, upload, bring_in(upload, _person(request), reason=CHECK, check_only=True).as_dict())
            return redirect("import_checked")
        except Refused as refusal:
            problem = str(refusal)
    context = {"problem": problem, "most": settings.HOLDFAST_API_UPLOAD_MB}
    return render(request, "importing/import.html", signed_in(request) | context, status=422 if problem else 200)


def _person(request: HttpRequest) -> Any:
    return request.user.person  # type: ignore[union-attr]


def _upload(request: HttpRequest) -> Upload:
    """The file and the mapping beside it. Raises `Refused`."""
    file, mapping = request.FILES.get("file"), request.FILES.get("mapping")
    if getattr(request, "upload_too_large", False):
        raise Refused(f"The file is larger than {settings.HOLDFAST_API_UPLOAD_MB} MB. Split it, or have it brought in on the machine with `holdfast import`.")
    if file is None or not file.size:
        raise Refused("Choose a file that is not empty.")
    return Upload(file.name or "", file.read(), mapping.read() if mapping else b"")


@for_people
def import_checked(request: HttpRequest) -> HttpResponse:
    """What the check found; on POST the same bytes are imported, all or nothing."""
    found, problem, status = kept(request), "", 200
    if found and request.method == "POST":
        reason = request.POST.get("reason", "").replace("\0", "").strip()[:4000]
        try:
            if not reason:
                raise Refused("Write why it is brought in: the reason stands in the ledger.")
            report = bring_in(found.upload, _person(request), reason=reason, check_only=False)
            if not report.problems:
                return _done(request, report.wrote)
            keep(request, found.upload, report.as_dict())
            found, problem, status = kept(request), "The record changed since the check, and now there are problems.", 422
        except Refused as refusal:
            problem, status = str(refusal), 422
    context = {"kept": found, "problem": problem, "reason": request.POST.get("reason", ""), "crumbs": [("Import", "/import/"), ("Checked", "")]}
    return render(request, "importing/checked.html", signed_in(request) | context | (_told(found.report) if found else {}), status=status)


def _done(request: HttpRequest, wrote: bool) -> HttpResponse:
    forget(request)
    if not wrote:
        messages.info(request, "Nothing changed: every row is already so.")
        return redirect("import")
    made = ChangeSet.objects.filter(actor_id=_person(request).pk, action="import programme").order_by("-pk")[0]
    messages.success(request, "Imported. This is what it changed.")
    return redirect("change_set", key=made.pk)


def _told(report: dict[str, Any]) -> dict[str, Any]:
    """The report for a person: cells by file, problems by file, what was left out and why."""
    files: dict[str, dict[str, int]] = {}
    left_out: list[tuple[str, str, str]] = []
    for column in report["columns"]:
        counts = files.setdefault(column["file"], dict.fromkeys(STATES, 0))
        for state in STATES:
            counts[state] += column[state]
        left_out += [(column["file"], column["column"], why) for why in column["reasons"]]
    problems: dict[str, list[tuple[Problem, str]]] = {}
    for one in report["problems"][:SHOWN]:
        problem = Problem(**one)
        problems.setdefault(f"{problem.file}, sheet {problem.sheet}" if problem.sheet else problem.file, []).append((problem, _place(problem)))
    touched = {name: counts for name, counts in files.items() if counts["unchanged"] < sum(counts.values())}
    return {
        "report": report,
        "files": touched,
        "same": [name for name in files if name not in touched],
        "problems": problems,
        "left_out": left_out,
        "number": len(report["problems"]),
        "most_shown": SHOWN,
    }


def _place(problem: Problem) -> str:
    column = f"{problem.column or ''} ({problem.letter})" if problem.letter else problem.column or ""
    return ", ".join(part for part in (f"row {problem.row}" if problem.row is not None else "", column.strip()) if part) or "the whole file"


@for_people
def import_errors(request: HttpRequest) -> HttpResponse:
    """Every problem of the last check as CSV: file, sheet, row, column, what is wrong, what to do. Only the header where there is none."""
    found = kept(request)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows([_cell(one[name]) for name in FIELDS] for one in (found.report["problems"] if found else []))
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="import-errors.csv"'
    return response


def _cell(value: Any) -> str:
    """A cell; one that a spreadsheet would read as a formula begins with an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
