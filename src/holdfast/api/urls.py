"""Addresses of the API."""

from __future__ import annotations

from .application import api

urlpatterns = api.urls[0]
app_name = "ninja"
