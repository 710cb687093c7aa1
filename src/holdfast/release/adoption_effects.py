"""What a pack would change before it is adopted: the open batches whose verdict would be another, and by which rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from holdfast.batch.models import Lot
from holdfast.kernel.clock import today
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme
from holdfast.standards.judge import judge_briefly
from holdfast.standards.upgrade import DossierChange, dossier_change

from .adopting import Checked
from .dossiers.build import document_of, dossiers_from
from .dossiers.gather import gather
from .models import Decision, Outcome, Question
from .packs import PacksInForce
from .queries import destinations
from .questions import DESTINATIONS, REGION_OF

CHUNK = 200  # batches gathered at once
SPONSOR_RELEASE = "EU-USE"  # as commands and the API name it


@dataclass(frozen=True)
class BatchChange:
    """One open batch of which the verdict would be another. `destination`: US, EU, or EU-USE for the sponsor's release."""

    lot: int
    number: str
    destination: str
    change: DossierChange

    @property
    def became(self) -> str:
        """The state before and after, where it is another; empty where only the rules that stand in the way are."""
        before, after = self.change.state_before, self.change.state_after
        return "" if before == after else f"{before} → {after}"


@dataclass(frozen=True)
class Effects:
    """What was judged both ways today, and what of it would change. `open`: how many open batches there are; `judged`: how many were looked at."""

    open: int
    judged: int
    changes: tuple[BatchChange, ...]

    @property
    def not_judged(self) -> int:
        return self.open - self.judged

    @property
    def batches(self) -> int:
        """How many batches would change."""
        return len({change.lot for change in self.changes})

    @property
    def said(self) -> str:
        """How many would change, as a sentence."""
        return "One open batch would be judged otherwise." if self.batches == 1 else f"{self.batches} open batches would be judged otherwise."

    @property
    def by_rule(self) -> list[tuple[str, str, int]]:
        """Id and title of each rule that would answer otherwise, and on how many batches, the most first."""
        lots: dict[tuple[str, str], set[int]] = {}
        for one in self.changes:
            for answer in one.change.answers:
                lots.setdefault((answer.rule, answer.title), set()).add(one.lot)
        return sorted(((rule, title, len(some)) for (rule, title), some in lots.items()), key=lambda each: (-each[2], each[0]))

    def as_json(self) -> dict[str, Any]:
        """As scripts read it."""
        changes = [{"batch": one.number, "destination": one.destination, **asdict(one.change)} for one in self.changes]
        return {"open": self.open, "judged": self.judged, "batches": self.batches, "changes": changes}


def adoption_effects(programme: Programme, checked: Checked, most: int | None = None) -> Effects:
    """Judge the open batches by what is in force on the day of adoption and by what would be then; `most`: only so many batches, soonest expiry first.

    Judged as the evaluator on what is recorded today: call it for who sees the whole programme. A number of queries that grows with chunks, not with batches.
    """
    lots = _open_lots(programme)
    chosen = lots if most is None else lots[:most]
    found: list[BatchChange] = []
    for start in range(0, len(chosen), CHUNK):
        with transaction.atomic():
            found += _changes(programme, chosen[start : start + CHUNK], checked.before, checked.after)
    return Effects(len(lots), len(chosen), tuple(found))


def _open_lots(programme: Programme) -> list[tuple[int, str]]:
    """Batches, soonest expiry first, of which a question is open; as the evaluator, so that none is hidden."""
    with viewing(Viewer.evaluator(programme.pk)):
        rows = Lot.objects.filter(programme=programme, lot_kind="drug_product", record__voided_at__isnull=True)
        lots = list(rows.order_by("expires_on", "record__number").values_list("pk", "record__number"))
        open_lots = {lot for _, _, some in _open_questions([key for key, _ in lots]) for lot in some}
    return [(key, number) for key, number in lots if key in open_lots]


def _open_questions(lots: Sequence[int]) -> list[tuple[str, str, list[int]]]:
    """Each question with its destination's name and the lots of which nobody has decided it: the sponsor's release only once the EU's certification stands."""
    standing = Decision.objects.filter(lot__in=lots, record__voided_at__isnull=True).values_list("lot_id", "question", "outcome")
    bound, decided = destinations(lots), {(lot, question): outcome for lot, question, outcome in standing}
    found = [(region, question, [lot for lot in lots if region in bound[lot] and (lot, question) not in decided]) for region, question in DESTINATIONS.items()]
    certified = [lot for (lot, question), one in decided.items() if question == Question.EU_CERTIFICATION and one == Outcome.CERTIFIED]
    return [*found, (SPONSOR_RELEASE, Question.SPONSOR_RELEASE, [lot for lot in certified if (lot, Question.SPONSOR_RELEASE) not in decided])]


def _changes(programme: Programme, lots: Sequence[tuple[int, str]], before: PacksInForce, after: PacksInForce) -> Iterator[BatchChange]:
    keys, numbers = [key for key, _ in lots], dict(lots)
    with viewing(Viewer.evaluator(programme.pk)):
        found = gather(programme.pk, keys)
        for destination, question, opened in _open_questions(keys):
            for key, dossier in dossiers_from(found, programme, opened, question, REGION_OF[question], today()).items():
                change = _change(numbers[key], document_of(found, dossier, key), before, after)
                if change is not None:
                    yield BatchChange(key, numbers[key], destination, change)


def _change(number: str, document: dict[str, Any], before: PacksInForce, after: PacksInForce) -> DossierChange | None:
    """What changes on one dossier; told in full only where the verdict changes, which is found out in a fraction of the time."""
    old, new = before.on(document), after.on(document)
    if [id(pack) for pack in old] == [id(pack) for pack in new]:  # packs are compiled once a process
        return None
    was, now = (judge_briefly(packs, document, just_gathered=True) for packs in (old, new))
    if (was.state, set(was.blockers), set(was.unknown)) == (now.state, set(now.blockers), set(now.unknown)):
        return None
    return dossier_change(number, old, new, document)
