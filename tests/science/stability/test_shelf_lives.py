"""Crossings are where the bound meets the limit; what never crosses, or is outside from the start, is no number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from holdfast.science import Degenerate, TooFew, WrongParameter, method_named
from holdfast.science.stability.batch_lines import choose, design, fit, poolability
from holdfast.science.stability.crossing import crossing_times
from holdfast.science.stability.shelf_life import shelf_life_cases

pytestmark = pytest.mark.req("6.2")
TIMES = [0.0, 3.0, 6.0, 9.0, 12.0, 18.0]
A = [101.2, 100.4, 100.1, 99.2, 98.9, 97.8]
B = [100.6, 100.3, 99.1, 99.0, 98.1, 97.2]
C = [102.1, 101.4, 101.2, 100.2, 99.9, 98.7]
THREE = {"time": TIMES * 3, "value": [*A, *B, *C], "batch": ["A"] * 6 + ["B"] * 6 + ["C"] * 6}


@given(st.floats(90, 110), st.floats(-2, 2), st.floats(0.01, 5), st.floats(0.1, 40), st.floats(1, 2000), st.floats(1, 30), st.sampled_from(["lower", "upper"]))
@settings(max_examples=300, deadline=None)
def test_a_crossing_is_where_the_bound_first_meets_the_limit(a: float, b: float, half: float, centre: float, spread: float, n: float, side: str) -> None:
    variance = (1 / n + centre**2 / spread, -2 * centre / spread, 1 / spread)
    time, outside, never = (each.item() for each in crossing_times(a, b, 100.0, side, half, variance))
    sign = 1 if side == "lower" else -1

    def distance(t: float) -> float:
        return sign * (a + b * t - 100) - half * math.sqrt(variance[0] + variance[1] * t + variance[2] * t * t)

    grid = np.concatenate([[0.0], np.geomspace(1e-3, 1e5, 400)])
    inside = np.array([distance(t) for t in grid])
    assert outside == (distance(0.0) <= 0)
    if outside:
        return
    if never:
        assert (inside > -1e-9 * (1 + grid)).all()
    else:
        assert distance(time) == pytest.approx(0, abs=1e-7 * (1 + abs(a - 100) + abs(b) * time))
        assert (inside[grid < time * (1 - 1e-6)] > -1e-9).all()


def test_no_crossing_is_neither_zero_nor_infinity() -> None:
    rising = method_named("shelf-life")(**{**THREE, "value": [200 - each for each in THREE["value"]]}, lower=95)
    assert (rising.shelf_life, rising.shelf_life_whole, rising.status, rising.decision) == (None, None, "does not cross", "no crossing")
    assert any("no shelf life without end" in each for each in rising.warnings)


def test_outside_from_the_start_supports_nothing() -> None:
    found = method_named("shelf-life")(**THREE, lower=101.5)
    assert (found.shelf_life, found.status, found.decision) == (None, "outside at time 0", "not supported")


def test_two_limits_share_the_error() -> None:
    run = method_named("shelf-life")
    both = run(**THREE, lower=95, upper=105)
    assert both.shelf_life == run(**THREE, lower=95, alpha=0.025).shelf_life
    assert both.shelf_life < run(**THREE, lower=95).shelf_life
    assert both.definitions["bound"] == "confidence, two-sided, 97.5 % on each side"


def test_the_logarithm_of_a_first_order_loss_is_a_line() -> None:
    chance = np.random.Generator(np.random.Philox(3))
    value = [100 * math.exp(-0.02 * t) * math.exp(0.001 * e) for t, e in zip(THREE["time"], chance.standard_normal(18), strict=True)]
    found = method_named("shelf-life")(time=THREE["time"], value=value, batch=THREE["batch"], lower=60, scale="log")
    assert found.models["common-line"].batches["A"].slope == pytest.approx(-0.02, abs=2e-4)
    assert found.shelf_life == pytest.approx(math.log(100 / 60) / 0.02, rel=0.01)


def test_one_batch_stands_on_its_own() -> None:
    found = method_named("shelf-life")(time=TIMES, value=A, batch=["A"] * 6, lower=95)
    assert found.model == "individual"
    assert found.ancova == {}
    assert any("1 batch only" in each for each in found.warnings)
    bounds = method_named("regression-bounds")(time=TIMES, value=A, at=24, limit=95)
    assert found.shelf_life == pytest.approx(bounds.confidence_crossing.time, rel=1e-9)
    assert bounds.tolerance_crossing.time < bounds.prediction_crossing.time < bounds.confidence_crossing.time


def test_the_error_of_the_intercept_test_can_change_the_model_and_is_named() -> None:
    run = method_named("shelf-life")
    assert run(**THREE, lower=95).definitions["test of intercepts"] == "error of the full model"
    found = run(**THREE, lower=95, intercept_error="reduced")
    assert found.definitions["test of intercepts"] == "error of the reduced model"
    assert found.ancova["intercepts_reduced"].df_error == found.ancova["intercepts_full"].df_error + 2


def test_a_batch_of_two_values_is_judged_with_the_pooled_error() -> None:
    given = {"time": [*TIMES, *TIMES, 0, 6], "value": [*A, *B, 101.0, 99.9], "batch": [*"AAAAAABBBBBB", "C", "C"], "lower": 95}
    found = method_named("shelf-life")(**given)
    assert found.model != "full"
    assert "individual" not in found.models
    assert found.shelf_life_individual is None
    steep = {**given, "value": [*A, *B, 101.0, 97.0], "worst_batch_fit": "pooled"}
    assert method_named("shelf-life")(**steep).shelf_life == method_named("shelf-life")(**steep).models["full"].batches["C"].crossing.time


def test_a_prescribed_model_says_that_it_was() -> None:
    found = method_named("shelf-life")(**THREE, lower=95, model="common-line")
    assert found.model == "common-line"
    assert any("prescribed" in each for each in found.warnings)


def test_refusals_name_the_batch_and_the_value() -> None:
    run = method_named("shelf-life")
    with pytest.raises(Degenerate, match="Batch C has values at one time only"):
        run(time=[*TIMES, *TIMES, 0, 0], value=[*A, *B, 100, 101], batch=[*"AAAAAABBBBBB", "C", "C"], lower=95)
    with pytest.raises(TooFew, match="no degree of freedom"):
        run(time=[0, 6, 0, 6], value=[100, 99, 101, 100.5], batch=["A", "A", "B", "B"], lower=95)
    with pytest.raises(TooFew, match="batch C of two values only has no error of its own"):
        run(time=[*TIMES, *TIMES, 0, 6], value=[*A, *B, 101, 91], batch=[*"AAAAAABBBBBB", "C", "C"], lower=90)
    with pytest.raises(Degenerate, match="straight lines exactly"):
        run(time=TIMES * 2, value=[100 - t for t in TIMES] * 2, batch=["A"] * 6 + ["B"] * 6, lower=95)
    with pytest.raises(WrongParameter, match="Neither a lower nor an upper limit"):
        run(**THREE)


def test_batches_that_are_equal_in_truth_differ_at_the_level_of_the_test() -> None:
    chance = np.random.Generator(np.random.Philox(9))
    of = design(np.tile(TIMES, 3), THREE["batch"])
    tests = poolability(fit(chance.standard_normal((40_000, 18)), of), 3)
    assert np.mean(tests.p_slopes < 0.25) == pytest.approx(0.25, abs=4 * np.sqrt(0.1875 / 40_000))
    assert np.mean(choose(tests, 0.25, "full") == "full") == np.mean(tests.p_slopes < 0.25)


def test_many_studies_at_once_give_what_each_gives_alone() -> None:
    chance = np.random.Generator(np.random.Philox(4))
    values = 101 - 0.2 * np.tile(TIMES, 3) + np.repeat([0.0, 0.4, 0.8], 6) + 0.4 * chance.standard_normal((25, 18))
    many = shelf_life_cases(time=np.array(THREE["time"]), value=values, batch=THREE["batch"], lower=95)
    for number, value in enumerate(values):
        single = method_named("shelf-life")(time=THREE["time"], value=value.tolist(), batch=THREE["batch"], lower=95)
        assert many.model[number] == single.model
        assert many.shelf_life[number] == pytest.approx(single.shelf_life, rel=1e-12)


@pytest.mark.req("6.4")
def test_noise_buys_pooling() -> None:
    run = method_named("shelf-life-simulation")
    found = [run(lower=95, intercept=101, slope=-0.2, sd_intercept=0.4, sd_slope=0.02, sd_residual=sd, simulations=5000) for sd in (0.2, 0.4, 0.8, 1.2)]
    assert [each.separate_slopes for each in found] == pytest.approx([0.75, 0.49, 0.33, 0.29], abs=0.03)
    assert [each.common_line for each in found] == pytest.approx([0.01, 0.08, 0.26, 0.39], abs=0.03)
    assert [each.too_long for each in found] == pytest.approx([0.70, 0.55, 0.36, 0.26], abs=0.05)
    assert found[0].seed == 1 and found[0].error < 0.008


def test_the_quantile_of_batches_fails_before_their_mean() -> None:
    run = method_named("shelf-life-random")
    given = run.example
    found = run(**given.columns, **given.parameters)
    assert found.quantile_bound.time < found.quantile_estimate.time < found.mean_estimate.time
    assert found.quantile_bound.time < found.mean_bound.time < found.mean_estimate.time
    with pytest.raises(TooFew, match="no sample of all batches"):
        run(time=TIMES * 2, value=[*A, *B], batch=["A"] * 6 + ["B"] * 6, lower=90)


def test_mean_kinetic_temperature_of_one_temperature_is_itself() -> None:
    found = method_named("mean-kinetic-temperature")(temperature=[25.0, 25.0, 25.0])
    assert found.mkt == pytest.approx(25.0, abs=1e-10)
    warm = method_named("mean-kinetic-temperature")(temperature=[20.0, 30.0])
    assert 25.0 < warm.mkt < 30.0


def test_the_regression_chart_with_one_earlier_result_rests_on_the_history() -> None:
    found = method_named("oot-control-chart")(**THREE, own_time=[0.0], own_value=[100.0], new_time=6, new_value=99.0)
    assert found.predicted == pytest.approx(100 + 6 * found.slope)
    assert found.se == pytest.approx(math.sqrt(2 * found.s**2 + 36 * found.se_slope**2))
    assert found.interval.upper - found.predicted == pytest.approx(float(special.stdtrit(found.df, 0.975)) * found.se)
