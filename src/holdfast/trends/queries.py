"""Reads for trends: one query each, whatever the number of batches. Every query sees only what the open identity sees."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from holdfast.batch.models import Lot, Result
from holdfast.programme.models import Attribute, Product, RegistrationContent, SpecificationTest
from holdfast.study.models import StabilityPull

from .limits import RegisteredLimit
from .reported import ReportedResult

LATEST = 500  # batches looked at, the latest by the day of manufacture
AT_ONCE = 40  # attributes on one page
RESULT = (
    "pk", "attribute_id", "test_run__sample__lot__record__number", "test_run__sample__lot_id", "test_run__sample__lot__lot_kind",
    "test_run__sample__lot__manufactured_on", "test_run__sample__lot__made_at__name", "test_run__sample__lot__process__record__number",
    "test_run__sample__lot__process__record__version", "test_run__sample__lot__container", "test_run__sample__stage", "test_run_id",
    "test_run__record__number", "test_run__procedure__record__number", "test_run__procedure__record__version", "test_run__procedure__record__title",
    "test_run__site__name", "test_run__site__number", "reported", "value", "unit", "censoring", "digits", "status", "test_run__state",
    "source_file_id", "source_file__name", "source_place",
)  # fmt: skip
LIMIT = (
    "registration__record__number", "registration_id", "registration__region", "valid_from", "valid_until", "until_stated",
    "specification__tests__attribute_id",
    "specification__tests__criterion_kind", "specification__tests__low", "specification__tests__high", "specification__tests__unit",
    "specification__tests__allowed", "specification__tests__as_registered", "specification_id", "specification__record__number",
    "specification__record__version",
)  # fmt: skip


def products_with_batches() -> QuerySet[Product]:
    """Standing products, each with how many batches of drug product the viewer sees (`batches`)."""
    made = Count("lots", filter=Q(lots__lot_kind="drug_product", lots__record__voided_at__isnull=True))
    return Product.objects.filter(record__voided_at__isnull=True).select_related("record", "programme").annotate(batches=made).order_by("record__number", "pk")


def attributes_of_product(product: Product, after: tuple[str, int] | None = None, at_once: int = AT_ONCE) -> list[Attribute]:
    """Attributes that a batch of the product was tested for, or that a specification of it names, by name; at most `at_once` and one more, after a key."""
    results = Result.objects.filter(attribute=OuterRef("pk"), test_run__sample__lot__product=product, voided_at__isnull=True)
    tests = SpecificationTest.objects.filter(attribute=OuterRef("pk"), specification__product=product, voided_at__isnull=True)
    found = Attribute.objects.filter(Exists(results) | Exists(tests), programme=product.programme_id, voided_at__isnull=True)
    if after is not None:
        found = found.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1]))
    return list(found.order_by("name", "pk")[: at_once + 1])


def results_of_product(product: Product, attributes: list[int], batches: int = LATEST) -> list[ReportedResult]:
    """Standing results of the latest batches in order of manufacture, batches without a day last. What was pulled for stability is no result of release."""
    lots = Lot.objects.filter(product=product, record__voided_at__isnull=True)
    latest = lots.order_by("-manufactured_on", "-pk").filter(manufactured_on__isnull=False).values("pk")[:batches]
    pulled = StabilityPull.objects.filter(sample=OuterRef("test_run__sample_id"), voided_at__isnull=True)
    rows = (
        Result.objects.filter(
            Q(test_run__sample__lot__in=latest) | Q(test_run__sample__lot__in=lots.filter(manufactured_on__isnull=True).values("pk")),
            attribute__in=attributes,
            voided_at__isnull=True,
            test_run__record__voided_at__isnull=True,
            test_run__sample__record__voided_at__isnull=True,
        )
        .exclude(Exists(pulled))
        .order_by("test_run__sample__lot__manufactured_on", "test_run__sample__lot__record__number", "test_run__performed_at", "pk")
    )
    return [ReportedResult(*row) for row in rows.values_list(*RESULT)]


def registered_limits(product: Product) -> list[RegisteredLimit]:
    """What each version of each application registers for each attribute, with the days it holds, US and EU apart."""
    rows = RegistrationContent.objects.filter(
        registration__product=product,
        registration__record__voided_at__isnull=True,
        voided_at__isnull=True,
        specification__tests__attribute__isnull=False,
        specification__tests__voided_at__isnull=True,
    ).order_by("-registration__region", "registration__record__number", "valid_from", "pk")
    return [RegisteredLimit(*row) for row in rows.values_list(*LIMIT)]
