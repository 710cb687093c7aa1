"""What the rules are worth: exact probabilities against simulation, known limits, and the size of a test."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from holdfast.science import WrongParameter, method_named
from holdfast.science.comparability.operating import ratio_power, tost_power, tost_welch_power
from holdfast.science.comparability.posterior_rule import posterior_rule_passes
from holdfast.science.comparability.range_rules import min_max_passes, range_passes
from holdfast.science.comparability.tolerance_factor import two_sided_factor
from holdfast.science.comparability.tost_welch import tost_welch_cases

pytestmark = pytest.mark.req("6.4")
SHIFTS = np.array([0.0, 1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("n", "k", "expected"),
    [
        # exact quadrature by another implementation, to the two digits printed: mean ± 3 SD, and tolerance intervals 95/95 and 95/99
        ((5, 4), 3.0, [0.85, 0.71, 0.43, 0.18]),
        ((5, 4), float(two_sided_factor(5, 0.95, 0.95)), [0.97, 0.93, 0.81, 0.63]),
        ((10, 6), 3.0, [0.91, 0.74, 0.36, 0.09]),
        ((10, 6), float(two_sided_factor(10, 0.99, 0.95)), [0.99, 0.95, 0.80, 0.51]),
        ((20, 6), float(two_sided_factor(20, 0.99, 0.95)), [0.99, 0.93, 0.64, 0.22]),
    ],
)
def test_ranges_pass_as_often_as_published(n: tuple[int, int], k: float, expected: list[float]) -> None:
    assert range_passes(SHIFTS, k, n) == pytest.approx(expected, abs=0.005)


def test_welch_tost_passes_as_often_as_published() -> None:
    assert tost_welch_power(SHIFTS, (1, 1), (5, 4), -3, 3, 0.05) == pytest.approx([0.97, 0.83, 0.36, 0.05], abs=0.005)
    assert tost_welch_power(SHIFTS, (1, 1), (10, 6), -3, 3, 0.05) == pytest.approx([1.00, 0.97, 0.56, 0.05], abs=0.005)


def test_smallest_to_largest_passes_an_unmoved_product_as_often_as_counting_says() -> None:
    for n, m in ((5, 4), (10, 6), (20, 3)):
        counted = np.prod([(n - 1 + j) / (n + 1 + j) for j in range(m)])
        assert min_max_passes(0.0, (n, m)) == pytest.approx(counted, rel=1e-10)


def test_exact_probabilities_agree_with_simulation() -> None:
    chance = np.random.Generator(np.random.Philox(11))
    size = 200_000
    reference, test = chance.normal(0, 1, (size, 5)), chance.normal(1.0, 1.5, (size, 4))
    passed = np.mean(tost_welch_cases(reference=reference, test=test, lower=-3, upper=3).p < 0.05)
    mean, sd = reference.mean(axis=1)[:, None], reference.std(axis=1, ddof=1)[:, None]
    inside = np.abs(test - mean) <= 3 * sd
    low, high = reference.min(axis=1)[:, None], reference.max(axis=1)[:, None]
    within = (test >= low) & (test <= high)
    error = 4 * 0.5 / np.sqrt(size)
    assert passed == pytest.approx(float(tost_welch_power(1.0, (1, 1.5), (5, 4), -3, 3, 0.05)), abs=error)
    assert np.mean(inside.all(axis=1)) == pytest.approx(float(range_passes(1.0, 3.0, (5, 4), 1.0, 1.5)), abs=error)
    assert np.mean(inside.mean(axis=1) >= 0.75) == pytest.approx(float(range_passes(1.0, 3.0, (5, 4), 0.75, 1.5)), abs=error)
    assert np.mean(within.all(axis=1)) == pytest.approx(float(min_max_passes(1.0, (5, 4), 1.0, 1.5)), abs=error)


def test_the_posterior_rule_agrees_with_simulation() -> None:
    chance = np.random.Generator(np.random.Philox(12))
    size = 8_000
    reference, test = chance.normal(0, 1, (size, 5)), chance.normal(1.0, 1.0, (size, 4))
    centre = test.mean(axis=1) - reference.mean(axis=1)
    first, second = reference.std(axis=1, ddof=1) / np.sqrt(5), test.std(axis=1, ddof=1) / 2
    u = (np.arange(150) + 0.5) / 150
    t = special.stdtrit(4, u)
    edge = [special.stdtr(3, (m - centre[:, None] - first[:, None] * t) / second[:, None]).mean(axis=1) for m in (-3, 3)]
    passed = np.mean(edge[1] - edge[0] >= 0.95)
    assert passed == pytest.approx(float(posterior_rule_passes(np.array([1.0]), (1, 1), (5, 4), -3, 3, 0.95)[0]), abs=0.023)


def test_the_size_of_a_pooled_test_with_many_batches_is_alpha() -> None:
    assert float(tost_power(1.0, 0.05, 198, -1.0, 1.0, 0.05)) == pytest.approx(0.05, abs=1e-9)


def test_the_welch_test_is_slightly_liberal_with_a_small_group() -> None:
    wide = 1000.0  # so far apart that only one margin matters
    assert float(tost_welch_power(wide, (1, 1), (10, 3), -wide, wide, 0.05)) == pytest.approx(0.056, abs=0.0006)
    assert float(tost_welch_power(wide, (1, 1.5), (10, 3), -wide, wide, 0.05)) == pytest.approx(0.059, abs=0.0006)


@pytest.mark.parametrize(("n", "expected"), [(3, 0.15), (6, 0.56), (9, 0.84)])
def test_a_study_too_weak_to_conclude_says_so_before_data_are_taken(n: int, expected: float) -> None:
    found = method_named("tost-power")(n_reference=n, sd=1.0, lower=-1.5, upper=1.5)
    assert found.power == pytest.approx(expected, abs=0.005)
    assert (found.decision == "too weak") == (expected < 0.8)
    assert bool(found.warnings) == (expected < 0.8)


def test_many_attributes_need_more_batches() -> None:
    power = method_named("tost-power")
    assert power(n_reference=6, sd=1.0, lower=-2, upper=2).joint_power == pytest.approx(0.88, abs=0.005)
    assert power(n_reference=6, sd=1.0, lower=-2, upper=2, attributes=10).joint_power == pytest.approx(0.29, abs=0.005)
    size = method_named("tost-sample-size")
    assert size(sd=1.0, lower=-1.5, upper=1.5).n_reference == 9
    assert size(sd=1.0, lower=-1.5, upper=1.5, attributes=10).n_reference > 9


def test_no_number_of_batches_shows_equivalence_at_the_margin() -> None:
    with pytest.raises(WrongParameter, match="not inside the margins"):
        method_named("tost-sample-size")(sd=1.0, lower=-1, upper=1, shift=1.0)


def test_what_is_not_shown_is_never_called_different() -> None:
    found = method_named("tost-welch")(reference=[1.0, 2.0, 3.0], test=[2.0, 3.5, 1.0], lower=-0.5, upper=0.5)
    assert found.decision == "not demonstrated"
    assert "different" not in found.sentence
    assert found.operating.weak
    assert "plan more batches" in found.warnings[0]


def test_the_power_of_a_ratio_of_means_agrees_with_simulation() -> None:
    chance = np.random.Generator(np.random.Philox(13))
    size, (n, m), (low, high), t = 200_000, (5, 4), (0.9, 1.1), float(special.stdtrit(7, 0.95))
    x, y = chance.normal(100, 6, (size, n)), chance.normal(104, 6, (size, m))
    s = np.sqrt((4 * x.var(axis=1, ddof=1) + 3 * y.var(axis=1, ddof=1)) / 7)
    above = (y.mean(axis=1) - low * x.mean(axis=1)) / (s * np.sqrt(1 / m + low**2 / n)) > t
    below = (y.mean(axis=1) - high * x.mean(axis=1)) / (s * np.sqrt(1 / m + high**2 / n)) < -t
    assert np.mean(above & below) == pytest.approx(float(ratio_power(np.array([1.04]), 100, 6, (n, m), (low, high), 0.05)[0]), abs=4 * 0.5 / np.sqrt(size))


def test_a_simulated_characteristic_states_seed_and_error_and_repeats() -> None:
    run = method_named("hodges-lehmann")
    given = {"reference": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7], "test": [103.0, 99.1, 104.2, 102.6, 100.8], "lower": -8, "upper": 8}
    found = run(**given)
    assert found.operating.basis == "simulation"
    assert (found.operating.simulations, found.operating.seed, found.seed) == (4000, 1, 1)
    assert found.operating.row[0].error == pytest.approx(np.sqrt(found.operating.unmoved * (1 - found.operating.unmoved) / 4000))
    assert "4000 simulated studies, seed 1" in found.sentence
    assert run(**given).as_dict() == found.as_dict()


@pytest.mark.parametrize("name", ["tost-welch", "tost-pooled", "tost-paired", "geometric-mean-ratio", "mean-ratio", "hodges-lehmann", "posterior-equivalence",
                                  "quality-range", "sd-ratio"])  # fmt: skip
def test_every_conclusion_of_comparability_states_what_it_is_worth(name: str) -> None:
    of = method_named(name)
    found = of(**of.example.columns, **of.example.parameters)
    assert 0 <= found.operating.at_margin <= found.operating.unmoved <= 1
