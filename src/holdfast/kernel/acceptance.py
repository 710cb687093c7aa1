"""Does a reported result meet an acceptance criterion: conforms, does not conform, or cannot tell, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .errors import HoldfastError, NotReadable
from .reported_value import ReportedValue, parse_reported
from .rounding import round_to_limit
from .unit import convert

Conformity = Literal["conforms", "does_not_conform", "cannot_tell"]
NUMERIC = {"range", "nmt", "nlt", "lt", "gt", "equals"}
KINDS = NUMERIC | {"one_of", "absent", "report_only"}
ABSENT_WORDS = ("absent", "not detected", "none detected", "no growth", "negative")


@dataclass(frozen=True)
class Criterion:
    """An acceptance criterion. Limits are text, because their digits decide how a result is rounded (USP General Notices 7.20)."""

    kind: str
    low: str | None = None
    high: str | None = None
    unit: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """The answer with its reason, e.g. `58.3 % is below the limit of 70 %`."""

    conformity: Conformity
    reason: str


def judge_result(criterion: Criterion, reported: str, unit: str | None) -> Judgement:
    """Judge one reported result against one criterion.

    Censored values are intervals: `<10` meets "not more than 10", leaves "not more than 5" open, and fails "not less than 10".
    """
    if criterion.kind not in KINDS:
        return Judgement("cannot_tell", f"The kind of criterion {criterion.kind!r} is not known.")
    try:
        value = parse_reported(reported)
    except NotReadable as error:
        return Judgement("cannot_tell", str(error))
    if criterion.kind == "report_only":
        return Judgement("conforms", "The specification asks only that a result is reported.")
    if criterion.kind in {"one_of", "absent"}:
        return _judge_word(criterion, value)
    return _judge_number(criterion, value, unit)


def _judge_word(criterion: Criterion, value: ReportedValue) -> Judgement:
    allowed = criterion.allowed if criterion.kind == "one_of" else ABSENT_WORDS
    if not allowed:
        return Judgement("cannot_tell", "The criterion names no words that are accepted.")
    if value.text.strip().casefold() in {word.strip().casefold() for word in allowed}:
        return Judgement("conforms", f"{value.text} is accepted.")
    return Judgement("does_not_conform", f"{value.text} is not one of: {'; '.join(allowed)}.")


def _judge_number(criterion: Criterion, value: ReportedValue, unit: str | None) -> Judgement:
    if value.value is None:
        return Judgement("cannot_tell", f"{value.text!r} is not a number, and the criterion asks for one.")
    if unit is None:
        return Judgement("cannot_tell", f"The unit of {value.text} is not recorded.")
    try:
        number = convert(value.value, unit, criterion.unit)
        answers = [compare(number, value, limit) for compare, limit in _comparisons(criterion)]
    except (HoldfastError, ArithmeticError) as error:
        return Judgement("cannot_tell", str(error) or "A limit of the criterion is not a number.")
    if not answers:
        return Judgement("cannot_tell", "The criterion has no limit.")
    return _together(answers)


def _together(answers: list[Judgement]) -> Judgement:
    """Any failure fails; else anything open leaves it open."""
    for wanted in ("does_not_conform", "cannot_tell"):
        for answer in answers:
            if answer.conformity == wanted:
                return answer
    return Judgement("conforms", " ".join(answer.reason for answer in answers))


Comparison = Callable[[Decimal, ReportedValue, str], Judgement]


def _comparisons(criterion: Criterion) -> list[tuple[Comparison, str]]:
    needed: dict[str, list[tuple[Comparison, str | None]]] = {
        "range": [(_at_least, criterion.low), (_at_most, criterion.high)],
        "nlt": [(_at_least, criterion.low)],
        "nmt": [(_at_most, criterion.high)],
        "gt": [(_above, criterion.low)],
        "lt": [(_below, criterion.high)],
        "equals": [(_equals, criterion.low or criterion.high)],
    }
    pairs = needed[criterion.kind]
    return [(compare, limit) for compare, limit in pairs if limit] if all(limit for _, limit in pairs) else []


def _rounded(number: Decimal, limit: str) -> tuple[Decimal, Decimal]:
    return round_to_limit(number, limit), Decimal(limit)


def _at_least(number: Decimal, value: ReportedValue, limit: str) -> Judgement:
    rounded, low = _rounded(number, limit)
    if value.censoring == "less_than":
        # The true value is below the number: certainly too low when the number itself is at or below the limit.
        return _settle(False if number < low or (number == low and not value.inclusive) else None, f"{value.text} against not less than {limit}")
    if value.censoring == "greater_than":
        return _settle(True if rounded >= low else None, f"{value.text} against not less than {limit}")
    return _settle(rounded >= low, f"{value.text} rounds to {rounded}; the limit is not less than {limit}")


def _at_most(number: Decimal, value: ReportedValue, limit: str) -> Judgement:
    rounded, high = _rounded(number, limit)
    if value.censoring == "greater_than":
        return _settle(False if number > high or (number == high and not value.inclusive) else None, f"{value.text} against not more than {limit}")
    if value.censoring == "less_than":
        return _settle(True if rounded <= high else None, f"{value.text} against not more than {limit}")
    return _settle(rounded <= high, f"{value.text} rounds to {rounded}; the limit is not more than {limit}")


def _above(number: Decimal, value: ReportedValue, limit: str) -> Judgement:
    rounded, low = _rounded(number, limit)
    if value.censoring == "less_than":
        return _settle(False if number <= low else None, f"{value.text} against more than {limit}")
    if value.censoring == "greater_than":
        return _settle(True if number > low or (number == low and not value.inclusive) else None, f"{value.text} against more than {limit}")
    return _settle(rounded > low, f"{value.text} rounds to {rounded}; the limit is more than {limit}")


def _below(number: Decimal, value: ReportedValue, limit: str) -> Judgement:
    rounded, high = _rounded(number, limit)
    if value.censoring == "greater_than":
        return _settle(False if number >= high else None, f"{value.text} against less than {limit}")
    if value.censoring == "less_than":
        return _settle(True if number < high or (number == high and not value.inclusive) else None, f"{value.text} against less than {limit}")
    return _settle(rounded < high, f"{value.text} rounds to {rounded}; the limit is less than {limit}")


def _equals(number: Decimal, value: ReportedValue, limit: str) -> Judgement:
    rounded, wanted = _rounded(number, limit)
    if value.censoring != "none":
        return _settle(None, f"{value.text} against exactly {limit}")
    return _settle(rounded == wanted, f"{value.text} rounds to {rounded}; the limit is exactly {limit}")


def _settle(holds: bool | None, reason: str) -> Judgement:
    answers: dict[bool | None, Conformity] = {True: "conforms", False: "does_not_conform", None: "cannot_tell"}
    return Judgement(answers[holds], reason + "." if holds is not None else reason + ": the reported value does not settle it.")
