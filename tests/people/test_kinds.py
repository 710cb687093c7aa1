"""The access matrix against the database: what raw SQL finds, and may write, as the application's role under each identity."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from holdfast.ledger.access import Viewer, identify, viewing
from holdfast.ledger.changes import MAY_NOT_WRITE, NOBODY_IDENTIFIED, Actor, MayNotWrite, change_set, sqlstate
from holdfast.ledger.install import primary_key_column, regulated_models
from holdfast.ledger.models import Access, ChangeSet, Record
from holdfast.people.kinds import KINDS, Sees, ledger_cell, table_cell
from holdfast.people.models import Account, Grant, Role

from .kinds import PEOPLE, people, programme

pytestmark = [pytest.mark.req("3.2")]
REFUSED = {"42501", MAY_NOT_WRITE}  # the policy's own refusal, and ours
TABLES = {model._meta.db_table: model for model in regulated_models()}


def one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def do(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def counts() -> dict[str, int]:
    """Rows of every regulated table that raw SQL finds now."""
    return {table: one(f'SELECT count(*) FROM "{table}"') for table in [*TABLES, "ledger_changeset", "ledger_rowchange"]}


def own_rows(table: str, organisation: int) -> str:
    """The condition, written apart from the policies, for rows about the work or the people of an organisation."""
    model = TABLES[table]
    own_site = f"scope_site_id IN (SELECT id FROM people_site WHERE organisation_id = {organisation})"
    if model is Record:
        return f"shared OR {own_site}"
    if model.access is Access.WORK:
        return own_site
    return f"organisation_id = {organisation}" if model is Grant else f"person_id IN (SELECT id FROM people_person WHERE organisation_id = {organisation})"


def expected(table: str, cell: str, organisation: int) -> int:
    """How many rows a cell of the matrix promises, counted by the operator."""
    said = cell.removesuffix(", writes")
    if said in {"own work", "own people"}:
        return int(one(f'SELECT count(*) FROM "{table}" WHERE {own_rows(table, organisation)}'))
    return {"all": int(one(f'SELECT count(*) FROM "{table}"')), "nothing": 0}[said]


def test_every_kind_of_person_is_in_the_demonstration() -> None:
    assert {kind.name for kind in KINDS if kind.is_person} == set(PEOPLE)


def test_raw_sql_finds_in_every_table_what_the_matrix_says_for_every_kind_of_person(demo: str) -> None:
    for kind, person in people():
        with viewing(Viewer.person(person.pk)):
            found = counts()
        with viewing(Viewer.operator()):
            promised = {table: expected(table, table_cell(kind, model.access), person.organisation_id) for table, model in TABLES.items()}
        assert {table: found[table] for table in TABLES} == promised, (kind.name, person.number)


def test_of_the_ledger_each_kind_of_person_finds_what_the_matrix_says(demo: str) -> None:
    visible = "access = 'directory' OR access = 'shared' OR (access = 'work' AND scope_site_id IN (SELECT id FROM people_site WHERE organisation_id = {0}))"
    images = {"all": "true", "as the row": visible, "directory": "access = 'directory'"}
    change_sets = {
        "all": "true",
        "own work": f"id IN (SELECT change_set_id FROM ledger_rowchange WHERE access <> 'directory' AND ({visible}))",
        "nothing": "false",
    }
    for kind, person in people():
        with viewing(Viewer.person(person.pk)):
            found = (one("SELECT count(*) FROM ledger_rowchange"), one("SELECT count(*) FROM ledger_changeset"))
        with viewing(Viewer.operator()):
            wanted = [
                one(f"SELECT count(*) FROM {table} WHERE " + conditions[ledger_cell(kind, table == "ledger_rowchange")].format(person.organisation_id))
                for table, conditions in (("ledger_rowchange", images), ("ledger_changeset", change_sets))
            ]
        assert list(found) == wanted, (kind.name, person.number)


def test_a_cdmo_and_a_laboratory_find_work_of_their_own_and_not_the_others(demo: str) -> None:
    for name in ("CDMO", "laboratory"):
        seen = []
        for kind, person in people():
            if kind.name == name:
                with viewing(Viewer.person(person.pk)):
                    seen.append(set(Record.objects.filter(shared=False).values_list("pk", flat=True)))
        assert all(seen)
        assert seen[0] & seen[1] == set()


def test_the_evaluator_has_one_whole_programme_and_writes_nothing(demo: str) -> None:
    with viewing(Viewer.operator()):
        everything = counts()
        key = programme().pk
    with viewing(Viewer.evaluator(key)):
        assert {table: count for table, count in counts().items() if table in TABLES} == {table: everything[table] for table in TABLES}
    with viewing(Viewer.evaluator(key + 1)):
        assert {table for table, count in counts().items() if count and table in TABLES} == {"people_organisation", "people_site", "people_person"}


def test_with_nobody_identified_every_table_is_an_error_also_where_the_answer_would_be_empty(demo: str) -> None:
    for table in [*TABLES, "ledger_changeset", "ledger_rowchange"]:
        for sql in (
            f'SELECT * FROM "{table}"',
            f'SELECT count(*) FROM "{table}" WHERE false',
            f'SELECT * FROM "{table}" LIMIT 0',
            f'SELECT 1 WHERE EXISTS (SELECT FROM "{table}" WHERE 1 = 0)',
            f'EXPLAIN SELECT * FROM "{table}"',
            f'UPDATE "{table}" SET {"id" if table.startswith("ledger_") else primary_key_column(TABLES[table])} = 0 WHERE false',
        ):
            with pytest.raises(DatabaseError) as raised, transaction.atomic():
                one(sql)
            assert sqlstate(raised.value) in ({NOBODY_IDENTIFIED, "42501"} if sql.startswith("UPDATE") else {NOBODY_IDENTIFIED}), sql


@pytest.mark.django_db
def test_an_empty_table_too_is_an_error_for_nobody() -> None:
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        one("SELECT count(*) FROM programme_product")
    assert sqlstate(raised.value) == NOBODY_IDENTIFIED


def test_a_plan_that_was_kept_shows_nobody_a_row(demo: str) -> None:
    """What remains (docs/adr/0005): a statement prepared while somebody was identified, executed when nobody is, may come back empty; never with a row."""
    with connection.cursor() as cursor:
        with viewing(Viewer.operator()):
            cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            cursor.execute("PREPARE kept AS SELECT number FROM ledger_record")
            cursor.execute("EXECUTE kept")
        with pytest.raises(DatabaseError) as raised, transaction.atomic():
            cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            cursor.execute("EXECUTE kept")
    assert sqlstate(raised.value) == NOBODY_IDENTIFIED


def attempt(sql: str) -> str:
    """What the database says to a statement, which leaves nothing behind: its SQLSTATE, or nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return sqlstate(error) or "?"
    return ""


