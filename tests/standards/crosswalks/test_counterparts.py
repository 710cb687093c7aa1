"""The crosswalks in use: a reference finds its counterpart, or the gap, and never a made-up answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from holdfast.kernel.errors import NotReadable
from holdfast.standards.crosswalks.counterparts import find_compendial, find_guidance
from holdfast.standards.crosswalks.loading import chapters_of, compendia, guidance, read_compendia, read_documents, read_guidance
from holdfast.standards.crosswalks.schema import OF_REGION, PHARMACOPOEIAS, SOURCES, STATUSES, Source
from holdfast.standards.positions import PackProblem, read_positioned

pytestmark = pytest.mark.req("5.4")


@pytest.mark.parametrize(
    ("asked", "region", "wanted", "status"),
    [
        # ICH Q4B annexes 8, 14, 3 declare these interchangeable
        ("USP <71>", "EU", "Ph. Eur. 2.6.1", "harmonised"),
        ("EP 2.6.1.", "JP", "JP 4.06", "harmonised"),
        ("JP 4.01", "US", "USP <85>", "harmonised"),
        ("USP 788", "EU", "Ph. Eur. 2.9.19", "harmonised"),
        ("USP <63>", "EU", "Ph. Eur. 2.6.7", "different"),
        ("Ph. Eur. 2.7.24", "US", "USP <1027>", "different"),
    ],
)
def test_a_reference_finds_its_counterpart(asked: str, region: str, wanted: str, status: str) -> None:
    found = find_compendial(compendia(), asked, region)
    assert [(c.references, c.status) for c in found.counterparts] == [((wanted,), status)]


@pytest.mark.parametrize(("asked", "region"), [("USP <1207>", "EU"), ("Ph. Eur. 2.6.30", "US"), ("Ph. Eur. 5.2.8", "US"), ("USP <509>", "JP")])
def test_a_gap_is_said_to_be_one(asked: str, region: str) -> None:
    found = find_compendial(compendia(), asked, region)
    assert found.is_known
    assert all(c.is_gap and c.status == "no counterpart" and c.differs for c in found.counterparts)
    assert "has no counterpart" in found.sentence


def test_a_reference_that_the_crosswalk_does_not_hold_is_unknown_and_not_a_gap() -> None:
    found = find_compendial(compendia(), "USP <2999>", "EU")
    assert (found.is_known, found.counterparts) == (False, ())
    assert "says nothing about Ph. Eur." in found.sentence


def test_an_informational_chapter_is_marked_as_one() -> None:
    (found,) = find_compendial(compendia(), "Ph. Eur. 2.7.24", "US").counterparts
    assert "does not bind" in found.standing
    (bound,) = find_compendial(compendia(), "USP <1027>", "EU").counterparts
    assert bound.standing == ""


@given(some.sampled_from(compendia().rows), some.sampled_from(PHARMACOPOEIAS), some.sampled_from(sorted(OF_REGION)))
def test_counterparts_are_mutual(row: object, name: object, region: str) -> None:
    """What answers to a chapter has that chapter among its own counterparts."""
    origin = next(r for r, p in OF_REGION.items() if p == name)
    for chapter in chapters_of(row, name):  # type: ignore[arg-type]
        for one in find_compendial(compendia(), str(chapter), region).counterparts:
            for reference in one.references:
                back = {text for c in find_compendial(compendia(), reference, origin).counterparts for text in c.references}
                assert str(chapter) in back


@pytest.mark.parametrize(
    ("asked", "source", "among"),
    [
        ("21 CFR 211.192", "eu", "EU GMP Annex 16 1.7.14"),
        ("21CFR § 211.22(a)", "eu", "Directive 2001/83/EC Art 51"),
        ("Annex 11 9", "us", "21 CFR 11.10(e)"),
        ("EU GMP Part IV 11.5", "us", "21 CFR 312.310"),
        ("ICH Q5E", "eu", "EMA guideline Comparability ATMP Q&A (EMA/CAT/499821/2019)"),
        ("EU GMP Part I 6.38", "us", None),
    ],
)
def test_a_guidance_reference_finds_its_counterpart(asked: str, source: Source, among: str | None) -> None:
    found = find_guidance(guidance(), asked, source)
    references = [r for c in found.counterparts for r in c.references]
    assert among in references if among else references == []


def test_a_gap_in_guidance_is_said_to_be_one() -> None:
    found = find_guidance(guidance(), "EU GMP Annex 11 15", "us")
    assert [(c.status, c.references) for c in found.counterparts] == [("no counterpart", ())]


@pytest.mark.parametrize("text", ["", "21 CFR 999", "my own SOP"])
def test_a_text_of_no_known_document_is_refused(text: str) -> None:
    with pytest.raises(NotReadable, match="no document of the crosswalk"):
        find_guidance(guidance(), text, "eu")


def test_the_crosswalks_hold_what_they_promise() -> None:
    assert len(guidance().rows) >= 120
    assert len(compendia().rows) >= 70
    assert {one.row.status for one in guidance().rows} == set(STATUSES)
    assert all(len(one.row.differs) > 5 for one in guidance().rows)
    used = {guidance().document_of(r) for one in guidance().rows for source in SOURCES for r in one.row.references(source)}
    assert {d.prefix for d in guidance().documents} - {d.prefix for d in used if d} == set()


#: the rows of the domain brief's table that have a text in USP and in Ph. Eur.
NAMED = [
    ("<71>", "2.6.1"), ("<72>", "2.6.27"), ("<1223>", "5.1.6"), ("<85>", "2.6.14"), ("<86>", "2.6.32"), ("<151>", None), ("<63>", "2.6.7"), ("<61>", "2.6.12"),
    ("<62>", "2.6.13"), ("<1111>", "5.1.4"), ("<788>", "2.9.19"), ("<790>", "2.9.20"), ("<791>", "2.2.3"), ("<785>", "2.2.35"), ("<855>", "2.2.1"),
    ("<631>", "2.2.2"), ("<857>", "2.2.25"), ("<507>", "2.5.33"), ("<621>", "2.2.46"), ("<129>", "2.2.30"), ("<1054>", "2.2.54"), ("<1053>", "2.2.47"),
    ("<1056>", "2.2.31"), ("<1055>", "2.2.55"), ("<1052>", "2.2.56"), ("<210>", "2.2.59"), ("<1132>", "2.6.34"), ("<509>", "2.6.35"), ("<1103>", "2.7.1"),
    ("<1032>", "5.3"), ("<1046>", "2.7.29"), ("<1027>", "2.7.24"), ("<127>", "2.7.23"), ("<1046>", "2.7.28"), ("<1125>", "2.6.21"), ("<1047>", "5.34"),
    ("<1237>", "2.6.16"), ("<1043>", "5.2.12"), ("<1207>", None), ("<697>", "2.9.17"), ("<905>", "2.9.40"), ("<921>", "2.5.12"), ("<467>", "5.4"),
    ("<232>", "5.20"), ("<1225>", None),
]  # fmt: skip


@pytest.mark.parametrize(("usp", "ep"), NAMED)
def test_the_subjects_of_the_domain_brief_are_all_there(usp: str, ep: str | None) -> None:
    found = find_compendial(compendia(), f"USP {usp}", "EU")
    assert found.is_known
    if ep:
        assert f"Ph. Eur. {ep}" in {text for c in found.counterparts for text in c.references}


COMPENDIUM = """\
crosswalk: {id: x, version: 1.0.0, editions: {USP: a, Ph. Eur.: b, JP: c}, note: n}
rows:
  - {id: PHA-001, topic: T, usp: ["71"], ep: [%s], status: %s, jp_status: no counterpart, differs: d, confidence: high, source_check: memory}
