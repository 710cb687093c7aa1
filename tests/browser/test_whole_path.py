"""One person walks the whole path in a real browser: sign in, board, batch, blocker, record, decide, sign, history."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.req("2.12"), pytest.mark.browser]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PASSWORD = "holdfast-demo-2026"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture
def address(demo: str) -> Iterator[str]:
    """The demonstration, served for one test."""
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

    from holdfast.project.wsgi import application

    class Threaded(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Silent(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    served = make_server("127.0.0.1", 0, application, Threaded, Silent)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join(10)


@pytest.fixture
def page(address: str) -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed, so no browser test can run")
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        opened = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=address)
        opened.complaints = []  # type: ignore[attr-defined]
        opened.on("console", lambda message: opened.complaints.append(message.text) if message.type == "error" else None)  # type: ignore[attr-defined]
        yield opened
        browser.close()


def sign_in(page: Any, email: str) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def keep(page: Any, name: str) -> None:
    """Keep a picture where a folder for them is named, narrow and wide, light and dark."""
    folder = os.environ.get("HOLDFAST_SCREENSHOTS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=str(Path(folder) / f"{name}-{width}-{scheme}.png"))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


def test_a_quality_unit_member_reviews_follows_a_blocker_decides_and_signs(page: Any) -> None:
    sign_in(page, "quinn.adler@example.com")
    assert page.get_by_role("heading", name="Release board").is_visible()
    keep(page, "board")
    page.get_by_role("link", name="DP-26-004").click()
    assert page.get_by_role("heading", name="United States: disposition").is_visible()
    assert page.get_by_role("heading", name="European Union: certification").is_visible()
    keep(page, "batch")
    page.get_by_role("link", name="test run RUN-DP-26-004-LKA-FIN-101").first.click()
    assert page.get_by_role("heading", name="History").is_visible()
    keep(page, "record")
    page.goto("/")
    page.get_by_role("link", name="DP-26-001").click()
    page.get_by_role("link", name="Decide for the US").click()
    page.get_by_role("radio", name=re.compile("^Released")).check()
    page.get_by_label("Password", exact=True).last.fill("not the password")
    page.get_by_role("button", name="Sign", exact=True).click()
    assert "Nothing was signed" in page.get_by_role("alert").inner_text()
    keep(page, "refused")
    page.get_by_role("radio", name=re.compile("^Released")).check()
    page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_url("**/decisions/*/")
    assert "Quinn Adler" in page.content()
    keep(page, "decision")
    with page.expect_download() as download:
        page.get_by_role("link", name="Document (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="record and history").click()
    assert "decide us disposition" in page.locator(".history").inner_text()
    page.goto("/")
    assert "Released" in page.get_by_role("row", name=re.compile("DP-26-001")).inner_text()
    assert [text for text in page.complaints if "422" not in text] == []


def test_a_qp_may_not_dispose_for_the_us_and_is_told_why(page: Any) -> None:
    sign_in(page, "femke.waterman@example.com")
    page.get_by_role("link", name="DP-26-001").click()
    assert page.get_by_role("link", name="Decide for the US").count() == 0
    page.goto(page.url + "decide/us/")
    assert page.get_by_role("heading", name="Not yours to open").is_visible()
    assert "Quality Unit" in page.locator("main").inner_text()


def test_the_board_fits_a_narrow_screen_and_works_by_keyboard(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, "quinn.adler@example.com")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