def copy_a_row_of_every_table() -> None:
    """As temporary tables to insert from again: a row that is no site's work where there is one, so that it is nobody's own."""
    for table, model in TABLES.items():
        nobodys = " ORDER BY scope_site_id NULLS FIRST" if model.access is Access.WORK else ""
        do(f'CREATE TEMP TABLE "copy_of_{table}" AS SELECT * FROM "{table}"{nobodys} LIMIT 1')


def test_whoever_may_only_look_writes_nothing_in_any_table_in_any_way(demo: str) -> None:
    """In raw SQL as the application's role, even inside a change set that somebody else has opened: by insert and by update, of every row they see."""
    with change_set(Actor.operator("operator"), action="a change set of somebody else", reason="a test", programme=programme()):
        copy_a_row_of_every_table()
        for kind, person in people():
            for table, model in TABLES.items():
                may = table_cell(kind, model.access)
                identify(Viewer.operator())
                there = one(f'SELECT count(*) FROM "copy_of_{table}"')
                identify(Viewer.person(person.pk))
                seen = one(f'SELECT count(*) FROM "{table}"')
                inserted = attempt(f'INSERT INTO "{table}" SELECT * FROM "copy_of_{table}"')
                column = model._meta.concrete_fields[-1].column
                updated = attempt(f'UPDATE "{table}" SET "{column}" = "{column}"')
                where = (kind.name, person.number, table)
                if may == "all, writes":
                    assert inserted not in REFUSED and updated not in REFUSED, where
                    continue
                if there and may != "own work, writes":
                    assert inserted in REFUSED, where
                if seen and may != "own work, writes":
                    assert updated in REFUSED | {"HF003"}, where  # a signature never changes, whoever asks
        identify(Viewer.operator())
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["inspector", "reader", "consultancy that reads", "role ended", "no role"])
def test_a_change_set_of_whoever_may_write_nowhere_is_refused_with_the_reason(demo: str, name: str) -> None:
    for kind, person in people():
        if kind.name != name:
            continue
        for where in (programme(), None):
            with (
                pytest.raises(MayNotWrite, match=f"{person.printed_name} may not write"),
                change_set(Actor(person.pk, person.printed_name), action="try", reason="a test", programme=where),
            ):
                pytest.fail("the change set was opened")
    with viewing(Viewer.operator()):
        assert not ChangeSet.objects.filter(action="try").exists()


