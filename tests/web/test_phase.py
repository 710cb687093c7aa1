"""The phase page: three parts with answers, drafts apart, what is not recorded said; another phase and region by address."""

from __future__ import annotations

import re

import pytest

from holdfast.ledger.access import Viewer, viewing
from holdfast.programme.models import Product
from holdfast.release.dossiers.development_part import NO_RECORD
from tests.release.people import MARA, NIA

from .test_pages import signed_in

pytestmark = [pytest.mark.req("5.7")]


def page(address: str = "/phase/", email: str = MARA) -> str:
    response = signed_in(email).get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def section(text: str, key: str) -> str:
    found = re.search(rf'<section class="section" id="{key}".*?</section>', text, re.S)
    assert found, key
    return found[0]


def test_the_page_shows_what_must_be_true_now_next_and_later_each_rule_with_its_answer_and_source(demo: str) -> None:
    text = page()
    now, following, later = (section(text, key) for key in ("now", "next", "later"))
    assert "Now, at phase 2" in now
    assert "9 cannot tell, 1 met" in now
    assert "At the next milestone: phase 3" in following
    assert "Asks more at phase 3." in following
    assert "The potency assay is not shown to be linked to how the product works" in following
    assert "Comes at commercial supply." in later
    assert "No approved report shows full validation of the procedures" in later
    assert "21 CFR 210.2(c)" in now
    assert "confidence high, looked up" in now


def test_the_page_says_what_holds_no_record_and_keeps_drafts_out_of_the_counts(demo: str) -> None:
    text = page()
    for what in NO_RECORD:
        assert what[1:] in text
    apart = section(text, "apart")
    assert "PHS-013 ·" in apart
    assert "confidence medium" in apart
    assert re.search(r'class="tag tag-strong">draft<', apart)
    assert "this is gene_modified_cell" in apart
    assert all("PHS-013 ·" not in section(text, key) for key in ("now", "next", "later"))


def test_another_region_and_another_phase_are_addresses(demo: str) -> None:
    text = page("/phase/?region=EU&at=phase1&next=commercial")
    assert "2025-599201-18-00" in text
    assert "You look at phase 1; on record is phase 2." in text
    assert "At the next milestone: commercial supply" in text
    assert "Nothing more is asked later." in text


def test_a_milestone_that_does_not_come_after_is_left_out_and_said(demo: str) -> None:
    text = page("/phase/?next=phase1")
    assert "Phase 1 does not come after phase 2." in text
    assert "At the next milestone: phase 3" in text


def test_a_product_that_is_not_there_is_not_found_and_odd_words_are_not_asked(demo: str) -> None:
    assert signed_in(MARA).get("/phase/?product=999999").status_code == 404
    assert "Now, at phase 2" in page("/phase/?region=Mars&at=phase9")


def test_who_sees_a_part_is_told_that_evidence_is_withheld_and_never_reads_the_registration(demo: str) -> None:
    text = page(email=NIA)
    assert "Some evidence is withheld from you" in text
    assert "9 cannot tell, 1 met" in text
    assert "IND-099201" not in text


def test_without_a_phase_on_record_the_page_says_so_and_offers_to_look_at_one(demo: str) -> None:
    from holdfast.ledger.actions import void_fact
    from holdfast.ledger.changes import Actor, change_set
    from holdfast.programme.models import DevelopmentPhase

    with viewing(Viewer.operator()):
        programme = Product.objects.select_related("programme").get().programme
        rows = list(DevelopmentPhase.objects.all())
    with change_set(Actor.operator("operator"), action="void phases", reason="none was recorded", programme=programme) as opened:
        for row in rows:
            void_fact(opened, row, "none was recorded")
    assert "The phase is not recorded" in page()
    assert "Now, at phase 3" in page("/phase/?at=phase3")
