"""Vector copies per cell: a ratio of two digital PCR targets."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..fieller import fieller_interval
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Series
from ..words import say, share
from .partitions import check_counts, variance_per_partition


@dataclass(frozen=True, kw_only=True)
class CopyNumberResult(Result):
    """Copies per cell, with intervals by Poisson alone and between wells."""

    copies_per_cell: float = reported("vector copies per cell, wells merged")
    interval: Interval = reported("the interval chosen")
    fieller: Interval = reported("Fieller interval from Poisson variances")
    delta: Interval = reported("delta-method interval from Poisson variances")
    log_delta: Interval = reported("delta-method interval on the logarithm; both ends 0 when no copy is seen")
    se: float = reported("delta-method standard error")
    g: float = reported("Fieller's g")
    copies_per_transduced_cell: float | None = reported("copies per transduced cell; none without the share of transduced cells")
    lambda_vector: float = reported("vector copies per partition")
    lambda_reference: float = reported("reference copies per partition")
    mean_of_wells: float = reported("mean of the copies per cell of wells")
    sd_of_wells: float | None = reported("standard deviation between wells; none for one well")
    between_interval: Interval | None = reported("interval of the mean from the scatter between wells, t; none for one well")
    ratios: tuple[float, ...] = reported("copies per cell of each well, in the order given", per_row=True)


@method(
    name="vector-copy-number",
    title="Vector copies per cell by digital PCR, with interval",
    family="molecular",
    result=CopyNumberResult,
    citations=[
        Citation("Dube S, Qin J, Ramakrishnan R (2008) PLoS ONE 3:e2876", "ratio of concentrations"),
        Citation("Fieller EC (1954) J R Stat Soc B 16:175-185"),
    ],
    columns=[
        Column("vector_positive", "partitions positive for the vector", axis=None, least=1, together=True),
        Column("vector_total", "accepted partitions of the vector's well", axis=None, least=1, together=True),
        Column("reference_positive", "partitions positive for the reference gene", axis=None, least=1, together=True),
        Column("reference_total", "accepted partitions of the reference's well", axis=None, least=1, together=True),
    ],
    parameters=[
        Parameter("copies_of_reference", "copies of the reference gene in one cell", "positive", 2.0),
        Parameter("dilution_ratio", "dilution of the vector's reaction over that of the reference", "positive", 1.0),
        Parameter("transduced", "share of transduced cells", "probability", optional=True),
        Parameter("limits", "which interval is reported first", "choice", "Fieller", choices=("Fieller", "delta", "log delta", "between wells")),
        CONFIDENCE,
    ],
    example=Example(
        {
            "vector_positive": [2210, 2105, 2333],
            "vector_total": [15210, 14980, 15502],
            "reference_positive": [3905, 3770, 4044],
            "reference_total": [15210, 14980, 15502],
        }
    ),
)
def vector_copy_number(
    *,
    vector_positive: Series,
    vector_total: Series,
    reference_positive: Series,
    reference_total: Series,
    copies_of_reference: float = 2.0,
    dilution_ratio: float = 1.0,
    transduced: float | None = None,
    limits: str = "Fieller",
    confidence: float = 0.95,
) -> CopyNumberResult:
    """Copies per cell = copies of the reference per cell x lambda(vector)/lambda(reference) x ratio of dilutions; wells merged.

    The partition volume cancels. Assumption: both targets fall into partitions independently of each other (linked targets do not), and
    the variance is Poisson's; the interval between wells needs neither.
    """
    v, vn, r, rn = (each.array for each in (vector_positive, vector_total, reference_positive, reference_total))
    check_counts(v, vn)
    check_counts(r, rn)
    if np.min(r) == 0:
        raise Degenerate("A well has no partition positive for the reference gene: there are no cells to divide by. Repeat it.")
    factor = copies_of_reference * dilution_ratio
    lam = [-math.log1p(-float(a.sum()) / float(b.sum())) for a, b in ((v, vn), (r, rn))]
    var = [variance_per_partition(float(a.sum()), float(b.sum())) for a, b in ((v, vn), (r, rn))]
    ratio, z = lam[0] / lam[1], float(special.ndtri((1 + confidence) / 2))
    raw, g = fieller_interval(lam[0], lam[1], (var[0], 0.0, var[1]), math.inf, confidence)
    fieller = raw if raw.lower is None or raw.upper is None else Interval(factor * raw.lower, factor * raw.upper, confidence)
    se = math.sqrt(var[0] + ratio**2 * var[1]) / lam[1] * factor
    vcn, spread = factor * ratio, math.exp(z * se / (factor * ratio)) if ratio > 0 else 1.0
    each = factor * np.log1p(-v / vn) / np.log1p(-r / rn)
    m, mean = len(each), float(each.mean())
    sd = float(each.std(ddof=1)) if m > 1 else None
    half = None if sd is None else float(special.stdtrit(m - 1, (1 + confidence) / 2)) * sd / math.sqrt(m)
    between = None if half is None else Interval(mean - half, mean + half, confidence)
    delta, logs = Interval(vcn - z * se, vcn + z * se, confidence), Interval(vcn / spread, vcn * spread, confidence)
    if limits == "between wells" and between is None:
        raise Degenerate("One well has no scatter between wells. Measure more wells, or choose another interval.")
    chosen = {"Fieller": fieller, "delta": delta, "log delta": logs, "between wells": between or fieller}[limits]
    return CopyNumberResult(
        copies_per_cell=vcn,
        interval=chosen,
        fieller=fieller,
        delta=delta,
        log_delta=logs,
        se=se,
        g=g,
        copies_per_transduced_cell=None if transduced is None else vcn / transduced,
        lambda_vector=lam[0],
        lambda_reference=lam[1],
        mean_of_wells=mean,
        sd_of_wells=sd,
        between_interval=between,
        ratios=tuple(each.tolist()),
        definitions={"interval": limits, "variance": "Poisson, delta method", "copies of the reference per cell": f"{copies_of_reference:g}"},
        assumptions=(
            Assumption("Vector and reference fall into partitions independently."),
            Assumption("Every cell holds the stated copies of the reference."),
        ),
        sentence=f"There were {say(vcn)} vector copies per cell ({share(confidence)} CI {say(chosen.lower or 0)} to {say(chosen.upper or 0)}, {limits}; {m} wells).",
    )
