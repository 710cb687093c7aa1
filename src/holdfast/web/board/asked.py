"""What a reader asks of the board, as the address says it: an address is a view, so a view is saved by keeping its address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from holdfast.release.board import BoardFilter

STATES = ("ready", "blocked", "cannot_tell", "not_judged", "decided", "flagged", "not_destined")
PLACES = ("US", "EU")
SORTS = ("expires", "batch", "blockers")
DAYS = (7, 14, 30, 90)
ORDERS = {"expires": "expiry", "batch": "number", "blockers": "blockers"}


@dataclass(frozen=True)
class Asked:
    """Filters, order and place in the list. What an address says that is not offered here is not a filter."""

    state: str = ""
    place: str = ""  # a destination, with `state`: the state at that destination
    text: str = ""
    rule: str = ""  # batches that this rule holds back
    within: int = 0  # days to expiry; 0: any
    alone: bool = False  # held back by one rule only
    mine: bool = False  # ready for a decision that the reader may sign
    sort: str = "expires"
    after: str = ""  # where the page begins, as the page before said

    @classmethod
    def of(cls, given: QueryDict) -> Asked:
        within = given.get("within", "")
        return cls(
            state=_offered(given.get("state", ""), STATES),
            place=_offered(given.get("place", ""), PLACES),
            text=given.get("q", "").strip()[:80],
            rule=given.get("rule", "")[:40],
            within=int(within) if within in {str(day) for day in DAYS} else 0,
            alone=given.get("alone") == "1",
            mine=given.get("mine") == "1",
            sort=_offered(given.get("sort", ""), SORTS) or SORTS[0],
            after=given.get("after", "")[:400],
        )

    def address(self) -> str:
        """The query of this view, with nothing in it that is as it is without."""
        words = {"state": self.state, "place": self.place, "q": self.text, "rule": self.rule, "within": self.within or "", "after": self.after}
        words |= {"alone": "1" if self.alone else "", "mine": "1" if self.mine else "", "sort": self.sort if self.sort != SORTS[0] else ""}
        kept = urlencode({name: value for name, value in words.items() if value})
        return f"?{kept}" if kept else "?"

    def but(self, **changes: object) -> Asked:
        """The same view, changed, from its first page."""
        return replace(self, **{"after": "", **changes})  # type: ignore[arg-type]

    def wanted(self, signs: set[str]) -> BoardFilter:
        """What is asked of the record; `signs` are the destinations that the reader may decide."""
        return BoardFilter(
            state=self.state,
            destination=self.place,
            text=self.text,
            blocker=self.rule,
            alone=self.alone,
            ready_for=tuple(sorted(signs)) if self.mine else None,
            within=self.within,
            sort=ORDERS[self.sort],
        )

    @property
    def is_narrowed(self) -> bool:
        return self.but(sort=SORTS[0]) != Asked()


def _offered(value: str, choices: tuple[str, ...]) -> str:
    return value if value in choices else ""
