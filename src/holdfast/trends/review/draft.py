"""The draft of a review: its sections in the order in which they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from holdfast.kernel.errors import Refused
from holdfast.programme.models import Product

from ..product_trends import AttributeTrend, trends_of
from .batches import batches_section, made_in
from .commitments import agreements_section, commitments_section, complaints_section, qualification_section, stability_section
from .events import changes_section, corrective_section, deviations_of_review, deviations_section, filings_section
from .materials import materials_section
from .results import failures_section, results_section
from .section import Period, Section


@dataclass(frozen=True)
class Review:
    """A draft: the product, the period, and its sections. It concludes nothing."""

    product: Product
    period: Period
    sections: tuple[Section, ...]


def period_of(first: str, last: str, day: date) -> Period:
    """The period of two days as written (ISO 8601); blank: the year that ends on `day`. Raises `Refused` for what is no day, or ends before it begins."""
    try:
        end = date.fromisoformat(last) if last else day
        start = date.fromisoformat(first) if first else _a_year_before(end)
    except ValueError as error:
        raise Refused("A day is written as 2026-11-25.") from error
    if end < start:
        raise Refused(f"The period ends on {end} before it begins on {start}.")
    return Period(start, end)


def draft_review(product: Product, period: Period) -> Review:
    """The draft for whoever sees the whole programme, in a constant number of queries. The order is that of 21 CFR 211.180(e) and of EudraLex 1.10."""
    made, trends = made_in(product, period), _every_trend(product)
    deviations = deviations_of_review(product, made, period)
    return Review(
        product,
        period,
        (
            batches_section(product, made),
            materials_section(made, period),
            results_section(trends, made, period),
            failures_section(product, trends, made, period),
            deviations_section(deviations, made),
            changes_section(product, made),
            filings_section(product, period),
            stability_section(product, period),
            complaints_section(),
            corrective_section(deviations),
            commitments_section(product, period),
            qualification_section(product, period),
            agreements_section(product, made, period),
        ),
    )


def _every_trend(product: Product) -> tuple[AttributeTrend, ...]:
    return trends_of(product, at_once=1000).attributes


def _a_year_before(end: date) -> date:
    try:
        return end.replace(year=end.year - 1) + timedelta(1)
    except ValueError:  # 29 February
        return date(end.year - 1, 3, 1)


__all__ = ["Review", "draft_review", "period_of"]
