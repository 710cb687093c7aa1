"""Bounds of capability hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.science import WrongParameter, method_named

pytestmark = pytest.mark.req("6.2")
CHANCE = np.random.Generator(np.random.Philox(20261125))


def test_the_exact_lower_bound_is_below_the_true_ppk_as_often_as_it_says() -> None:
    held = [method_named("capability")(values=CHANCE.normal(0, 1, 8), lower=-3.0).ppk.exact_lower_bound <= 1.0 for _ in range(400)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)


def test_what_is_needed_to_demonstrate_is_what_the_bound_of_data_says() -> None:
    result = method_named("capability")(values=CHANCE.normal(0, 1, 20), lower=-5.0)
    again = method_named("capability-demonstration")(required=result.ppk.exact_lower_bound, n=20)
    assert again.observed_needed == pytest.approx(result.ppk.estimate, rel=1e-9)


def test_a_guard_band_for_a_risk_gives_that_risk() -> None:
    asked = {"lower": 95, "upper": 105, "u": 0.8, "process_mean": 100.5, "process_sd": 1.8}
    width = method_named("guard-band")(**asked, risk=0.001).guard_band_for_risk
    assert method_named("guard-band")(**asked, factor=width / 0.8).consumer_risk == pytest.approx(0.001, rel=1e-6)


def test_limits_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(WrongParameter, match="below"):
        method_named("capability")(values=[1, 2, 3.5], lower=5, upper=1)
