"""Second factors in a real browser: an authenticator app with recovery codes, and passkeys (a virtual authenticator) that add, sign in and sign."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests.people.test_signing import totp
from tests.release.people import PASSWORD, QUINN, decisions_on

from .looking import keep

pytestmark = [pytest.mark.req("3.3"), pytest.mark.browser]


@pytest.fixture(autouse=True)
def nobody_has_tried_before() -> None:
    cache.clear()


def by_name(page: Any, address: str) -> str:
    """Passkeys belong to a name, never to a number."""
    return address.replace("127.0.0.1", "localhost")


def sign_in(page: Any, home: str, email: str = QUINN) -> None:
    page.goto(home + "/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Any) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/accounts/login/")


def confirm_password(page: Any) -> None:
    keep(page, "confirm")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def add_authenticator(page: Any) -> Any:
    """A platform authenticator with resident keys, as a laptop has it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def test_a_person_enrols_an_authenticator_keeps_recovery_codes_and_signs_in_with_each(page: Any, address: str) -> None:
    home = by_name(page, address)
    sign_in(page, home)
    page.wait_for_url(home + "/")
    page.get_by_role("link", name="Security").click()
    assert page.get_by_role("heading", name="Security of your log-in").is_visible()
    assert page.get_by_text("Quinn Adler", exact=True).is_visible()
    keep(page, "security")
    page.get_by_role("link", name="Activate").click()
    confirm_password(page)
    secret = page.get_by_label("Authenticator secret").input_value()
    keep(page, "totp")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Activate").click()
    assert "Incorrect code" in page.get_by_role("alert").inner_text()
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Code").fill(totp(secret))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/recovery-codes/")
    codes = page.get_by_role("list", name="Unused codes").get_by_role("listitem").all_inner_texts()
    assert len(codes) == 10
    keep(page, "recovery")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download codes").click()
    assert codes[0] in Path(download.value.path()).read_text()
    sign_out(page)
    sign_in(page, home)
    page.wait_for_url("**/2fa/authenticate/**")
    keep(page, "code")
    page.get_by_label("Code from your").fill("123456")
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert "Incorrect code" in page.get_by_role("alert").inner_text()
    page.get_by_label("Code from your").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(home + "/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.complaints == []


def test_a_passkey_is_added_signs_in_alone_and_signs_a_decision_with_the_password(page: Any, address: str) -> None:
    home = by_name(page, address)
    devtools, authenticator = add_authenticator(page)
    sign_in(page, home)
    page.wait_for_url(home + "/")
    page.goto(home + "/accounts/2fa/webauthn/add/")
    confirm_password(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Sign in with this passkey alone").check()
    keep(page, "add-passkey")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/")
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]) == 1
    page.goto(home + "/accounts/2fa/webauthn/")
    assert "Laptop" in page.get_by_role("table").inner_text()
    keep(page, "passkeys")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(home + "/")
    assert page.get_by_text("Quinn Adler", exact=True).is_visible()

    page.get_by_role("link", name="DP-26-001").click()
    page.get_by_role("link", name="Decide for the US").click()
    page.get_by_role("radio", name=re.compile("^Released")).check()
    keep(page, "sign-with-passkey")
    page.get_by_role("button", name="Sign with your passkey").click()
    assert page.evaluate("document.activeElement.name") == "password"  # a passkey is not asked for before the form is complete
    assert decisions_on("DP-26-001") == []
    page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    page.get_by_role("button", name="Sign with your passkey").click()
    page.wait_for_url("**/decisions/*/")
    assert decisions_on("DP-26-001") == [("us_disposition", "released")]
    assert page.complaints == []


def test_a_passkey_that_does_not_answer_is_told_in_words_and_signs_nothing(page: Any, address: str) -> None:
    home = by_name(page, address)
    add_authenticator(page)
    page.goto(home + "/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").wait_for()
    assert "The passkey did not answer" in page.get_by_role("alert").inner_text()
    keep(page, "passkey-refused")
    page.goto(address + "/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").wait_for()
    assert "not by its number" in page.get_by_role("alert").inner_text()


def test_sessions_and_the_access_review_are_read_on_a_narrow_screen(page: Any, address: str) -> None:
    sign_in(page, address)
    page.wait_for_url(address + "/")
    page.goto("/accounts/sessions/")
    keep(page, "sessions")
    page.goto("/people/access-review/")
    assert page.get_by_role("row", name=re.compile("Alex Stone")).get_by_text("read only, until 2027-03-31").is_visible()
    keep(page, "access-review")
    for path in ("/accounts/sessions/", "/people/access-review/", "/accounts/2fa/", "/accounts/password/change/"):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    with page.expect_download() as download:
        page.goto("/people/access-review/")
        page.get_by_role("link", name="Download as CSV").click()
    assert Path(download.value.path()).read_text().startswith("person,number,organisation,")
    assert page.complaints == []
