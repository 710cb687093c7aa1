"""How the sign-in library behaves here: accounts are opened by an administrator, refusals are counted and recorded, sessions are limited."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError

from .sign_in import forget_refusals, is_locked, record_refusal

LOCKED = "Signing in is locked after too many attempts. Wait 15 minutes, or ask your administrator."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody opens an account for themselves; five refusals lock a log-in for a while, in every process."""

    def is_open_for_signup(self, request: Any) -> bool:  # noqa: ARG002
        return False

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        if is_locked(_typed(credentials)):
            raise ValidationError(LOCKED)
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        record_refusal(_typed(credentials), "the password is not right, or the log-in is closed.", self.get_client_ip(request))

    def login(self, request: Any, user: Any) -> None:
        super().login(request, user)
        forget_refusals(user.email)
        limit_sessions(user, keep=request.session.session_key)


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in: a wrong code counts like a wrong password."""

    def clean_code(self) -> str:
        if is_locked(self.user.email):
            raise ValidationError(LOCKED)
        try:
            return str(super().clean_code())
        except ValidationError:
            from allauth.core import context

            record_refusal(self.user.email, "the code is not right.", AccountAdapter().get_client_ip(context.request))
            raise


def limit_sessions(user: Any, keep: str | None) -> None:
    """End the oldest sessions beyond those a log-in may have at once; the one just begun stays."""
    others = [s for s in UserSession.objects.purge_and_list(user) if s.session_key != keep]
    for session in sorted(others, key=lambda s: s.created_at, reverse=True)[max(settings.HOLDFAST_SESSIONS - 1, 0) :]:
        session.end()


def end_sessions(user: Any) -> int:
    """End every session of a log-in; returns how many there were."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)
