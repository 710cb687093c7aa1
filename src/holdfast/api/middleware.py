"""What every request to the API goes through: limits, the token, the identity of its person, and one answer a key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse

from holdfast.ledger.access import Viewer, viewing
from holdfast.people.accounts import AccountAdapter
from holdfast.people.models import ApiToken, Person, TokenScope
from holdfast.people.tokens import TokenRefused, TooManyRefused, identify
from holdfast.people.usage import Usage, count_use

from .once import answer_once
from .problems import MEDIA, explain, problem

PREFIX = "/api/"
#: what says nothing of anybody's record, and is read before one has a token
OPEN = {"/api/v1/openapi.json"}
READS = {"GET", "HEAD", "OPTIONS"}
UPLOADS = {"application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream"}
Respond = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Caller:
    """Who asks: a token, and the person it is."""

    token: ApiToken
    person: Person


class ApiRequest(HttpRequest):
    """A request that a token opened."""

    caller: Caller
    upload: bytes
    withheld: frozenset[str]


def without_cookies(respond: Respond) -> Respond:
    """Middleware: the API reads no cookie, so a browser that is signed in opens nothing in it, and no other site can make it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PREFIX):
            request.COOKIES = {}
        return respond(request)

    return middleware


class ApiRequests:
    """A request to the API is one transaction, as the person of its token; whatever is answered, a problem is said in the API's own form."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.respond(request)
        try:
            response = self._answer(request)
        except (TokenRefused, DatabaseError) as error:
            response = _refusal(request, error)
        response = in_our_form(response)
        response["Cache-Control"] = "no-store"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        address = address_of(request)
        used = count_use(f"address {address}", settings.HOLDFAST_API_ADDRESS_RATE)
        if used.is_over:
            return too_many(used)
        if request.path_info in OPEN and request.method in READS:
            return self.respond(request)
        token = identify(secret_in(request), address)
        used = count_use(f"token {token.pk}", settings.HOLDFAST_API_RATE)
        if used.is_over:
            return too_many(used)
        if request.method not in READS and token.scope != TokenScope.WRITE:
            return problem(403, "read_only_token", "This token is for reading only.", advice="Make one for writing.")
        return read_body(request) or self._as_its_person(request, token)

    def _as_its_person(self, request: HttpRequest, token: ApiToken) -> HttpResponse:
        key = token.account.person_id
        assert key is not None  # a token of nobody opens nothing
        with viewing(Viewer.person(key)):
            person = Person.objects.select_related("organisation").get(pk=key)
            request.caller = Caller(token, person)  # type: ignore[attr-defined]
            response = self.respond(request) if request.method in READS else answer_once(request, token.account, self.respond)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as far as signing in knows it too; behind a socket nobody does, and all share a limit."""
    try:
        return str(AccountAdapter().get_client_ip(request))
    except PermissionDenied:
        return "unknown"


def secret_in(request: HttpRequest) -> str:
    """The secret that a request shows. Raises `TokenRefused`, of which nothing is written: there is nothing to look into."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise NothingShown("The request shows no token.")
    return secret.strip()


class NothingShown(TokenRefused):
    """There is no token in the request."""


def read_body(request: HttpRequest) -> HttpResponse | None:
    """Read what is sent before the transaction opens, which a slow sender must not hold; an answer when it is too large."""
    if (request.content_type or "") not in UPLOADS:
        try:
            _ = request.body
        except RequestDataTooBig:
            return problem(413, "too_large", "The request is larger than is read.")
        return None
    most = settings.HOLDFAST_API_UPLOAD_MB * 1024 * 1024
    content = request.read(most + 1)
    if len(content) > most:
        return problem(413, "too_large", f"The file is larger than {settings.HOLDFAST_API_UPLOAD_MB} MB.", advice="Split it, or use `holdfast import`.")
    request.upload = content  # type: ignore[attr-defined]
    return None


def too_many(used: Usage) -> HttpResponse:
    """The answer to one request too many in a minute."""
    said = f"More than {used.limit} requests in a minute."
    return problem(429, "too_many_requests", said, advice="Wait as Retry-After says.", headers={"Retry-After": str(used.seconds_left)})


def _refusal(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, TooManyRefused):
        return problem(429, "too_many_refused", str(error), advice="Look for the script that shows an old token.", headers={"Retry-After": "900"})
    if isinstance(error, TokenRefused):
        headers = {"WWW-Authenticate": 'Bearer realm="Holdfast"'}
        return problem(401, "token_refused", str(error), advice="Authorization: Bearer, and a token from `holdfast token create`.", headers=headers)
    return explain(request, error)


SAID = {
    404: ("no_such_address", "There is no such address in the API."),
    405: ("method_not_offered", "This address does not offer that method."),
    400: ("not_readable", "The request cannot be read."),
    413: ("too_large", "The request is larger than is read."),
    503: ("unavailable", "The database is away. What was not answered was not written: ask again with the same key."),
}


def in_our_form(response: HttpResponse) -> HttpResponse:
    """A problem that something below us answered with a page, as a problem of ours; headers such as Allow stay."""
    if response.status_code < 400 or response.get("Content-Type", "").startswith(MEDIA):
        return response
    code, detail = SAID.get(response.status_code, ("failed", "Something failed here. Nothing was written; the server's log says what."))
    kept = {name: value for name, value in response.items() if name in {"Allow", "Retry-After"}}
    return problem(response.status_code, code, detail, headers=kept)
