"""Speed felt: what a first load brings, that nothing moves while it loads, and that every page works without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.release.people import lot

from .looking import PASSWORD, enter

pytestmark = [pytest.mark.req("4.9"), pytest.mark.browser]
QUINN = "quinn.adler@example.com"
MOST = 150_000
UNSEEN = 0.005  # a letter's width in one line; from 0.1 on, Web Vitals calls it noticeable
SHIFTS = """() => {
  window.shifted = 0;
  const add = one => { if (!one.hadRecentInput) window.shifted += one.value; };
  new PerformanceObserver(list => list.getEntries().forEach(add)).observe({type: 'layout-shift', buffered: true});
}"""


def addresses() -> dict[str, str]:
    out, plain = lot("DP-26-004").pk, lot("DP-26-001").pk
    return {
        "sign-in": "/accounts/login/",
        "board": "/",
        "batch": f"/batches/{out}/",
        "map": "/map/",
        "decide": f"/batches/{plain}/decide/us/",
        "record": f"/records/{out}/",
        "pattern": "/pattern/",
    }


def first_load(browser: Any, library: str, address: str, email: str | None) -> tuple[int, float, list[str]]:
    """Bytes over the wire of a first visit without the charts' own scripts, how much of the screen moved, and what was not compressed."""
    context = browser.new_context(base_url=library, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    if email:
        enter(page, email)
    page.add_init_script(f"({SHIFTS})()")
    seen: dict[str, str] = {}
    sizes: dict[str, int] = {}
    plain: list[str] = []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")

    def responded(event: Any) -> None:
        answer = event["response"]
        seen[event["requestId"]] = answer["url"]
        coded = {name.lower(): value for name, value in answer["headers"].items()}.get("content-encoding")
        if coded != "gzip" and re.search(r"\.(css|js|svg)$|/$", answer["url"]):
            plain.append(answer["url"])

    wire.on("Network.responseReceived", responded)
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(address, wait_until="networkidle")
    moved = page.evaluate("() => window.shifted")
    context.close()
    return sum(int(size) for key, size in sizes.items() if "/vega/" not in seen.get(key, "")), float(moved), plain


@pytest.mark.parametrize("name", ["sign-in", "board", "batch", "map", "decide", "record"])
def test_a_first_load_stays_below_150_kilobytes_and_nothing_moves(browser: Any, library: str, name: str) -> None:
    size, moved, plain = first_load(browser, library, addresses()[name], None if name == "sign-in" else QUINN)
    assert 5_000 < size < MOST
    assert moved < UNSEEN
    assert [url for url in plain if not url.endswith("icon.svg")] == []  # smaller than what compressing would add


def test_somebody_signs_in_reviews_filters_and_signs_a_decision_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("E-mail").fill(QUINN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("#q").fill("DP-26-001")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator("table.board tbody tr").count() == 1
    page.get_by_role("link", name="DP-26-001").click()
    page.get_by_role("link", name="Decide for the US").click()
    page.get_by_role("radio", name=re.compile("^Released")).check()
    page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    assert "/decisions/" in page.url
    assert "Quinn Adler" in page.locator("main").inner_text()
    context.close()


@pytest.mark.parametrize("name", ["batch", "map", "decide", "record", "pattern"])
def test_every_page_shows_the_same_content_without_scripts(browser: Any, library: str, name: str) -> None:
    texts = []
    for scripts in (True, False):
        context = browser.new_context(base_url=library, java_script_enabled=scripts)
        page = context.new_page()
        enter(page, QUINN)
        page.goto(addresses()[name])
        texts.append(" ".join(page.locator("main").inner_text().split()))
        context.close()
    assert len(texts[1]) >= 0.98 * len(texts[0])
