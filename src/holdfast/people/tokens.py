"""Tokens: what a script shows in the place of a sign-in. A token is one person, for some time, and dies with their account."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from holdfast.kernel.clock import now, today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import Programme

from .models import Account, ApiToken, Role, SignInAttempt, TokenScope
from .policy import holding
from .signing import Confirmed, confirm_identity

BEGINS = "hf_"  # so that a secret that was published by mistake is found by who looks for such
BYTES = 32
DAYS, MOST_DAYS = 90, 366
#: tokens refused from one address within 15 minutes, after which further refusals are neither looked into nor written down
LOCKED_AFTER = 20
LOCKED_FOR = timedelta(minutes=15)
NOTED_EVERY = timedelta(hours=1)
#: who writes in the ledger what concerns a token: also of a person who only looks, and who could write nothing
DOOR = Actor.operator("the tokens of the API")


class TokenRefused(Refused):
    """The token opens nothing; the message says why."""


class TooManyRefused(TokenRefused):
    """So many tokens from this address were refused lately that another is not looked into."""


@dataclass(frozen=True)
class NewToken:
    """A token that was just made, with the secret that is shown this once."""

    token: ApiToken
    secret: str


def digest_of(secret: str) -> str:
    """What is kept of a secret: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def create_token(confirmed: Confirmed, *, name: str, scope: str = TokenScope.READ, days: int = DAYS) -> NewToken:
    """Make a token for a person who has just proved their identity. Raises `Refused`."""
    account = confirmed.account
    if not name.strip() or len(name) > 80:
        raise Refused("A token needs a name of at most 80 characters that says what uses it.")
    if scope not in TokenScope.values or not 1 <= days <= MOST_DAYS:
        raise Refused(f"A token is for {' or '.join(TokenScope.values)}, and lasts 1 to {MOST_DAYS} days.")
    secret, moment = BEGINS + secrets.token_urlsafe(BYTES), now()
    with transaction.atomic():
        token = ApiToken.objects.create(
            account=account, name=name.strip(), scope=scope, secret_digest=digest_of(secret), created_at=moment, expires_at=moment + timedelta(days=days)
        )
        note(account, "create API token", f"{describe(token)} of {account.email}")
    return NewToken(token, secret)


def revoke_token(token: ApiToken, *, by: str, reason: str) -> ApiToken:
    """End a token at once; `by` is the printed name of whoever ends it. Raises `Refused` when it is revoked already, or no reason is given."""
    if not reason.strip():
        raise Refused("Say why the token is revoked.")
    with transaction.atomic():
        locked = ApiToken.objects.select_for_update(of=("self",)).select_related("account").get(pk=token.pk)
        if locked.revoked_at is not None:
            raise Refused(f"The token {locked.name} was revoked already.")
        locked.revoked_at = now()
        locked.save(update_fields=["revoked_at"])
        note(locked.account, "revoke API token", f"{describe(locked)} of {locked.account.email}, by {by}: {reason}")
    return locked


def revoke_tokens(account: Account) -> int:
    """End every token of an account that is being closed; returns how many there were. Why it is closed stands in the ledger already."""
    return ApiToken.objects.filter(account=account, revoked_at__isnull=True).update(revoked_at=now())


def live_tokens() -> QuerySet[ApiToken]:
    """Tokens that open something now."""
    return ApiToken.objects.filter(revoked_at__isnull=True, expires_at__gt=now(), account__is_active=True)


def describe(token: ApiToken) -> str:
    """A token in a line, without anything that opens."""
    return f"token {token.pk} “{token.name}” ({token.get_scope_display().lower()}, until {token.expires_at:%Y-%m-%d})"


def identify(secret: str, address: str) -> ApiToken:
    """The token with this secret, when it opens something.

    Raises `TokenRefused`, which is counted for the address and stands in the ledger of the person's programmes, or `TooManyRefused`. What was shown as a
    secret is never written: it may be a password in the wrong place. A token that opens is never locked out by others from its address.
    """
    token = ApiToken.objects.filter(secret_digest=digest_of(secret)).select_related("account").first()
    problem = _problem(token)
    if problem or token is None:
        _refuse(token, problem, address)
        raise TokenRefused(problem)
    if token.last_used_at is None or token.last_used_at < now() - NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now())
    return token


def _problem(token: ApiToken | None) -> str:
    if token is None:
        return "There is no such token."
    if token.revoked_at is not None:
        return "The token was revoked."
    if token.expires_at <= now():
        return f"The token expired on {token.expires_at:%Y-%m-%d}."
    if not token.account.is_active or token.account.person_id is None:
        return "The log-in that the token belongs to is closed."
    return ""


def _refuse(token: ApiToken | None, problem: str, address: str) -> None:
    tried = SignInAttempt.objects.filter(login_digest=digest_of(f"API {address}"), attempted_at__gte=now() - LOCKED_FOR).count()
    if tried >= LOCKED_AFTER:
        raise TooManyRefused(f"{LOCKED_AFTER} tokens from this address were refused within 15 minutes.")
    SignInAttempt.objects.create(login_digest=digest_of(f"API {address}"), attempted_at=now())
    who = f"{describe(token)} of {token.account.email}" if token else "an unknown token"
    note(token.account if token else None, "API token refused", f"{who} from {address}: {problem}")


def programmes_of(account: Account) -> list[Programme]:
    """Programmes on which the person behind a log-in holds a role today, by number: in their ledgers stands what concerns its tokens."""
    with viewing(Viewer.operator()):
        held = Role.objects.filter(holding(today()), person=account.person_id).values("programme")
        return list(Programme.objects.filter(pk__in=held).order_by("number")) if account.person_id else []


def note(account: Account | None, action: str, reason: str) -> None:
    """Write what concerns a log-in in the ledger of each of its programmes, or of none."""
    concerned: list[Programme | None] = [*(programmes_of(account) if account else [])] or [None]
    for programme in concerned:
        with transaction.atomic(), change_set(DOOR, action=action, reason=reason, programme=programme):
            pass


def confirm_for_token(account: Account, password: str, code: str = "") -> Confirmed:
    """Ask identity again, of whoever would have a token. Raises `IdentityRefused`, and `Refused` for a person to whom a token would open nothing."""
    programmes = programmes_of(account)
    if not programmes:
        raise Refused("Whom this log-in belongs to holds no role on a programme today, so a token would open nothing.")
    return confirm_identity(account, password, code, programme=programmes[0])


def tokens_of(account: Account) -> QuerySet[ApiToken]:
    """Every token of a log-in, the newest first."""
    return ApiToken.objects.filter(account=account).order_by("-pk")
