"""A reported result with everything that it depends on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from holdfast.batch.pooling import measured_as
from holdfast.science.series import Mark
from holdfast.standards.dictionary.pooling import Measured

MARKS: dict[str, Mark] = {"none": "", "less_than": "<", "greater_than": ">"}


@dataclass(frozen=True)
class ReportedResult:
    """One standing result: what was reported to the last digit, of which batch, measured where and how, and where it was read from.

    `value` is None for a result in words. A censored value is the limit beyond which the result lies, never the result.
    """

    key: int
    attribute: int
    batch: str
    lot: int
    lot_kind: str
    made_on: date | None
    maker: str | None
    process: str | None
    process_version: int | None
    container: str
    stage: str
    run: int
    run_number: str
    procedure: str | None
    method_version: int | None
    method: str | None
    laboratory: str | None
    laboratory_number: str | None
    reported: str
    value: Decimal | None
    unit: str
    censoring: Literal["none", "less_than", "greater_than"]
    digits: int | None
    status: str
    run_state: str
    source_file: int | None
    source_name: str | None
    source_place: str

    @property
    def is_censored(self) -> bool:
        return self.censoring != "none"

    @property
    def set_aside(self) -> str:
        """Why the result enters no statistic; blank when nothing but its stream can keep it out."""
        if self.status == "invalidated" or self.run_state == "invalid":
            return "invalidated"
        if self.status != "approved":
            return f"{self.status}: not approved yet"
        return "" if self.made_on else "the day of manufacture is not recorded: it has no place in the order"

    def measured(self, entry: str) -> Measured:
        """How it was measured, as the dictionary's entry asks of what is pooled."""
        return measured_as(
            entry, self.unit, self.procedure or "", self.method_version or 0, self.method or "", self.laboratory_number or "", self.stage, self.container
        )
