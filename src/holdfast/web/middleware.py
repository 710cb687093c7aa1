"""What every request gets: a strict content security policy, and the identity of who is signed in."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.seals import seal

POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
LOG = logging.getLogger(__name__)
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


class LimitedSessions:
    """A session ends when nobody has used it for a while, and after a working day whoever uses it."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            moment, session = int(time.time()), request.session
            idle, whole = settings.HOLDFAST_IDLE_MINUTES * 60, settings.HOLDFAST_SESSION_HOURS * 3600
            if moment - session.get("seen", moment) > idle or moment - session.setdefault("began", moment) > whole:
                logout(request)
                messages.info(request, "You were signed out because the session was idle or old. Nothing was lost: sign in again.")
                return redirect_to_login(request.get_full_path())
            if moment - session.get("seen", 0) >= 60:
                session["seen"] = moment
        return self.respond(request)


class SealedRequests:
    """After a request that may have written, its change sets get their place in the tree: nobody waits for it, and nobody must remember it."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            try:
                seal(wait=False)
            except DatabaseError as error:  # what was answered is done; its place in the tree waits for the next one who seals
                LOG.warning("Not sealed yet: %s", error)
        return response
