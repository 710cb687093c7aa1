"""Addresses: signing in and out, and the screens."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("holdfast.web.urls")),
]
