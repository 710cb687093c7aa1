"""Registered limits over time: which held for a batch on the day it was made, and what a result is against each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from holdfast.kernel.acceptance import Criterion, judge_result

from .reported import ReportedResult


@dataclass(frozen=True)
class RegisteredLimit:
    """What one version of an application registers for one attribute, from one day to another (included)."""

    registration: str
    registration_key: int
    region: str
    valid_from: date | None
    valid_until: date | None
    until_stated: bool
    attribute: int
    kind: str
    low: str
    high: str
    unit: str
    allowed: str
    as_registered: str
    specification_key: int
    specification: str
    version: int

    @property
    def name(self) -> str:
        """What the limit is called: its region and its application, so that two of a region stay apart."""
        return f"{self.region} {self.registration}"

    @property
    def lower(self) -> Decimal | None:
        return _number(self.low)

    @property
    def upper(self) -> Decimal | None:
        return _number(self.high)

    @property
    def is_numeric(self) -> bool:
        return self.lower is not None or self.upper is not None

    def holds_on(self, day: date) -> bool:
        """Whether it certainly holds: without a first day, or with an end that nobody stated, nobody knows."""
        if self.valid_from is None or day < self.valid_from:
            return False
        return self.until_stated if self.valid_until is None else day <= self.valid_until

    def against(self, result: ReportedResult) -> tuple[str, str]:
        """`conforms`, `does_not_conform` or `cannot_tell`, and why, as the limit rounds."""
        words = tuple(word.strip() for word in self.allowed.split(";") if word.strip())
        judged = judge_result(Criterion(self.kind, self.low or None, self.high or None, self.unit, words), result.reported, result.unit)
        return judged.conformity, judged.reason


def limits_on(limits: Iterable[RegisteredLimit], day: date) -> tuple[RegisteredLimit, ...]:
    """The limits that hold on a day, one an application: of two versions that hold the later."""
    found = {limit.registration: limit for limit in limits if limit.holds_on(day)}
    return tuple(found.values())


def standings(result: ReportedResult, limits: Iterable[RegisteredLimit]) -> dict[str, tuple[str, str]]:
    """By application, what a result is against the limit that held when its batch was made; empty where no day or no limit is known."""
    if result.made_on is None:
        return {}
    return {limit.name: limit.against(result) for limit in limits_on(limits, result.made_on)}


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
