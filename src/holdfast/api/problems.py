"""From what went wrong to the answer that says so."""

from __future__ import annotations

from collections.abc import Sequence
from http.client import responses
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError

from holdfast.exchange.report import ImportReport
from holdfast.kernel.errors import HoldfastError, Problems, Refused
from holdfast.kernel.errors import Problem as WrongPlace
from holdfast.ledger.changes import SIGNED, sqlstate
from holdfast.ledger.outage import database_trouble
from holdfast.ledger.seals import NotSealedYet
from holdfast.people.signing import IdentityRefused
from holdfast.release.actions import AlreadyDecided, DecisionRefused
from holdfast.standards.verdict import RuleAnswer

from .schema.problem import Place, Problem, StandingRule

MEDIA = "application/problem+json"
#: how the database says that this row is not this person's to write: by a row-level policy, and by a guard
NOT_YOURS_TO_WRITE = {"42501", "HF011"}
READ_ONLY = "25006"
NOT_YOURS = "There is nothing of that name, or it is not yours to see."


class NotAllowed(Refused):
    """Who asks may not do this; the message says who may."""


class ImportRefused(Refused):
    """What came in has problems, and nothing was written."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(f"{len(report.problems)} problems: nothing was written.")
        self.report = report


def problem(status: int, code: str, detail: str, *, advice: str = "", headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
    """An answer that says what is wrong."""
    said = Problem(title=responses.get(status, "Error"), status=status, code=code, detail=detail, advice=advice, **more)
    return HttpResponse(said.model_dump_json(exclude_none=True), status=status, content_type=MEDIA, headers=headers)


def explain(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """The answer to an error that means something to whoever asks. What means nothing is raised again, and becomes a 500 without details."""
    for kind, answer in ANSWERS.items():
        if isinstance(error, kind):
            found: HttpResponse | None = answer(error)
            if found is not None:
                return found
    raise error


def _identity(error: Exception) -> HttpResponse:
    return problem(403, "identity_not_proved", str(error), advice="Send the password again, and the code where an authenticator is enrolled, with a new key.")


def _refused(error: Exception) -> HttpResponse:
    """A refusal; one in which the database said that it is not theirs to write is about who asks, and not about what they sent."""
    cause = error.__cause__
    if isinstance(cause, DatabaseError) and sqlstate(cause) in NOT_YOURS_TO_WRITE:
        return problem(403, "not_allowed", str(error))
    return problem(422, "refused", str(error))


def _refused_decision(error: Exception) -> HttpResponse:
    assert isinstance(error, DecisionRefused)
    status, code = (409, "already_decided") if isinstance(error, AlreadyDecided) else (422, "decision_refused")
    return problem(status, code, str(error), rules=[standing(rule) for rule in error.rules])


def standing(rule: RuleAnswer) -> StandingRule:
    """A rule in the way, as an answer shows it."""
    return StandingRule(id=rule.id, title=rule.title, answer=rule.answer, severity=rule.severity, override=rule.override, says=rule.says)


def _refused_import(error: Exception) -> HttpResponse:
    assert isinstance(error, ImportRefused)
    shown = {name: value for name, value in error.report.as_dict().items() if name != "problems"}
    return problem(422, "import_refused", str(error), advice="Correct what is named and send it again.", problems=places(error.report.problems), report=shown)


def places(problems: Sequence[WrongPlace]) -> list[Place]:
    """Problems of an import, by their place."""
    return [Place(**one.as_dict()) for one in problems]


def _invalid(error: Exception) -> HttpResponse:
    assert isinstance(error, ValidationError)
    found = [Place(message=str(one["msg"]), field=".".join(str(part) for part in one["loc"])) for one in error.errors]
    return problem(422, "not_valid", "; ".join(f"{one.field}: {one.message}" for one in found) or "The request is not valid.", problems=found)


def _database(error: Exception) -> HttpResponse | None:
    assert isinstance(error, DatabaseError)
    state, trouble = sqlstate(error), database_trouble(error)
    if trouble:
        return problem(503, "unavailable", trouble, headers={"Retry-After": "30"})
    if state == READ_ONLY:
        return problem(503, "read_only", "This server only reads. Send writes to the one it follows.", headers={"Retry-After": "300"})
    if state in NOT_YOURS_TO_WRITE:
        return problem(403, "not_allowed", "Your organisation's grant and your roles do not let you write this.")
    if state == SIGNED:
        return problem(409, "signed", str(error).splitlines()[0], advice="A correction is a new version.")
    if isinstance(error, IntegrityError | DataError):
        return problem(422, "not_kept", f"The database refuses it: {str(error).splitlines()[0]}")
    return None


#: kinds of error, the particular before the general, and what each is answered with
ANSWERS: dict[type[Exception], Any] = {
    IdentityRefused: _identity,
    DecisionRefused: _refused_decision,
    ImportRefused: _refused_import,
    NotSealedYet: lambda error: problem(503, "not_sealed_yet", str(error), headers={"Retry-After": "5"}),
    NotAllowed: lambda error: problem(403, "not_allowed", str(error)),
    Problems: lambda error: problem(422, "refused", "Nothing was written.", problems=places(error.problems)),
    HoldfastError: _refused,
    Http404: lambda error: problem(404, "not_found", str(error) or NOT_YOURS),
    ValidationError: _invalid,
    AuthenticationError: lambda error: problem(401, "token_refused", "The request shows no token."),
    HttpError: lambda error: problem(error.status_code, "not_readable", error.message),
    DatabaseError: _database,
}
