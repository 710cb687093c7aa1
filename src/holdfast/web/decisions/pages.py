"""A decision as it was signed, for ever; what changed since; its documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.ledger.seals import NotSealedYet
from holdfast.release.certificate import certificate_of
from holdfast.release.export import export_decision, signatures_of
from holdfast.release.models import Decision
from holdfast.release.queries import decided_verdict, flags_of

from ..access import for_people, signed_in


def find_decision(key: int) -> Any:
    related = ("record", "programme", "lot__record", "signer__organisation", "signature", "dossier__verdict", "register_entry__authorisation__record")
    found = Decision.objects.filter(pk=key).select_related(*related).first()
    if found is None:
        raise Http404("There is no such decision, or it is not yours to see.")
    return found


@for_people
def decision(request: HttpRequest, key: int) -> HttpResponse:
    """The decision, its verdict exactly as signed, its overrides, and the flags that later changes raised."""
    found = find_decision(key)
    context = signed_in(request) | {
        "decision": found,
        "title": f"{found.lot.record.number}: {found.get_outcome_display()}",
        "crumbs": [("Release board", "/"), (found.lot.record.number, f"/batches/{found.lot_id}/"), (found.record.number, "")],
        "verdict": decided_verdict(found),
        "flag": flags_of(found.programme, [found]).get(found.pk),
        "overrides": found.overrides.select_related("person", "second_person"),
        "signatures": signatures_of(found),
        "entry": getattr(found, "register_entry", None),
    }
    return render(request, "decisions/decision.html", context)


@for_people
def certificate(request: HttpRequest, key: int) -> HttpResponse:
    """The document of the decision, as PDF."""
    found = find_decision(key)
    return _file(certificate_of(found, Path(settings.HOLDFAST_KEYS)), f"{found.record.number}.pdf", "application/pdf")


@for_people
def export(request: HttpRequest, key: int) -> HttpResponse:
    """The decision with everything it rests on, in one file that `holdfast verify` reads."""
    found = find_decision(key)
    try:
        return _file(export_decision(found, Path(settings.HOLDFAST_KEYS)), f"{found.record.number}.zip", "application/zip")
    except NotSealedYet as reason:
        return HttpResponse(str(reason), status=503, content_type="text/plain", headers={"Retry-After": "5"})


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
