"""Standing verdicts: judge batches for the board, keep what was found, and know what is no longer current. See docs/adr/0008-board-cache.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from holdfast.dossier.canonical import gathered_digest
from holdfast.kernel.clock import now, today
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme
from holdfast.standards.judge import judge_briefly

from .dossiers.build import document_of, dossiers_from, written_of
from .dossiers.gather import gather
from .models import StandingVerdict
from .packs import PacksInForce, packs_in_force, read_adoptions
from .questions import DESTINATIONS, REGION_OF

CHUNK = 400  # batches gathered at once: about 250 MB
OPEN = ("ready", "blocked", "cannot_tell")
KEPT = (
    "state", "is_flagged", "blockers", "unknown", "fault", "evidence_digest", "judged_on", "judged_at", "judged_by", "leaves", "apart", "stale_since",
    "scope_site_id",
)  # fmt: skip


@dataclass(frozen=True)
class Basis:
    """What the record held when a judgement began: so many change sets of the tree, and some that had no place in it yet."""

    leaves: int
    apart: tuple[int, ...]
    day: date


def is_current(day: date, packs: Iterable[PacksInForce]) -> Q:
    """Standing verdicts that hold on a day: untouched since, and, while the question is open, of that day and of what judges their programme then.

    The digest of what judges names its programme, so that no verdict is current by what judges another.
    """
    judges = [one.digest for one in packs]
    return Q(stale_since__isnull=True) & ~Q(state="not_judged") & (~Q(state__in=OPEN) | Q(judged_on=day, judged_by__in=judges))


def basis_now() -> Basis:
    """The basis of a judgement that begins now. One statement, so one snapshot: what is written later is in neither part of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT coalesce(max(index) + 1, 0) FROM ledger_leaf), ARRAY(SELECT change_set_id FROM ledger_pendingchangeset WHERE leaf_hash IS NOT NULL)"
        )
        leaves, apart = cursor.fetchone()
    return Basis(leaves, tuple(apart), today())


def opening(programmes: Collection[int], on: date) -> tuple[bool, dict[int, PacksInForce]]:
    """Whether this database takes writes, and what judges each programme on a day. A replica takes none: it judges, shows, and keeps nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only'), holdfast_adoptions(%s::bigint[])", [list(programmes)])
        read_only, adoptions = cursor.fetchone()
    return read_only != "on", read_adoptions(programmes, adoptions, on)


def mark(programme: Programme) -> None:
    """Mark the standing verdicts that were touched since; nothing to do costs one short query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT holdfast_board_mark(%s, NULL)", [programme.pk])


def touched_and_not_marked(programme: Programme) -> list[int]:
    """Batches that a change set touched which nobody has marked yet: on a replica, where nobody can. Empty when all of it is marked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT v.lot_id FROM holdfast_touched_lots(%(programme)s, ARRAY("
            " SELECT change_set_id FROM ledger_leaf WHERE index >= coalesce((SELECT leaves FROM release_boardprogress WHERE programme_id = %(programme)s), 0)"
            " UNION SELECT change_set_id FROM ledger_pendingchangeset WHERE leaf_hash IS NOT NULL)) t"
            " JOIN release_standingverdict v ON v.programme_id = %(programme)s AND (v.lot_id = t.lot OR t.lot IS NULL)",
            {"programme": programme.pk},
        )
        return [row[0] for row in cursor.fetchall()]


def judge_standing(programme: Programme, lots: Collection[int], basis: Basis, packs: PacksInForce | None = None) -> list[StandingVerdict]:
    """Judge batches for every destination as the evaluator, from one gathering. What was decided is compared with what was signed.

    `packs` is what judges on the day, where the caller has read it; a verdict says by what it was judged, so one that was read too early is not current.
    """
    from .queries import destinations, flags_of, standing_decisions

    made: list[StandingVerdict] = []
    with viewing(Viewer.evaluator(programme.pk)):
        packs = packs or packs_in_force(programme, basis.day)
        found = gather(programme.pk, lots)
        destined, decisions = destinations(lots), standing_decisions(lots)
        flags = flags_of(programme, decisions.values(), found)
        for region, question in DESTINATIONS.items():
            opened = [lot for lot in lots if lot in found.lots and region in destined[lot] and (lot, question) not in decisions]
            dossiers = dossiers_from(found, programme, opened, question, REGION_OF[question], basis.day)
            for lot in lots:
                if lot not in found.lots:
                    continue
                row = _row(programme, found.lots[lot], question, basis, packs.digest)
                decision = decisions.get((lot, question))
                if decision is not None:
                    row.state, row.is_flagged, row.evidence_digest = "decided", decision.pk in flags, decision.dossier.evidence_digest
                elif lot in dossiers:
                    document = document_of(found, dossiers[lot], lot)
                    _judge(row, packs, document, written_of(found, document, lot))
                made.append(row)
    return made


def _row(programme: Programme, lot: Any, question: str, basis: Basis, judged_by: str) -> StandingVerdict:
    return StandingVerdict(
        programme=programme, scope_site_id=lot.scope_site_id, lot_id=lot.pk, number=lot.record.number, patient=lot.patient, expires_on=lot.expires_on,
        sorts_on=lot.expires_on or date.max, question=question, state="not_destined", blockers=[], unknown=[],
        judged_on=basis.day, judged_at=now(), judged_by=judged_by, leaves=basis.leaves, apart=list(basis.apart),
    )  # fmt: skip


def _judge(row: StandingVerdict, packs: PacksInForce, document: dict[str, Any], written: dict[str, str]) -> None:
    brief = judge_briefly(packs.on(document), document, just_gathered=True)
    row.state, row.blockers, row.unknown, row.fault = brief.state, list(brief.blockers), list(brief.unknown), brief.fault
    row.evidence_digest = gathered_digest(document, written)


def keep(programme: Programme, rows: Collection[StandingVerdict], basis: Basis) -> None:
    """Keep what was judged, then mark again whatever the record took in since the judgement began."""
    with transaction.atomic(), viewing(Viewer.evaluator(programme.pk)), connection.cursor() as cursor:
        cursor.execute("SELECT holdfast_board_turn(%s)", [programme.pk])
        StandingVerdict.objects.bulk_create(rows, update_conflicts=True, unique_fields=["lot", "question"], update_fields=list(KEPT), batch_size=1000)
        cursor.execute("SELECT holdfast_board_mark(%s, %s)", [programme.pk, basis.leaves])


def not_current(programme: Programme, packs: PacksInForce | None = None) -> list[int]:
    """Batches of which a standing verdict is not current, as the open identity sees them."""
    day = today()
    rows = StandingVerdict.objects.filter(programme=programme).exclude(is_current(day, [packs or packs_in_force(programme, day)]))
    return list(rows.order_by("lot_id").values_list("lot_id", flat=True).distinct())


def refresh(programme: Programme, lots: Collection[int], packs: PacksInForce | None = None) -> Iterator[int]:
    """Judge these batches and keep their verdicts, some at a time, each in its own transaction; yields how many each time."""
    chosen = list(lots)
    for start in range(0, len(chosen), CHUNK):
        some = chosen[start : start + CHUNK]
        with transaction.atomic():
            with viewing(Viewer.evaluator(programme.pk)):
                basis = basis_now()
            keep(programme, judge_standing(programme, some, basis, packs), basis)
        yield len(some)