"""


@pytest.mark.parametrize(
    ("ep", "status", "says", "at"),
    [('"2.6.1"', "alike", "Input should be", "alike"), ("", "harmonised", "no counterpart", "harmonised"), ('"two"', "similar", "names no chapter", '"two"')],
)
def test_a_mistake_in_the_crosswalk_of_pharmacopoeias_is_shown_by_line_and_column(ep: str, status: str, says: str, at: str) -> None:
    text = COMPENDIUM % (ep, status)
    with pytest.raises(PackProblem, match=says) as raised:
        read_compendia(read_positioned("x.yaml", text))
    assert (raised.value.line, raised.value.column) == (3, text.splitlines()[2].index(at) + 1)


DOCUMENTS = """\
crosswalk: {id: x, version: 1.0.0, edition: e}
documents:
  - {prefix: "21 CFR 211", title: t, source: us, edition: e, authority: law, confidence: high, source_check: memory}
"""


@pytest.mark.parametrize(
    ("us", "eu", "status", "says"),
    [
        ('"21 CFR 900.1"', "", "no counterpart", "belongs to no document"),
        ('"21 CFR 211.22"', "", "similar", "no counterpart"),
        ("", '"21 CFR 211.22"', "no counterpart", "no document"),
    ],
)
def test_a_mistake_in_the_crosswalk_of_guidance_is_shown_by_line(us: str, eu: str, status: str, says: str) -> None:
    text = f"area: A\nrows:\n  - {{id: AAA-001, topic: t, us: [{us}], eu: [{eu}], status: {status}, confidence: high, source_check: memory, differs: d}}\n"
    with pytest.raises(PackProblem, match=says) as raised:
        read_guidance(read_positioned("a.yaml", text), read_documents(read_positioned("d.yaml", DOCUMENTS)))
    assert raised.value.line == 3
