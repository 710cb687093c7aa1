"""What a signed-in person sees stays out of every cache."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

Respond = Callable[[HttpRequest], HttpResponseBase]


def private_pages(respond: Respond) -> Respond:
    """Middleware: no cache, on this machine or between, keeps a page of somebody who is signed in."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
