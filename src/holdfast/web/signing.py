"""What every page that signs needs: a challenge for the signer's passkeys, and its answer read."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest

from holdfast.kernel.errors import Refused
from holdfast.people.signing import second_factors


def passkey_options(request: HttpRequest) -> dict[str, Any] | None:
    """A fresh challenge for the signer's passkeys; its state waits in the session and is good for one answer. None where no passkey is enrolled."""
    if Authenticator.Type.WEBAUTHN not in second_factors(request.user):
        return None
    return {"request_options": begin_authentication(request.user)}  # type: ignore[arg-type]


def passkey_answer(answer: str) -> dict[str, Any] | None:
    """A passkey's answer as it was posted; None where there is none. Raises `Refused` for one that cannot be read."""
    if not answer:
        return None
    try:
        read = json.loads(answer)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise Refused("The passkey's answer cannot be read. Nothing was signed.")
    return read
