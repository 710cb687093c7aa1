"""The examples of Ph. Eur. 5.3 and of the EDQM: every line of analysis of variance, potency and limits, to the published digits."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from holdfast.science.cases import half_last_digit
from holdfast.science.potency.parallel_line import ParallelLineResult, parallel_line

from ...conftest import SHARED_DATA

FOLDER = SHARED_DATA / "bioassay"
pytestmark = [pytest.mark.req("6.3"), pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/data/bioassay is not here")]
NAMES = {
    "Preparations": "preparations", "Regression": "regression", "Non-parallelism": "non_parallelism", "Non-linearity": "non_linearity",
    "Treatments": "treatments", "Blocks": "blocks", "Rows": "rows", "Columns": "columns", "Residual_error": "residual", "Total": "total",
}  # fmt: skip
Rows = list[dict[str, Any]]


def lines_of(name: str) -> list[list[str]]:
    return [line.split() for line in (FOLDER / name).read_text().splitlines() if line.strip()]


def expected_of(name: str) -> dict[str, list[str]]:
    text = [re.sub(r"^[#.]\s+", "", line) for line in (FOLDER / name).read_text().splitlines()]
    return {line.split()[0]: [part for part in line.split()[1:] if part != "." and '"' not in part] for line in text if re.match(r"[ABCP]1@", line)}


def agar(name: str) -> Rows:
    rows = [line for line in lines_of(name) if re.fullmatch(r"[ST]\d", line[0])]
    return [{"preparation": r[1], "row": r[2], "column": r[3], "dose": 1.5 ** int(r[4]), "response": float(r[5])} for r in rows]


def plates(name: str, columns: list[tuple[str, float]], block: bool) -> Rows:
    found = []
    for line in lines_of(name):
        if re.match(r"(Block|Plate)-\d", line[0]):
            for (preparation, dose), value in zip(columns, line[1:], strict=False):
                found.append({"preparation": preparation, "dose": dose, "response": float(value), **({"block": line[0]} if block else {})})
    return found


def by_dose(name: str, dose: Any) -> Rows:
    found = []
    for line in lines_of(name):
        if re.match(r"Dose-[\d.]+$", line[0]):
            preparation = next(part for part in line if part in {"S", "T"})
            values = [part for part in line[1:] if re.fullmatch(r"[\d.]+", part)]
            found += [{"preparation": preparation, "dose": dose(float(line[0][5:])), "response": float(value)} for value in values]
    return found


def hepatitis(name: str) -> Rows:
    found = []
    for line in lines_of(name):
        if line[0].startswith("Replicate-"):
            found += [{"preparation": line[6].strip('"'), "dose": 2.0**i, "response": float(v)} for i, v in enumerate(line[1:6]) if v != "NA"]
    return found


def analysed(rows: Rows, **parameters: Any) -> ParallelLineResult:
    return parallel_line(**{key: [row[key] for row in rows] for key in rows[0]}, **parameters)


IPV = [row for row in by_dose("IPV.txt", lambda d: 1 / d) if row["response"] != 0.185] if FOLDER.is_dir() else []
ASSAYS: dict[str, tuple[Any, dict[str, Any]]] = {
    "Agar.txt": (lambda: agar("Agar.txt"), {"factor": [4855 * 25.2 / 24.5 / (5600 * 21.4 / 23.95) * 5600]}),
    "AntibioticTurbidimetric.txt": (
        lambda: plates("AntibioticTurbidimetric.txt", [(p, 1.5**i) for p in "ST" for i in range(4)], block=True),
        {"factor": [670 * 16.7 / 25 / (20000 / 40) * 20000]},
    ),
    "CorticotrophinST.txt": (lambda: plates("CorticotrophinST.txt", [("S", 1), ("S", 4), ("T", 1), ("T", 4)], block=False), {}),
    "Diphteria.txt": (lambda: by_dose("Diphteria.txt", lambda d: d), {"transformation": "square", "factor": [9.5]}),
    "Erythropoietin.txt": (lambda: plates("Erythropoietin.txt", [(p, 2.0**i) for p in "ST" for i in range(3)], block=True), {"factor": [120000]}),
    "FactorIX.txt": (lambda: by_dose("FactorIX.txt", lambda d: 1 / d), {"transformation": "log10", "factor": [10.7]}),
    "HepatitisB.txt": (lambda: hepatitis("HepatitisB.txt"), {"transformation": "ln", "factor": [20]}),
    "IPV.txt": (lambda: IPV, {"transformation": "log10", "factor": [285]}),
}


def near(found: float | None, text: str) -> bool:
    """Agreement to the last digit printed: half a unit of it, and a little for printed halves."""
    return found is not None and abs(found - float(text)) <= half_last_digit(text) * 1.02


@pytest.mark.parametrize("name", ASSAYS)
def test_the_published_analysis_of_variance_is_reproduced(name: str) -> None:
    rows, parameters = ASSAYS[name]
    result, wrong = analysed(rows(), **parameters), []
    for key, printed in expected_of(name).items():
        kind, line = key.split("@")
        if kind != "A1" or line not in NAMES:
            continue
        ours = result.anova[NAMES[line]]
        found = (ours.df, ours.ss, ours.ms, ours.f, ours.p)
        wrong += [f"{line}: {text} is {value}" for value, text in zip(found, printed, strict=False) if ours.df and not near(value, text)]
    assert not wrong


@pytest.mark.parametrize("name", ASSAYS)
def test_the_published_departures_of_each_preparation_are_reproduced(name: str) -> None:
    rows, parameters = ASSAYS[name]
    result, wrong = analysed(rows(), **parameters), []
    preparations = sorted(result.non_linearity)
    for key, printed in expected_of(name).items():
        found = re.fullmatch(r"A1@_?(Standard|Sample_?(\d))", key)
        if found:
            ours = result.non_linearity[preparations[int(found[2] or 0)]]
            wrong += [f"{key}: {text} is {value}" for value, text in ((ours.df, printed[0]), (ours.ss, printed[1])) if not near(value, text)]
    assert not wrong


@pytest.mark.parametrize("name", ASSAYS)
def test_the_published_potency_limits_slope_and_correlation_are_reproduced(name: str) -> None:
    rows, parameters = ASSAYS[name]
    result, wrong = analysed(rows(), **parameters), []
    for key, printed in expected_of(name).items():
        line = key.split("@")[1]
        sample = result.samples[line[-1] if line[-1] in result.samples and len(result.samples) > 1 else "T"]
        found: list[float | None] = []
        if key.startswith("P1@Potency"):
            found = [sample.potency_interval.lower, sample.potency, sample.potency_interval.upper]
        elif key.startswith("P1@ReltoEst"):
            found = [sample.relative_limits.lower, 100.0, sample.relative_limits.upper]
        elif key.lower().startswith("c1@commonslope"):
            found = [result.slope]
        elif key.startswith("C1@Corr"):
            found = [result.correlation]
        wrong += [f"{key}: {text} is {value}" for value, text in zip(found, printed, strict=False) if not near(value, text)]
    assert not wrong


def test_a_latin_square_with_a_wrong_cell_still_tells_its_columns_apart() -> None:
    result = analysed(agar("Agar-invalid.txt"))
    assert result.anova["residual"].df == len(agar("Agar-invalid.txt")) - 16
    assert math.isfinite(result.samples["T"].ratio)


def test_missing_responses_lose_their_degrees_of_freedom_and_nothing_else() -> None:
    whole, less = (analysed(hepatitis(name), transformation="ln") for name in ("HepatitisB.txt", "HepatitisB_Missing.txt"))
    assert (whole.anova["residual"].df, less.anova["residual"].df) == (40, 37)
    for sample in "TUV":
        assert less.samples[sample].ratio == pytest.approx(whole.samples[sample].ratio, rel=0.05)


def test_the_folder_is_the_one_meant() -> None:
    assert {Path(name).name for name in ASSAYS} <= {each.name for each in FOLDER.iterdir()}
