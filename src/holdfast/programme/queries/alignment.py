"""The alignment matrix: what each registration of a product says of each attribute, where the US and the EU differ, and what a person said of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from holdfast.kernel.acceptance import Criterion
from holdfast.ledger.models import Programme
from holdfast.people.policy import holding
from holdfast.programme.models import (
    AlignmentDecision,
    ProcedureState,
    Product,
    RegisteredProcedure,
    RegisteredSite,
    RegisteredStability,
    Registration,
    RegistrationContent,
    SpecificationTest,
)  # fmt: skip
from holdfast.standards.alignment.compare import Difference, compare_sides
from holdfast.standards.alignment.one_specification import RequiredChange, changes_for_one
from holdfast.standards.alignment.sides import Proof, RegisteredTest, Side, Stability

UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class ClassedDifference:
    """A difference with what a person said of it. `difference_class` is `unexplained` until somebody did, and again when a value changed since."""

    difference: Difference
    left: str
    right: str
    difference_class: str = UNEXPLAINED
    owner: str = ""
    decision: str = ""
    rationale: str = ""
    decided_on: date | None = None
    outdated: bool = False
    key: int | None = None  # of the stored decision


@dataclass(frozen=True)
class Pair:
    """A US and an EU registration beside each other: differences, what nobody can tell, and what one specification for both would need."""

    left: Side
    right: Side
    differences: tuple[ClassedDifference, ...]
    cannot_tell: tuple[Difference, ...]
    changes: tuple[RequiredChange, ...]

    @property
    def unexplained(self) -> tuple[ClassedDifference, ...]:
        return tuple(one for one in self.differences if one.difference_class == UNEXPLAINED)

    @property
    def attributes(self) -> tuple[str, ...]:
        """Codes of every attribute that either side tests, in the order of the specifications: the rows of the matrix."""
        return tuple(dict.fromkeys((*self.left.tests, *self.right.tests)))

    def of(self, subject: str) -> tuple[ClassedDifference, ...]:
        return tuple(one for one in self.differences if one.difference.subject == subject)


@dataclass(frozen=True)
class AlignmentMatrix:
    """Every side of a product on a day, and every pair of a US with an EU registration."""

    product: str
    on: date
    sides: tuple[Side, ...]
    pairs: tuple[Pair, ...]


def alignment_of(product: Product, on: date) -> AlignmentMatrix:
    """The alignment of a product's registrations on a day, in a constant number of queries."""
    sides = {side.name: side for side in sides_of(product, on)}
    decisions = _decisions(product.programme)
    lefts, rights = ([s for s in sides.values() if s.region == region] for region in ("US", "EU"))
    pairs = tuple(_pair(left, right, decisions) for left in lefts for right in rights)
    return AlignmentMatrix(product.record.number, on, tuple(sides.values()), pairs)


def _pair(left: Side, right: Side, decisions: dict[tuple[str, str, str, str], AlignmentDecision]) -> Pair:
    found = compare_sides(left, right)
    differences = tuple(_classed(one, left, right, decisions.get((left.name, right.name, *one.key))) for one in found if one.certain)
    return Pair(left, right, differences, tuple(one for one in found if not one.certain), changes_for_one(left, right))


def _classed(one: Difference, left: Side, right: Side, said: AlignmentDecision | None) -> ClassedDifference:
    if said is None:
        return ClassedDifference(one, left.name, right.name)
    holds = (said.left_value, said.right_value) == (one.left, one.right)
    return ClassedDifference(
        one,
        left.name,
        right.name,
        said.difference_class if holds else UNEXPLAINED,
        said.owner.printed_name,
        said.decision if holds else "",
        said.rationale,
        said.decided_on,
        outdated=not holds,
        key=said.pk,
    )


def _decisions(programme: Programme) -> dict[tuple[str, str, str, str], AlignmentDecision]:
    rows = AlignmentDecision.objects.filter(programme=programme, voided_at__isnull=True).select_related("left__record", "right__record", "owner")
    return {(row.left.record.number, row.right.record.number, row.subject, row.aspect): row for row in rows}


