"""Row-level access: who is asking decides which rows exist for them; nobody asking is an error."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import DatabaseError, connection, transaction

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.actions import start_programme, store_rows
from holdfast.ledger.changes import NOBODY_IDENTIFIED, Actor, MayNotWrite, change_set, sqlstate
from holdfast.ledger.models import ChangeSet, Programme, Record, RowChange
from holdfast.people.models import Grant, Organisation, Person, Role, Site
from holdfast.programme.models import Product, SiteAuthorisation

pytestmark = [pytest.mark.django_db, pytest.mark.req("2.4")]


@dataclass
class World:
    programme: Programme
    people: dict[str, int]


@pytest.fixture
def world() -> World:
    """A sponsor with the whole programme, a CDMO with its own work, and a stranger with nothing."""
    with change_set(Actor.operator("operator"), action="set up", reason="a test needs it") as opened:
        bound, _ = start_programme(opened, number="PRG-1", name="Fictional programme")
        kinds = {"SPO": "sponsor", "CDM": "cdmo", "OUT": "laboratory"}
        orgs = store_rows(bound, Organisation, [{"number": n, "name": n, "kind": k, "country": "US"} for n, k in kinds.items()]).keys
        sites = store_rows(
            bound,
            Site,
            [
                {"number": f"{n}-1", "organisation": o, "name": n, "address": "1 Road", "country": "US", "time_zone": "UTC"}
                for n, o in zip(kinds, orgs, strict=True)
            ],
        ).keys
        people = store_rows(bound, Person, [{"number": f"P-{n}", "printed_name": n, "organisation": o} for n, o in zip(kinds, orgs, strict=True)]).keys
        store_rows(bound, Role, [{"person": p, "role": "reader", "valid_from": "2020-01-01"} for p in people])
        store_rows(
            bound,
            Grant,
            [
                {"organisation": orgs[0], "extent": "whole", "valid_from": "2020-01-01", "basis": "own programme"},
                {"organisation": orgs[1], "extent": "own_work", "valid_from": "2020-01-01", "basis": "agreement"},
            ],
        )
        store_rows(bound, Product, [{"number": "PRD-1", "title": "Fictional product"}])
        store_rows(
            bound,
            SiteAuthorisation,
            [{"number": f"AUT-{i}", "site": s, "authorisation_kind": "FEI", "role": "manufacturer", "issued_by": "FDA"} for i, s in enumerate(sites)],
        )
    return World(bound.programme, dict(zip(kinds, people, strict=True)))  # type: ignore[arg-type]


def seen(person: int) -> tuple[int, int, int]:
    with viewing(Viewer.person(person)):
        return Programme.objects.count(), Product.objects.count(), SiteAuthorisation.objects.count()


def test_a_sponsor_sees_its_programme_a_cdmo_its_own_work_and_a_stranger_nothing(world: World) -> None:
    assert seen(world.people["SPO"]) == (1, 1, 3)
    assert seen(world.people["CDM"]) == (1, 1, 1)
    assert seen(world.people["OUT"]) == (0, 0, 0)


def test_headers_and_images_follow_the_same_access(world: World) -> None:
    counts = {}
    for name, person in world.people.items():
        with viewing(Viewer.person(person)):
            counts[name] = (
                Record.objects.count(),
                RowChange.objects.filter(table_name="programme_siteauthorisation").count(),
                RowChange.objects.filter(table_name="ledger_record").count(),
            )
    assert counts == {"SPO": (4, 3, 4), "CDM": (2, 1, 2), "OUT": (0, 0, 0)}


def test_the_ledger_of_another_organisation_is_absent_in_raw_sql(world: World) -> None:
    with viewing(Viewer.person(world.people["OUT"])), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_rowchange WHERE access <> 'directory'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM programme_product")
        assert cursor.fetchone() == (0,)


def test_reading_with_nobody_identified_is_an_error(world: World) -> None:
    for sql in ("SELECT * FROM programme_product", "SELECT * FROM ledger_record", "SELECT * FROM people_person", "SELECT * FROM ledger_changeset"):
        with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert sqlstate(raised.value) == NOBODY_IDENTIFIED


def test_an_unknown_person_is_nobody(world: World) -> None:
    with pytest.raises(DatabaseError) as raised, viewing(Viewer.person(999_999)):
        pass
    assert sqlstate(raised.value) == NOBODY_IDENTIFIED


def test_a_role_that_ended_yesterday_gives_nothing(world: World) -> None:
    with change_set(Actor.operator("operator"), action="end role", reason="left the company", programme=world.programme):
        Role.objects.filter(person_id=world.people["SPO"]).update(valid_until="2020-12-31")
    assert seen(world.people["SPO"]) == (0, 0, 0)


def test_a_grant_whose_end_nobody_stated_gives_nothing(world: World) -> None:
    with change_set(Actor.operator("operator"), action="correct grant", reason="the end was not stated", programme=world.programme):
        Grant.objects.filter(extent="own_work").update(until_stated=False)
    assert seen(world.people["CDM"]) == (0, 0, 0)


def test_the_identity_before_a_block_comes_back_after_it(world: World) -> None:
    with viewing(Viewer.person(world.people["OUT"])):
        with viewing(Viewer.evaluator(world.programme.pk)):
            assert Product.objects.count() == 1
        assert Product.objects.count() == 0


def test_a_person_of_another_organisation_cannot_write_into_the_programme(world: World) -> None:
    with (
        pytest.raises(MayNotWrite, match="OUT may not write in PRG-1"),
        change_set(Actor(world.people["OUT"], "OUT"), action="intrude", reason="trying", programme=world.programme) as opened,
    ):
        store_rows(opened, Product, [{"number": "PRD-9", "title": "Not theirs"}])
    with viewing(Viewer.operator()):
        assert Product.objects.count() == 1
        assert ChangeSet.objects.filter(action="intrude").count() == 0
