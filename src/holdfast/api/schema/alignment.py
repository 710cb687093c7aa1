"""Registrations beside one another, and attributes beside the dictionary, over the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema

from .base import Body, Given, Key, Line, Reason


class SideShown(Schema):
    """A registration in force: its number, and the specification it registers."""

    name: str
    region: str
    specification: str


class DifferenceShown(Schema):
    """A difference, with its class: `unexplained` until somebody says why it is there. `outdated`: a value changed since."""

    subject: str
    name: str
    aspect: str
    left: str
    right: str
    difference_class: str
    owner: str
    decision: str
    rationale: str
    decided_on: date | None
    outdated: bool


class GapShown(Schema):
    """Where nobody can tell whether two registrations differ, and what is missing."""

    subject: str
    name: str
    aspect: str
    reason: str


class RequiredChangeShown(Schema):
    side: str
    says: str


class PairShown(Schema):
    left: SideShown
    right: SideShown
    differences: list[DifferenceShown]
    cannot_tell: list[GapShown]
    changes: list[RequiredChangeShown]


class AlignmentShown(Schema):
    """Each US registration of a product beside each EU one, on a day: what differs, what nobody can tell, what one specification for both would need."""

    product: str
    on: date
    pairs: list[PairShown]


class StandingShown(Schema):
    """How a registered procedure stands to the pharmacopoeia of its region."""

    registration: str
    region: str
    procedure: str
    version: int
    title: str
    reference: str
    standing: str
    says: str


class NewClass(Body):
    """Which difference, and why it is there. `seen_left` and `seen_right`: the values that you saw, so that a change meanwhile is told."""

    left: Line
    right: Line
    subject: Given = ""
    aspect: Line
    difference_class: Literal["legal", "scientific", "historical"]
    decision: Literal["undecided", "keep", "align"] = "undecided"
    owner: Key
    rationale: Reason
    seen_left: Given | None = None
    seen_right: Given | None = None


class ClassKept(Schema):
    id: int
    difference_class: str
    decision: str
    left_value: str
    right_value: str


class NewName(Body):
    """Which entry of the dictionary a name means (blank: none of them); of one organisation, of one unit's kind of quantity."""

    name: Line
    entry: Given = ""
    organisation: Key | None = None
    unit: Given | None = None
    reason: Reason


class NameKept(Schema):
    """What was remembered, and the attributes of the programme that it named."""

    id: int
    attributes: list[str]


class PoolShown(Schema):
    """Results that may stand in one statistic: their keys, and what must be kept as a factor."""

    results: list[int]
    factors: list[str]


class PoolsShown(Schema):
    """Every pool of an attribute's results, and why each after the first stands apart."""

    pools: list[PoolShown]
    apart: list[str]
