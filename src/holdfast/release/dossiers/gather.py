"""All rows that dossiers of some lots may need, read once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Q

from holdfast.batch import models as batch
from holdfast.people import models as people
from holdfast.programme import models as programme
from holdfast.quality import models as quality

from ..models import Decision
from .genealogy import Ancestor, ancestors_of
from .rows import Known, grouped, standing

T = TypeVar("T")
Rows = dict[int, list[Any]]


@dataclass
class Gathered:
    """Rows by what they belong to: lots by id, registrations by id, sites by id."""

    lots: dict[int, Any] = field(default_factory=dict)
    ancestors: dict[int, list[Ancestor]] = field(default_factory=dict)
    by_lot: dict[str, Rows] = field(default_factory=dict)
    by_site: dict[str, Rows] = field(default_factory=dict)
    registrations: dict[tuple[int, str], Any] = field(default_factory=dict)  # lot and region
    by_registration: dict[str, Rows] = field(default_factory=dict)
    by_content: dict[str, Rows] = field(default_factory=dict)
    tests: Rows = field(default_factory=dict)
    results: dict[tuple[int, int], list[Any]] = field(default_factory=dict)  # lot and attribute
    procedure_states: dict[tuple[int, int], list[Any]] = field(default_factory=dict)  # procedure and site
    by_product: dict[str, Rows] = field(default_factory=dict)
    trainings: Rows = field(default_factory=dict)
    roles: Rows = field(default_factory=dict)
    named: Rows = field(default_factory=dict)
    statements: list[Any] = field(default_factory=list)  # about lists of a site or of the whole programme
    statements_of: Rows = field(default_factory=dict)  # about a lot's own lists
    known: Known = field(default_factory=Known)
    _made: dict[tuple[str, int], Any] = field(default_factory=dict)

    def once(self, what: str, key: int, make: Callable[[], T]) -> T:
        """A part that several dossiers share (a batch's, whatever is asked of it; a site's authorisation), made once: parts are frozen."""
        place = (what, key)
        if place not in self._made:
            self._made[place] = make()
        made: T = self._made[place]
        return made


def gather(programme_id: int, lots: Collection[int]) -> Gathered:
    """Read everything, under whatever identity is open (the evaluator's), in a number of queries that does not depend on the number of lots."""
    found = Gathered()
    ancestors = ancestors_of(lots)
    found.ancestors = grouped(ancestors, lambda a: a.root)
    everything = {*lots, *(a.lot for a in ancestors)}
    read = found.known.set_on(standing(batch.Lot, pk__in=everything), "made_at", "process", "product", "material")
    found.lots = {lot.pk: lot for lot in read}
    _read_lots(found, set(lots), everything)
    _read_registrations(found, set(lots))
    _read_laboratory(found, programme_id, set(lots))
    _read_sites(found, programme_id)
    _read_products(found, programme_id)
    _read_people(found, programme_id)
    stated = standing(quality.CompletenessStatement, programme_id=programme_id).filter(Q(lot__isnull=True) | Q(lot__in=lots))
    found.statements = found.known.set_on(stated, "party", "site", "stated_by")
    found.statements_of = grouped((s for s in found.statements if s.lot_id), lambda s: s.lot_id)
    found.statements = [s for s in found.statements if s.lot_id is None]
    return found


def _read_lots(found: Gathered, lots: set[int], everything: set[int]) -> None:
    def lot(row: Any) -> int:
        return int(row.lot_id)

    set_on = found.known.set_on
    shipped = list(standing(batch.ShipmentLot, "shipment__record", lot__in=everything, shipment__record__voided_at__isnull=True))
    set_on([row.shipment for row in shipped], "from_site", "to_site")
    found.by_lot = {
        "activities": grouped(set_on(standing(batch.SiteActivity, lot__in=everything), "site"), lot),
        "statuses": grouped(set_on(standing(batch.LotStatus, lot__in=everything), "organisation"), lot),
        "donors": grouped(set_on(standing(batch.DonorEligibility, lot__in=everything), "determined_by"), lot),
        "labels": grouped(standing(batch.Label, lot__in=lots), lot),
        "identity_checks": grouped(set_on(standing(batch.IdentityCheck, lot__in=lots), "site", "checked_by", "second_checker"), lot),
        "site_releases": grouped(set_on(standing(batch.SiteRelease, lot__in=lots), "site"), lot),
        "reserve_samples": grouped(standing(batch.ReserveSample, lot__in=lots), lot),
        "shipments": grouped(shipped, lot),
        "deviations": grouped(
            standing(
                quality.DeviationLot,
                "deviation__record",
                "deviation__site",
                "deviation__quality_approved_by",
                lot__in=lots,
                deviation__record__voided_at__isnull=True,
            ),
            lot,
        ),
        "oos": grouped(standing(quality.OutOfSpecification, "attribute", "test_run", lot__in=lots), lot),
        "changes": grouped(standing(quality.ChangeLot, "change__record", lot__in=lots, change__record__voided_at__isnull=True), lot),
        "audit_trail_reviews": grouped(standing(quality.AuditTrailReview, lot__in=lots), lot),
        "decisions": grouped(standing(Decision, "signer", "register_entry__authorisation__record", lot__in=lots), lot),
        "records": grouped(set_on(standing(batch.BatchRecord, lot__in=lots), "process", "issue_checked_by"), lot),
    }
    set_on([row.process for rows in found.by_lot["records"].values() for row in rows if row.process_id], "prepared_by", "checked_by")
    steps = set_on(standing(batch.BatchStep, batch_record__lot__in=lots).order_by("sequence"), "site", "performed_by", "checked_by")
    reviews = set_on(standing(batch.RecordReview, batch_record__lot__in=lots).order_by("reviewed_at"), "reviewer")
    statements = standing(batch.LabelStatement, label__lot__in=lots)
    found.by_lot["steps"] = grouped(steps, lambda s: s.batch_record_id)
    found.by_lot["reviews"] = grouped(reviews, lambda r: r.batch_record_id)
    found.by_lot["label_statements"] = grouped(statements, lambda s: s.label_id)
    found.by_lot["filings"] = grouped(standing(quality.ChangeFiling, change__lots__lot__in=lots).distinct(), lambda f: f.change_id)


def _read_registrations(found: Gathered, lots: set[int]) -> None:
    destinations = standing(batch.LotDestination, "registration__record", "registration__product__record", lot__in=lots)
    for row in destinations:
        found.registrations[(row.lot_id, row.registration.region)] = row.registration
    wanted = {registration.pk for registration in found.registrations.values()}

    def registration(row: Any) -> int:
        return int(row.registration_id)

    contents = standing(programme.RegistrationContent, "process__record", "specification__record", registration__in=wanted)
    declarations = standing(
        programme.QPDeclarationSite, "site", "audit__record", "declaration__record", "declaration__qualified_person", declaration__registration__in=wanted
    )
    found.by_registration = {
        "states": grouped(standing(programme.RegistrationState, registration__in=wanted), registration),
        "contents": grouped(contents, registration),
        "declarations": grouped((d for d in declarations if d.declaration.record.voided_at is None), lambda d: d.declaration.registration_id),
    }
    inside = {"content__registration__in": wanted}
    found.by_content = {
        "sites": grouped(standing(programme.RegisteredSite, "site", **inside), lambda r: r.content_id),
        "procedures": grouped(standing(programme.RegisteredProcedure, "procedure__record", **inside), lambda r: r.content_id),
    }


def _read_laboratory(found: Gathered, programme_id: int, lots: set[int]) -> None:
    found.tests = grouped(
        standing(programme.SpecificationTest, "attribute", "specification__record", programme_id=programme_id, specification__record__voided_at__isnull=True),
        lambda t: t.specification_id,
    )
    attributes = {test.attribute_id for tests in found.tests.values() for test in tests}
    results = list(
        standing(
            batch.Result,
            "test_run__record",
            "test_run__sample__record",
            test_run__sample__lot__in=lots,
            attribute__in=attributes,  # a result of anything else is in no specification, so in no dossier
            test_run__record__voided_at__isnull=True,
            test_run__sample__record__voided_at__isnull=True,
        ).exclude(test_run__sample__stage="raw_material")
    )
    found.known.set_on(results, "attribute", "source_file")
    found.known.set_on([result.test_run for result in results], "procedure", "site", "analyst", "reviewer")
    by_key: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for result in results:
        by_key[(result.test_run.sample.lot_id, result.attribute_id)].append(result)
    found.results = by_key
    states = standing(programme.ProcedureState, programme_id=programme_id)
    found.procedure_states = grouped(states, lambda s: (s.procedure_id, s.site_id))


def _read_sites(found: Gathered, programme_id: int) -> None:
    scope = {"programme_id": programme_id}
    found.by_site = {
        "authorisations": grouped(standing(programme.SiteAuthorisation, **scope), lambda r: r.site_id),
        "audits": grouped(standing(programme.Audit, "audited_by", **scope), lambda r: r.site_id),
        "agreements": grouped(standing(programme.QualityAgreement, **scope), lambda r: r.site_id),
        "simulations": grouped(standing(programme.AsepticSimulation, **scope), lambda r: r.site_id),
    }


def _read_products(found: Gathered, programme_id: int) -> None:
    scope = {"programme_id": programme_id}
    found.by_product = {
        "files": grouped(standing(programme.ProductSpecificationFile, **scope), lambda r: r.product_id),
        "shelf_lives": grouped(standing(programme.ShelfLife, **scope), lambda r: r.product_id),
        "phases": grouped(standing(programme.DevelopmentPhase, **scope), lambda r: r.product_id),
    }


def _read_people(found: Gathered, programme_id: int) -> None:
    scope = {"programme_id": programme_id}
    found.trainings = grouped(standing(people.Training, **scope), lambda r: r.person_id)
    found.roles = grouped(standing(people.Role, **scope), lambda r: r.person_id)
    named = standing(programme.NamedQualifiedPerson, "authorisation__record", "authorisation__site", **scope)
    found.named = grouped((n for n in named if n.authorisation.record.voided_at is None), lambda r: r.person_id)
