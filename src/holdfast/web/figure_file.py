"""A figure to take along: its data, or what it was drawn from."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from holdfast.figures.figure import Figure

FORMS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def figure_file(figure: Figure | None, form: str, name: str) -> HttpResponse:
    """The file under a name; 404 where there is no figure to draw, or no such form of one."""
    if figure is None or form not in FORMS:
        raise Http404("There is no such figure.")
    response = HttpResponse(figure.csv if form == "csv" else figure.json, content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
