"""Equivalence of two means from means, standard deviations and numbers alone."""

from __future__ import annotations

from ..dimension import Y
from ..method import Example, method
from ..parameter import Parameter
from ..refusal import WrongParameter
from .tost_welch import WELCH
from .two_one_sided import MARGINS, SCHUIRMANN
from .two_sample import EQUAL, UNEQUAL, TostTwoSampleResult, two_sample_result


@method(
    name="tost-summary",
    title="Equivalence of two means from summary statistics (TOST)",
    family="comparability",
    result=TostTwoSampleResult,
    citations=[SCHUIRMANN, WELCH],
    columns=[],
    parameters=[
        Parameter("mean_reference", "mean of the reference", dimension=Y),
        Parameter("sd_reference", "standard deviation of the reference (n-1)", dimension=Y),
        Parameter("n_reference", "number of reference values", "count", least=2),
        Parameter("mean_test", "mean of the test material", dimension=Y),
        Parameter("sd_test", "standard deviation of the test material (n-1)", dimension=Y),
        Parameter("n_test", "number of test values", "count", least=2),
        *MARGINS[:2],
        Parameter("variances", "whether the variances are pooled", "choice", UNEQUAL, choices=(UNEQUAL, EQUAL)),
        MARGINS[2],
    ],
    example=Example(
        {},
        {"mean_reference": 99.9, "sd_reference": 3.1, "n_reference": 5, "mean_test": 102.7, "sd_test": 2.9, "n_test": 4, "lower": -12, "upper": 12},
    ),
)
def tost_summary(
    *,
    mean_reference: float,
    sd_reference: float,
    n_reference: int,
    mean_test: float,
    sd_test: float,
    n_test: int,
    lower: float,
    upper: float,
    variances: str = UNEQUAL,
    alpha: float = 0.05,
) -> TostTwoSampleResult:
    """Whether two means are equivalent, when only means, standard deviations and numbers are known: what a laboratory's report often gives.

    Assumptions: as for the test on the values themselves, none of which can be checked from summaries.
    """
    if min(sd_reference, sd_test) < 0:
        raise WrongParameter(f"A standard deviation is negative: {min(sd_reference, sd_test):g}.")
    means, sds, n = (mean_reference, mean_test), (sd_reference, sd_test), (n_reference, n_test)
    return two_sample_result(means, sds, n, "", lower=lower, upper=upper, alpha=alpha, variances=variances)
