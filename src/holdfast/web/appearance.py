"""How pages look to one person: theme and density, kept in cookies so that the server renders them and nothing flickers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .navigation import PLACES, place_of

CHOICES = {"theme": ("system", "light", "dark"), "density": ("comfortable", "compact")}
YEAR = 365 * 24 * 3600


def appearance(request: HttpRequest) -> dict[str, Any]:
    """Context processor: theme, density and the rail. Asks the database nothing, so that error pages have it too."""
    page = request.resolver_match.url_name if request.resolver_match else ""
    return {**{name: _chosen(request, name) for name in CHOICES}, "places": PLACES, "here": place_of(page or "")}


def _chosen(request: HttpRequest, name: str) -> str:
    value = request.COOKIES.get(name, "")
    return value if value in CHOICES[name] else CHOICES[name][0]


@login_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep a choice of appearance and go back to where it was made."""
    given = {name: request.POST[name] for name in CHOICES if name in request.POST}
    if not given or any(value not in CHOICES[name] for name, value in given.items()):
        return HttpResponseBadRequest("Choose a theme (system, light, dark) or a density (comfortable, compact).", content_type="text/plain")
    back = request.POST.get("next", "/")
    response = HttpResponseRedirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) else "/")
    for name, value in given.items():
        response.set_cookie(name, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
    return response
