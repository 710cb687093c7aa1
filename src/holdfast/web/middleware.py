"""What every request gets: a strict content security policy, and the identity of who is signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.seals import seal

POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
Respond = Callable[[HttpRequest], HttpResponse]


class ContentSecurityPolicy:
    """Nothing but our own files, no inline script or style. (`data:` images: the QR code of an authenticator, drawn by the server.)"""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class IdentifiedRequests:
    """A request of a signed-in person is one transaction, identified as that person: every query in it sees what they may see."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = getattr(request.user, "person_id", None) if request.user.is_authenticated else None
        if person is None:
            return self.respond(request)
        with viewing(Viewer.person(person)):
            return self.respond(request)


class SealedRequests:
    """After a request that may have written, its change sets get their place in the tree: nobody waits for it, and nobody must remember it."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            seal(wait=False)
        return response
