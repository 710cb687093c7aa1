"""Reviews of the audit trail: those there are, a new one to read and sign, and one as it was signed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.browsing import lines_of
from holdfast.ledger.models import ChangeSet, LedgerException
from holdfast.ledger.seals import seal, size
from holdfast.people.policy import QUALITY_ROLES, may_review_audit_trail, programmes_where, roles_held
from holdfast.people.signing import second_factors
from holdfast.quality.actions import MEANING, sign_audit_trail_review
from holdfast.quality.audit_trail import MOST_EXCEPTIONS, NotAScope, Scope, listing, outdated, reviews, scope_of
from holdfast.quality.models import ReviewScope

from ..access import for_people, signed_in
from ..signing import passkey_answer, passkey_options
from .review_asked import AskedToReview

PAGE = 50
CRUMBS = [("Ledger", "/ledger/"), ("Reviews", "/ledger/reviews/")]
WHY = "A review of the audit trail is signed by whoever holds a quality role (Quality Unit or Qualified Person) on a programme today. You hold none."


@for_people
def review_list(request: HttpRequest) -> HttpResponse:
    """Reviews that the viewer sees, the latest first, and which are out of date."""
    before = request.GET.get("before", "")
    rows = reviews().order_by("-pk")
    if before:
        if not (before.isdecimal() and len(before) < 19):
            raise Http404("This is no place in the list of reviews.")
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    shown, since = found[:PAGE], outdated(found[:PAGE])
    context = {
        "lines": [(review, scope_of(review).said, since.get(review.pk)) for review in shown],
        "next": f"?before={shown[-1].pk}" if len(found) > PAGE else "",
        "may_review": bool(_programmes(request)),
        "is_first": not before,
        "crumbs": [("Ledger", "/ledger/"), ("Reviews", "")],
    }
    return render(request, "ledger/reviews.html", signed_in(request) | context)


def _programmes(request: HttpRequest) -> list[Any]:
    person: Any = request.user.person  # type: ignore[union-attr]
    found = programmes_where(person, {str(role) for role in QUALITY_ROLES}, today())
    return [one for one in found if may_review_audit_trail(roles_held(person, one, today()))]


@for_people
def review_new(request: HttpRequest) -> HttpResponse:
    """Choose a scope; read it, exceptions first, with room for comments; on POST, ask identity again and sign."""
    programmes = _programmes(request)
    if not programmes:
        return render(request, "403.html", signed_in(request) | {"why": WHY}, status=403)
    asked, status = AskedToReview.of(request.GET), 200
    context: dict[str, Any] = {"asked": asked, "programmes_of_mine": programmes, "scopes": ReviewScope.choices, "crumbs": [*CRUMBS, ("New", "")]}
    if asked.kind:
        try:
            scope = asked.scope(programmes)
            if request.method == "POST":
                try:
                    return redirect("audit_trail_review", key=_sign(request, scope).pk)
                except Refused as refusal:
                    context["problem"], status = str(refusal), 422
            context |= _reading(request, scope)
        except NotAScope as refusal:
            context["wrong_scope"], status = str(refusal), 422
    return render(request, "ledger/review_new.html", signed_in(request) | context, status=status)


def _reading(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """What there is to read: what has no place in the tree yet gets one first, so that the review can say how far it reached."""
    seal(wait=False)
    reader: Any = request.user
    found = listing(scope, _leaves(request), reader.person_id)
    given = {name.removeprefix("comment-"): text for name, text in request.POST.items() if name.startswith("comment-")}
    return {
        "scope": scope,
        "found": found,
        "exceptions": [(line, given.get(str(line.made.pk), "")) for line in found.exceptions],
        "others": [(line, given.get(str(line.made.pk), "")) for line in found.others],
        "not_listed": found.total - found.exceptional - len(found.others),
        "is_too_much": found.exceptional > MOST_EXCEPTIONS,
        "most": MOST_EXCEPTIONS,
        "elsewhere": _elsewhere(scope),
        "meaning": MEANING,
        "conclusion": request.POST.get("conclusion", ""),
        "second_factors": second_factors(request.user),
        "passkey_options": passkey_options(request),
    }


def _elsewhere(scope: Scope) -> str:
    """The ledger narrowed to the scope, as far as it can be, for what is not listed here."""
    if scope.kind == ReviewScope.PERIOD:
        return f"?since={scope.from_day}&until={scope.to_day}&order=time"
    return f"?record={scope.lot.record.number}&order=time" if scope.lot else "?order=time"


def _leaves(request: HttpRequest) -> int:
    """How much of the tree the reader saw: on POST what the page said, otherwise all there is."""
    said = str(request.POST.get("leaves", ""))
    return min(int(said), size()) if said.isdecimal() and len(said) < 19 else size()


def _sign(request: HttpRequest, scope: Scope) -> Any:
    given = request.POST
    comments = {int(name.removeprefix("comment-")): str(text) for name, text in given.items() if name.startswith("comment-") and name[8:].isdecimal()}
    return sign_audit_trail_review(
        request.user,  # type: ignore[arg-type]
        str(given.get("password", "")),
        scope,
        leaves=_leaves(request),
        conclusion=str(given.get("conclusion", "")).replace("\0", ""),
        comments={key: text.replace("\0", "") for key, text in comments.items()},
        code=str(given.get("code", "")),
        passkey=passkey_answer(str(given.get("passkey", ""))),
    )


@for_people
def review_page(request: HttpRequest, key: int) -> HttpResponse:
    """A review as it was signed, with what was said of each change set; and whether something was entered in its scope since."""
    found = reviews().filter(pk=key).first()
    if found is None:
        raise Http404("There is no such review, or it is not yours to see.")
    scope = scope_of(found)
    comments = dict(found.comments.order_by("of_change_set").values_list("of_change_set", "comment"))
    covered = scope.change_sets().filter(leaf__index__lt=found.leaves)
    exceptional = covered.filter(pk__in=LedgerException.objects.values("change_set")).order_by("-pk")[:MOST_EXCEPTIONS]
    told = {made.pk: made for made in exceptional} | ChangeSet.objects.in_bulk(list(comments))
    context = {
        "review": found,
        "said": scope.said,
        "later": outdated([found]).get(found.pk),
        "lines": [(line, comments.get(line.made.pk, "")) for line in lines_of([told[key] for key in sorted(told, reverse=True)])],
        "crumbs": [*CRUMBS, (found.record.number, "")],
    }
    return render(request, "ledger/review.html", signed_in(request) | context)
