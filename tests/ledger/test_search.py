"""One search over everything: what somebody may see, best first; every use is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from holdfast.kernel.clock import now
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set, sqlstate
from holdfast.ledger.models import Programme, Record, Search
from holdfast.ledger.queries import Found, NotSearchable, search
from holdfast.people.models import Person

pytestmark = [pytest.mark.req("4.5"), pytest.mark.req("3.2")]
SPONSOR, CDMO, LABORATORY, ABROAD = "PER-001", "PER-021", "PER-051", "PER-031"


def viewer(number: str) -> Viewer:
    with viewing(Viewer.operator()):
        return Viewer.person(Person.objects.get(number=number).pk)


def found(text: str, person: str = SPONSOR, **more: Any) -> list[Found]:
    with viewing(viewer(person)):
        return list(search(text, **more).found)


def test_the_exact_number_comes_first_whatever_its_case(demo: str) -> None:
    assert [(one.kind, one.number, one.rank) for one in found("dp-26-001")] == [("lot", "DP-26-001", 0)]
    first = found("IND-099201")[0]
    assert (first.kind, first.number, first.rank) == ("registration", "IND-099201", 0)


def test_the_beginning_of_a_number_finds_all_that_begin_so_in_order(demo: str) -> None:
    assert [one.number for one in found("DP-26-", kinds=["lot"], limit=200)] == [f"DP-26-{n:03}" for n in range(1, 25)]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("PT-7211", "lot", "DP-26-003"),
        ("centrifuge columbus", "change", "CHG-019"),
        ("Second centri", "change", "CHG-019"),
        ("Adler", "person", "PER-001"),
        ("PER-002", "person", "PER-002"),
        ("FHT-BOS", "site", "FHT-BOS"),
        ("MAT-IL7", "material", "MAT-IL7"),
    ],
)
def test_pseudonyms_words_people_sites_and_materials_are_found(demo: str, text: str, kind: str, number: str) -> None:
    assert (kind, number) in [(one.kind, one.number) for one in found(text, limit=50)]


def test_nobody_finds_what_they_may_not_see(demo: str) -> None:
    """Every number and title there is, searched by each kind of person: what is found is what the record's own policy shows them."""
    with viewing(Viewer.operator()):
        texts = {"DP-26-", "SMP-", "RUN-", "IND-", "DEV-", "PT-", "AUD-", "executed batch record", "fernicel", "release sample"}
        every = {record.pk: record for record in Record.objects.all()}
    for person in (SPONSOR, CDMO, LABORATORY, ABROAD):
        with viewing(viewer(person)):
            visible = set(Record.objects.values_list("pk", flat=True))
            for text in sorted(texts):
                ids = {one.id for one in search(text, limit=5000).found if one.version is not None}
                begins = {pk for pk, record in every.items() if record.number.lower().startswith(text.lower())}
                assert ids <= visible
                assert begins & visible <= ids


def test_raw_sql_as_the_application_finds_no_more(demo: str) -> None:
    counts = {}
    for person in (SPONSOR, LABORATORY):
        with viewing(viewer(person)), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM holdfast_search('DP-26-', '{lot}', NULL, NULL, NULL, 1000)")
            counts[person] = cursor.fetchone()[0]
    assert counts == {SPONSOR: 24, LABORATORY: 0}


def test_with_nobody_identified_a_search_is_an_error(demo: str) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM holdfast_search('DP-26-', '{}', NULL, NULL, NULL, 10)")
    assert sqlstate(caught.value) == "HF010"


def test_every_search_is_kept_with_who_asked_and_only_the_operator_reads_them(demo: str) -> None:
    asked = viewer(CDMO)
    with viewing(asked):
        shown = len(search("DP-26-", kinds=["lot"], limit=7).found)
        assert Search.objects.count() == 0
    with viewing(Viewer.operator()):
        kept = Search.objects.latest("id")
    assert (kept.viewer, kept.wanted, kept.kinds, shown) == (f"person:{asked.argument}", "dp-26-", ["lot"], 7)


@pytest.mark.parametrize("sql", ["DELETE FROM ledger_search", "UPDATE ledger_search SET wanted = 'x'", "INSERT INTO ledger_search SELECT * FROM ledger_search"])
def test_nobody_alters_what_was_kept_of_searches(demo: str, sql: str) -> None:
    found("DP-26-")
    with pytest.raises(DatabaseError), viewing(Viewer.operator()), connection.cursor() as cursor:
        cursor.execute(sql)
    with viewing(Viewer.operator()):
        assert Search.objects.filter(wanted="dp-26-").exists()


def test_pages_walk_over_everything_once(demo: str) -> None:
    with viewing(viewer(SPONSOR)):
        whole = [(one.kind, one.id) for one in search("RUN-DP-26-0", limit=1000).found]
        walked: list[tuple[str, int]] = []
        page = search("RUN-DP-26-0", limit=23)
        while True:
            walked += [(one.kind, one.id) for one in page.found]
            if page.after is None:
                break
            page = search("RUN-DP-26-0", after=page.after, limit=23)
    assert walked == whole
    assert len(set(walked)) == 235


def test_a_voided_record_is_found_and_says_so(demo: str) -> None:
    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
    with change_set(Actor.operator("operator"), action="void", reason="a test needs it", programme=programme):
        Record.objects.filter(kind="lot", number="DP-26-003").update(voided_at=now(), void_reason="made in error")
    assert [(one.number, one.is_voided) for one in found("DP-26-003", kinds=["lot"])] == [("DP-26-003", True)]


@pytest.mark.parametrize("text", ["a", " ", "", "x" * 201])
def test_what_is_too_short_or_too_long_is_refused(demo: str, text: str) -> None:
    with pytest.raises(NotSearchable), viewing(viewer(SPONSOR)):
        search(text)


@pytest.mark.parametrize("text", ["'; DROP TABLE ledger_record; --", "%%%", "&|!():*", "\\\\", "µ €", "zz:*q & xj"])
def test_any_text_is_only_a_text(demo: str, text: str) -> None:
    assert found(text) == []


def test_a_place_of_nothing_is_refused(demo: str) -> None:
    with pytest.raises(NotSearchable), viewing(viewer(SPONSOR)):
        search("DP-26", after="nonsense")
