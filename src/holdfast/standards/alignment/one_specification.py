"""What must change so that one specification serves both: the widest criterion that meets both sides, and what each side would have to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from holdfast.kernel.acceptance import ABSENT_WORDS, NUMERIC, Criterion
from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.rounding import digits_after_point
from holdfast.kernel.unit import find_unit

from .bounds import Bound, Limits, limits_of, shown
from .compare import compare_tests
from .sides import RegisteredTest, Side, Stability

#: how far a procedure is proven, least first; verified, transferred and validated each end at the same
PROVEN = {"development": 0, "qualified": 1, "verified": 2, "transferred": 2, "validated": 2}
DIGITS = 9


@dataclass(frozen=True)
class Common:
    """The criterion that serves both sides; None when there is none, or it cannot be computed, and why."""

    criterion: Criterion | None
    reason: str


@dataclass(frozen=True)
class RequiredChange:
    """What one side would have to change. `side` is empty when a person must first decide."""

    side: str
    subject: str
    aspect: str
    says: str


def changes_for_one(left: Side, right: Side) -> tuple[RequiredChange, ...]:
    """Every change that would let one specification serve both sides."""
    return (*_test_changes(left, right), *_site_changes(left, right), *_stability_changes(left, right))


def common_criterion(one: Criterion, other: Criterion) -> Common:
    """The criterion that accepts what both accept (or, where units must be converted, nothing that either refuses)."""
    if one.kind == "report_only" or other.kind == "report_only":
        stricter = other if one.kind == "report_only" else one
        return Common(stricter, "One side only reports the result: the other's criterion serves both.")
    if one.kind in NUMERIC and other.kind in NUMERIC:
        try:
            return _common_numbers(one, other)
        except HoldfastError as error:
            return Common(None, str(error))
    if one.kind in NUMERIC or other.kind in NUMERIC:
        return Common(None, "One side asks for a number and the other for a word.")
    return _common_words(one, other)


def _common_words(one: Criterion, other: Criterion) -> Common:
    if one.kind == other.kind == "absent":
        return Common(one, "Both ask that nothing is found.")
    allowed = [word for word in (one.allowed or ABSENT_WORDS) if word.strip().casefold() in {w.strip().casefold() for w in (other.allowed or ABSENT_WORDS)}]
    if not allowed:
        return Common(None, "No answer meets both.")
    return Common(Criterion("one_of", unit=one.unit, allowed=tuple(allowed)), "The answers that both accept.")


def _common_numbers(one: Criterion, other: Criterion) -> Common:
    left, right = limits_of(one), limits_of(other)
    kinds = (find_unit(left.unit).kind, find_unit(right.unit).kind)
    if kinds[0] != kinds[1]:
        return Common(None, f"{kinds[0]} is not {kinds[1]}: settle first what is measured.")
    lower = max((s for s in (left, right) if s.low), key=lambda s: _stricter_low(s.accepted.low), default=None)
    upper = min((s for s in (left, right) if s.high), key=lambda s: _stricter_high(s.accepted.high), default=None)
    for whole, written in ((left, one), (right, other)):
        if _is(whole, lower, "low") and _is(whole, upper, "high"):
            return Common(written, "It is the stricter on every side.")
    joined = _joined(lower, upper)
    if joined is None:
        return Common(None, "The stricter limits are in units that do not convert to a finite decimal: state both in one unit first.")
    return Common(None, "No result meets both.") if joined.accepted.is_empty else Common(joined.criterion, "The stricter limit of each side.")


def _is(whole: Limits, chosen: Limits | None, end: str) -> bool:
    """Whether a side's own end is the chosen one, or as strict."""
    wanted = getattr(chosen.accepted, end) if chosen else None
    return bool(getattr(whole.accepted, end) == wanted)


def _stricter_low(bound: Bound | None) -> tuple[Fraction, bool]:
    assert bound is not None
    return bound.value, not bound.included


def _stricter_high(bound: Bound | None) -> tuple[Fraction, bool]:
    assert bound is not None
    return bound.value, bound.included


def _joined(lower: Limits | None, upper: Limits | None) -> Limits | None:
    """The low limit of one side with the high limit of the other, in the unit of either."""
    if lower is None or upper is None:
        return lower or upper
    for unit in dict.fromkeys((lower.unit, upper.unit)):
        low, high = _restated(lower.low, lower.unit, unit), _restated(upper.high, upper.unit, unit)
        if low and high:
            return Limits(low, high, unit)
    return None


def _restated(limit: str | None, unit: str, target: str) -> str | None:
    """A limit in another unit of its kind, with digits enough to be no laxer; None when that is no finite decimal."""
    assert limit is not None
    ratio = Fraction(find_unit(unit).factor) / Fraction(find_unit(target).factor)
    if ratio == 1:
        return limit
    value = Fraction(limit) * ratio
    for digits in range(DIGITS + 1):
        if (value * 10**digits).denominator == 1 and Fraction(1, 10**digits) <= Fraction(1, 10 ** digits_after_point(limit)) * ratio:
            return f"{Decimal(int(value * 10**digits)).scaleb(-digits):f}"
    return None


