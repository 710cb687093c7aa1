"""Interlaboratory studies as they were reported."""

from __future__ import annotations

import csv

import pytest

from holdfast.science import method_named

from ...conftest import SHARED_DATA

FOLDER = SHARED_DATA / "proficiency"
pytestmark = [pytest.mark.req("6.3"), pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/data/proficiency is not here")]


@pytest.mark.parametrize(("name", "column"), [("chromium", "RM"), ("chromium", "QC"), ("potassium", "RM"), ("potassium", "QC")])
def test_two_robust_methods_agree_on_a_real_round_within_their_uncertainty(name: str, column: str) -> None:
    with (FOLDER / f"metrology_{name}.csv").open() as file:
        values = [float(row[column]) for row in csv.DictReader(file) if row[column] not in {"", "NA"}]
    a, q = method_named("algorithm-a")(value=values), method_named("q-hampel")(value=values)
    assert a.p == q.p == len(values)
    assert abs(a.mean - q.mean) < 2 * max(a.u, q.u)
    assert a.sd == pytest.approx(q.sd, rel=0.8)
    assert a.mean - 1.5 * a.sd == pytest.approx(a.lower)


def test_replicates_of_a_real_study_give_repeatability_below_reproducibility() -> None:
    with (FOLDER / "ils_Glucose.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["Material"] == "A"]
    found = method_named("q-hampel")(value=[float(row["Glucose"]) for row in rows], laboratory=[row["Laboratory"] for row in rows])
    assert found.p == len({row["Laboratory"] for row in rows})
    assert found.sd_repeatability is not None and 0 < found.sd_repeatability < 2 * found.sd
