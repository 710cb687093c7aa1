"""Transfer of a procedure: equivalence of means and non-inferiority of precision, sending and receiving laboratory."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import special

from ..comparability.tost_welch import WELCH
from ..comparability.two_one_sided import MARGINS, SCHUIRMANN
from ..comparability.two_sample import EQUAL, UNEQUAL, TostTwoSampleResult, two_sample_result
from ..dimension import Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import Parameter
from ..refusal import Degenerate, TooFew
from ..result import Citation, Interval, reported
from ..series import Series
from ..words import say, share

USP_1224 = Citation("USP <1224> Transfer of Analytical Procedures")
USP_1010 = Citation("USP <1010> Analytical Data: Interpretation and Treatment")


@dataclass(frozen=True, kw_only=True)
class TransferResult(TostTwoSampleResult):
    """Means as in an equivalence test (reference: sending, test: receiving laboratory), and the ratio of standard deviations."""

    sd_ratio: float = reported("ratio of standard deviations, receiving over sending")
    sd_ratio_interval: Interval = reported("100(1-2 alpha) % confidence interval of that ratio")
    sd_ratio_upper: float = reported("one-sided 100(1-alpha) % upper bound of that ratio")
    sd_ratio_limit: float | None = reported("largest acceptable ratio; none when not given")
    p_sd_ratio: float | None = reported("one-sided p-value against a ratio of at least the limit; none without a limit")
    means_equivalent: bool = reported("whether the means are equivalent")
    precision_not_inferior: bool | None = reported("whether the receiving laboratory is not inferior in precision; none without a limit")


@method(
    name="method-transfer",
    title="Transfer of an analytical procedure (means and precision)",
    family="comparison",
    result=TransferResult,
    citations=[USP_1224, USP_1010, SCHUIRMANN, WELCH],
    columns=[
        Column("sending", "independent results of the sending laboratory", required=False),
        Column("receiving", "independent results of the receiving laboratory", required=False),
    ],
    parameters=[
        *MARGINS[:2],
        Parameter("sd_limit", "largest acceptable ratio of standard deviations, receiving over sending", "positive", optional=True),
        Parameter("mean_sending", "mean of the sending laboratory, when its results are not given", optional=True, dimension=Y),
        Parameter("sd_sending", "its standard deviation (n-1)", "positive", optional=True, dimension=Y),
        Parameter("n_sending", "its number of results", "count", optional=True, least=2),
        Parameter("mean_receiving", "mean of the receiving laboratory, when its results are not given", optional=True, dimension=Y),
        Parameter("sd_receiving", "its standard deviation (n-1)", "positive", optional=True, dimension=Y),
        Parameter("n_receiving", "its number of results", "count", optional=True, least=2),
        Parameter("variances", "whether the variances are pooled", "choice", UNEQUAL, choices=(UNEQUAL, EQUAL)),
        MARGINS[2],
    ],
    example=Example({"sending": [99.1, 100.4, 99.8, 100.9, 99.5, 100.2], "receiving": [100.3, 101.2, 99.9, 101.0, 100.6, 101.5]},
                    {"lower": -2, "upper": 2, "sd_limit": 2.5}, y_unit="%"),
)  # fmt: skip
def method_transfer(
    *,
    sending: Series | None = None,
    receiving: Series | None = None,
    lower: float,
    upper: float,
    sd_limit: float | None = None,
    mean_sending: float | None = None,
    sd_sending: float | None = None,
    n_sending: int | None = None,
    mean_receiving: float | None = None,
    sd_receiving: float | None = None,
    n_receiving: int | None = None,
    variances: str = UNEQUAL,
    alpha: float = 0.05,
) -> TransferResult:
    """Two one-sided tests of the difference receiving minus sending, and the F bound of the ratio of standard deviations.

    From results or from mean, standard deviation and number of either laboratory. Transferred when the means are equivalent and, with a
    limit, the upper bound of the ratio lies below it. Assumptions: independent, normal results; margins fixed before the data.
    """
    pairs = (_summary("sending", sending, mean_sending, sd_sending, n_sending), _summary("receiving", receiving, mean_receiving, sd_receiving, n_receiving))
    means, sds, n = (pairs[0][0], pairs[1][0]), (pairs[0][1], pairs[1][1]), (pairs[0][2], pairs[1][2])
    unit = next((each.unit for each in (sending, receiving) if each is not None), "")
    base = two_sample_result(means, sds, n, unit, lower=lower, upper=upper, alpha=alpha, variances=variances)
    if min(sds) == 0:
        raise Degenerate("A laboratory's results do not vary: precisions cannot be compared. Give unrounded values.")
    df, ratio = (n[1] - 1, n[0] - 1), sds[1] / sds[0]
    low, high = (ratio / float(special.fdtri(*df, p)) ** 0.5 for p in (1 - alpha, alpha))
    means_fit = base.p < alpha
    precise = None if sd_limit is None else high < sd_limit
    words = "" if precise is None else f"; against the limit {sd_limit:g} precision is {'not inferior' if precise else 'not demonstrated'}"
    kept = {name: value for name, value in vars(base).items() if name not in {"decision", "sentence", "definitions"}}
    return TransferResult(
        **kept,
        sd_ratio=ratio,
        sd_ratio_interval=Interval(low, high, 1 - 2 * alpha),
        sd_ratio_upper=high,
        sd_ratio_limit=sd_limit,
        p_sd_ratio=None if sd_limit is None else float(special.fdtr(*df, (ratio / sd_limit) ** 2)),
        means_equivalent=bool(means_fit),
        precision_not_inferior=precise,
        decision="transferred" if means_fit and precise is not False else "not demonstrated",
        definitions={**base.definitions, "reference and test": "sending and receiving laboratory", "precision": "F bound of the ratio of standard deviations"},
        sentence=f"{base.sentence} The ratio of standard deviations (receiving over sending) was "
        f"{say(ratio)} (one-sided {share(1 - alpha)} upper bound {say(high)}){words}.",
    )


def _summary(name: str, given: Series | None, mean: float | None, sd: float | None, n: int | None) -> tuple[float, float, int]:
    if given is not None:
        found = mean_and_sd(given.array)
        return float(found[0]), float(found[1]), len(given)
    if mean is None or sd is None or n is None:
        raise TooFew(f"The {name} laboratory has neither results nor mean, sd and n. Give its results, or all three.")
    return mean, sd, n
