"""The first run: steps read from the record, the last one not reached without a signature, words explained where they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from holdfast.standards.glossary import glossary, term_of
from tests.release.people import HANA, NIA, QUINN, take

from .test_pages import signed_in

pytestmark = [pytest.mark.req("4.10")]
TEMPLATES = Path(__file__).resolve().parents[2] / "src" / "holdfast" / "web" / "templates"


def test_the_glossary_has_at_least_seventy_terms_each_with_a_source_and_no_two_alike() -> None:
    terms = glossary()
    assert len(terms) >= 70
    assert len({term.term.casefold() for term in terms.values()}) == len(terms)
    assert list(terms.values()) == sorted(terms.values(), key=lambda term: term.term.casefold())


def test_every_term_that_a_page_explains_is_in_the_glossary_and_every_main_page_explains_some() -> None:
    used = {path.relative_to(TEMPLATES).as_posix(): re.findall(r'{% term "([^"]+)"', path.read_text("utf-8")) for path in TEMPLATES.rglob("*.html")}
    for name in {name for names in used.values() for name in names}:
        assert term_of(name).says
    for page in ("board/board", "batch/batch", "decide/decide", "decisions/decision", "programme_map/programme_map", "records/record", "start/start"):
        assert used[f"{page}.html"], page


def test_the_glossary_page_finds_a_term_by_its_words_and_says_when_there_is_none(demo: str) -> None:
    client = signed_in(QUINN)
    assert 'id="qp"' in client.get("/glossary/", {"q": "qualified"}).content.decode()
    assert "No such term" in client.get("/glossary/", {"q": "zzz"}).content.decode()


def test_the_steps_lead_to_what_the_record_holds_and_the_last_needs_a_signature(demo: str) -> None:
    client = signed_in(QUINN)
    client.get("/")  # the board judges what was not judged yet
    client.post("/start/walk/", {"to": "2"})
    assert client.get("/start/").content.decode().count('aria-current="step"') == 1
    response = client.post("/start/walk/", {"to": "2"})
    assert re.fullmatch(r"/batches/\d+/", response["Location"])
    assert re.fullmatch(r"/records/\d+/", client.post("/start/walk/", {"to": "3"})["Location"])
    assert re.fullmatch(r"/batches/\d+/decide/us/", client.post("/start/walk/", {"to": "5"})["Location"])


def test_somebody_who_signed_nothing_does_not_reach_the_end_by_asking(demo: str) -> None:
    client = signed_in("rowan.pike@example.com")
    client.get("/")
    client.post("/start/walk/", {"to": "7"})
    walked = client.get("/start/").content.decode()
    assert ("Done." in walked) is True  # Rowan Pike signed one in the demonstration
    fresh = signed_in(NIA)
    fresh.post("/start/walk/", {"to": "7"})
    assert "Done." not in fresh.get("/start/").content.decode()


def test_a_role_that_signs_nothing_is_told_so(demo: str) -> None:
    text = signed_in(HANA).get("/start/").content.decode()
    assert "Your role signs no decision here" in text


def test_the_walk_ends_with_the_decision_that_was_signed(demo: str) -> None:
    decision = take(QUINN, "DP-26-001", "us_disposition", "released")
    client = signed_in(QUINN)
    client.get("/")
    assert client.post("/start/walk/", {"to": "6"})["Location"] == f"/decisions/{decision.pk}/"
    client.post("/start/walk/", {"to": "7"})
    assert "You read a verdict" in client.get("/start/").content.decode()
    client.post("/start/walk/", {"to": "leave"})
    assert "You read a verdict" not in client.get("/start/").content.decode()
