"""Laws that hold whatever the numbers: intervals and tests agree, factors have their limits, order statistics count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from holdfast.science import Degenerate, Unsuitable, method_named
from holdfast.science.censored_normal import fit_censored
from holdfast.science.comparability.hodges_lehmann import wilcoxon_below
from holdfast.science.comparability.multiplicity import adjusted
from holdfast.science.comparability.tolerance_factor import one_sided_factor, two_sided_factor
from holdfast.science.moments import mean_and_sd

pytestmark = pytest.mark.req("6.3")
VALUES = st.lists(st.floats(-100, 100).map(lambda value: round(value, 3)), min_size=3, max_size=8)


@given(VALUES, VALUES, st.floats(0.5, 50), st.sampled_from(["tost-welch", "tost-pooled"]))
@settings(max_examples=60, deadline=None)
def test_equivalent_is_the_same_as_the_interval_inside_the_margins(reference: list[float], test: list[float], margin: float, name: str) -> None:
    try:
        found = method_named(name)(reference=reference, test=test, lower=-margin, upper=margin)
    except Unsuitable:
        assert len(set(reference)) == 1 and len(set(test)) == 1
        return
    inside = -margin < found.interval.lower and found.interval.upper < margin
    assert (found.decision == "equivalent") == inside or abs(found.p - 0.05) < 1e-9


def test_constant_groups_are_refused() -> None:
    with pytest.raises(Degenerate, match="Neither reference nor test varies"):
        method_named("tost-welch")(reference=[1.1, 1.1], test=[2.2, 2.2], lower=-5, upper=5)


def test_the_deviation_of_equal_values_is_exactly_nothing() -> None:
    mean, sd = mean_and_sd(np.full((3, 7), 0.1))
    assert (mean == 0.1).all() and (sd == 0).all()


@pytest.mark.parametrize(("low", "mean", "sd", "digits"), [(1e6, 1000000.2, 0.1, 8), (1e7, 10000000.2, 0.1, 7)])
def test_digits_common_to_all_values_are_not_lost(low: float, mean: float, sd: float, digits: int) -> None:
    """After NIST StRD NumAcc3 and NumAcc4: 1001 values at 0.2, and 0.1 to either side in turn; certified SD 0.1 exactly."""
    values = low + np.array([0.2] + [0.1, 0.3] * 500)
    found = [float(each) for each in mean_and_sd(values)]
    assert found[0] == pytest.approx(mean, rel=1e-14)
    assert found[1] == pytest.approx(sd, rel=10.0**-digits)


def test_factors_of_many_values_are_normal_quantiles() -> None:
    assert float(two_sided_factor(10**7, 0.95, 0.95)) == pytest.approx(stats.norm.ppf(0.975), rel=1e-3)
    assert float(one_sided_factor(10**7, 0.95, 0.95)) == pytest.approx(stats.norm.ppf(0.95), rel=1e-3)


def test_factors_hold_their_content_with_their_confidence() -> None:
    chance = np.random.Generator(np.random.Philox(5))
    values = chance.standard_normal((100_000, 6))
    k = float(two_sided_factor(6, 0.9, 0.95))
    mean, sd = mean_and_sd(values)
    content = stats.norm.cdf(mean + k * sd) - stats.norm.cdf(mean - k * sd)
    assert np.mean(content >= 0.9) == pytest.approx(0.95, abs=4 * np.sqrt(0.05 * 0.95 / 100_000))


def test_the_wilcoxon_distribution_counts_every_order() -> None:
    assert wilcoxon_below(2, 3) * 10 == pytest.approx([1, 2, 4, 6, 8, 9, 10])
    exact = stats.mannwhitneyu(np.arange(9) * 2, np.arange(7) * 2 + 5, method="exact", alternative="less")
    assert wilcoxon_below(9, 7)[int(exact.statistic)] == pytest.approx(exact.pvalue, rel=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_adjusted_p_values_are_ordered_by_how_careful_they_are(p: list[float]) -> None:
    found = adjusted(np.array(p))
    assert (found["bonferroni"] >= found["holm"] - 1e-15).all()
    assert (found["holm"] >= found["hochberg"] - 1e-15).all()
    assert (found["hochberg"] >= found["benjamini_hochberg"] - 1e-15).all()
    assert found["benjamini_hochberg"] == pytest.approx(stats.false_discovery_control(p))


def test_without_censoring_maximum_likelihood_is_the_mean_and_the_deviation_by_n() -> None:
    values = np.array([[1.0, 2.0, 4.0, 7.0]])
    none = np.zeros_like(values, bool)
    found = fit_censored(values, none, none)
    assert found.mean[0] == pytest.approx(3.5)
    assert found.sd[0] == pytest.approx(values.std())
    assert found.var_mean[0] == pytest.approx(values.var() / 4)


def test_a_range_rule_says_what_it_would_pass() -> None:
    found = method_named("quality-range")(reference=[98, 101, 96, 104, 100], test=[99, 107, 101, 95], rule="tolerance-exact")
    assert found.k == pytest.approx(6.59797674, rel=1e-8)
    assert found.decision == "inside the range"
    assert found.operating.at_margin == pytest.approx(0.8126, abs=5e-5)
    assert any("two reference SDs" in warning for warning in found.warnings)


def test_history_narrows_what_is_believed_and_half_a_prior_is_refused() -> None:
    posterior = method_named("posterior-equivalence")
    given = {"reference": [98.0, 101.0, 96.0, 104.0], "test": [99.0, 103.0, 101.0, 100.0], "lower": -6, "upper": 6}
    alone, informed = posterior(**given), posterior(**given, prior_mean=100, prior_n=20, prior_sd=3, prior_df=19)
    assert informed.scale_reference < alone.scale_reference
    assert informed.centre_reference == pytest.approx((20 * 100 + 4 * 99.75) / 24)
    assert informed.df_reference == 23
    half = posterior(**given, prior_mean=100, prior_n=20, prior_sd=3, prior_df=19, prior_weight=0.5)
    assert half.prior_effective_n == 10
    assert informed.scale_reference < half.scale_reference < alone.scale_reference
    with pytest.raises(Unsuitable, match="cannot count for more"):
        posterior(**given, prior_mean=100, prior_n=20, prior_sd=3, prior_df=19, prior_weight=2)
    with pytest.raises(Unsuitable, match="needs all of"):
        posterior(**given, prior_mean=100)
