"""Laws of comparison methods that no single case shows."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.science import Unsuitable, method_named
from holdfast.science.comparison.accuracy_profile import level_cases

pytestmark = pytest.mark.req("6.2")
CHANCE = np.random.Generator(np.random.Philox(20261125))


@pytest.mark.parametrize("base", [1e6, 1e12])
def test_leading_digits_do_not_spoil_an_analysis_of_variance(base: float) -> None:
    """NIST StRD SmLs: nine groups of 21, certified F = 21."""
    centres = [0.4, 0.3, 0.5, 0.3, 0.5, 0.3, 0.5, 0.3, 0.5]
    value = [base + centre + (0 if i == 0 else 0.1 if i % 2 else -0.1) for centre in centres for i in range(21)]
    result = method_named("anova")(value=value, group=[str(i) for i in range(9) for _ in range(21)])
    assert result.f == pytest.approx(21.0, rel=1e-2 if base > 1e9 else 1e-8)


def test_exchanging_the_procedures_inverts_a_deming_line() -> None:
    x = CHANCE.uniform(10, 50, 30)
    y = 1.1 * x + CHANCE.normal(0, 1, 30)
    one, other = (method_named("deming")(reference=a, test=b, ratio=r) for a, b, r in ((x, y, 2.0), (y, x, 0.5)))
    assert one.slope == pytest.approx(1 / other.slope, rel=1e-10)


def test_exchanging_the_procedures_inverts_a_passing_bablok_line() -> None:
    x = CHANCE.uniform(10, 50, 30)
    y = 1.1 * x + CHANCE.normal(0, 1, 30)
    one, other = (method_named("passing-bablok")(reference=a, test=b) for a, b in ((x, y), (y, x)))
    assert one.slope_interval.lower == pytest.approx(1 / other.slope_interval.upper, rel=1e-10)


def test_a_beta_expectation_interval_holds_its_share_on_average() -> None:
    runs = np.repeat(CHANCE.normal(0, 1, (4000, 6)), 3, axis=1)
    found = level_cases(100 + runs + CHANCE.normal(0, 1, (4000, 18)), 100.0, [str(i // 3) for i in range(18)], 0.95, 0.95)
    future = 100 + CHANCE.normal(0, 2**0.5, 4000)
    assert np.mean(np.abs(future - found.mean) < found.half_expectation) == pytest.approx(0.95, abs=0.015)


def test_an_unbalanced_design_is_sent_to_reml() -> None:
    with pytest.raises(Unsuitable, match="reml"):
        method_named("variance-components")(value=[1, 2, 3, 4, 5.5], outer=list("AAABB"))
