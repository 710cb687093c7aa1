"""What a reader asks of the ledger, as the address says it: an address is a view, so a view is saved by keeping its address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import QueryDict

from holdfast.ledger.browsing import LedgerFilter
from holdfast.ledger.models import ExceptionKind


@dataclass(frozen=True)
class AskedOfLedger:
    """Filters and place in the list. A day that is none is kept as it was typed, so that the page can say so."""

    record: str = ""
    person: str = ""
    action: str = ""
    since: str = ""
    until: str = ""  # this day is included
    kind: str = ""
    order: str = ""  # "" (exceptions first) or "time"
    after: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> AskedOfLedger:
        kind, words = given.get("kind", ""), {name: given.get(name, "").strip()[:80] for name in ("record", "person", "action", "since", "until")}
        return cls(
            **{name: "".join(c for c in text if c != "\0") for name, text in words.items()},
            kind=kind if kind in ExceptionKind.values else "",
            order="time" if given.get("order") == "time" else "",
            after=given.get("after", "")[:40],
        )

    def address(self) -> str:
        """The query of this view, with nothing in it that is as it is without."""
        kept = urlencode({name: value for name, value in vars(self).items() if value})
        return f"?{kept}" if kept else "?"

    def but(self, **changes: str) -> AskedOfLedger:
        """The same view, changed, from its first page."""
        return replace(self, **{"after": "", **changes})

    @property
    def is_narrowed(self) -> bool:
        return self.but(order="") != AskedOfLedger()

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What cannot be read of it: (sentence, field)."""
        return [(f"{getattr(self, name)} is not a day. Write it like 2026-03-12.", name) for name in ("since", "until") if _is_wrong(getattr(self, name))]

    def wanted(self) -> LedgerFilter:
        """What is asked of the record. A day that cannot be read asks for nothing."""
        until = _day(self.until)
        return LedgerFilter(
            record=self.record,
            person=self.person,
            action=self.action,
            since=_begin(_day(self.since)),
            until=_begin(until + timedelta(days=1)) if until and until < date.max else None,
            kind=self.kind,
            newest_first=self.order == "time",
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _is_wrong(text: str) -> bool:
    return bool(text) and _day(text) is None


def _begin(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None
