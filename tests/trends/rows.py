"""Results made for tests of pure functions: one stream unless a test says otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from holdfast.kernel.reported_value import parse_reported
from holdfast.trends.limits import RegisteredLimit
from holdfast.trends.reported import ReportedResult

#: twelve values of one stream within 3 sigma, and normal enough (A² modified 0.28)
STEADY = ("85.2", "86.4", "84.5", "90.0", "82.1", "83.8", "87.4", "88.4", "80.2", "85.3", "84.0", "86.7")


def row(number: int, reported: str, **more: Any) -> ReportedResult:
    """The result of the batch of a number, made so many weeks after New Year."""
    read = parse_reported(reported)
    values: dict[str, Any] = {
        "key": number, "attribute": 1, "batch": f"DP-{number:03}", "lot": 100 + number, "lot_kind": "drug_product",
        "made_on": date(2026, 1, 1) + timedelta(7 * number),
        "maker": "Columbus", "process": "PRC-1", "process_version": 2, "container": "bag", "stage": "final_container", "run": 200 + number,
        "run_number": f"RUN-{number:03}", "procedure": "AP-1", "method_version": 1, "method": "Viability by flow cytometry", "laboratory": "Lake",
        "laboratory_number": "LKA", "reported": reported, "value": read.value, "unit": "%", "censoring": read.censoring, "digits": read.digits,
        "status": "approved", "run_state": "approved", "source_file": None, "source_name": None, "source_place": "",
    }  # fmt: skip
    return ReportedResult(**values | more)


def rows(*reported: str, **more: Any) -> list[ReportedResult]:
    return [row(number, text, **more) for number, text in enumerate(reported, 1)]


def limit(region: str, **more: Any) -> RegisteredLimit:
    values: dict[str, Any] = {
        "registration": f"{region}-1", "registration_key": 1, "region": region, "valid_from": date(2026, 1, 1), "valid_until": None,
        "until_stated": True, "attribute": 1,
        "kind": "nlt", "low": "70", "high": "", "unit": "%", "allowed": "", "as_registered": "NLT 70 %", "specification_key": 2, "specification": "SPC",
        "version": 1,
    }  # fmt: skip
    return RegisteredLimit(**values | more)
