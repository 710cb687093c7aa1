"""Reading history, as a reviewer does it: exceptions first, narrowed to a record, opened to the old and the new value."""

from __future__ import annotations

import re
from typing import Any

import pytest

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet

from .looking import enter, keep, spills, violations_everywhere

pytestmark = [pytest.mark.req("4.7"), pytest.mark.req("4.11"), pytest.mark.browser]
QUINN = "quinn.adler@example.com"


def screens() -> dict[str, str]:
    with viewing(Viewer.operator()):
        imported = ChangeSet.objects.filter(action="import programme").order_by("pk")[0].pk
        decided = ChangeSet.objects.filter(action="decide us disposition").order_by("pk")[0].pk
    return {
        "ledger": "/ledger/",
        "ledger-nothing": "/ledger/?record=no-such-number&since=nonsense",
        "change-set-import": f"/ledger/{imported}/",
        "change-set-decision": f"/ledger/{decided}/",
    }


@pytest.mark.parametrize("name", ["ledger", "ledger-nothing", "change-set-import", "change-set-decision"])
def test_no_page_of_the_ledger_breaks_an_accessibility_rule_or_spills(reader: Any, name: str) -> None:
    enter(reader, QUINN)
    reader.goto(screens()[name])
    keep(reader, name)
    assert violations_everywhere(reader) == {}
    assert spills(reader) == []
    assert reader.complaints == []


def test_a_reviewer_reads_who_changed_what_and_why_from_the_rail_on(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto("/")
    reader.get_by_role("link", name="Ledger", exact=True).click()
    reader.wait_for_url("**/ledger/")
    reader.wait_for_load_state()
    assert reader.locator("table.ledger tbody tr").first.locator(".reason").count() > 0
    reader.keyboard.press("/")
    reader.keyboard.type("DP-26-007-US")
    reader.locator("#found[data-announce='1 change sets shown']").wait_for()
    assert "record=DP-26-007-US" in reader.url
    assert reader.evaluate("document.activeElement.id") == "record"
    reader.get_by_role("link", name=re.compile("^Change set ")).click()
    assert "Quinn Adler" in reader.locator("main").inner_text()
    reader.get_by_role("article", name="Decision decision DP-26-007-US v1").get_by_role("row", name="Outcome Released").wait_for()
    reader.get_by_role("article", name="Decision decision DP-26-007-US v1").get_by_role("link", name="decision DP-26-007-US v1").click()
    assert re.search(r"/records/\d+/$", reader.url)


@pytest.mark.req("4.9")
def test_the_ledger_works_without_scripts(browser: Any, library: str) -> None:
    context = browser.new_context(base_url=library, java_script_enabled=False)
    page = context.new_page()
    enter(page, QUINN)
    page.goto("/ledger/")
    page.get_by_label("Action").fill("decide")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator("table.ledger tbody tr").count() == 4
    context.close()
