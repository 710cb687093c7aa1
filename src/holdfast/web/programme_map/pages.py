"""The programme map: sites, what each does, what moves between them, and what is out of date."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.batch.queries import lanes_of
from holdfast.figures.figure import Figure
from holdfast.figures.programme_map import Flow, Place
from holdfast.figures.programme_map import programme_map as drawn_map
from holdfast.kernel.clock import today
from holdfast.ledger.models import Programme
from holdfast.people.models import Site
from holdfast.release.reliance import Reliance, sites_of

from ..access import for_people, signed_in
from ..figure_file import figure_file
from ..templatetags.holdfast import words

#: the column of an activity, from starting material to the patient
STAGES = {
    "collection": 0,
    "plasmid_manufacture": 0,
    "vector_manufacture": 0,
    "drug_substance_manufacture": 1,
    "drug_product_manufacture": 1,
    "labelling": 1,
    "storage": 2,
    "release_testing": 2,
    "importation": 3,
    "certification": 3,
}
LAST = 3


@for_people
def programme_map(request: HttpRequest) -> HttpResponse:
    """A map for each programme that the viewer sees, as far as its work is theirs to see."""
    context = signed_in(request)
    maps = [_map(programme) for programme in context["programmes"]]
    return render(request, "programme_map/programme_map.html", context | {"maps": maps, "today": today()})


@for_people
def programme_map_file(request: HttpRequest, programme: int, form: str) -> HttpResponse:
    """The map as data (csv) or as its graph (json)."""
    found = Programme.objects.filter(pk=programme).first()
    if found is None:
        raise Http404("There is no such programme, or it is not yours to see.")
    return figure_file(_map(found)["figure"], form, f"{found.number}-map")


def _map(programme: Programme) -> dict[str, Any]:
    sites = sites_of(programme, today())
    lanes = lanes_of(programme)
    known = {one.site.pk for one in sites}
    others = Site.objects.filter(pk__in={site for lane in lanes for site in lane[:2]} - known).select_related("organisation")
    sites += [Reliance(site) for site in others]
    places = tuple(_place(one) for one in sites)
    return {
        "programme": programme,
        "figure": _figure(programme, places, lanes),
        "sites": [(one, one.out_of_date(today())) for one in sites],
        "reliances": sites,
    }


def _figure(programme: Programme, places: tuple[Place, ...], lanes: list[tuple[int, int, int, int, int]]) -> Figure | None:
    return drawn_map(f"map-{programme.pk}", programme.number, places, tuple(Flow(*lane) for lane in lanes))


def _place(one: Reliance) -> Place:
    return Place(
        key=one.site.pk,
        name=one.site.name,
        country=one.site.country,
        activities=tuple(words(activity).capitalize() for activity in one.activities),
        stage=min((STAGES.get(activity, LAST) for activity in one.activities), default=LAST),
        marks=tuple(one.out_of_date(today())),
        address=f"#site-{one.site.pk}",
    )
