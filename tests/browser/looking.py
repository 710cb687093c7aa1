"""What browser tests do again and again: sign in, keep pictures, ask axe, walk by keyboard."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

PASSWORD = "holdfast-demo-2026"
AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIEWS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]


def sign_in(page: Any, email: str) -> None:
    """Through the form, as a person does."""
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")


def enter(page: Any, email: str) -> None:
    """Straight in, for tests that are about something else: the session is made on the server and its cookie given to the browser."""
    from django.conf import settings
    from django.test import Client

    from tests.release.people import account

    client = Client()
    client.force_login(account(email), backend="allauth.account.auth_backends.AuthenticationBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "domain": "127.0.0.1", "path": "/"}])


def look(page: Any, width: int, scheme: str) -> None:
    """Show the page at a width, in light or dark."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def keep(page: Any, name: str) -> None:
    """Keep pictures where HOLDFAST_SCREENSHOTS names a folder: wide and narrow, light and dark, the whole page."""
    folder = os.environ.get("HOLDFAST_SCREENSHOTS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for width, scheme in VIEWS:
        look(page, width, scheme)
        page.screenshot(path=str(Path(folder) / f"{name}-{width}-{scheme}.png"), full_page=True)
    look(page, 1280, "light")


def violations(page: Any) -> list[str]:
    """What axe finds wrong on the page as it stands, one line a place; empty is what we want."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]]


def violations_everywhere(page: Any) -> dict[str, list[str]]:
    """What axe finds wide and narrow, light and dark; empty when there is nothing. Unfolds what is folded, so that it is looked at too."""
    page.evaluate("() => document.querySelectorAll('main details').forEach(d => d.open = true)")
    found = {}
    for width, scheme in VIEWS:
        look(page, width, scheme)
        wrong = violations(page)
        if wrong:
            found[f"{width} {scheme}"] = wrong
    look(page, 1280, "light")
    return found


def spills(page: Any, width: int = 390) -> list[str]:
    """What makes the page wider than the screen: elements that reach over the right edge outside a part that scrolls by itself."""
    look(page, width, "light")
    script = """width => [...document.querySelectorAll('main *')]
      .filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest('.scroll, .plot, .tabs, .visually-hidden, thead') && e.getClientRects().length)
      .map(e => e.tagName + '.' + e.className.toString())"""
    found: list[str] = page.evaluate(script, width)
    look(page, 1280, "light")
    return found


def tab_to(page: Any, name: str, most: int = 60) -> None:
    """Press Tab until the focus stands on what is called so; fail when it never does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate("() => document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || ''")
        if said.strip() == name:
            return
    raise AssertionError(f"The keyboard does not reach {json.dumps(name)}.")
