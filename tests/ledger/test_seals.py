"""The tree over change sets: nothing lost, nothing out of order, nobody waiting; and everything that is altered is found and named."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from holdfast.dossier.package import load_or_make_key, public_keys, rotate_key
from holdfast.kernel import merkle
from holdfast.kernel.checkpoint import is_signed_by, read_checkpoint
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import ChangeSet, KeptCheckpoint, Leaf, TreeNode
from holdfast.ledger.seals import consistency_from, issue_checkpoint, pending, root, seal, seal_of, size
from holdfast.ledger.verification import LedgerReport, verify_ledger
from holdfast.people.models import Organisation
from holdfast.project.postgres import APPLICATION
from tests.conftest import copied_database
from tests.ledger.tampering import ALIAS, rewrite_the_ledger, superuser, undone

pytestmark = [pytest.mark.req("3.1")]
ACTOR = Actor.operator("operator")


def add(number: str) -> int:
    with change_set(ACTOR, action="add organisation", reason="a test needs one") as opened:
        Organisation.objects.create(number=number, name=f"Fictional {number}", kind="supplier", country="US")
    return opened.id


def sealed_order() -> list[int]:
    return list(Leaf.objects.order_by("index").values_list("change_set_id", flat=True))


def test_every_change_set_gets_one_place_in_the_order_in_which_it_was_begun(own_database: str) -> None:
    made = [add(f"ORG-{n}") for n in range(11)]
    assert (pending(), size()) == (11, 0)
    assert seal() == 11
    assert sealed_order() == made
    assert (pending(), seal()) == (0, 11)
    made += [add(f"ORG-{n}") for n in range(11, 17)]
    assert seal() == 17
    assert sealed_order() == made


def test_stored_nodes_are_the_complete_subtrees_whatever_the_sizes_of_the_batches(own_database: str) -> None:
    for number in range(1, 14):
        add(f"ORG-{number}")
        if number in {1, 2, 5, 6, 13}:
            seal()
            leaves = [bytes(leaf.leaf_hash) for leaf in Leaf.objects.order_by("index")]
            wanted = {(lv, ix): h for lv, row in enumerate(merkle.complete_levels(leaves)) if lv for ix, h in enumerate(row)}
            assert {(n.level, n.index): bytes(n.hash) for n in TreeNode.objects.all()} == wanted
            assert root(number) == merkle.root_hash(number, merkle.node_at_of(leaves))


def test_a_slow_transaction_holds_back_the_order_and_is_not_lost(server: Any, own_database: str) -> None:
    first = add("ORG-1")
    with psycopg.connect(server.url(APPLICATION, own_database)) as slow:
        opened = slow.execute("SELECT opened FROM holdfast_open_change_set(NULL, 'slow', 'add', 'slow', NULL, true)").fetchone()
        assert opened is not None
        later = add("ORG-2")
        assert seal() == 1
        assert (sealed_order(), pending()) == ([first], 1)
        slow.commit()
    assert seal() == 3
    assert sealed_order() == [first, opened[0], later]


def test_what_was_rolled_back_has_no_place(own_database: str) -> None:
    with pytest.raises(RuntimeError), change_set(ACTOR, action="add", reason="half way"):
        raise RuntimeError("power cut")
    kept = add("ORG-1")
    seal()
    assert sealed_order() == [kept]
    assert verify_ledger().holds


def test_writers_do_not_wait_for_a_sequencer_and_sequencers_take_turns(server: Any, own_database: str) -> None:
    add("ORG-1")
    with psycopg.connect(server.url(APPLICATION, own_database)) as sequencer:
        sequencer.execute("SELECT holdfast_seal(true)")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        add("ORG-2")
        with transaction.atomic():
            assert seal(wait=False) == 0
        sequencer.commit()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
    assert seal() == 2


def test_eight_writers_and_two_sequencers_at_once_leave_every_change_set_in_the_tree_once(server: Any, own_database: str) -> None:
    def write(number: int) -> None:
        with psycopg.connect(server.url(APPLICATION, own_database)) as writer:
            for _ in range(25):
                writer.execute("SELECT opened FROM holdfast_open_change_set(NULL, %s, 'nothing', 'a test', NULL, true)", [f"writer {number}"])
                writer.commit()

    def sequence(stop: threading.Event) -> None:
        with psycopg.connect(server.url(APPLICATION, own_database)) as sequencer:
            while not stop.is_set():
                sequencer.execute("SELECT holdfast_seal(false)")
                sequencer.commit()

    stop = threading.Event()
    sequencers = [threading.Thread(target=sequence, args=(stop,)) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in [*sequencers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sequencers:
        thread.join()
    assert seal() == 200
    with viewing(Viewer.operator()):
        assert sorted(sealed_order()) == list(ChangeSet.objects.order_by("id").values_list("id", flat=True))
    assert verify_ledger().holds


def test_a_checkpoint_is_signed_and_a_later_one_extends_it(own_database: str, tmp_path: Path) -> None:
    for number in range(5):
        add(f"ORG-{number}")
    earlier = issue_checkpoint(tmp_path)
    assert issue_checkpoint(tmp_path) == earlier
    for number in range(5, 12):
        add(f"ORG-{number}")
    later = issue_checkpoint(tmp_path)
    assert (earlier.size, later.size, KeptCheckpoint.objects.count()) == (5, 12, 2)
    assert is_signed_by(later, load_or_make_key(tmp_path).public_key())
    grown, proof = consistency_from(read_checkpoint(earlier.text))
    assert merkle.verify_consistency(5, grown, earlier.root, later.root, proof)


def test_a_change_sets_proof_leads_from_its_statement_to_the_signed_root(own_database: str, tmp_path: Path) -> None:
    made = [add(f"ORG-{n}") for n in range(6)]
    issue_checkpoint(tmp_path)
    last = add("ORG-7")
    with viewing(Viewer.operator()):
        for change in [*made, last]:
            proof = seal_of(change, tmp_path)
            assert merkle.verify_inclusion(
                merkle.leaf_hash(proof.statement.encode()), proof.index, proof.checkpoint.size, proof.inclusion, proof.checkpoint.root
            )
        assert proof.earlier is not None
        assert proof.earlier.size == 6


def test_after_a_key_was_replaced_old_and_new_checkpoints_are_both_accepted(own_database: str, tmp_path: Path) -> None:
    add("ORG-1")
    before = issue_checkpoint(tmp_path)
    new, old = rotate_key(tmp_path)
    both = issue_checkpoint(tmp_path, also=(old,))
    assert is_signed_by(both, old.public_key())
    assert is_signed_by(both, new.public_key())
    assert not is_signed_by(before, new.public_key())
    assert verify_ledger(before, public_keys(tmp_path)).holds


# What somebody alters who owns the machine. Each is found, and the record and field are named where there is one.

ALTERATIONS: dict[str, tuple[str, str, str]] = {
    "a live value": ("UPDATE batch_result SET reported = '99.9' WHERE id = (SELECT min(id) FROM batch_result)", "batch_result row", "reported"),
    "a live date": (
        "UPDATE batch_lot SET expires_on = expires_on + 30 WHERE record_id = (SELECT min(record_id) FROM batch_lot)",
        "batch_lot row",
        "expires_on",
    ),
    "a header": ("UPDATE ledger_record SET voided_at = NULL, title = 'other' WHERE id = (SELECT min(id) FROM ledger_record)", "ledger_record row", "title"),
    "a deleted row": ("DELETE FROM quality_deviationlot WHERE id = (SELECT min(id) FROM quality_deviationlot)", "quality_deviationlot row", ""),
    "an added row": (
        "INSERT INTO people_organisation (number, name, kind, country) VALUES ('ORG-X', 'Smuggled', 'cdmo', 'US')",
        "people_organisation row",
        "",
    ),
    "a kept file": (
        "UPDATE ledger_storedfile SET content = content || 'x' WHERE id = (SELECT min(id) FROM ledger_storedfile)",
        "ledger_storedfile row",
        "content",
    ),
    "an actor": ("UPDATE ledger_changeset SET actor_name = 'Somebody Else' WHERE id = (SELECT max(id) FROM ledger_changeset)", "change set", ""),
    "a reason": ("UPDATE ledger_changeset SET reason = reason || '.' WHERE id = (SELECT min(id) FROM ledger_changeset)", "change set", ""),
    "a moment": (
        "UPDATE ledger_changeset SET recorded_at = recorded_at - interval '1 day' WHERE id = (SELECT min(id) FROM ledger_changeset)",
        "change set",
        "",
    ),
    "an image": (
        "UPDATE ledger_rowchange SET after = replace(after, 'cdmo', 'sponsor') WHERE id = (SELECT min(id) FROM ledger_rowchange WHERE after LIKE '%%cdmo%%')",
        "change set",
        "",
    ),
    "a dropped image": ("DELETE FROM ledger_rowchange WHERE id = (SELECT max(id) FROM ledger_rowchange)", "change set", ""),
    "images in another order": (
        "UPDATE ledger_rowchange SET id = CASE id WHEN (SELECT min(id) FROM ledger_rowchange) THEN 1000000000 ELSE id END",
        "change set",
        "",
    ),
    "a dropped change set": ("DELETE FROM ledger_changeset WHERE id = (SELECT max(id) FROM ledger_changeset)", "image", ""),
    "a change set never written": (
        "INSERT INTO ledger_changeset (actor_name, action, reason, recorded_at) VALUES ('x', 'x', 'x', now())",
        "change set",
        "",
    ),
    "a leaf": ("UPDATE ledger_leaf SET leaf_hash = sha256('x') WHERE index = 1", "change set", ""),
    "a dropped leaf": ("DELETE FROM ledger_leaf WHERE index = 1", "tree", ""),
    "leaves in another order": ("UPDATE ledger_leaf SET change_set_id = -change_set_id WHERE index < 2", "change set", ""),
    "a node": ("UPDATE ledger_treenode SET hash = sha256('x') WHERE level = 1 AND index = 0", "tree node 1/0", ""),
    "a dropped node": ("DELETE FROM ledger_treenode WHERE level = 1 AND index = 0", "tree node 1/0", ""),
    "a checkpoint": ("UPDATE ledger_keptcheckpoint SET root = sha256('x')", "kept checkpoint", ""),
    "a trigger off": ("ALTER TABLE batch_result DISABLE TRIGGER holdfast_guard", "guards", ""),
    "a policy off": ("ALTER TABLE batch_result DISABLE ROW LEVEL SECURITY", "guards", ""),
}


@pytest.fixture(scope="module")
def sealed_demo(server: Any, demo_template: str, django_db_blocker: Any, demo_keys: Path) -> Iterator[tuple[str, Path]]:
    """The demonstration, sealed, with one kept checkpoint; tests of this module alter it and roll back."""
    with copied_database(server, demo_template, django_db_blocker) as name:
        issue_checkpoint(demo_keys)
        yield name, demo_keys


def test_the_untouched_demonstration_holds_and_says_what_that_proves(sealed_demo: tuple[str, Path]) -> None:
    keys = sealed_demo[1]
    report = verify_ledger(None, public_keys(keys))
    assert report.findings == []
    assert report.images > 2000
    assert "No checkpoint from elsewhere was given" in report.proves[0]


@pytest.mark.parametrize("what", ALTERATIONS)
def test_what_a_superuser_alters_with_triggers_off_is_named(server: Any, sealed_demo: tuple[str, Path], what: str) -> None:
    name, keys = sealed_demo
    sql, place, field = ALTERATIONS[what]
    with superuser(server, name) as cursor, undone():
        cursor.execute(sql)
        report = verify_ledger(None, public_keys(keys), using=ALIAS)
    assert any(f.place.startswith(place) and (not field or f.field == field) for f in report.findings), report.findings
    assert verify_ledger(None, public_keys(keys)).holds


def test_the_first_difference_names_record_and_both_values(server: Any, sealed_demo: tuple[str, Path]) -> None:
    name, keys = sealed_demo
    with superuser(server, name) as cursor, undone():
        cursor.execute("UPDATE ledger_record SET title = 'Improved' WHERE kind = 'lot' AND number = 'DP-26-001'")
        report = verify_ledger(None, public_keys(keys), using=ALIAS)
    assert [(f.place.partition("(")[2], f.field) for f in report.findings] == [("lot DP-26-001)", "title")]
    assert report.findings[0].says.startswith("the table holds 'Improved', the ledger ")


def rewritten(cursor: Any, keys: Path) -> None:
    """Live row, images, leaves, nodes and checkpoints: all made to agree, and signed with the local key."""
    cursor.execute("UPDATE batch_result SET reported = '99.9', value = 99.9 WHERE reported = '58.3' RETURNING id")
    row = cursor.fetchone()[0]
    cursor.execute("UPDATE ledger_rowchange SET after = replace(after, '58.3', '99.9') WHERE table_name = 'batch_result' AND row_id = %s", [row])
    rewrite_the_ledger(cursor, keys)


def test_everything_rewritten_with_the_local_key_is_found_against_a_checkpoint_kept_elsewhere(server: Any, sealed_demo: tuple[str, Path]) -> None:
    name, keys = sealed_demo
    elsewhere = issue_checkpoint(keys)
    with superuser(server, name) as cursor, undone():
        rewritten(cursor, keys)
        alone = verify_ledger(None, public_keys(keys), using=ALIAS)
        against = verify_ledger(read_checkpoint(elsewhere.text), public_keys(keys), using=ALIAS)
    assert alone.findings == []
    assert "not that nobody" in alone.proves[0]
    assert [f.says.partition(",")[0] for f in against.findings] == ["the tree of that size has another root: what it covered was rewritten"]


#: what is edited in the ledger alone, so that with the tree made to agree and signed with the local key nothing inside the database differs any more
FORGED = {
    "an actor": "UPDATE ledger_changeset SET actor_name = 'Somebody Else', actor_id = 1 WHERE id = (SELECT max(id) FROM ledger_changeset)",
    "a reason": "UPDATE ledger_changeset SET reason = 'better' WHERE id = (SELECT max(id) FROM ledger_changeset)",
    "a moment": "UPDATE ledger_changeset SET recorded_at = recorded_at - interval '1 month' WHERE id = (SELECT max(id) FROM ledger_changeset)",
    "two change sets in each other's place": (
        "UPDATE ledger_leaf SET change_set_id = -change_set_id WHERE index IN (1, 2);"
        "UPDATE ledger_leaf SET change_set_id = (SELECT -change_set_id FROM ledger_leaf o WHERE o.index = 3 - ledger_leaf.index) WHERE index = 1;"
        "UPDATE ledger_leaf SET change_set_id = (SELECT id FROM ledger_changeset c WHERE NOT EXISTS (SELECT FROM ledger_leaf o WHERE o.change_set_id = c.id)"
        " AND NOT EXISTS (SELECT FROM ledger_pendingchangeset w WHERE w.change_set_id = c.id)) WHERE index = 2"
    ),
    "whose rows an image is": "UPDATE ledger_rowchange SET scope_site_id = 999, access = 'whole' WHERE id = (SELECT max(id) FROM ledger_rowchange)",
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forgery_with_the_tree_rewritten_and_signed_is_found_only_against_a_checkpoint_kept_elsewhere(
    server: Any, sealed_demo: tuple[str, Path], what: str
) -> None:
    name, keys = sealed_demo
    elsewhere = issue_checkpoint(keys)
    with superuser(server, name) as cursor, undone():
        cursor.execute(FORGED[what])
        assert not verify_ledger(None, public_keys(keys), using=ALIAS).holds
        rewrite_the_ledger(cursor, keys)
        assert verify_ledger(None, public_keys(keys), using=ALIAS).findings == []
        against = verify_ledger(elsewhere, public_keys(keys), using=ALIAS)
    assert [finding.place for finding in against.findings] == [f"checkpoint of {elsewhere.size} given"]


def test_a_change_set_taken_from_the_end_with_everything_it_wrote_is_found_by_the_kept_checkpoint_too(server: Any, own_database: str, tmp_path: Path) -> None:
    add("ORG-1")
    last = add("ORG-2")
    issue_checkpoint(tmp_path)
    with superuser(server, own_database) as cursor, undone():
        cursor.execute("DELETE FROM people_organisation WHERE number = 'ORG-2'")
        for table, column in (("ledger_rowchange", "change_set_id"), ("ledger_leaf", "change_set_id"), ("ledger_changeset", "id")):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [last])
        cursor.execute("DELETE FROM ledger_treenode")
        found = verify_ledger(None, public_keys(tmp_path), using=ALIAS)
    assert _says(found) == ["it covers 2 change sets and the ledger holds 1: some are missing"]


def test_however_many_differ_the_first_named_is_a_field_and_all_are_counted(server: Any, sealed_demo: tuple[str, Path]) -> None:
    name, keys = sealed_demo
    with superuser(server, name) as cursor, undone():
        cursor.execute("INSERT INTO ledger_changeset (actor_name, action, reason, recorded_at) SELECT 'x', 'x', 'x', now() FROM generate_series(1, 200)")
        cursor.execute("UPDATE batch_result SET reported = '1' WHERE id = (SELECT min(id) FROM batch_result)")
        report = verify_ledger(None, public_keys(keys), using=ALIAS)
    assert (report.differences > 200, len(report.findings) < 110, report.first.field) == (True, True, "reported")


TEXTS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=60).filter(str.strip)


@given(some.lists(some.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=3))
@example([("\x01\x1f\x7f", '\b\f\n\r\t"\\/', "\u2028\U0001f9ec|\n|é")])
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_python_and_postgresql_hash_the_same(own_database: str, written: list[tuple[str, str, str]]) -> None:
    for actor, reason, name in written:
        with change_set(Actor.operator(actor), action="add organisation", reason=reason):
            Organisation.objects.create(number=f"ORG-{ChangeSet.objects.count()}", name=name, kind="supplier", country="US")
    seal()
    assert verify_ledger().findings == []


def test_a_ledger_cut_short_and_a_backup_played_back_are_found_against_a_checkpoint_kept_elsewhere(
    server: Any, demo: str, tmp_path: Path, django_db_blocker: Any
) -> None:
    from tests.conftest import drop_database, make_database, point_django_at

    issue_checkpoint(tmp_path)
    connection.close()
    make_database(server, "holdfast_backup", demo)
    add("ORG-AFTER-1")
    elsewhere = issue_checkpoint(tmp_path)
    point_django_at(server, "holdfast_backup")
    assert _says(verify_ledger(elsewhere, public_keys(tmp_path))) == [
        f"it covers {elsewhere.size} change sets and the ledger holds {elsewhere.size - 1}: some are missing"
    ]
    add("ORG-OTHER-1")
    add("ORG-OTHER-2")
    seal()
    assert _says(verify_ledger(elsewhere, public_keys(tmp_path))) == ["the tree of that size has another root: what it covered was rewritten"]
    point_django_at(server, demo)
    drop_database(server, "holdfast_backup")


def _says(report: LedgerReport) -> list[str]:
    return [finding.says for finding in report.findings]


def test_a_checkpoint_of_an_unknown_key_proves_nothing(own_database: str, tmp_path: Path) -> None:
    add("ORG-1")
    stranger = issue_checkpoint(tmp_path / "stranger")
    load_or_make_key(tmp_path / "own")
    report = verify_ledger(stranger, public_keys(tmp_path / "own"))
    assert "none of the public keys given has signed it" in _says(report)


def test_the_application_role_reads_the_tree_and_writes_none_of_it(server: Any, own_database: str) -> None:
    add("ORG-1")
    seal()
    with psycopg.connect(server.url(APPLICATION, own_database), autocommit=True) as app:
        for sql in (
            "UPDATE ledger_leaf SET leaf_hash = 'x'",
            "DELETE FROM ledger_leaf",
            "INSERT INTO ledger_treenode (level, index, hash) VALUES (1, 0, 'x')",
            "DELETE FROM ledger_pendingchangeset",
            "UPDATE ledger_pendingchangeset SET leaf_hash = 'x'",
            "UPDATE ledger_keptcheckpoint SET size = 1",
            "DELETE FROM ledger_keptcheckpoint",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(sql)
        assert app.execute("SELECT count(*) FROM ledger_leaf").fetchone() == (1,)
