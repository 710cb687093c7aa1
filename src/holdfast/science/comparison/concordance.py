"""Lin's concordance correlation coefficient."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..method import Example, method
from ..parameter import CONFIDENCE
from ..refusal import Degenerate
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .deming import DATA
from .pairs import COLUMNS, SPECIMENS, check_varied


@dataclass(frozen=True, kw_only=True)
class ConcordanceResult(Result):
    """Agreement with the line of identity."""

    concordance: float = reported("concordance correlation coefficient")
    interval: Interval = reported("confidence interval by Fisher's z")
    lower_bound: float = reported("one-sided lower confidence bound by Fisher's z")
    se: float = reported("standard error of the coefficient")
    z: float = reported("Fisher's z of the coefficient")
    se_z: float = reported("standard error of Fisher's z")
    correlation: float = reported("Pearson correlation: precision")
    bias_correction: float = reported("accuracy, concordance over correlation")
    scale_shift: float = reported("ratio of standard deviations, test over reference")
    location_shift: float = reported("difference of means over the root of the product of standard deviations")
    concordance_unbiased: float = reported("the coefficient with n - 1 in place of n, for information")
    n: int = reported("number of pairs")


@dataclass(frozen=True)
class ConcordanceCases:
    """Arrays over cases."""

    concordance: Numbers
    correlation: Numbers
    location_shift: Numbers


def concordance_cases(*, reference: Numbers, test: Numbers) -> ConcordanceCases:
    """Many comparisons at once: `reference` and `test` (..., n), finite and varied."""
    x, y = np.asarray(reference, float), np.asarray(test, float)
    u, v, gap = x - x.mean(-1, keepdims=True), y - y.mean(-1, keepdims=True), y.mean(-1) - x.mean(-1)
    sxx, syy, sxy = (u * u).mean(-1), (v * v).mean(-1), (u * v).mean(-1)
    return ConcordanceCases(2 * sxy / (sxx + syy + gap**2), sxy / np.sqrt(sxx * syy), gap / (sxx * syy) ** 0.25)


@method(
    name="concordance",
    title="Concordance correlation coefficient (Lin)",
    family="comparison",
    result=ConcordanceResult,
    citations=[Citation("Lin LI (1989) Biometrics 45:255-268"), Citation("Lin LI (2000) Biometrics 56:324-325", "corrected variance")],
    columns=COLUMNS,
    parameters=[CONFIDENCE],
    example=Example(DATA, {}, y_unit="g/L"),
    arrays=concordance_cases,
)
def concordance(*, reference: Series, test: Series, confidence: float = 0.95) -> ConcordanceResult:
    """How close pairs lie to the line of identity: 2 s_xy/(s_x² + s_y² + (difference of means)²), n as divisor, Fisher's z interval.

    Assumptions: bivariate normal results; the coefficient depends on the range of the samples and is no substitute for limits of agreement.
    """
    x, y = reference.array, test.array
    check_varied(x, y)
    found, n = concordance_cases(reference=x, test=y), len(x)
    c, r, u = float(found.concordance), float(found.correlation), float(found.location_shift)
    if abs(r) >= 1 - 1e-14 or abs(r) < 1e-14:
        raise Degenerate("The results are perfectly correlated, or not at all: the coefficient has no interval. Give unrounded values.")
    inner = (1 - r**2) * c**2 * (1 - c**2) / r**2 + 2 * c**3 * (1 - c) * u**2 / r - c**4 * u**4 / (2 * r**2)
    se = math.sqrt(max(inner, 0.0) / (n - 2))
    z, se_z = math.atanh(c), se / (1 - c**2)
    low, high, one = (math.tanh(z + q * se_z) for q in (*(float(special.ndtri(p)) for p in ((1 - confidence) / 2, (1 + confidence) / 2, 1 - confidence)),))
    gap, k = float(y.mean() - x.mean()), n / (n - 1)
    covariance, variances = c * (float(x.var() + y.var()) + gap**2) / 2, float(x.var() + y.var())
    return ConcordanceResult(
        concordance=c,
        interval=Interval(low, high, confidence),
        lower_bound=one,
        se=se,
        z=z,
        se_z=se_z,
        correlation=r,
        bias_correction=c / r,
        scale_shift=float(y.std() / x.std()),
        location_shift=u,
        concordance_unbiased=2 * covariance * k / (variances * k + gap**2),
        n=n,
        definitions={"variances": "divisor n", "interval": "Fisher's z, variance of Lin (2000) over n - 2"},
        assumptions=(SPECIMENS, Assumption("Results are bivariate normal.")),
        sentence=f"Lin's concordance correlation was {say(c)} ({share(confidence)} CI {say(low)} to "
        f"{say(high)}; precision {say(r)}, accuracy {say(c / r)}; n = {n}).",
    )
