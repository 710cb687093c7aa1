"""Versions, voiding, past moments, files and signatures."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.actions import keep_file, sign_record, start_programme, store_rows, void_record
from holdfast.ledger.changes import SIGNED, Actor, OpenChangeSet, change_set, sqlstate
from holdfast.ledger.models import ChangeSet, Programme, Record, Signature, StoredFile
from holdfast.ledger.queries import as_of, history_of
from holdfast.programme.models import Product

pytestmark = [pytest.mark.django_db, pytest.mark.req("2.3")]
OPERATOR = Actor.operator("operator")


@pytest.fixture
def programme() -> Programme:
    with change_set(OPERATOR, action="start", reason="a test needs it") as opened:
        bound, _ = start_programme(opened, number="PRG-1", name="Fictional programme")
    assert bound.programme is not None
    return bound.programme


def product(opened: OpenChangeSet, version: int = 1, title: str = "Product") -> int:
    return store_rows(opened, Product, [{"number": "PRD-1", "version": version, "title": title}]).keys[0]


def test_storing_the_same_row_twice_changes_nothing(programme: Programme) -> None:
    row = {"number": "PRD-1", "title": "Product", "modality": "gene_modified_cell"}
    outcomes = []
    for _ in range(2):
        with change_set(OPERATOR, action="store", reason="again", programme=programme) as opened:
            outcomes.append(store_rows(opened, Product, [row]))
    assert [o.states for o in outcomes] == [["written"], ["unchanged"]]
    with viewing(Viewer.operator()):
        assert [len(history_of(Product.objects.get()))] == [2]


def test_a_changed_row_is_updated_and_its_past_can_be_read(programme: Programme) -> None:
    with change_set(OPERATOR, action="store", reason="first", programme=programme) as opened:
        key = product(opened, title="Old name")
    with viewing(Viewer.operator()):
        between = ChangeSet.objects.latest("id").recorded_at
    with change_set(OPERATOR, action="store", reason="renamed", programme=programme) as opened:
        product(opened, title="New name")
    with viewing(Viewer.operator()):
        past, present = as_of(Record, key, between), as_of(Record, key, datetime.now(UTC))
        assert past is not None and present is not None
        assert (past["title"], present["title"]) == ("Old name", "New name")
        assert as_of(Record, key, datetime(2000, 1, 1, tzinfo=UTC)) is None


def test_a_new_version_names_the_one_it_supersedes(programme: Programme) -> None:
    with change_set(OPERATOR, action="store", reason="two versions", programme=programme) as opened:
        first, second = product(opened, 1), product(opened, 2)
    with viewing(Viewer.operator()):
        assert Record.objects.get(pk=second).supersedes_id == first


def sign(opened: OpenChangeSet, record: Record) -> Signature:
    return sign_record(
        opened, record, signer_id=1, printed_name="Ana", role="quality_unit", organisation="Sponsor", meaning="approved", content=b"what is signed"
    )


def test_a_signed_version_cannot_change_but_a_new_version_can_be_made(programme: Programme) -> None:
    with change_set(OPERATOR, action="sign", reason="approve", programme=programme) as opened:
        key = product(opened)
        signature = sign(opened, Record.objects.get(pk=key))
    assert signature.digest == hashlib.sha256(b"what is signed").hexdigest()
    with pytest.raises(DatabaseError) as header, change_set(OPERATOR, action="edit", reason="sneak", programme=programme) as opened:
        product(opened, title="Changed")
    with pytest.raises(DatabaseError) as detail, change_set(OPERATOR, action="edit", reason="sneak", programme=programme):
        Product.objects.update(modality="biologic")
    with pytest.raises(DatabaseError) as signed, change_set(OPERATOR, action="edit", reason="sneak", programme=programme):
        Signature.objects.update(meaning="something else")
    assert [sqlstate(e.value) for e in (header, detail, signed)] == [SIGNED] * 3
    with change_set(OPERATOR, action="correct", reason="a correction is a new version", programme=programme) as opened:
        product(opened, 2, "Corrected")
    with viewing(Viewer.operator()):
        assert [(r.version, r.title) for r in Record.objects.order_by("version")] == [(1, "Product"), (2, "Corrected")]


def test_a_signature_whose_digest_is_not_of_its_content_is_refused(programme: Programme) -> None:
    with change_set(OPERATOR, action="store", reason="x", programme=programme) as opened:
        key = product(opened)
    with pytest.raises(DatabaseError), change_set(OPERATOR, action="forge", reason="x", programme=programme):
        Signature.objects.create(
            programme=programme, record_id=key, signer_id=1, printed_name="A", role="qp", organisation="O", meaning="m",
            signed_at=datetime.now(UTC), digest="0" * 64, content=b"other",
        )  # fmt: skip
    with viewing(Viewer.operator()):
        assert Signature.objects.count() == 0


def test_voiding_needs_a_reason_and_keeps_the_record(programme: Programme) -> None:
    with change_set(OPERATOR, action="store", reason="x", programme=programme) as opened:
        key = product(opened)
    with change_set(OPERATOR, action="void", reason="entered twice", programme=programme) as opened:
        with pytest.raises(ValueError, match="without a reason"):
            void_record(opened, Record.objects.get(pk=key), " ")
        void_record(opened, Record.objects.get(pk=key), "entered twice")
    with viewing(Viewer.operator()):
        record = Record.objects.get(pk=key)
        assert record.voided_at is not None and record.void_reason == "entered twice"
    with pytest.raises(DatabaseError), change_set(OPERATOR, action="void", reason="x", programme=programme), transaction.atomic():
        Record.objects.filter(pk=key).update(void_reason="")


def test_the_same_file_is_kept_once_byte_for_byte(programme: Programme) -> None:
    content = "läb;<10\r\n".encode("latin-1")
    with change_set(OPERATOR, action="keep", reason="source", programme=programme) as opened:
        first, is_new = keep_file(opened, "a.csv", content)
        second, again = keep_file(opened, "b.csv", content)
    assert (is_new, again, first.pk) == (True, False, second.pk)
    with viewing(Viewer.operator()):
        kept = StoredFile.objects.get()
        assert bytes(kept.content) == content and kept.sha256 == hashlib.sha256(content).hexdigest()
