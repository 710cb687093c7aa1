"""Addresses: signing in and out, and the screens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import include, path, re_path


def not_offered(_request: HttpRequest) -> HttpResponse:
    """Accounts are opened, renamed and given new passwords by `holdfast user`, never by their visitor or by e-mail."""
    return HttpResponseNotFound("Accounts and forgotten passwords are the administrator's business: ask for `holdfast user`.", content_type="text/plain")


handler500 = "holdfast.web.failing.server_error"
urlpatterns = [
    re_path(r"^accounts/(?:signup|email|confirm-email|password/set|password/reset|login/code)/", not_offered),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("holdfast.api.urls", namespace="api")),
    path("", include("holdfast.web.urls")),
]