def test_a_change_set_is_opened_in_its_actors_own_name(demo: str) -> None:
    _, person = people()[0]
    with pytest.raises(DatabaseError) as raised, change_set(Actor(person.pk, "Somebody Else"), action="try", reason="a test", programme=programme()):
        pass
    assert sqlstate(raised.value) == "HF004"


def own_lot(organisation: int) -> int:
    return int(one(f"SELECT record_id FROM batch_lot WHERE scope_site_id IN (SELECT id FROM people_site WHERE organisation_id = {organisation}) LIMIT 1"))


def test_a_cdmo_writes_its_own_work_and_can_neither_take_nor_add_to_what_it_only_sees(demo: str) -> None:
    nia = next(person for kind, person in people() if kind.name == "CDMO")
    with viewing(Viewer.operator()):
        own = own_lot(nia.organisation_id)
        site = one(f"SELECT scope_site_id FROM batch_lot WHERE record_id = {own}")
        shared = one("SELECT id FROM ledger_record WHERE shared AND signed_digest = '' LIMIT 1")
        foreign_run = one(f"SELECT record_id FROM batch_testrun WHERE scope_site_id <> {site} LIMIT 1")
        result = one("SELECT min(id) FROM batch_result")
        untested = one(f"SELECT min(id) FROM programme_attribute WHERE id NOT IN (SELECT attribute_id FROM batch_result WHERE test_run_id = {foreign_run})")
    with change_set(Actor(nia.pk, nia.printed_name), action="write", reason="a test", programme=programme()):
        assert attempt(f"UPDATE batch_lot SET patient = patient WHERE record_id = {own}") == ""
        assert attempt(f"UPDATE ledger_record SET scope_site_id = {site}, shared = false WHERE id = {shared}") == MAY_NOT_WRITE
        assert attempt(f"UPDATE ledger_record SET shared = true WHERE id = {own}") == "42501"
        identify(Viewer.operator())
        do(f"CREATE TEMP TABLE mine AS SELECT * FROM batch_result WHERE id = {result}")
        do(f"UPDATE mine SET id = 900000000, scope_site_id = {site}, test_run_id = {foreign_run}, attribute_id = {untested}")
        identify(Viewer.person(nia.pk))
        assert attempt("INSERT INTO batch_result SELECT * FROM mine") == MAY_NOT_WRITE
        transaction.set_rollback(True)


def test_no_row_moves_to_another_programme(demo: str) -> None:
    from holdfast.ledger.actions import start_programme

    with change_set(Actor.operator("operator"), action="start", reason="a test") as opened:
        bound, _ = start_programme(opened, number="PRG-2", name="Another")
        assert bound.programme is not None
        for table in ("programme_product", "ledger_record", "people_role"):
            unsigned = " WHERE signed_digest = ''" if table == "ledger_record" else ""
            assert attempt(f'UPDATE "{table}" SET programme_id = {bound.programme.pk}{unsigned}') == "HF006"


