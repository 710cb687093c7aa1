"""A pair of registrations as a page shows it: differences with the way to class them, changes by who makes them, the matrix row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from holdfast.programme.queries.alignment import ClassedDifference, Pair
from holdfast.standards.alignment.one_specification import RequiredChange
from holdfast.standards.alignment.sides import RegisteredTest, Side, Stability


@dataclass(frozen=True)
class Line:
    """A difference, and the address where a person says why it is there."""

    said: ClassedDifference
    address: str


@dataclass(frozen=True)
class Row:
    """One row of the matrix: what each side says, each in lines, the aspects that differ, and those that nobody can tell."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    differs: tuple[str, ...]
    untold: tuple[str, ...]


@dataclass(frozen=True)
class ShownPair:
    pair: Pair
    lines: tuple[Line, ...]
    changes: tuple[tuple[str, tuple[RequiredChange, ...]], ...]  # by who makes them: a registration, or a decision that comes first
    rows: tuple[Row, ...]


def shown_pair(pair: Pair, address: str) -> ShownPair:
    """A pair with what a page needs; `address` is that of the form."""
    lines = tuple(Line(one, f"{address}?{urlencode(_names(one))}") for one in pair.differences)
    makers = dict.fromkeys((pair.left.name, pair.right.name, ""))
    changes = tuple((maker, tuple(change for change in pair.changes if change.side == maker)) for maker in makers)
    return ShownPair(pair, lines, tuple((maker, found) for maker, found in changes if found), tuple(_rows(pair)))


def _names(one: ClassedDifference) -> dict[str, str]:
    return {"left": one.left, "right": one.right, "subject": one.difference.subject, "aspect": one.difference.aspect}


def _rows(pair: Pair) -> list[Row]:
    left, right = pair.left, pair.right
    if not (left.specification and right.specification):
        return []
    rows = [_row(pair, code, _name(pair, code), _test(left.tests.get(code)), _test(right.tests.get(code))) for code in pair.attributes]
    rows.append(_row(pair, "", "Sites of release testing", left.release_sites or ("not recorded",), right.release_sites or ("not recorded",)))
    for condition in dict.fromkeys((*left.stability, *right.stability)):
        rows.append(_row(pair, condition, f"Stability: {condition}", _stability(left, condition), _stability(right, condition)))
    return rows


def _row(pair: Pair, subject: str, name: str, left: tuple[str, ...], right: tuple[str, ...]) -> Row:
    differs = tuple(one.difference.aspect for one in pair.of(subject))
    return Row(name, left, right, differs, tuple(gap.aspect for gap in pair.cannot_tell if gap.subject == subject))


def _name(pair: Pair, code: str) -> str:
    found: Any = pair.left.tests.get(code) or pair.right.tests.get(code)
    return str(found.name)


def _test(test: RegisteredTest | None) -> tuple[str, ...]:
    """The limit as it is registered, the procedure with its versions, and how far it is proven where."""
    if test is None:
        return ("not tested",)
    versions = f" version {' and '.join(str(version) for version in test.versions)}" if test.versions else ", version not recorded"
    procedure = f"{test.procedure}{versions}" if test.procedure else "procedure not recorded"
    proofs = tuple(f"{proof.site}: {proof.state}{f' since {proof.since:%-d %b %Y}' if proof.since else ''}" for proof in test.proofs)
    return (test.as_registered, procedure, *(proofs or ("validation state not recorded",)))


def _stability(side: Side, condition: str) -> tuple[str, ...]:
    said = side.stability.get(condition, Stability(condition))
    life = f"shelf life {said.shelf_life_months} months" if said.shelf_life_months is not None else "shelf life not recorded"
    lots = f"{said.lots_per_year} lot{'' if said.lots_per_year == 1 else 's'} a year committed" if said.lots_per_year is not None else ""
    return (life, *(part for part in (lots, said.commitment) if part)) if lots or said.commitment else (life, "commitment not recorded")


__all__ = ["Line", "Row", "ShownPair", "shown_pair"]
