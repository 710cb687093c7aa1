"""Record pages: every kind has one, what it names and what names it lead on, and nothing hidden is named."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.install import regulated_models
from holdfast.ledger.models import Detail, Fact, Record
from holdfast.people.models import Bookmark, Person, SavedView
from holdfast.web.records.kinds import DIRECTORY, KINDS
from tests.release.people import HANA, NIA, QUINN, account, lot

from .test_pages import signed_in

pytestmark = [pytest.mark.req("4.5")]


def test_every_kind_of_record_has_a_row_and_no_row_is_without_a_kind() -> None:
    kinds = {model.kind for model in regulated_models() if issubclass(model, Detail)}
    assert set(KINDS) == kinds | set(DIRECTORY)


def one_of_each() -> dict[str, str]:
    """An address for each kind of record, directory entry and table of single rows that the demonstration has."""
    with viewing(Viewer.operator()):
        found = {kind: f"/records/{key}/" for kind, key in Record.objects.order_by("kind", "-pk").distinct("kind").values_list("kind", "pk")}
        found |= {kind: f"/directory/{kind}/{model.objects.order_by('pk')[0].pk}/" for kind, model in DIRECTORY.items()}
        for model in regulated_models():
            row = model._base_manager.order_by("pk").only("pk").first() if issubclass(model, Fact) else None
            if row is not None:
                found[model._meta.db_table] = f"/facts/{model._meta.db_table}/{row.pk}/"
    return found


def test_every_kind_that_the_demonstration_has_opens_with_facts_links_and_history(demo: str) -> None:
    client, asked = signed_in(QUINN), one_of_each()
    assert len(asked) > 55
    for kind, address in asked.items():
        response = client.get(address)
        text = response.content.decode()
        assert response.status_code == 200, kind
        assert all(f">{heading}<" in text for heading in ("Facts", "Where it is named", "History")), kind
        assert "None" not in [part.strip() for part in text.replace(">", "<").split("<")], kind


def test_a_record_page_asks_the_same_number_of_questions_however_much_names_it(demo: str) -> None:
    from django.db import connection

    client, counts = signed_in(QUINN), []
    with viewing(Viewer.operator()):
        keys = [Record.objects.get(kind="lot", number=number).pk for number in ("DP-26-001", "DP-26-012")]
    client.get(f"/records/{keys[0]}/")
    for key in keys:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/records/{key}/")
        counts.append(len(captured))
    assert counts[0] == counts[1] < 90


def test_links_lead_both_ways_and_on_to_the_next_page(demo: str) -> None:
    client = signed_in(QUINN)
    key = lot("DP-26-004").pk
    text = client.get(f"/records/{key}/").content.decode()
    with viewing(Viewer.operator()):
        sample = Record.objects.filter(kind="sample", number__startswith="SMP-DP-26-004").order_by("pk").first() or Record.objects.filter(kind="sample")[0]
        many = Person.objects.get(number="PER-021")
    assert f'href="/records/{sample.pk}/"' in text or "Samples" in text
    first = client.get(f"/directory/person/{many.pk}/").content.decode()
    assert "All batch steps, as performed by" in first
    page = client.get(f"/links/person/{many.pk}/batch_batchstep/performed_by/").content.decode()
    assert page.count('icon-link" href="/facts/batch_batchstep/') == 50
    assert "after=" in page


def test_what_names_a_thing_and_is_not_yours_to_see_is_absent(demo: str) -> None:
    with viewing(Viewer.operator()):
        site = DIRECTORY["site"].objects.get(number="BCW-OH").pk
    whole, part = (signed_in(email).get(f"/directory/site/{site}/").content.decode() for email in (QUINN, HANA))
    assert "DP-26-001" in whole
    assert "DP-26-001" not in part


@pytest.mark.parametrize(("email", "status"), [(NIA, 200), (HANA, 404)])
def test_a_row_that_is_not_yours_to_see_is_not_there(demo: str, email: str, status: int) -> None:
    from holdfast.batch.models import BatchStep

    with viewing(Viewer.operator()):
        step = BatchStep.objects.filter(batch_record__lot__record__number="DP-26-001").order_by("pk")[0].pk
    assert signed_in(email).get(f"/facts/batch_batchstep/{step}/").status_code == status


def test_a_table_or_a_field_that_is_not_one_is_not_there(demo: str) -> None:
    client, key = signed_in(QUINN), lot("DP-26-004").pk
    for address in (f"/facts/people_account/{key}/", f"/links/record/{key}/batch_sample/nothing/", "/directory/account/1/", "/links/nonsense/1/x/y/"):
        assert client.get(address).status_code == 404


def test_a_source_file_comes_byte_for_byte(demo: str) -> None:
    from holdfast.ledger.models import StoredFile

    with viewing(Viewer.operator()):
        kept = StoredFile.objects.order_by("pk")[0]
    response = signed_in(QUINN).get(f"/files/{kept.pk}/")
    assert response.content == bytes(kept.content)
    assert response["Content-Disposition"].startswith('attachment; filename="')


def test_a_record_is_pinned_listed_and_let_go_and_only_for_whoever_pinned_it(demo: str) -> None:
    client, other, key = signed_in(QUINN), signed_in(NIA), lot("DP-26-004").pk
    client.post(f"/records/{key}/pin/", {"pinned": "yes"})
    assert "DP-26-004" in client.get("/search/").content.decode().split("Seen lately")[0]
    assert "DP-26-004" not in other.get("/search/").content.decode()
    client.post(f"/records/{key}/pin/", {"pinned": "no"})
    assert "DP-26-004" not in client.get("/search/").content.decode().split("Seen lately")[0].split("Pinned")[-1]


def test_what_was_seen_lately_is_not_named_once_it_is_hidden(demo: str) -> None:
    key = lot("DP-26-004").pk
    Bookmark.objects.create(account=account(HANA), record_id=key, seen_at="2026-11-24T08:00:00Z", pinned_at="2026-11-24T08:00:00Z")
    assert "DP-26-004" not in signed_in(HANA).get("/search/").content.decode()


def test_nobody_pins_what_they_cannot_see(demo: str) -> None:
    key = lot("DP-26-004").pk
    assert signed_in(HANA).post(f"/records/{key}/pin/").status_code == 404
    assert not Bookmark.objects.exists()


@pytest.mark.parametrize(
    ("text", "kind", "wanted"), [("DP-26-004", "", "/records/"), ("adler", "", "/directory/person/"), ("DP-26", "deviation", "Nothing found")]
)
def test_the_search_page_finds_numbers_lots_and_people(demo: str, text: str, kind: str, wanted: str) -> None:
    found = signed_in(QUINN).get("/search/", {"q": text, "kind": kind}).content.decode()
    assert wanted in found


def test_the_search_page_walks_on_and_says_what_is_wrong(demo: str) -> None:
    client = signed_in(QUINN)
    first = client.get("/search/", {"q": "RUN-DP-26"}).content.decode()
    assert 'rel="next"' in first
    assert "between 2 and 200 characters" in client.get("/search/", {"q": "x"}).content.decode()
    assert "Search again" in client.get("/search/", {"q": "DP-26", "after": "nonsense"}).content.decode()


def test_a_search_finds_only_what_is_yours_to_see(demo: str) -> None:
    assert "/records/" not in signed_in(HANA).get("/search/palette/", {"q": "DP-26-004"}).content.decode()
    assert "/records/" in signed_in(QUINN).get("/search/palette/", {"q": "DP-26-004"}).content.decode()


def test_a_view_of_the_board_is_kept_by_name_and_taken_away(demo: str) -> None:
    client = signed_in(QUINN)
    client.post("/views/", {"name": "EU, blocked", "query": "?state=blocked&place=EU"})
    assert "EU, blocked" in client.get("/").content.decode()
    assert "EU, blocked" not in signed_in(NIA).get("/").content.decode()
    kept = SavedView.objects.get()
    signed_in(NIA).post("/views/", {"forget": kept.pk, "query": ""})
    assert SavedView.objects.exists()
    client.post("/views/", {"forget": kept.pk, "query": ""})
    assert not SavedView.objects.exists()
    assert client.post("/views/", {"name": "  ", "query": ""}).status_code == 302
    assert not SavedView.objects.exists()
