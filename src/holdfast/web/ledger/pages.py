"""The ledger: what was done, by whom and why, exceptions first; and one change set with everything in it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.ledger.browsing import NotAPlaceInTheLedger, ledger_page, reasons_of
from holdfast.ledger.describing import changed_rows, seal_state
from holdfast.ledger.exceptions import LATE_AFTER_DAYS
from holdfast.ledger.models import ChangeSet, ExceptionKind, Programme, RowChange, Signature
from holdfast.people.models import Person
from holdfast.people.queries import roles_on_day

from ..access import for_people, signed_in
from .asked import AskedOfLedger


@for_people
def ledger(request: HttpRequest) -> HttpResponse:
    """Change sets that the viewer sees, narrowed and ordered as the address says."""
    asked = AskedOfLedger.of(request.GET)
    try:
        page = ledger_page(asked.wanted(), asked.after)
    except NotAPlaceInTheLedger as error:
        raise Http404(str(error)) from error
    kinds = [(kind.label, kind.value, asked.but(kind=kind.value).address(), asked.kind == kind.value, page.counts[kind.value]) for kind in ExceptionKind]
    context = {
        "page": page,
        "asked": asked,
        "kinds": kinds,
        "every": asked.but(kind="").address(),
        "by_time": asked.but(order="time", kind="").address(),
        "first_exceptions": asked.but(order="", kind="").address(),
        "after": asked.but(after=page.after).address() if page.after else "",
        "before": asked.but().address() if asked.after else "",
        "late_days": LATE_AFTER_DAYS,
        "crumbs": None,
    }
    return render(request, "ledger/ledger.html", signed_in(request) | context)


@for_people
def change_set_page(request: HttpRequest, key: int) -> HttpResponse:
    """One change set: who, in which role, why, what it is an exception for, what it signed, every row with old and new values, and its seal."""
    made = ChangeSet.objects.filter(pk=key).first()
    if made is None:
        raise Http404("There is no such change set, or it is not yours to see.")
    after = request.GET.get("after", "")
    if after and not (after.isdecimal() and len(after) < 19):
        raise Http404("This is no place in the change set.")
    rows, following = changed_rows(made, int(after or 0))
    actor = Person.objects.select_related("organisation").filter(pk=made.actor_id).first() if made.actor_id else None
    context = signed_in(request) | {
        "made": made,
        "actor": actor,
        "actor_roles": roles_on_day(actor, made.recorded_at.date(), made.programme_id) if actor else [],
        "programme": Programme.objects.filter(pk=made.programme_id).first() if made.programme_id else None,
        "reasons": reasons_of([made]).get(made.pk, []),
        "signatures": _signatures(made),
        "rows": rows,
        "next": f"?after={following}" if following else "",
        "is_first": not after,
        "seal": seal_state(made),
        "crumbs": [("Ledger", "/ledger/"), (f"Change set {made.pk}", "")],
    }
    return render(request, "ledger/change_set.html", context)


def _signatures(made: ChangeSet) -> list[Any]:
    """Signatures that were made in a change set."""
    keys = RowChange.objects.filter(change_set=made, table_name=Signature._meta.db_table).values_list("row_id", flat=True)
    return list(Signature.objects.filter(pk__in=list(keys)).select_related("record").defer("content").order_by("pk"))
