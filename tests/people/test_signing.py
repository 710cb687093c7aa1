"""Identity is asked for again at every signature: password, and the second factor where one is enrolled."""

from __future__ import annotations

import hmac
import struct
import time
from hashlib import sha1

import pytest

from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.people.actions import open_account
from holdfast.people.signing import IdentityRefused
from holdfast.release.actions import DecisionRefused
from tests.release.people import PASSWORD, QUINN, account, decisions_on, take

pytestmark = [pytest.mark.req("2.5")]


def totp(secret: str) -> str:
    """The six digits of RFC 6238 (SHA-1, 30 s), computed here and not by the library under test."""
    import base64

    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def enrol(email: str) -> str:
    """Enrol an authenticator for a log-in; returns its secret."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(account(email), secret)
    return str(secret)


def test_with_an_authenticator_enrolled_the_password_alone_signs_nothing(demo: str) -> None:
    secret = enrol(QUINN)
    for code in ("", "000000"):
        with pytest.raises(IdentityRefused, match="code from your authenticator"):
            take(QUINN, "DP-26-001", "us_disposition", "released", code=code)
    assert decisions_on("DP-26-001") == []
    take(QUINN, "DP-26-001", "us_disposition", "released", code=totp(secret))
    assert decisions_on("DP-26-001") == [("us_disposition", "released")]


def test_a_code_is_good_for_one_signature_only(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = time.time() // 30 * 30 + 1
    monkeypatch.setattr(time, "time", lambda: moment)  # so that the half minute does not end meanwhile
    secret = enrol(QUINN)
    code = totp(secret)
    take(QUINN, "DP-26-001", "us_disposition", "released", code=code)
    with pytest.raises(IdentityRefused):
        take(QUINN, "DP-26-009", "us_disposition", "released", code=code)
    assert decisions_on("DP-26-009") == []


def test_a_closed_log_in_signs_nothing(demo: str) -> None:
    quinn = account(QUINN)
    quinn.is_active = False
    quinn.save(update_fields=["is_active"])
    with pytest.raises(IdentityRefused, match="cannot sign"):
        take(QUINN, "DP-26-001", "us_disposition", "released")
    assert decisions_on("DP-26-001") == []


def test_passwords_are_kept_with_argon2_and_a_person_has_one_log_in(demo: str) -> None:
    quinn = account(QUINN)
    assert quinn.password.startswith("argon2$argon2id$")
    with viewing(Viewer.operator()), pytest.raises(Refused, match="already has a log-in"):
        open_account(quinn.person, email="second@example.com", password=PASSWORD)


def test_the_system_administrator_may_not_sign_even_with_a_quality_role(demo: str) -> None:
    from holdfast.ledger.actions import store_rows
    from holdfast.ledger.changes import Actor, change_set
    from holdfast.ledger.models import Programme
    from holdfast.people.models import Role
    from tests.release.people import SAM

    with viewing(Viewer.operator()):
        programme, sam = Programme.objects.get(), account(SAM).person_id
    with change_set(Actor.operator("operator"), action="give role", reason="a test", programme=programme) as opened:
        store_rows(opened, Role, [{"person": sam, "role": "quality_unit", "valid_from": "2026-01-01"}])
    with pytest.raises(DecisionRefused):
        take(SAM, "DP-26-001", "us_disposition", "released")
    assert decisions_on("DP-26-001") == []