def give(person: Any, organisation: Any, *, grant: dict[str, Any] | None = None, role: dict[str, Any] | None = None) -> None:
    with change_set(Actor.operator("operator"), action="change access", reason="a test", programme=programme()):
        if grant:
            Grant.objects.filter(organisation=organisation).update(**grant)
        if role:
            Role.objects.filter(person=person).update(**role)


def whole_rows(person: Any) -> int:
    with viewing(Viewer.person(person.pk)):
        return int(one("SELECT count(*) FROM batch_lot"))


@pytest.mark.parametrize("what", ["grant", "role"])
def test_an_inspector_sees_the_programme_until_the_last_day_included_and_then_nothing(demo: str, what: str) -> None:
    from datetime import timedelta

    inspector = next(person for kind, person in people() if kind.name == "inspector")
    today = one("SELECT (now() AT TIME ZONE 'UTC')::date")
    for last, sees in ((today, True), (today - timedelta(days=1), False)):
        give(inspector, inspector.organisation, **{what: {"valid_until": last, "until_stated": True}})
        assert bool(whole_rows(inspector)) is sees
    give(inspector, inspector.organisation, **{what: {"valid_from": today + timedelta(days=1), "valid_until": None}})
    assert whole_rows(inspector) == 0


def test_a_consultancy_without_its_written_authority_sees_nothing(demo: str) -> None:
    consultant = next(person for kind, person in people() if kind.name == "consultancy that writes")
    assert whole_rows(consultant) > 0
    give(consultant, consultant.organisation, role={"authority": " "})
    assert whole_rows(consultant) == 0


def test_a_consultancy_does_what_its_authority_says_and_signs_no_decision(demo: str) -> None:
    from holdfast.release.actions import DecisionRefused
    from tests.release.people import decisions_on, take

    consultant = next(person for kind, person in people() if kind.name == "consultancy that writes")
    with change_set(Actor(consultant.pk, consultant.printed_name), action="correct", reason="LOA-2026-07", programme=programme()):
        assert attempt("UPDATE programme_registration SET region = region") == ""
    with pytest.raises(DecisionRefused, match="does not hold the role"):
        take(consultant.account.email, "DP-26-001", "us_disposition", "released")
    assert decisions_on("DP-26-001") == []
    give(consultant, consultant.organisation, grant={"read_only": True})
    with pytest.raises(MayNotWrite), change_set(Actor(consultant.pk, consultant.printed_name), action="correct", reason="x", programme=programme()):
        pass


def test_a_read_only_grant_of_the_whole_and_a_writing_one_of_own_work_do_not_add_up(demo: str) -> None:
    """The whole programme is seen through the one, and only own work is written through the other."""
    from holdfast.ledger.actions import store_rows

    nia = next(person for kind, person in people() if kind.name == "CDMO")
    with change_set(Actor.operator("operator"), action="grant", reason="a test", programme=programme()) as opened:
        store_rows(opened, Grant, [{"organisation": nia.organisation_id, "extent": "whole", "read_only": True, "valid_from": "2026-01-01", "basis": "audit"}])
    with viewing(Viewer.operator()):
        foreign = one("SELECT record_id FROM batch_testrun LIMIT 1")
    with change_set(Actor(nia.pk, nia.printed_name), action="write", reason="a test", programme=programme()):
        assert one(f"SELECT count(*) FROM batch_testrun WHERE record_id = {foreign}") == 1
        assert attempt(f"UPDATE batch_testrun SET analyst_id = analyst_id WHERE record_id = {foreign}") in REFUSED
        assert attempt("UPDATE programme_product SET modality = modality") in REFUSED


def test_accounts_say_nothing_of_a_programme_and_belong_to_no_scope(demo: str) -> None:
    assert Account.objects.count() == 18
    assert {kind.sees for kind in KINDS if not kind.is_person} == {Sees.NOBODY, Sees.WHOLE, Sees.EVERYTHING}
