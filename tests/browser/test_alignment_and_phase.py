"""The CMC lead's questions of a programme: where do the US and the EU differ and why, and what does the next phase need?"""

from __future__ import annotations

import re
from typing import Any

import pytest

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet
from tests.release.people import MARA, NIA

from .looking import enter, keep, sign_in, spills, tab_to, violations_everywhere

pytestmark = pytest.mark.browser
REASON = "The volume of the EU's dose is larger, so its limit per mL is lower."


@pytest.mark.req("5.6")
def test_a_cmc_lead_sees_what_differs_says_why_and_it_is_recorded_with_her_name_and_reason(page: Any) -> None:
    sign_in(page, MARA)
    page.get_by_role("link", name="US and EU").click()
    page.get_by_role("heading", name="What differs, and why").wait_for()
    differences = page.locator("table.differences tbody tr")
    assert differences.count() == 3
    assert page.get_by_text("Unexplained", exact=True).count() == 3
    keep(page, "alignment")
    assert violations_everywhere(page) == {}
    page.get_by_role("link", name=re.compile(r"^Say why\s+limit of Bacterial endotoxins differs")).click()
    keep(page, "difference")
    assert violations_everywhere(page) == {}
    page.get_by_role("radio", name=re.compile("^Scientific")).check()
    page.get_by_role("radio", name="Keep the difference").check()
    page.get_by_label("Reason").fill(REASON)
    assert page.get_by_label("Owner").locator("option:checked").inner_text().startswith("Mara Voss")
    tab_to(page, "Record it")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alignment/?product=*")
    assert "is recorded as scientific: keep the difference, owned by Mara Voss" in page.get_by_role("status").first.inner_text()
    said = page.locator("table.differences tbody tr", has_text="Bacterial endotoxins").inner_text()
    assert "Scientific" in said
    assert REASON in said
    assert "Mara Voss, 24 Nov 2026" in said
    keep(page, "alignment-classed")
    page.get_by_role("link", name=re.compile(r"^Who said it, and when\s+for limit of Bacterial endotoxins")).click()
    assert REASON in page.locator("main").inner_text()
    with viewing(Viewer.operator()):
        entry = ChangeSet.objects.order_by("-pk")[0]
    assert (entry.action, entry.actor_name, entry.reason) == ("class difference", "Mara Voss", REASON)
    assert page.complaints == []


@pytest.mark.req("5.7")
def test_a_cmc_lead_reads_what_the_programme_needs_for_its_next_phase(reader: Any) -> None:
    enter(reader, MARA)
    reader.goto("/")
    reader.get_by_role("link", name="Phase view").click()
    reader.get_by_role("link", name=re.compile("^At the next milestone: phase 3")).click()
    coming = reader.get_by_role("region", name="At the next milestone: phase 3")
    assert "The potency assay is not shown to be linked to how the product works, as a pivotal study needs it." in coming.inner_text()
    assert "Asks more at phase 3." in coming.inner_text()
    apart = reader.get_by_role("region", name="Flexibilities and drafts").inner_text()
    assert "confidence medium" in apart
    assert "draft" in apart
    assert "Reference standards" in reader.get_by_role("region", name="What Holdfast holds no record of yet").inner_text()
    keep(reader, "phase")
    assert violations_everywhere(reader) == {}
    reader.get_by_role("link", name="European Union").click()
    assert (
        "At the EU's confirmatory trial, quality is not behind the clinic" in reader.get_by_role("region", name="At the next milestone: phase 3").inner_text()
    )
    reader.get_by_label("Heading for").select_option("commercial")
    reader.get_by_role("button", name="Show", exact=True).click()
    assert reader.get_by_role("heading", name="At the next milestone: commercial supply").is_visible()
    assert reader.complaints == []


@pytest.mark.req("5.6")
@pytest.mark.req("5.7")
@pytest.mark.parametrize("address", ["/alignment/", "/phase/", "/phase/?region=EU&at=phase1"])
@pytest.mark.parametrize("email", [MARA, NIA])
def test_the_pages_stand_on_a_narrow_screen(reader: Any, address: str, email: str) -> None:
    enter(reader, email)
    reader.goto(address)
    assert spills(reader) == []
    assert violations_everywhere(reader) == {}
