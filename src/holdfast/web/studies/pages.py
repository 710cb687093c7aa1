"""Studies: the list, one study with its data, figures and conclusion, and the file that is verified elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from holdfast.documents.report import render_report
from holdfast.ledger.seals import NotSealedYet
from holdfast.study.export import export_study, report_of
from holdfast.study.models import Study, StudyKind
from holdfast.study.queries import Standing, standings
from holdfast.study.queries import studies as standing_studies

from ..access import for_people, signed_in
from .address import Several, address_of_study, find_study
from .reading import read_study
from .report import report_of_page
from .words import WAITS, concluded

PAGE = 50


@dataclass(frozen=True)
class Line:
    """A study in the list: how far it is, and its conclusion in a sentence, or what it waits for."""

    study: Study
    how: Standing
    address: str

    @property
    def sentence(self) -> str:
        report = self.how.report
        return f"{report.get_conclusion_display()}. {report.reason}" if report else WAITS[self.how.state]

    @property
    def sign(self) -> str:
        return concluded(self.how.report.conclusion) if self.how.report else ""


@for_people
def studies(request: HttpRequest) -> HttpResponse:
    """Studies that the viewer sees, the latest first, narrowed by kind and by number."""
    asked = {name: str(request.GET.get(name, "")) for name in ("kind", "number", "before")}
    rows = standing_studies()
    rows = rows.filter(study_kind=asked["kind"]) if asked["kind"] in StudyKind.values else rows
    rows = rows.filter(record__number=asked["number"]) if asked["number"] else rows
    found = list((rows.filter(pk__lt=_place(asked["before"])) if asked["before"] else rows)[: PAGE + 1])
    shown = found[:PAGE]
    how, context = standings(shown), signed_in(request)
    several = len(context["programmes"]) > 1
    context |= {
        "lines": [Line(one, how[one.pk], address_of_study(one.record.number, one.programme.number if several else "")) for one in shown],
        "asked": asked,
        "kinds": StudyKind.choices,
        "next": _address(asked, before=str(shown[-1].pk)) if len(found) > PAGE else "",
        "first": _address(asked, before="") if asked["before"] else "",
        "is_narrowed": bool(asked["kind"] or asked["number"]),
    }
    return render(request, "studies/studies.html", context)


def _place(text: str) -> int:
    if not (text.isdecimal() and len(text) < 19):
        raise Http404("This is no place in the list of studies.")
    return int(text)


def _address(asked: dict[str, str], **changed: str) -> str:
    return "?" + urlencode({name: value for name, value in (asked | changed).items() if value})


@for_people
def study(request: HttpRequest, number: str) -> HttpResponse:
    """One study: protocol, data, what its methods answered, what was left out, and what would change its conclusion."""
    try:
        found = find_study(number, str(request.GET.get("programme", "")))
    except Several:
        return redirect(_named(number))
    said = request.GET.get("programme", "")
    context = signed_in(request) | study_context(found) | {"narrowed": f"?{urlencode({'programme': said})}" if said else ""}
    return render(request, "studies/study.html", context)


def _named(number: str) -> str:
    """The list narrowed to the studies of one number, where several programmes have one."""
    return f"{reverse('studies')}?{urlencode({'number': number})}"


def study_context(found: Study) -> dict[str, Any]:
    """What the page and the report of a study show."""
    page = read_study(found)
    report = page.how.report
    return {
        "page": page,
        "study": found,
        "report": report,
        "sign": concluded(report.conclusion) if report else "",
        "waits": WAITS.get(page.how.state, ""),
        "crumbs": [("Studies", reverse("studies")), (found.record.number, "")],
        "lead": found.record.title,
    }


@for_people
def study_report(request: HttpRequest, number: str) -> HttpResponse:
    """The report as a page to read and print, in the order that ICH Q5E expects."""
    programme = str(request.GET.get("programme", ""))
    try:
        found = find_study(number, programme)
    except Several:
        return redirect(_named(number))
    back = address_of_study(number, programme)
    context = {"study": found, "report": report_of_page(read_study(found)), "back": back, "narrowed": back.partition("?")[1] + back.partition("?")[2]}
    context["crumbs"] = [("Studies", reverse("studies")), (number, back), ("Report", "")]
    return render(request, "studies/report.html", signed_in(request) | context)


@for_people
def study_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The same report as PDF."""
    try:
        found = find_study(number, str(request.GET.get("programme", "")))
    except Several:
        return redirect(_named(number))
    response = HttpResponse(render_report(report_of_page(read_study(found))), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(number)}-report.pdf"'
    return response


@for_people
def study_export(request: HttpRequest, number: str) -> HttpResponse:
    """A concluded study with everything it rests on, in one file that `holdfast verify` reads."""
    try:
        report = report_of(find_study(number, str(request.GET.get("programme", ""))))
    except Several:
        return redirect(_named(number))
    if report is None:
        raise Http404("This study is not concluded, so there is nothing signed to export yet.")
    try:
        content = export_study(report, Path(settings.HOLDFAST_KEYS))
    except NotSealedYet as reason:
        return HttpResponse(str(reason), status=503, content_type="text/plain", headers={"Retry-After": "5"})
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{file_name(number)}.zip"'
    return response


def file_name(number: str) -> str:
    """A study's number as the name of a file."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in number)
