"""How far a shelf life may go beyond the long-term data: the caps of ICH Q1E Appendix A, read from their table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ..method import Example, method
from ..parameter import Parameter
from ..refusal import WrongParameter
from ..result import Citation, Result, reported
from ..words import say

FACTS = ("storage", "accelerated", "intermediate", "change", "statistics")


@dataclass(frozen=True, kw_only=True)
class ExtrapolationResult(Result):
    """A cap on the shelf life."""

    cap: float = reported("longest shelf life that may be proposed, in months")
    beyond: float = reported("how much of it lies beyond the long-term data, in months")
    section: str = reported("section of the guideline that decides")
    reason: str = reported("the row of the table that fits")
    proposed: float | None = reported("shelf life supported by analysis, not beyond the cap; none when it was not given; in months")


@method(
    name="extrapolation-limit",
    title="Cap on extrapolation beyond long-term data (ICH Q1E Appendix A)",
    family="stability",
    result=ExtrapolationResult,
    citations=[Citation("ICH Q1E Evaluation for Stability Data (2003)", "2.4, Appendix A")],
    columns=[],
    parameters=[
        Parameter("long_term", "time covered by long-term data, in months", "positive"),
        Parameter("storage", "intended storage", "choice", choices=("room", "refrigerated", "frozen", "below-frozen")),
        Parameter("accelerated", "significant change within six months at accelerated conditions", "choice", "none", choices=("none", "significant")),
        Parameter("intermediate", "significant change at the intermediate condition", "choice", "none", choices=("none", "significant")),
        Parameter("change", "change or variability over time in long-term and accelerated data", "choice", "some", choices=("little", "some")),
        Parameter("statistics", "whether statistical analysis and supporting data support it", "choice", "not-done", choices=("supported", "not-done")),
        Parameter("supported", "shelf life that the analysis supports, in months", "positive", optional=True),
    ],
    example=Example({}, {"long_term": 12, "storage": "room", "statistics": "supported", "supported": 30}),
)
def extrapolation_limit(
    *,
    long_term: float,
    storage: str,
    accelerated: str = "none",
    intermediate: str = "none",
    change: str = "some",
    statistics: str = "not-done",
    supported: float | None = None,
) -> ExtrapolationResult:
    """The longest shelf life that may be proposed on X months of long-term data: 2X up to X + 12, 1.5X up to X + 6, X + 3, or X.

    Times are in months, as the guideline has them. Relevant supporting data are needed for any extrapolation, and it is confirmed by
    long-term data as they come.
    """
    facts = {"storage": storage, "accelerated": accelerated, "intermediate": intermediate, "change": change, "statistics": statistics}
    row = next((row for row in table()["rows"] if _fits(row, facts)), None)
    if row is None:
        raise WrongParameter(f"No row of {table()['edition']} fits: {facts}.")
    cap = _cap(row, long_term)
    proposed = None if supported is None else min(supported, cap)
    return ExtrapolationResult(
        cap=cap,
        beyond=cap - long_term,
        section=row["section"],
        reason=row["reason"],
        proposed=proposed,
        definitions={"edition": table()["edition"], "authority": table()["authority"]},
        decision="extrapolation" if cap > long_term else "no extrapolation",
        sentence=f"On {say(long_term)} months of long-term data up to {say(cap)} months may be proposed ({table()['edition']}, {row['section']}): "
        f"{row['reason']}" + (f" The analysis supports {say(supported)}; {say(proposed or 0)} may be proposed." if supported is not None else ""),
    )


@lru_cache(maxsize=1)
def table() -> Any:  # Any: as the YAML file has it
    """The decision table with its edition."""
    return yaml.safe_load((Path(__file__).parent / "extrapolation.yaml").read_text("utf-8"))


def _fits(row: Mapping[str, Any], facts: Mapping[str, str]) -> bool:
    return all(row.get(fact) in (None, facts[fact]) for fact in FACTS)


def _cap(row: Mapping[str, Any], x: float) -> float:
    if row.get("cap") == "none":
        return x
    return float(min(row.get("factor", float("inf")) * x, x + row["add"]))
