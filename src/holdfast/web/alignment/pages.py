"""The alignment matrix of a product, and the form on which a person says why one difference is there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import sees_whole, writes_whole
from holdfast.ledger.changes import change_set
from holdfast.people.models import Person, Role
from holdfast.people.policy import CLASS_ROLES, holding, may_class_differences, roles_held
from holdfast.people.signing import actor_of
from holdfast.programme.actions.class_difference import WHO, WhichDifference, class_difference
from holdfast.programme.models import DifferenceDecision
from holdfast.programme.queries.alignment import ClassedDifference, alignment_of

from ..access import for_people, signed_in
from ..products import chosen_product, products
from .rows import shown_pair

WHOLE = "The comparison rests on the whole programme, of which you see a part: a hidden registration would look like agreement."
CLASSES = {
    "legal": "Law or an authority of one region asks for it",
    "scientific": "Data or the way the product is used there call for it",
    "historical": "It came about, and nothing calls for it today",
}


@for_people
def alignment(request: HttpRequest) -> HttpResponse:
    """Every pair of a US and an EU registration of a product: what differs and why, what nobody can tell, what one specification would need."""
    known = products()
    product = chosen_product(known, request.GET.get("product", ""))
    context: dict[str, Any] = {"products": known, "product": product, "today": today()}
    if product is not None:
        context["sees_whole"] = sees_whole(product.programme.number)
    if product is not None and context["sees_whole"]:
        matrix = alignment_of(product, today())
        context |= {
            "pairs": [shown_pair(pair, _address(product)) for pair in matrix.pairs],
            "regions": sorted({side.region for side in matrix.sides}),
            "may_class": _may_class(request, product),
        }
    return render(request, "alignment/alignment.html", signed_in(request) | context)


def _address(product: Any) -> str:
    return reverse("difference", args=[product.pk])


def _may_class(request: HttpRequest, product: Any) -> bool:
    person: Any = request.user.person  # type: ignore[union-attr]
    return may_class_differences(roles_held(person, product.programme, today())) and writes_whole(product.programme.number)


@for_people
def difference(request: HttpRequest, key: int) -> HttpResponse:
    """One difference, with a form to say why it is there, who owns it and what becomes of it."""
    product = chosen_product(products(), str(key))
    why = WHOLE if not sees_whole(product.programme.number) else WHO if not _may_class(request, product) else ""  # type: ignore[union-attr]
    if why:
        return render(request, "403.html", signed_in(request) | {"why": why}, status=403)
    which = WhichDifference(*(request.GET.get(name, "").replace("\0", "")[:200] for name in ("left", "right", "subject", "aspect")))
    problem = ""
    if request.method == "POST":
        try:
            return _classed(request, product, which)
        except Refused as refusal:
            problem = str(refusal)
    context = _form(request, product, which) | {"problem": problem}
    return render(request, "alignment/difference.html", signed_in(request) | context, status=422 if problem else 200)


def _classed(request: HttpRequest, product: Any, which: WhichDifference) -> HttpResponse:
    given = {name: str(text).replace("\0", "").replace("\r\n", "\n") for name, text in request.POST.items()}
    person: Any = request.user.person  # type: ignore[union-attr]
    owner = next((one for one in _owners(product) if str(one.pk) == given.get("owner")), None)
    if owner is None:
        raise Refused("Choose who owns the difference.")
    if not given.get("rationale", "").strip():
        raise Refused("Say why the difference is there.")
    with change_set(actor_of(person), action="class difference", reason=given["rationale"].strip(), programme=product.programme) as opened:
        kept = class_difference(
            opened,
            product,
            which,
            difference_class=given.get("difference_class", ""),
            owner=owner,
            rationale=given["rationale"],
            decision=given.get("decision", ""),
            seen=(given.get("seen_left", ""), given.get("seen_right", "")),
        )
    messages.success(request, f"The {which} is recorded as {kept.difference_class}: {kept.get_decision_display().lower()}, owned by {owner.printed_name}.")
    return redirect(f"{reverse('alignment')}?{urlencode({'product': product.pk})}")


def _form(request: HttpRequest, product: Any, which: WhichDifference) -> dict[str, Any]:
    found = _found(product, which)
    given = request.POST
    person: Any = request.user.person  # type: ignore[union-attr]
    standing = {"difference_class": found.difference_class, "decision": found.decision, "rationale": "" if found.outdated else found.rationale}
    owners = _owners(product)
    owned = next((one.pk for one in owners if one.printed_name == found.owner), person.pk)
    return {
        "product": product,
        "which": which,
        "found": found,
        "classes": CLASSES,
        "decisions": DifferenceDecision.choices,
        "owners": owners,
        "given": {name: given.get(name, text) for name, text in standing.items()} | {"owner": given.get("owner", str(owned))},
        "crumbs": [("US and EU", f"{reverse('alignment')}?product={product.pk}"), (found.difference.name, "")],
    }


def _found(product: Any, which: WhichDifference) -> ClassedDifference:
    """The difference as it stands today. Raises `Http404` when there is none: it was brought into line, or nobody can tell."""
    for pair in alignment_of(product, today()).pairs:
        if (pair.left.name, pair.right.name) == (which.left, which.right):
            for one in pair.differences:
                if one.difference.key == (which.subject, which.aspect):
                    return one
    raise Http404("There is no such difference today: it was brought into line, or nobody can tell.")


def _owners(product: Any) -> list[Any]:
    """Who may own a difference: people who hold a role on the programme that lets them class one."""
    roles = Role.objects.filter(holding(today()), programme=product.programme_id, role__in=CLASS_ROLES)
    return list(Person.objects.filter(pk__in=roles.values("person")).select_related("organisation").order_by("printed_name", "number"))
