"""The board shows standing verdicts, and never one that is older than the record without saying so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from holdfast.batch.models import Lot, Result
from holdfast.kernel.clock import now, today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.install import regulated_models
from holdfast.ledger.models import Detail, Fact, Programme, Record
from holdfast.people.models import Person
from holdfast.release import standing
from holdfast.release.board import SORTS, BoardFilter, NotAPlace, board_page
from holdfast.release.models import StandingVerdict
from holdfast.release.queries import board

pytestmark = [pytest.mark.req("3.6"), pytest.mark.req("4.2")]
OPERATOR = Actor.operator("operator")
#: tables of which no dossier is gathered, and the programme's own row, whose number never changes
BESIDE = {"ledger_storedfile", "ledger_signature", "release_dossierdocument", "release_verdictdocument", "release_packdocument"}


def programme() -> Programme:
    with viewing(Viewer.operator()):
        return Programme.objects.get()


def person(number: str) -> Viewer:
    with viewing(Viewer.operator()):
        return Viewer.person(Person.objects.get(number=number).pk)


def page(viewer: Viewer | None = None, after: str | None = None, limit: int = 50, **wanted: str) -> Any:
    with viewing(viewer or Viewer.operator()):
        return board_page(list(Programme.objects.all()), BoardFilter(**wanted), after, limit)


def states(found: Any) -> dict[str, dict[str, str]]:
    return {line.number: {name: cell.state for name, cell in line.cells.items()} for line in found.lines}


def alter_a_result(value: str = "12.3") -> int:
    """A result of DP-26-001 is corrected, as an action would; returns the lot."""
    with viewing(Viewer.operator()):
        result = Result.objects.filter(test_run__sample__lot__record__number="DP-26-001", attribute__code="viability").get()
        lot = Lot.objects.get(record__number="DP-26-001").pk
    with change_set(OPERATOR, action="correct", reason="a test needs it", programme=programme()):
        Result.objects.filter(pk=result.pk).update(reported=value, value=value)
    return lot


@pytest.mark.parametrize("number", ["PER-001", "PER-021", "PER-051"])
def test_the_page_says_what_judging_every_batch_now_says(demo: str, number: str) -> None:
    viewer = person(number)
    with viewing(viewer):
        rows = [row for p in Programme.objects.all() for row in board(p)]
        judged = {row.lot.record.number: {name: cell.state for name, cell in row.cells.items()} for row in rows}
        blockers = {row.lot.record.number: {name: [r.id for r in c.blockers] for name, c in row.cells.items() if c.state == "blocked"} for row in rows}
    found = page(viewer)
    assert states(found) == judged
    assert {line.number: {n: [r.id for r in c.blockers] for n, c in line.cells.items() if c.state == "blocked"} for line in found.lines} == blockers
    assert list(states(found)) == [row.lot.record.number for row in rows]
    assert found.total == len(rows)
    assert {name: n for name, n in found.counts.states.items() if n} == {
        state: sum(state in row.values() for row in judged.values()) for state in {s for row in judged.values() for s in row.values()}
    }


def test_a_change_is_seen_at_once(demo: str) -> None:
    assert states(page())["DP-26-001"] == {"US": "ready", "EU": "ready"}
    alter_a_result()
    assert states(page())["DP-26-001"] == {"US": "blocked", "EU": "blocked"}


def test_a_touched_verdict_is_not_current_until_it_is_judged_again_and_others_stay(demo: str) -> None:
    page()
    lot = alter_a_result()
    standing.mark(programme())
    with viewing(Viewer.operator()):
        assert standing.not_current(programme()) == [lot]
        assert set(StandingVerdict.objects.filter(stale_since__isnull=False).values_list("lot_id", flat=True)) == {lot}


def test_what_changed_while_a_batch_was_judged_is_marked_when_the_verdict_is_kept(demo: str) -> None:
    page()
    one = programme()
    with viewing(Viewer.operator()):
        lot = Lot.objects.get(record__number="DP-26-001").pk
        basis = standing.basis_now()
        rows = standing.judge_standing(one, [lot], basis)
    alter_a_result()
    from holdfast.ledger.seals import seal

    seal()
    standing.mark(one)  # somebody else's page has seen the change already
    standing.keep(one, rows, basis)
    with viewing(Viewer.operator()):
        assert standing.not_current(one) == [lot]


def test_an_open_verdict_is_of_its_day_and_a_decision_is_not(demo: str, monkeypatch: Any) -> None:
    page()
    tomorrow = today() + timedelta(days=1)
    monkeypatch.setattr(standing, "today", lambda: tomorrow)
    with viewing(Viewer.operator()):
        kept = StandingVerdict.objects.filter(standing.is_current(standing.today(), [standing.packs_in_force(programme(), today())]))
        assert {state for (state,) in kept.values_list("state")} == {"decided"}
    with viewing(Viewer.operator()):
        assert len(standing.not_current(programme())) == 23  # DP-26-007 is decided for both


def test_a_verdict_of_other_rules_is_not_current(demo: str, monkeypatch: Any) -> None:
    page()
    monkeypatch.setattr("holdfast.release.packs.engine_digest", lambda: "0" * 64)
    with viewing(Viewer.operator()):
        assert len(standing.not_current(programme())) == 23  # DP-26-007 is decided for both


def digests(lots: list[int]) -> dict[tuple[int, str], tuple[str, str, bool]]:
    with viewing(Viewer.operator()):
        rows = standing.judge_standing(programme(), lots, standing.basis_now())
    return {(row.lot_id, row.question): (row.state, row.evidence_digest, row.is_flagged) for row in rows}


def alterations() -> list[tuple[type[Any], int]]:
    """One row of every regulated table that has any, and one header of every kind."""
    found: list[tuple[type[Any], int]] = []
    with viewing(Viewer.operator()):
        for model in regulated_models():
            rows = model._base_manager.order_by("pk").values_list("pk", flat=True)
            if rows and model._meta.db_table not in BESIDE | {"ledger_programme"}:
                found.append((model, rows[len(rows) // 2]))
    return found


def alter(model: type[Any], key: int) -> None:
    """Void the row, or change each of its texts: whichever its table allows."""
    if issubclass(model, Detail):
        Record.objects.filter(pk=key).update(voided_at=now(), void_reason="a test")
    elif issubclass(model, Fact):
        model._base_manager.filter(pk=key).update(voided_at=now(), void_reason="a test")
    elif model is Record:
        Record.objects.filter(pk=key).update(title="Another title")
    else:
        model._base_manager.filter(pk=key).update(number="ANOTHER-1")


def test_no_change_to_any_table_leaves_a_verdict_standing_that_would_now_be_another(demo: str) -> None:
    """Every table in turn: a row is voided or renamed, and each batch whose evidence or answer differs must have been marked."""
    page()
    one = programme()
    with viewing(Viewer.operator()):
        lots = list(Lot.objects.filter(lot_kind="drug_product", record__number__in=[f"DP-26-{n:03}" for n in (1, 7, 9, 12, 24)]).values_list("pk", flat=True))
    before, silent, differing = digests(lots), [], 0
    for model, key in alterations():
        with transaction.atomic():
            try:
                with change_set(OPERATOR, action="alter", reason="a test needs it", programme=one):
                    alter(model, key)
            except DatabaseError:
                transaction.set_rollback(True)  # it is signed, or a check forbids it: nothing changed
                continue
            standing.mark(one)
            with viewing(Viewer.operator()):
                standing_still = set(StandingVerdict.objects.values_list("lot_id", flat=True)) - set(standing.not_current(one))
            after = digests(lots)
            changed = {lot for (lot, question), value in before.items() if after.get((lot, question)) != value}
            differing += bool(changed)
            silent += [(model.__name__, key, lot) for lot in changed & standing_still]
            transaction.set_rollback(True)
    assert silent == []
    assert differing > 15  # the alterations do reach evidence


def test_a_new_batch_stands_on_the_board_at_once(demo: str) -> None:
    assert page().total == 24
    with change_set(OPERATOR, action="add", reason="a test needs it", programme=programme()) as opened:
        from holdfast.ledger.actions import store_rows

        store_rows(opened, Lot, [{"number": "DP-26-900", "lot_kind": "drug_product"}])
    found = page()
    assert found.total == 25
    assert states(found)["DP-26-900"] == {"US": "not_destined", "EU": "not_destined"}


def test_a_voided_batch_leaves_the_board(demo: str) -> None:
    page()
    with change_set(OPERATOR, action="void", reason="a test needs it", programme=programme()):
        Record.objects.filter(kind="lot", number="DP-26-003").update(voided_at=now(), void_reason="made in error")
    found = page()
    assert (found.total, "DP-26-003" in states(found)) == (23, False)


def test_a_replica_judges_what_it_shows_and_keeps_nothing(demo: str) -> None:
    page()
    alter_a_result()
    with viewing(Viewer.operator()):
        kept = list(StandingVerdict.objects.order_by("pk").values_list("state", "judged_at"))
        connection.cursor().execute("SET LOCAL transaction_read_only = on")
        found = board_page(list(Programme.objects.all()))
        assert list(StandingVerdict.objects.order_by("pk").values_list("state", "judged_at")) == kept
    assert states(found)["DP-26-001"] == {"US": "blocked", "EU": "blocked"}


@pytest.mark.parametrize("sort", SORTS)
def test_pages_walk_over_every_batch_once_in_one_order(demo: str, sort: str) -> None:
    whole = [line.number for line in page(sort=sort).lines]
    walked, after = [], None
    for _ in range(10):
        found = page(sort=sort, after=after, limit=5)
        walked += [line.number for line in found.lines]
        after = found.after
        if after is None:
            break
    assert walked == whole
    assert len(set(walked)) == 24


def test_what_is_no_filter_and_no_place_is_refused(demo: str) -> None:
    for wanted in ({"state": "green"}, {"destination": "Mars"}, {"sort": "beauty"}):
        with pytest.raises(Refused):
            BoardFilter(**wanted)
    place = page(limit=5).after
    for wrong, sort in (("x", "expiry"), (place, "number"), (place, "state"), ("W10=", "expiry")):
        with pytest.raises(NotAPlace):
            page(after=wrong, sort=sort)


def test_filters_choose_one_cell_that_is_everything_asked(demo: str) -> None:
    everything = states(page())
    for state in ("ready", "blocked", "cannot_tell", "decided"):
        for destination in ("US", "EU"):
            assert set(states(page(state=state, destination=destination))) == {number for number, cells in everything.items() if cells[destination] == state}
    held = page().counts.held[0]
    lines = page(blocker=held.rule, destination=held.destination).lines
    assert sum(held.rule in [rule.id for rule in line.cells[held.destination].rules] for line in lines) == held.batches


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE release_standingverdict SET state = 'ready', stale_since = NULL",
        "INSERT INTO release_standingverdict SELECT * FROM release_standingverdict ON CONFLICT (id) DO UPDATE SET state = 'ready'",
        "DELETE FROM release_standingverdict",
        "UPDATE release_boardprogress SET leaves = 1000000",
    ],
)
def test_nobody_makes_a_verdict_stand_with_raw_sql(demo: str, sql: str) -> None:
    page()
    with viewing(Viewer.operator()):
        before = list(StandingVerdict.objects.order_by("pk").values_list("state", "stale_since"))
    with pytest.raises(DatabaseError), viewing(person("PER-001")), connection.cursor() as cursor:
        cursor.execute(sql)
    with viewing(Viewer.operator()):
        assert list(StandingVerdict.objects.order_by("pk").values_list("state", "stale_since")) == before


def test_raw_sql_shows_a_partner_the_verdicts_of_its_own_work_only(demo: str) -> None:
    page()
    counts = {}
    for number in ("PER-001", "PER-021", "PER-051"):
        with viewing(person(number)), connection.cursor() as cursor:
            cursor.execute("SELECT count(*), count(*) FILTER (WHERE lot_id NOT IN (SELECT record_id FROM batch_lot)) FROM release_standingverdict")
            counts[number] = cursor.fetchone()
    with viewing(person("PER-021")):
        own = Lot.objects.filter(lot_kind="drug_product").count()
    assert counts == {"PER-001": (48, 0), "PER-021": (2 * own, 0), "PER-051": (0, 0)}
    assert 0 < own < 24


def test_what_was_counted_is_counted_again_after_any_change_and_never_for_somebody_else(demo: str) -> None:
    from holdfast.ledger.seals import seal
    from holdfast.release import board_counts

    from .people import QUINN, take

    programmes, quinn, nia = [programme()], person("PER-001"), person("PER-021")
    with viewing(quinn):
        board_page(programmes)
        first = board_page(programmes)
    board_counts.forget()
    with viewing(quinn):
        board_page(programmes)
        kept = dict(board_counts._KEPT)
        assert board_page(programmes).counts == first.counts
        assert dict(board_counts._KEPT) == kept  # nothing was counted anew
    with viewing(nia):
        hers = board_page(programmes)
    assert hers.total < first.total
    take(QUINN, "DP-26-001", "us_disposition", "released")
    seal()
    with viewing(quinn):
        later = board_page(programmes)
    assert later.counts.at["US"]["decided"] == first.counts.at["US"]["decided"] + 1
