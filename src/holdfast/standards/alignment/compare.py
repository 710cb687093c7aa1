"""Where two registrations differ, aspect by aspect. What is not recorded on one side is said to be so: it is neither a difference nor agreement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from holdfast.kernel.acceptance import ABSENT_WORDS, NUMERIC, Criterion
from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.unit import find_unit

from .bounds import limits_of, shown
from .sides import Proof, RegisteredTest, Side, Stability

Aspect = Literal[
    "tested", "limit", "unit", "precision", "method", "method version", "testing site", "validation state", "validation timing", "release site", "shelf life",
    "stability commitment",
]  # fmt: skip
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class Difference:
    """One thing that two sides say differently. `certain` is False when one side does not say it, so that nobody can tell.

    `subject` is an attribute's code, a storage condition, or empty for what concerns the product as a whole.
    """

    subject: str
    name: str
    aspect: Aspect
    left: str
    right: str
    reason: str
    certain: bool = True

    @property
    def key(self) -> tuple[str, str]:
        return self.subject, self.aspect


def compare_sides(left: Side, right: Side) -> tuple[Difference, ...]:
    """Every difference between two sides, and everything that cannot be compared, by attribute in the order of the left specification."""
    return (*_tests(left, right), *_release_sites(left, right), *_stability(left, right))


def _tests(left: Side, right: Side) -> Iterator[Difference]:
    missing = [side.name for side in (left, right) if not side.specification]
    if missing:
        reason = f"No specification is registered in {' and '.join(missing)}, so no test can be compared."
        yield Difference("", "Specification", "tested", left.specification or NOT_RECORDED, right.specification or NOT_RECORDED, reason, certain=False)
        return
    for code in dict.fromkeys((*left.tests, *right.tests)):
        one, other = left.tests.get(code), right.tests.get(code)
        if one and other:
            yield from compare_tests(one, other)
        else:
            present = one or other
            assert present is not None
            where = left.name if one else right.name
            texts = (one.as_registered if one else "not tested", other.as_registered if other else "not tested")
            yield Difference(code, present.name, "tested", *texts, f"Only {where} tests {present.name}.")


def compare_tests(one: RegisteredTest, other: RegisteredTest) -> Iterator[Difference]:
    """Differences between two registered tests of one attribute."""
    for aspect, left, right, reason, certain in (*_criteria(one.criterion, other.criterion), *_methods(one, other), *_proofs(one, other)):
        yield Difference(one.attribute, one.name, aspect, left, right, reason, certain)


Found = tuple[Aspect, str, str, str, bool]


def _criteria(one: Criterion, other: Criterion) -> Iterator[Found]:
    texts = (shown(one), shown(other))
    if one.kind in NUMERIC and other.kind in NUMERIC:
        yield from _numbers(one, other, texts)
    elif one.kind in NUMERIC or other.kind in NUMERIC or _words(one) != _words(other):
        yield "limit", *texts, "The criteria accept different answers.", True


def _words(criterion: Criterion) -> frozenset[str] | str:
    if criterion.kind == "absent":
        return frozenset(ABSENT_WORDS)
    return frozenset(word.strip().casefold() for word in criterion.allowed) if criterion.kind == "one_of" else criterion.kind


def _numbers(one: Criterion, other: Criterion, texts: tuple[str, str]) -> Iterator[Found]:
    try:
        left, right = limits_of(one), limits_of(other)
        kinds = (find_unit(one.unit).kind, find_unit(other.unit).kind)
    except HoldfastError as error:
        yield "limit", *texts, str(error), False
        return
    if one.unit != other.unit and find_unit(one.unit) != find_unit(other.unit):
        same = "The units are of one kind and convert exactly." if kinds[0] == kinds[1] else f"{kinds[0]} is not {kinds[1]}: the limits cannot be compared."
        yield "unit", one.unit or "none", other.unit or "none", same, True
    if kinds[0] != kinds[1]:
        return
    if _nominal(one) != _nominal(other):
        yield "limit", *texts, "The limits differ after exact conversion.", True
    elif left.accepted != right.accepted:
        yield "precision", *texts, "The limits are equal and written with different digits, so results are rounded differently before they are compared.", True


def _nominal(criterion: Criterion) -> tuple[str, Fraction | None, Fraction | None]:
    """The kind and limits as written, in the first unit of the kind of quantity."""
    factor = Fraction(find_unit(criterion.unit).factor)
    low, high = (Fraction(text) * factor if text else None for text in (criterion.low, criterion.high))
    if criterion.kind == "equals":
        low = high = low if low is not None else high
    return criterion.kind, low if criterion.kind not in {"nmt", "lt"} else None, high if criterion.kind not in {"nlt", "gt"} else None


def _methods(one: RegisteredTest, other: RegisteredTest) -> Iterator[Found]:
    texts = (one.procedure or NOT_RECORDED, other.procedure or NOT_RECORDED)
    if not one.procedure or not other.procedure:
        yield "method", *texts, "The procedure of the test is not recorded on both sides.", False
        return
    if one.procedure != other.procedure:
        yield "method", *texts, "Different procedures are registered.", True
        return
    versions = (_versions(one), _versions(other))
    if not one.versions or not other.versions:
        yield "method version", *versions, "The registered version of the procedure is not recorded on both sides.", False
    elif set(one.versions) != set(other.versions):
        yield "method version", *versions, f"Different versions of {one.procedure} are registered.", True


def _versions(test: RegisteredTest) -> str:
    return ", ".join(str(version) for version in sorted(test.versions)) or NOT_RECORDED


def _proofs(one: RegisteredTest, other: RegisteredTest) -> Iterator[Found]:
    """Sites, states and days of the procedures' proof, each compared over what both sides have in common."""
    if not all(test.procedure and test.versions for test in (one, other)):
        return  # said of the method already
    if not one.proofs or not other.proofs:
        if one.proofs or other.proofs or one.procedure == other.procedure:
            reason = "No proof of the procedure at a registered testing site is recorded on both sides."
            yield "validation state", _stated(one.proofs), _stated(other.proofs), reason, False
        return
    sites = tuple(", ".join(sorted({proof.site for proof in test.proofs})) for test in (one, other))
    if sites[0] != sites[1]:
        yield "testing site", sites[0], sites[1], "Different sites test this attribute.", True
    if {p.state for p in one.proofs} != {p.state for p in other.proofs} or _states(one, other) != _states(other, one):
        yield "validation state", _stated(one.proofs), _stated(other.proofs), "The procedure is proven to a different extent.", True
    elif _days(one) != _days(other) and sites[0] == sites[1]:
        days = tuple("; ".join(f"{p.site} since {p.since or NOT_RECORDED}" for p in sorted(t.proofs, key=_by_site)) for t in (one, other))
        certain = None not in {p.since for test in (one, other) for p in test.proofs}
        yield "validation timing", days[0], days[1], "The procedure was proven at different times.", certain