def _test_changes(left: Side, right: Side) -> Iterator[RequiredChange]:
    if not left.specification or not right.specification:
        yield RequiredChange("", "", "tested", "Record the specification of both registrations first.")
        return
    for code in dict.fromkeys((*left.tests, *right.tests)):
        one, other = left.tests.get(code), right.tests.get(code)
        if one is None or other is None:
            present, lacking = (one, right) if one else (other, left)
            assert present is not None
            yield RequiredChange(lacking.name, code, "tested", f"Add {present.name}: {shown(present.criterion)}.")
            continue
        yield from _criterion_changes(left, right, one, other)
        yield from _method_changes(left, right, one, other)
        yield from _proof_changes(left, right, one, other)


def _criterion_changes(left: Side, right: Side, one: RegisteredTest, other: RegisteredTest) -> Iterator[RequiredChange]:
    aspects = [d.aspect for d in compare_tests(one, other) if d.aspect in {"limit", "unit", "precision"}]
    if not aspects:
        return
    common = common_criterion(one.criterion, other.criterion)
    if common.criterion is None:
        yield RequiredChange("", one.attribute, aspects[0], f"{one.name}: {common.reason}")
        return
    for side, test in ((left, one), (right, other)):
        if test.criterion != common.criterion:
            says = f"{test.name}: from {shown(test.criterion)} to {shown(common.criterion)}."
            yield RequiredChange(side.name, one.attribute, aspects[0], says)


def _method_changes(left: Side, right: Side, one: RegisteredTest, other: RegisteredTest) -> Iterator[RequiredChange]:
    if one.procedure and other.procedure and one.procedure != other.procedure:
        yield RequiredChange("", one.attribute, "method", f"{one.name}: decide between {one.procedure} and {other.procedure}, and bridge them.")
    elif not one.procedure or not other.procedure:
        yield RequiredChange("", one.attribute, "method", f"{one.name}: record the procedure of both registrations.")
    elif not one.versions or not other.versions:
        yield RequiredChange("", one.attribute, "method version", f"{one.name}: record the registered version of {one.procedure} on both sides.")
    elif set(one.versions) != set(other.versions):
        newest = max((*one.versions, *other.versions))
        for side, test in ((left, one), (right, other)):
            if set(test.versions) != {newest}:
                says = f"{one.name}: register version {newest} of {one.procedure}, and no other."
                yield RequiredChange(side.name, one.attribute, "method version", says)


def _proof_changes(left: Side, right: Side, one: RegisteredTest, other: RegisteredTest) -> Iterator[RequiredChange]:
    """Every proof that is behind the furthest of both sides; a site of one side only is for `_site_changes`."""
    proofs = (*one.proofs, *other.proofs)
    if not proofs or {p.state for p in one.proofs} == {p.state for p in other.proofs}:
        return
    furthest = max(proofs, key=lambda proof: PROVEN.get(proof.state, -1))
    for side, test in ((left, one), (right, other)):
        for proof in test.proofs:
            if PROVEN.get(proof.state, -1) < PROVEN.get(furthest.state, -1):
                says = f"{one.name}: bring {proof.procedure} version {proof.version} at {proof.site} from {proof.state} to {furthest.state}."
                yield RequiredChange(side.name, one.attribute, "validation state", says)


def _site_changes(left: Side, right: Side) -> Iterator[RequiredChange]:
    for side, against in ((left, right), (right, left)):
        for site in sorted(set(against.release_sites) - set(side.release_sites)):
            yield RequiredChange(side.name, "", "release site", f"Name {site} for release testing, or take it out of {against.name}.")


def _stability_changes(left: Side, right: Side) -> Iterator[RequiredChange]:
    for condition in dict.fromkeys((*left.stability, *right.stability)):
        claims = [side.stability.get(condition, Stability(condition)) for side in (left, right)]
        months = [one.shelf_life_months for one in claims]
        lots = [one.lots_per_year for one in claims]
        for side, one in zip((left, right), claims, strict=True):
            if None in months and one.shelf_life_months is None and any(months):
                yield RequiredChange(side.name, condition, "shelf life", f"Register a shelf life at {condition}.")
            elif None not in months and one.shelf_life_months != min(filter(None, months)):
                yield RequiredChange(side.name, condition, "shelf life", f"Claim {min(filter(None, months))} months at {condition}, or extend the other.")
            if any(lots) and (one.lots_per_year or 0) < max(filter(None, lots)):
                yield RequiredChange(side.name, condition, "stability commitment", f"Commit to {max(filter(None, lots))} lots a year at {condition}.")


__all__ = ["Common", "RequiredChange", "changes_for_one", "common_criterion"]
