"""A result cannot hold what is not a number, says its units, and reads back to the last digit."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest

from holdfast.science import METHODS, NotFinite, WrongParameter, method_named
from holdfast.science.dimension import NUMBER, PER_X, Y_PER_X, Y_SQUARED, Dimension
from holdfast.science.result import Interval, Result, reported
from holdfast.science.series import Series

pytestmark = pytest.mark.req("6.1")


@dataclass(frozen=True, kw_only=True)
class Slopes(Result):
    slope: float = reported("slope", Y_PER_X)
    bounds: Interval = reported("its interval", Y_PER_X)


def test_numpy_becomes_python_and_units_follow_from_dimensions() -> None:
    found = Slopes(sentence="s", slope=np.float64(0.1), bounds=Interval(np.float64(0.0), None, 0.95), y_unit="%", x_unit="month")
    assert type(found.slope) is float
    assert found.units() == {"slope": "%/month", "bounds.lower": "%/month"}
    assert json.loads(json.dumps(found.as_dict()))["quantities"] == {
        "slope": 0.1,
        "bounds": {"lower": 0.0, "upper": None, "confidence": 0.95, "kind": "confidence", "sides": "two", "note": ""},
    }


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), np.float64("nan")])
def test_a_result_with_a_nan_cannot_be_made(wrong: float) -> None:
    with pytest.raises(NotFinite, match=r"Slopes\.bounds\.lower came out as"):
        Slopes(sentence="s", slope=1.0, bounds=Interval(wrong, 2.0, 0.95))


@pytest.mark.parametrize(
    ("dimension", "unit"),
    [(NUMBER, "1"), (Y_SQUARED, "%²"), (PER_X, "1/month"), (Y_PER_X, "%/month"), (Dimension(y=2, x=-2), "%²/month²"), (Dimension(log_y=1), "ln %")],
)
def test_the_unit_of_a_dimension(dimension: Dimension, unit: str) -> None:
    assert dimension.unit("%", "month").replace("(%)", "%") == unit


def test_the_digest_names_what_went_in() -> None:
    tost = method_named("tost-welch")
    given = {"reference": [1.0, 2.0, 3.0], "test": [1.5, 2.5, 3.5]}
    first = tost(**given, lower=-5, upper=5)
    assert first.digest == tost(**given, lower=-5.0, upper="5").digest
    assert first.digest != tost(**given, lower=-5, upper=6).digest
    assert first.digest != tost(reference=Series.of([1.0, 2.0, 3.0], "%"), test=Series.of([1.5, 2.5, 3.5], "%"), lower=-5, upper=5).digest


def test_an_unknown_method_is_refused_and_where_to_look_is_said() -> None:
    assert "tost-welch" in METHODS
    with pytest.raises(WrongParameter, match="holdfast science list"):
        method_named("tost-welsh")
