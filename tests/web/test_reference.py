"""The reference's pages: each thing has one, narrows honestly, says how sure it is and how to cite it, and asks the database for nothing of it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from holdfast.standards.crosswalks.loading import compendia, guidance
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.reference.slug import slug_of
from holdfast.web.reference.addresses import rule_address
from holdfast.web.reference.found import items, line_of
from holdfast.web.reference.held import shelf
from tests.release.people import HANA, QUINN, lot

from .test_pages import signed_in

pytestmark = [pytest.mark.req("5.8")]


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("kind", ["rule", "pack", "document", "crosswalk", "attribute", "unjudged"])
def test_everything_that_is_held_has_a_page(demo: str, kind: str) -> None:
    client = signed_in(HANA)  # the least that a signed-in person sees
    wanted = [item for item in items() if item.kind == kind]
    assert wanted
    for item in wanted[:: max(1, len(wanted) // 40)]:
        page = read(client, line_of(item).address)
        assert item.name.split()[0] in page or item.title in page


def test_nothing_is_left_out_of_the_search(demo: str) -> None:
    found: dict[str, set[str]] = {}
    for item in items():
        found.setdefault(item.kind, set()).add(item.key)
    held = shelf()
    assert found["rule"] == {f"{place.id}.{place.text.question}" for place in held.leading}
    assert found["pack"] == {pack.id for pack in held.packs}
    assert found["document"] == {slug_of(name) for name in held.documents}
    assert found["crosswalk"] == {one.row.id for one in guidance().rows} | {row.id for row in compendia().rows}
    assert found["attribute"] == set(dictionary().entries)


def test_every_edition_of_every_rule_and_every_pack_renders(demo: str) -> None:
    client = signed_in(QUINN)
    for places in list(shelf().places.values())[::4]:
        for place in places:
            page = read(client, rule_address(place.id, place.pack.id))
            assert all(cite.confidence in page for cite in place.text.cite)
            assert place.pack.sha256[:12] in page
    for pack in shelf().packs:
        assert pack.sha256 in read(client, reverse("reference_pack", args=[pack.id]))


def test_a_rule_shows_what_it_asks_its_weight_and_each_citation_with_how_sure_it_is(demo: str) -> None:
    page = read(signed_in(QUINN), "/reference/rules/EU-CRT-005/")
    assert "At least one audit among its audits" in page
    assert "not before 3 years (figure “audit interval”) before the day of the decision" in page
    assert "confidence medium" in page
    assert "from memory" in page
    assert "Speaks only for modality small molecule, oligo, biologic, vaccine, plasma" in page
    assert "may be overridden, with a reason and a second signature" in page
    assert "What changed since 2026-11-22" in page


def test_an_address_keeps_its_edition_and_says_so_when_another_one_is_held(demo: str) -> None:
    client = signed_in(QUINN)
    first = read(client, "/reference/rules/EU-CRT-005/?pack=eu_certification_phase2_atmp&version=1.0.0")
    assert "An earlier edition." in first
    assert "Another version was cited" not in first
    assert "asks for version 0.9.0" in read(client, "/reference/rules/EU-CRT-005/?pack=eu_certification_batch&version=0.9.0")
    assert "which does not hold this rule" in read(client, "/reference/rules/EU-CRT-005/?pack=chain_of_identity")
    cited = re.search(r'id="cite-line">([^<]+)<', first)
    assert cited
    assert cited[1].endswith("testserver/reference/rules/EU-CRT-005/?pack=eu_certification_phase2_atmp&amp;version=1.0.0")


def test_a_rule_that_answers_two_questions_has_a_page_for_each(demo: str) -> None:
    client, held = signed_in(QUINN), shelf()
    both = next(name for name, places in held.places.items() if len({place.text.question for place in places}) > 1)
    listed = read(client, f"/reference/rules/?q={both}")
    addresses = [address.replace("&amp;", "&") for address in re.findall(rf'href="(/reference/rules/{both}/[^"]*)"', listed)]
    asked = {place.text.question: place for place in held.leading if place.id == both}
    assert len(addresses) == len(set(addresses)) == len(asked)
    titles = {re.search(r"<h1>([^<]+)</h1>", read(client, address))[1] for address in addresses}  # type: ignore[index]
    assert len(titles) >= 1
    assert {place.pack.id for place in asked.values()} == {re.search(r'cite-line">[^<]*\?pack=([a-z0-9_]+)', read(client, a))[1] for a in addresses}  # type: ignore[index]


@pytest.mark.parametrize(
    "address",
    ["rules/XX-YYY-999/", "packs/nothing/", "crosswalk/ZZZ-999/", "dictionary/nothing/", "documents/nothing/"],
)
def test_what_is_not_held_is_not_there(demo: str, address: str) -> None:
    assert signed_in(QUINN).get(f"/reference/{address}").status_code == 404


def test_the_list_narrows_by_each_axis_and_nothing_that_cannot_be_read_narrows_it(demo: str) -> None:
    client = signed_in(QUINN)
    total = len(shelf().leading)
    for query in ("", "severity=nonsense", "after=nowhere", "region=%00"):
        assert f"<strong>{total}</strong> rules" in read(client, f"/reference/rules/?{query}")
    wanted = [p for p in shelf().leading if p.text.severity == "blocker" and {"EU", "any"} & set(p.text.applies.regions) and p.standing == "law"]
    assert f"<strong>{len(wanted)}</strong> rules" in read(client, "/reference/rules/?severity=blocker&region=EU&standing=law")
    assert "No rule is asked for so" in read(client, "/reference/rules/?q=nothinglikeit")


def test_the_pages_of_the_list_hold_every_rule_once(demo: str) -> None:
    client, address, seen = signed_in(QUINN), "/reference/rules/", []
    while address:
        page = read(client, address)
        seen += re.findall(r'<span class="code">([A-Z-]+\d{3})</span> \w', page)
        following = re.search(r'href="(\?[^"]*)" rel="next"', page)
        address = f"/reference/rules/{following[1].replace('&amp;', '&')}" if following else ""
    assert seen == [place.id for place in shelf().leading]


def test_rules_that_are_not_judged_are_told_with_the_reason_and_never_as_met(demo: str) -> None:
    client = signed_in(QUINN)
    for rule in shelf().unjudged:
        page = read(client, rule_address(rule.id))
        assert "Not judged on records." in page
        assert "state-met" not in page
    assert "Not judged" in read(client, "/reference/rules/?q=annex")


def test_a_draft_is_told_as_a_draft_on_its_rule_its_pack_and_in_the_search(demo: str) -> None:
    client = signed_in(QUINN)
    draft = next(place for place in shelf().leading if place.status != "in_force")
    assert "Not in force." in read(client, rule_address(draft.id))
    assert "Not in force." in read(client, reverse("reference_pack", args=[draft.pack.id]))
    assert "Draft or not yet in force" in read(client, f"/reference/?q={draft.id}")


@pytest.mark.req("5.4")
def test_a_reference_is_looked_up_in_another_region_and_what_is_not_known_is_said_to_say_nothing(demo: str) -> None:
    client = signed_in(QUINN)
    assert "USP &lt;71&gt; answers to Ph. Eur. 2.6.1 (harmonised)." in read(client, "/reference/crosswalk/?reference=USP+%3C71%3E&to=EU")
    assert "EU GMP" in read(client, "/reference/crosswalk/?reference=21+CFR+211.192&to=EU")
    assert "That says nothing about" in read(client, "/reference/crosswalk/?reference=USP+%3C9999%3E&to=EU")
    assert "is neither a compendial reference" in read(client, "/reference/crosswalk/?reference=my+SOP&to=ICH")
    assert "for its pharmacopoeia alone" in read(client, "/reference/crosswalk/?reference=my+SOP&to=JP")


@pytest.mark.req("5.5")
def test_a_laboratorys_name_is_matched_or_a_person_is_asked(demo: str) -> None:
    client = signed_in(QUINN)
    assert "Certain" in read(client, "/reference/dictionary/?name=viability&unit=%25")
    assert "Unknown" in read(client, "/reference/dictionary/?name=zzzz")
    page = read(client, "/reference/dictionary/cell_viability/")
    assert "USP &lt;1046&gt;" in page
    assert "Ph. Eur." in page
    assert "C205006" in page


def test_a_rule_id_on_a_batch_and_a_decision_leads_to_the_rule_that_judged_it(demo: str) -> None:
    client = signed_in(QUINN)
    assert 'href="/reference/rules/US-DSP-008/?pack=' in read(client, f"/batches/{lot('DP-26-004').pk}/")
    assert 'href="/reference/rules/US-DSP-008/?pack=' in read(client, f"/batches/{lot('DP-26-004').pk}/decide/us/")
    assert rule_address("ACME-OWN-001") == ""


@pytest.mark.req("4.5")
def test_the_search_over_everything_and_the_palette_find_rules(demo: str) -> None:
    client = signed_in(HANA)
    for address in ("/search/?q=failing+product", "/search/palette/?q=failing+product"):
        assert "/reference/rules/US-DSP-008/" in read(client, address)


def test_the_reference_asks_the_database_for_no_more_than_who_is_signed_in(demo: str) -> None:
    client, counts = signed_in(QUINN), set()
    read(client, "/reference/")
    for address in ("/reference/?q=sterility", "/reference/rules/", "/reference/packs/us_disposition_part_211/", "/reference/documents/21-cfr/", "/glossary/"):
        with CaptureQueriesContext(connection) as captured:
            read(client, address)
        counts.add(len(captured))
    assert len(counts) == 1
