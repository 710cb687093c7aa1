"""Every reference case agrees with its source, to the digits the source printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.science import METHODS
from holdfast.science.cases import Case, agreements, compute, half_last_digit, read_cases

from ..conftest import SHARED_DATA

pytestmark = pytest.mark.req("6.3")
HERE = Path(__file__).parent
CASES = read_cases(HERE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method}:{case.name}")
def test_the_method_gives_what_the_source_printed(case: Case) -> None:
    if case.data is not None and not (SHARED_DATA / case.data).is_file():
        pytest.skip(f"../shared/data/{case.data} is not here")
    found = list(agreements(case, compute(case, SHARED_DATA)))
    assert found, "a case expects something"
    wrong = [f"{each.path}: expected {each.expected}, computed {each.computed!r}" for each in found if not each.agrees]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_has_a_case_with_a_source(name: str) -> None:
    sources = [case.source for case in CASES if case.method == name]
    assert sources, f"{name} has no reference case"
    assert all(source.strip() for source in sources)


@pytest.mark.parametrize(("text", "half"), [("2.80", 0.005), ("3", 0.5), ("1.5e-3", 0.00005)])
def test_the_digits_of_a_printed_number_decide_its_tolerance(text: str, half: float) -> None:
    assert half_last_digit(text) == pytest.approx(half, rel=1e-8)