def sides_of(product: Product, on: date) -> list[Side]:
    """What each registration of a product says on a day, in a constant number of queries."""
    registrations = Registration.objects.filter(product=product, record__voided_at__isnull=True).select_related("record").order_by("record__number")
    contents = _contents(registrations, on)
    tests = _tests_by_specification(contents.values())
    procedures, sites, stability = _procedures(contents.values()), _release_sites(contents.values()), _stability(contents.values())
    proofs = _proofs(product.programme, on)
    found = []
    for registration in registrations:
        content = contents.get(registration.pk)
        number = registration.record.number
        if content is None or content.specification is None:
            found.append(Side(number, registration.region))
            continue
        own_sites, versions = sites[content.pk], procedures[content.pk]
        registered = (_test(row, versions, own_sites, proofs) for row in tests[content.specification.pk])
        found.append(
            Side(
                number,
                registration.region,
                str(content.specification.record.number) + f" version {content.specification.record.version}",
                {test.attribute: test for test in registered},
                tuple(own_sites),
                stability[content.pk],
            )
        )
    return found


def _contents(registrations: Iterable[Registration], on: date) -> dict[int, RegistrationContent]:
    """The content of each registration in force on a day; of several, the latest version."""
    rows = RegistrationContent.objects.filter(holding(on), registration__in=list(registrations)).select_related("specification__record").order_by("version")
    return {row.registration_id: row for row in rows}


def _tests_by_specification(contents: Iterable[RegistrationContent]) -> dict[int, list[SpecificationTest]]:
    found: dict[int, list[SpecificationTest]] = defaultdict(list)
    specifications = [content.specification_id for content in contents]
    rows = SpecificationTest.objects.filter(specification__in=specifications, voided_at__isnull=True).select_related("attribute").order_by("pk")
    for row in rows:
        found[row.specification_id].append(row)
    return found


def _procedures(contents: Iterable[RegistrationContent]) -> dict[int, dict[str, list[int]]]:
    """Versions of each procedure that a content registers."""
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = RegisteredProcedure.objects.filter(content__in=list(contents), voided_at__isnull=True, procedure__record__voided_at__isnull=True)
    for content, number, version in rows.values_list("content_id", "procedure__record__number", "procedure__record__version"):
        found[content][number].append(version)
    return found


def _release_sites(contents: Iterable[RegistrationContent]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = RegisteredSite.objects.filter(content__in=list(contents), activity="release_testing", voided_at__isnull=True).order_by("site__number")
    for content, site in rows.values_list("content_id", "site__number"):
        found[content].append(site)
    return found


def _stability(contents: Iterable[RegistrationContent]) -> dict[int, dict[str, Stability]]:
    found: dict[int, dict[str, Stability]] = defaultdict(dict)
    rows = RegisteredStability.objects.filter(content__in=list(contents), voided_at__isnull=True).order_by("storage_condition")
    for row in rows:
        found[row.content_id][row.storage_condition] = Stability(row.storage_condition, row.shelf_life_months, row.lots_per_year, row.commitment)
    return found


def _proofs(programme: Programme, on: date) -> dict[tuple[str, int], list[Proof]]:
    """How far each version of each procedure is proven at each site on a day."""
    found: dict[tuple[str, int], list[Proof]] = defaultdict(list)
    rows = ProcedureState.objects.filter(holding(on), programme=programme).select_related("procedure__record", "site").order_by("site__number", "valid_from")
    for row in rows:
        number, version = row.procedure.record.number, row.procedure.record.version
        found[number, version].append(Proof(row.site.number, number, version, row.state, row.valid_from))
    return found


def _test(row: SpecificationTest, versions: dict[str, list[int]], sites: list[str], proofs: dict[tuple[str, int], list[Proof]]) -> RegisteredTest:
    """A registered test; of its procedure the newest registered version counts as the one in use, at the sites registered for release testing."""
    registered = tuple(sorted(versions.get(row.procedure_number, ())))
    standing = [p for p in proofs.get((row.procedure_number, registered[-1]), ()) if p.site in sites] if registered else []
    allowed = tuple(word.strip() for word in row.allowed.split(";") if word.strip())
    criterion = Criterion(row.criterion_kind, row.low or None, row.high or None, row.unit, allowed)
    return RegisteredTest(row.attribute.code, row.attribute.name, criterion, row.as_registered, row.procedure_number, registered, tuple(standing))


__all__ = ["AlignmentMatrix", "ClassedDifference", "Pair", "alignment_of", "sides_of"]
