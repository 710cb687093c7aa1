"""Every regulated table refuses every write outside a change set, and keeps images of what is inside one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection

from holdfast.ledger import install
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import CHANGE_SET_MISUSED, LEFT_OPEN, NEVER_DELETED, NO_CHANGE_SET, Actor, change_set, sqlstate
from holdfast.ledger.models import ChangeSet, Regulated, RowChange
from holdfast.ledger.unregulated import UNREGULATED
from holdfast.people.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.req("2.3")]
OPERATOR = Actor.operator("operator")


def refused(attempt: Callable[[], object]) -> str | None:
    """The SQLSTATE with which the database refuses an attempt by the operator; fails when it does not refuse."""
    with pytest.raises(DatabaseError) as raised, viewing(Viewer.operator()):
        attempt()
    return sqlstate(raised.value)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def row_counts() -> dict[str, int]:
    with viewing(Viewer.operator()):
        return {model._meta.db_table: model._base_manager.count() for model in install.regulated_models()}


def add_organisation(number: str = "ORG-1") -> Organisation:
    with change_set(OPERATOR, action="add organisation", reason="a test needs one"):
        return Organisation.objects.create(number=number, name="Fictional Therapeutics", kind="sponsor", country="US")


def test_every_table_is_regulated_or_listed_with_a_reason() -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    regulated = {model._meta.db_table for model in install.regulated_models()}
    assert tables - regulated - set(UNREGULATED) == set()
    assert regulated & set(UNREGULATED) == set()
    assert all(reason.strip() for reason in UNREGULATED.values())


def test_every_regulated_table_has_its_guard_capture_and_policy() -> None:
    assert len(install.regulated_models()) > 40
    assert install.missing() == []


def column_that_can_be_assigned(model: type[Regulated]) -> str:
    return str(model._meta.concrete_fields[-1].column)


def test_insert_update_and_delete_on_every_regulated_table_raise_the_guards_sqlstate() -> None:
    add_organisation()
    before = row_counts()
    for model in install.regulated_models():
        table, column = model._meta.db_table, column_that_can_be_assigned(model)
        for sql in (
            f'INSERT INTO "{table}" DEFAULT VALUES',
            f'INSERT INTO "{table}" SELECT * FROM "{table}" WHERE false',
            f'UPDATE "{table}" SET "{column}" = "{column}"',
            f'UPDATE "{table}" SET "{column}" = "{column}" WHERE false',
            f'DELETE FROM "{table}"',
            f'DELETE FROM "{table}" WHERE false',
        ):
            assert refused(lambda sql=sql: run(sql)) == NO_CHANGE_SET, sql
    assert row_counts() == before


def test_the_orm_is_refused_outside_a_change_set() -> None:
    organisation = add_organisation()
    new = Organisation(number="ORG-2", name="Other", kind="cdmo", country="US")
    with viewing(Viewer.operator()):
        assert refused(lambda: Organisation.objects.create(number="ORG-3", name="x", kind="cdmo", country="US")) == NO_CHANGE_SET
        assert refused(organisation.save) == NO_CHANGE_SET
        assert refused(lambda: Organisation.objects.bulk_create([new])) == NO_CHANGE_SET
        assert refused(lambda: Organisation.objects.filter(number="ORG-1").update(name="x")) == NO_CHANGE_SET
        assert refused(lambda: Organisation.objects.filter(number="nothing").update(name="x")) == NO_CHANGE_SET
        assert refused(lambda: run("DELETE FROM people_organisation WHERE number = 'nothing'")) == NO_CHANGE_SET
        assert [o.name for o in Organisation.objects.all()] == ["Fictional Therapeutics"]


@pytest.mark.parametrize(
    "sql",
    [
        "TRUNCATE people_organisation CASCADE",
        "ALTER TABLE people_organisation DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DROP TRIGGER holdfast_guard ON people_organisation",
        "CREATE OR REPLACE FUNCTION holdfast_guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "INSERT INTO ledger_pendingchangeset (change_set_id, closes_at_commit) VALUES (1, true)",
        "INSERT INTO ledger_changeset (actor_name, action, reason, recorded_at) VALUES ('x', 'x', 'x', now())",
        "INSERT INTO ledger_rowchange (change_set_id, table_name, row_id, operation, access) VALUES (1, 'x', 1, 'insert', 'shared')",
        "UPDATE ledger_changeset SET actor_name = 'somebody else'",
        "DELETE FROM ledger_rowchange",
        "ALTER TABLE people_organisation DISABLE ROW LEVEL SECURITY",
        "SET ROLE holdfast_owner",
    ],
)
def test_the_application_role_may_not_work_around_the_floor(sql: str) -> None:
    add_organisation()
    assert refused(lambda: run(sql)) in {"42501", "42602"}
    assert install.missing() == []


def test_a_write_inside_a_change_set_keeps_images_with_actor_and_reason() -> None:
    organisation = add_organisation()
    with change_set(OPERATOR, action="rename organisation", reason="it was renamed"):
        Organisation.objects.filter(pk=organisation.pk).update(name="Renamed Therapeutics")
    with viewing(Viewer.operator()):
        images = list(RowChange.objects.filter(table_name="people_organisation", row_id=organisation.pk).order_by("id"))
        assert [(i.operation, (i.before or {}).get("name"), (i.after or {}).get("name")) for i in images] == [
            ("insert", None, "Fictional Therapeutics"),
            ("update", "Fictional Therapeutics", "Renamed Therapeutics"),
        ]
        assert (images[1].change_set.actor_name, images[1].change_set.reason) == ("operator", "it was renamed")


def test_nothing_regulated_is_deleted_even_inside_a_change_set() -> None:
    add_organisation()
    with viewing(Viewer.operator()):
        images = RowChange.objects.count()

    def attempt() -> None:
        with change_set(OPERATOR, action="delete", reason="trying"):
            run("DELETE FROM people_organisation")

    assert refused(attempt) == NEVER_DELETED
    with viewing(Viewer.operator()):
        assert (Organisation.objects.count(), RowChange.objects.count()) == (1, images)


def test_an_error_inside_a_change_set_leaves_nothing_behind() -> None:
    with viewing(Viewer.operator()):
        before = (ChangeSet.objects.count(), Organisation.objects.count())
    with pytest.raises(RuntimeError), change_set(OPERATOR, action="add", reason="half way"):
        Organisation.objects.create(number="ORG-9", name="x", kind="cdmo", country="US")
        raise RuntimeError("power cut")
    with viewing(Viewer.operator()):
        assert (ChangeSet.objects.count(), Organisation.objects.count()) == before
    assert refused(lambda: run("UPDATE people_organisation SET name = name")) == NO_CHANGE_SET


def test_change_sets_do_not_nest_and_need_a_reason() -> None:
    def nested() -> None:
        with change_set(OPERATOR, action="a", reason="b"), change_set(OPERATOR, action="c", reason="d"):
            pass

    def silent() -> None:
        with change_set(OPERATOR, action="a", reason="  "):
            pass

    assert refused(nested) == CHANGE_SET_MISUSED
    assert refused(silent) == CHANGE_SET_MISUSED


def test_a_change_set_left_open_cannot_be_committed() -> None:
    run("SELECT holdfast_identify_operator()")
    run("SELECT holdfast_open_change_set(NULL, 'operator', 'a', 'b', NULL, false)")
    assert refused(lambda: run("SET CONSTRAINTS ALL IMMEDIATE")) == LEFT_OPEN
    connection.set_rollback(True)


def test_updating_no_row_inside_a_change_set_is_allowed_and_keeps_no_image() -> None:
    add_organisation()
    with change_set(OPERATOR, action="nothing", reason="zero rows") as opened:
        Organisation.objects.filter(number="nothing").update(name="x")
    with viewing(Viewer.operator()):
        assert RowChange.objects.filter(change_set_id=opened.id).count() == 0
