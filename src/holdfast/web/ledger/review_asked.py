"""What is to be reviewed, as the address says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from holdfast.ledger.models import Programme
from holdfast.quality.audit_trail import NotAScope, Scope, scope_of_batch, scope_of_period, scope_of_records
from holdfast.quality.models import ReviewScope


@dataclass(frozen=True)
class AskedToReview:
    """A scope as it was typed; `kind` empty: nothing was asked yet."""

    programme: str = ""
    kind: str = ""
    batch: str = ""
    records: str = ""  # numbers, one a line or by comma
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> AskedToReview:
        words = {name: given.get(name, "").replace("\0", "").strip()[:4000] for name in ("programme", "batch", "records", "since", "until")}
        kind = given.get("scope", "")
        return cls(kind=kind if kind in ReviewScope.values else "", **words)

    def scope(self, programmes: list[Programme]) -> Scope:
        """The scope that is meant, on one of the programmes where the reader may review. Raises `NotAScope`."""
        programme = next((one for one in programmes if one.number == self.programme), None) or (programmes[0] if not self.programme else None)
        if programme is None:
            raise NotAScope(f"You do not review on {self.programme}.")
        if self.kind == ReviewScope.BATCH:
            return scope_of_batch(programme, self.batch)
        if self.kind == ReviewScope.RECORDS:
            return scope_of_records(programme, [one.strip() for one in self.records.replace(",", "\n").splitlines() if one.strip()])
        return scope_of_period(programme, _day(self.since), _day(self.until))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotAScope("Give the first and the last day of the period, like 2026-03-12.") from error