def _states(test: RegisteredTest, against: RegisteredTest) -> set[tuple[str, str]]:
    shared = {proof.site for proof in test.proofs} & {proof.site for proof in against.proofs}
    return {(proof.site, proof.state) for proof in test.proofs if proof.site in shared}


def _days(test: RegisteredTest) -> set[tuple[str, date | None]]:
    return {(proof.site, proof.since) for proof in test.proofs}


def _by_site(proof: Proof) -> tuple[str, str]:
    return proof.site, proof.state


def _stated(proofs: tuple[Proof, ...]) -> str:
    return "; ".join(str(proof) for proof in sorted(proofs, key=_by_site)) or NOT_RECORDED


def _release_sites(left: Side, right: Side) -> Iterator[Difference]:
    if set(left.release_sites) != set(right.release_sites):
        texts = tuple(", ".join(sorted(side.release_sites)) or NOT_RECORDED for side in (left, right))
        certain = bool(left.release_sites and right.release_sites)
        reason = "Different sites are registered for release testing." if certain else "One side registers no site for release testing."
        yield Difference("", "Release testing", "release site", texts[0], texts[1], reason, certain)


def _stability(left: Side, right: Side) -> Iterator[Difference]:
    for condition in dict.fromkeys((*left.stability, *right.stability)):
        one, other = left.stability.get(condition), right.stability.get(condition)
        months = (_months(one), _months(other))
        if months[0] != months[1]:
            certain = NOT_RECORDED not in months
            reason = "Different shelf lives are registered." if certain else "One side registers no shelf life for this condition."
            yield Difference(condition, condition, "shelf life", *months, reason, certain)
        promises = (_promise(one), _promise(other))
        if promises[0] != promises[1]:
            certain = NOT_RECORDED not in promises
            reason = "Different commitments are registered." if certain else "One side registers no stability commitment for this condition."
            yield Difference(condition, condition, "stability commitment", *promises, reason, certain)


def _months(one: Stability | None) -> str:
    return NOT_RECORDED if one is None or one.shelf_life_months is None else f"{one.shelf_life_months} months"


def _promise(one: Stability | None) -> str:
    if one is None or (one.lots_per_year is None and not one.commitment):
        return NOT_RECORDED
    lots = "" if one.lots_per_year is None else f"{one.lots_per_year} lot{'' if one.lots_per_year == 1 else 's'} a year"
    return "; ".join(part for part in (lots, one.commitment) if part)


__all__ = ["ASPECTS", "Aspect", "Difference", "compare_sides", "compare_tests"]
