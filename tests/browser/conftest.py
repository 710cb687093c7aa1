"""One browser and one server for all browser tests; a database of its own for each test that signs something."""

from __future__ import annotations

import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import WORKING, drop_database, make_database, point_django_at

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="package")
def served() -> Iterator[str]:
    """The address of a server of this process: it serves whatever database Django is pointed at."""
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

    from holdfast.project.wsgi import application

    class Threaded(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Silent(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = make_server("127.0.0.1", 0, application, Threaded, Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """One Chromium for the whole package: starting it costs more than most tests."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed, so no browser test can run")
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def address(demo: str, served: str) -> str:
    """The demonstration in a database of this test, which may sign and change what it likes."""
    return served


@pytest.fixture(scope="package")
def library_copy(server: Any, demo_template: str, django_db_blocker: Any) -> Iterator[str]:
    """One copy of the demonstration for all tests that only look."""
    name = f"holdfast_{uuid.uuid4().hex[:12]}"
    make_database(server, name, demo_template)
    yield name
    with django_db_blocker.unblock():
        drop_database(server, name)


@pytest.fixture
def library(server: Any, library_copy: str, served: str, django_db_blocker: Any) -> Iterator[str]:
    """The demonstration for a test that only looks: shared, so it must not sign or change anything."""
    with django_db_blocker.unblock():
        point_django_at(server, library_copy)
        yield served
        point_django_at(server, WORKING)


def _opened(browser: Any, address: str) -> Iterator[Any]:
    """A page that keeps what the console complains of and every address outside that it asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address, reduced_motion="reduce")
    page = context.new_page()
    page.complaints, page.elsewhere = [], []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    here = (address, address.replace("127.0.0.1", "localhost"), "data:", "blob:")  # passkeys belong to a name, never to a number
    page.on("request", lambda request: None if request.url.startswith(here) else page.elsewhere.append(request.url))
    yield page
    assert page.elsewhere == [], "a page asked for something outside"
    context.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    yield from _opened(browser, address)


@pytest.fixture
def reader(browser: Any, library: str) -> Iterator[Any]:
    """A page on the shared demonstration, for a test that only looks."""
    yield from _opened(browser, library)
