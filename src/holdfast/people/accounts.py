"""Log-in accounts: opened by an administrator or the command line, never by the visitor."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class NoSignUp(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody opens an account for themselves."""

    def is_open_for_signup(self, request: Any) -> bool:  # noqa: ARG002
        return False
