"""How the sign-in library behaves here: accounts are opened by an administrator, refusals are counted and recorded, sessions are limited.

Every place where a password, a code or a passkey is asked for goes through `admit`: the sign-in page, its second step, and asking again before a second
factor or a password is changed.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError

from .models import SignInAttempt
from .sign_in import admit, forget_refusals, record_refusal

LOCKED = "Signing in is locked after too many attempts. Wait 15 minutes, or ask your administrator."
NOT_RIGHT = "The passkey's answer is not right. Try again, or sign in with your password."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody opens an account for themselves; five refusals lock a log-in for a while, in every process."""

    _attempt: SignInAttempt | None = None

    def is_open_for_signup(self, request: Any) -> bool:  # noqa: ARG002
        return False

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        self._attempt = admitted(_typed(credentials))
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request: Any, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None and self._attempt is not None:
            self._attempt.delete()
        return user

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        record_refusal(_typed(credentials), "the password is not right, or the log-in is closed.", self.get_client_ip(request))

    def login(self, request: Any, user: Any) -> None:
        super().login(request, user)
        forget_refusals(user.email)
        limit_sessions(user, keep=request.session.session_key)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The QR code of an authenticator is on white, so that it can be read on a dark page."""

    def build_totp_svg(self, url: str) -> str:
        drawn = str(super().build_totp_svg(url))
        opening = drawn.index(">", drawn.index("<svg")) + 1
        return f'{drawn[:opening]}<rect width="100%" height="100%" fill="#fff"/>{drawn[opening:]}'


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


def admitted(login: str) -> SignInAttempt:
    """Count an attempt; raises `ValidationError` when the log-in is locked."""
    attempt = admit(login)
    if attempt is None:
        raise ValidationError(LOCKED)
    return attempt


def refused(login: str, problem: str) -> None:
    """Record a refused attempt in the ledger, with the address it came from."""
    record_refusal(login, problem, AccountAdapter().get_client_ip(context.request))


class CountedCode:
    """A wrong code counts like a wrong password, whether it is asked for to sign in or again later."""

    def clean_code(self) -> str:
        attempt = admitted(self.user.email)  # type: ignore[attr-defined]
        try:
            code = str(super().clean_code())  # type: ignore[misc]
        except ValidationError:
            refused(self.user.email, "the code is not right.")  # type: ignore[attr-defined]
            raise
        attempt.delete()
        return code


class CountedPasskey:
    """So does a passkey's answer that is not right. Without a log-in typed before it, the answer itself says whose it claims to be, and is not believed:
    it is recorded, and locks nobody out."""

    def clean_credential(self) -> Any:
        claimed = self.user  # type: ignore[attr-defined]
        attempt = admitted(claimed.email) if claimed else None
        try:
            authenticator = super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            refused(claimed.email if claimed else "", "the passkey's answer is not right.")
            raise ValidationError(NOT_RIGHT) from error
        if attempt is not None:
            attempt.delete()
        elif not authenticator.user.is_active:
            refused(authenticator.user.email, "the log-in is closed.")
            raise ValidationError(NOT_RIGHT)
        return authenticator


class CodeForm(CountedCode, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class CodeAgainForm(CountedCode, ReauthenticateForm):  # type: ignore[misc]
    """A code asked for again, before the second factor changes."""


class PasskeyForm(CountedPasskey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step of signing in."""


class PasskeyAgainForm(CountedPasskey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey asked for again."""


class PasskeyAloneForm(CountedPasskey, LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in with a passkey alone, which has asked its owner for a PIN or a finger."""


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The present password, asked for before it is changed, is counted like any other."""

    def clean_oldpassword(self) -> str:
        attempt = admitted(self.user.email)
        try:
            password = str(super().clean_oldpassword())
        except ValidationError:
            refused(self.user.email, "the present password is not right, so it was not changed.")
            raise
        attempt.delete()
        return password


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
