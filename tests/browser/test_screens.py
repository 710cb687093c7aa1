"""The main screens as they are looked at: no violation, no spill, keyboard, swaps that keep the focus, figures that answer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.release.people import lot

from .looking import enter, keep, spills, violations_everywhere

pytestmark = [pytest.mark.req("4.1"), pytest.mark.browser]
QUINN, FEMKE, NIA = "quinn.adler@example.com", "femke.waterman@example.com", "nia.brooks@example.com"


def screens() -> dict[str, str]:
    """Each main screen in a state worth looking at."""
    out, over, plain = lot("DP-26-004").pk, lot("DP-26-019").pk, lot("DP-26-001").pk
    return {
        "board": "/",
        "board-nothing": "/?q=nothing-like-it",
        "batch": f"/batches/{out}/",
        "programme-map": "/map/",
        "decide": f"/batches/{plain}/decide/us/",
        "decide-override": f"/batches/{over}/decide/us/",
        "not-here": "/batches/999999/",
    }


@pytest.mark.parametrize("name", ["board", "board-nothing", "batch", "programme-map", "decide", "decide-override", "not-here"])
def test_no_main_screen_breaks_an_accessibility_rule_or_spills(reader: Any, name: str) -> None:
    enter(reader, QUINN)
    reader.goto(screens()[name])
    keep(reader, name)
    assert violations_everywhere(reader) == {}
    assert spills(reader) == []
    assert [text for text in reader.complaints if "404" not in text] == []


def test_the_sign_in_page_breaks_no_accessibility_rule(reader: Any) -> None:
    reader.goto("/accounts/login/")
    keep(reader, "sign-in")
    assert violations_everywhere(reader) == {}


def test_whoever_may_not_decide_is_told_who_may_on_a_page_like_any_other(reader: Any) -> None:
    enter(reader, FEMKE)
    reader.goto(f"/batches/{lot('DP-26-001').pk}/decide/us/")
    keep(reader, "forbidden")
    assert "holds the role Quality Unit" in reader.locator("main").inner_text()
    assert violations_everywhere(reader) == {}


@pytest.mark.req("4.2")
def test_a_filter_takes_effect_as_it_is_typed_keeps_the_focus_and_stands_in_the_address(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto("/")
    reader.locator("#q").focus()
    reader.keyboard.type("PT-7211")
    reader.locator("#found", has_text="1 of 24 batches").wait_for()
    assert "q=PT-7211" in reader.url
    assert reader.evaluate("document.activeElement.id") == "q"
    assert "1 of 24 batches" in reader.locator("#live").inner_text()
    reader.goto(reader.url)
    assert reader.locator("table.board tbody tr").count() == 1


@pytest.mark.req("4.9")
def test_board_and_filters_work_without_scripts(browser: Any, library: str) -> None:
    context = browser.new_context(base_url=library, java_script_enabled=False)
    page = context.new_page()
    enter(page, QUINN)
    page.goto("/")
    page.get_by_role("combobox", name="State").select_option("cannot_tell")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator("table.board tbody tr").count() == 1
    context.close()


@pytest.mark.req("4.3")
def test_a_qp_reaches_the_record_behind_a_blocker_in_two_clicks_from_the_board(reader: Any) -> None:
    enter(reader, FEMKE)
    reader.goto("/")
    reader.get_by_role("link", name="DP-26-004").click()
    reader.get_by_role("link", name="test run RUN-DP-26-004-LKA-FIN-101").first.click()
    assert re.search(r"/records/\d+/$", reader.url)


@pytest.mark.req("4.8")
def test_a_chart_becomes_interactive_in_place_and_its_data_can_be_taken_along(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto(f"/batches/{lot('DP-26-007').pk}/")
    reader.get_by_role("link", name="Viability after thaw", exact=True).click()
    keep(reader, "trend")
    assert violations_everywhere(reader) == {}
    height = reader.locator("figure .plot").bounding_box()["height"]
    reader.locator("figure").hover()
    reader.locator("figure[data-interactive] canvas").wait_for()
    assert abs(reader.locator("figure .plot").bounding_box()["height"] - height) < 24
    assert reader.complaints == []
    assert reader.locator("figure details").get_attribute("open") is not None  # unfolded above, to be looked at
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Data (CSV)").click()
    with open(download.value.path(), encoding="utf-8") as file:
        assert file.readline() == "Batch,Manufactured,Reported,Note\n"
