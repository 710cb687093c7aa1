"""Does a reported result meet an acceptance criterion?"""

from __future__ import annotations

from typing import Any

from holdfast.kernel.acceptance import Criterion, judge_result

ANSWERS: dict[str, bool | None] = {"conforms": True, "does_not_conform": False, "cannot_tell": None}


def meets_criterion(
    item: dict[str, Any],
    root: dict[str, Any],
    *,
    criterion: dict[str, Any] | None = None,
    kind: str | None = None,
    low: Any = None,
    high: Any = None,
    unit: str | None = None,
) -> bool | None:
    """Judge a result (an item of `results`) against a registered criterion, or against one given by its parts.

    Censoring, units and rounding to the limit's digits are `kernel.acceptance.judge_result`'s (USP General Notices 7.20).
    """
    given = criterion if criterion is not None else {"kind": kind, "low": low, "high": high, "unit": unit}
    if not given.get("kind") or not item.get("reported"):
        return None
    wanted = Criterion(
        kind=str(given["kind"]),
        low=None if given.get("low") in (None, "") else str(given["low"]),
        high=None if given.get("high") in (None, "") else str(given["high"]),
        unit=given.get("unit") or "",
        allowed=tuple(given.get("allowed") or ()),
    )
    return ANSWERS[judge_result(wanted, str(item["reported"]), item.get("unit")).conformity]
