"""Compendial references as laboratories write them: read for certain, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from holdfast.kernel.errors import NotReadable
from holdfast.standards.crosswalks.reference import CompendialReference, parse_reference, parse_references

pytestmark = pytest.mark.req("5.4")


@pytest.mark.parametrize(
    ("text", "shown", "edition"),
    [
        ("USP <71>", "USP <71>", ""),
        ("USP<71>", "USP <71>", ""),
        ("usp 〈85〉", "USP <85>", ""),
        ("U.S.P. <1207>.", "USP <1207>", ""),
        ("USP chapter 788", "USP <788>", ""),
        ("USP general chapter <1046>", "USP <1046>", ""),
        ("USP-NF <1043>", "USP <1043>", ""),
        ("USP43-NF38 <85>", "USP <85>", "43-NF38"),
        ("USP 43, <71>", "USP <71>", "43"),
        ("USP 2024 <71>", "USP <71>", "2024"),
        ("USP <1229.5>", "USP <1229.5>", ""),
        ("<61>", "USP <61>", ""),
        ("Ph. Eur. 2.6.1", "Ph. Eur. 2.6.1", ""),
        ("EP 2.6.1.", "Ph. Eur. 2.6.1", ""),
        ("Ph.Eur.2.6.14", "Ph. Eur. 2.6.14", ""),
        ("European Pharmacopoeia 5.2.12", "Ph. Eur. 5.2.12", ""),
        ("Ph. Eur. 11.0, 2.6.14", "Ph. Eur. 2.6.14", "11.0"),
        ("EP 5.34", "Ph. Eur. 5.34", ""),
        ("Ph. Eur. monograph 3186", "Ph. Eur. 3186", ""),
        ("JP 4.06", "JP 4.06", ""),
        ("JP18 4.01", "JP 4.01", "18"),
        ("JP XVIII, 4.01", "JP 4.01", "XVIII"),
        ("J.P. G4-6-170", "JP G4-6-170", ""),
    ],
)
def test_a_reference_is_read_however_it_is_written(text: str, shown: str, edition: str) -> None:
    found = parse_reference(text)
    assert (str(found), found.edition) == (shown, edition)


@pytest.mark.parametrize(
    "text", ["", " ", "2.6.1", "71", "USP", "USP 43", "EP", "JP", "JP 18", "in-house", "USP <abc>", "Ph. Eur. <71>", "JP 2.6.1", "USP 2.6.1"]
)
def test_what_names_no_chapter_for_certain_is_refused(text: str) -> None:
    with pytest.raises(NotReadable, match="Write it like"):
        parse_reference(text)


CHAPTERS = some.one_of(
    some.builds(CompendialReference, some.just("USP"), some.integers(1, 2999).map(str)),
    some.builds(lambda a, b, c: CompendialReference("Ph. Eur.", f"{a}.{b}.{c}"), some.integers(1, 5), some.integers(1, 20), some.integers(1, 60)),
    some.builds(lambda a, b: CompendialReference("JP", f"{a}.{b:02d}"), some.integers(1, 9), some.integers(0, 99)),
)
SPELLINGS = {
    "USP": ["USP ", "usp", "U.S.P. ", "USP-NF ", "USP chapter "],
    "Ph. Eur.": ["Ph. Eur. ", "EP ", "Ph.Eur.", "E.P. ", "PhEur "],
    "JP": ["JP ", "J.P. ", "jp "],
}


@given(CHAPTERS, some.data(), some.sampled_from(["", ".", " "]))
def test_every_spelling_of_a_chapter_is_the_same_chapter(reference: CompendialReference, data: some.DataObject, end: str) -> None:
    name = data.draw(some.sampled_from(SPELLINGS[reference.pharmacopoeia]))
    chapter = f"<{reference.chapter}>" if reference.pharmacopoeia == "USP" else reference.chapter
    assert parse_reference(f"{name}{chapter}{end}") == reference


@given(CHAPTERS)
def test_what_is_written_is_read_again(reference: CompendialReference) -> None:
    assert parse_reference(str(reference)) == reference


@given(some.text(max_size=40))
def test_any_text_is_read_or_refused_and_never_anything_else(text: str) -> None:
    try:
        found = parse_reference(text)
    except NotReadable:
        return
    assert parse_reference(str(found)).chapter == found.chapter


@given(some.lists(CHAPTERS, min_size=1, max_size=4, unique=True), some.sampled_from(["; ", " and ", "/", ", "]))
def test_several_references_in_one_text_are_each_read(references: list[CompendialReference], between: str) -> None:
    found = parse_references(between.join(map(str, references)))
    assert (found.read, found.unread) == (tuple(references), ())


def test_a_part_without_a_name_takes_the_pharmacopoeia_before_it_and_what_cannot_be_read_is_kept() -> None:
    found = parse_references("USP <61>, <62>; Ph. Eur. 2.6.12 and 2.6.13; in-house SOP")
    assert [str(r) for r in found.read] == ["USP <61>", "USP <62>", "Ph. Eur. 2.6.12", "Ph. Eur. 2.6.13"]
    assert found.unread == ("in-house SOP",)
