"""What every visitor gets, whatever the page."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.req("2.4")]


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "password/reset/", "password/reset/key/1-x/", "password/set/", "login/code/confirm/"])
def test_no_visitor_opens_an_account_or_takes_one_over_by_e_mail(path: str) -> None:
    for answer in (Client().get(f"/accounts/{path}"), Client().post(f"/accounts/{path}", {"email": "quinn.adler@example.com"})):
        assert answer.status_code == 404
        assert answer.content == b"Accounts and forgotten passwords are the administrator's business: ask for `holdfast user`."


def test_passwords_are_kept_with_argon2(settings: object) -> None:
    from django.contrib.auth.hashers import make_password

    assert make_password("correct horse battery staple").startswith("argon2$argon2id$")
