"""Digital PCR: copies per volume from positive partitions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..method import Example, method
from ..parameter import CONFIDENCE, Parameter
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .partitions import KINDS, VOLUME, check_counts, counts, per_partition, proportion_limits, variance_per_partition


@dataclass(frozen=True)
class Well:
    """One well."""

    lambda_: float = reported("copies per partition")
    concentration: float = reported("copies per microlitre of reaction")
    interval: Interval = reported("Poisson interval of the concentration, copies per microlitre of reaction")
    positive_share: float = reported("share of positive partitions")


@dataclass(frozen=True, kw_only=True)
class DigitalPcrResult(Result):
    """The concentration of merged wells with Poisson interval, and between wells."""

    concentration: float = reported("copies per microlitre of reaction, wells merged")
    interval: Interval = reported("Poisson interval of the concentration")
    stock_concentration: float = reported("copies per microlitre of the sample before dilution: concentration times dilution")
    stock_interval: Interval = reported("Poisson interval of the stock concentration")
    copies_per_reaction: float | None = reported("copies per reaction; none without a reaction volume")
    lambda_: float = reported("copies per partition, wells merged")
    lambda_interval: Interval = reported("Poisson interval of copies per partition")
    se_lambda: float = reported("delta-method standard error of copies per partition")
    relative_se: float | None = reported("standard error of the concentration, percent of it; none when it is 0")
    positive_share: float = reported("share of positive partitions")
    positive: int = reported("positive partitions")
    total: int = reported("accepted partitions")
    mean_of_wells: float = reported("mean of the concentrations of wells")
    sd_of_wells: float | None = reported("standard deviation between wells; none for one well")
    cv_of_wells: float | None = reported("the same, percent of the mean; none for one well")
    between_interval: Interval | None = reported("interval of the mean from the scatter between wells, t with wells - 1 degrees of freedom; none for one well")
    poisson_sd_of_wells: float = reported("standard deviation between wells that Poisson alone would give")
    chi_squared: float | None = reported("heterogeneity of wells; none for one well")
    p_heterogeneity: float | None = reported("its p-value")
    wells: tuple[Well, ...] = reported("each well, in the order given", per_row=True)
    wells_n: int = reported("number of wells")


@dataclass(frozen=True)
class DigitalPcrCases:
    """Arrays over the cases."""

    lambda_: Numbers
    concentration: Numbers


def digital_pcr_cases(*, positive: Numbers, total: Numbers, partition_volume: float = 0.85) -> DigitalPcrCases:
    """Many samples: counts (..., wells). See `digital_pcr`."""
    p, n = np.asarray(positive, float).sum(axis=-1), np.asarray(total, float).sum(axis=-1)
    return DigitalPcrCases(per_partition(p, n), per_partition(p, n) / partition_volume * 1000)


@method(
    name="digital-pcr",
    title="Digital PCR: copies per volume with Poisson and between-well intervals",
    family="molecular",
    result=DigitalPcrResult,
    citations=[
        Citation("Dube S, Qin J, Ramakrishnan R (2008) PLoS ONE 3:e2876"),
        Citation("The dMIQE Group (2020) Clin Chem 66:1012-1029"),
        Citation("Clopper CJ, Pearson ES (1934) Biometrika 26:404-413"),
    ],
    columns=counts(),
    parameters=[
        VOLUME,
        Parameter("dilution", "by how much the sample was diluted into the reaction", "positive", 1.0),
        Parameter("reaction_volume", "volume of the reaction in microlitres", "positive", optional=True),
        Parameter("limits", "of the share of positive partitions", "choice", "Clopper-Pearson", choices=KINDS),
        CONFIDENCE,
    ],
    example=Example({"positive": [4210, 4105, 4333], "total": [15210, 14980, 15502]}),
)
def digital_pcr(
    *,
    positive: Series,
    total: Series,
    partition_volume: float = 0.85,
    dilution: float = 1.0,
    reaction_volume: float | None = None,
    limits: str = "Clopper-Pearson",
    confidence: float = 0.95,
) -> DigitalPcrResult:
    """Copies per partition are -ln(1 - positive/total); the concentration is that over the partition volume.

    The Poisson interval merges the wells and knows sampling into partitions only; the interval between wells holds pipetting and the rest
    too, and is the one to report when there are wells enough. Assumption: copies fall into partitions of equal volume independently.
    """
    p, n = positive.array, total.array
    check_counts(p, n, saturated_allowed=True)
    k, n_all = float(p.sum()), float(n.sum())
    check_counts(np.array([k]), np.array([n_all]))
    each_saturated = bool(np.any(p == n))
    if each_saturated:
        check_counts(p, n)
    per_ul = 1000 / partition_volume
    lam, ends = float(per_partition(np.array(k), np.array(n_all))), proportion_limits(k, n_all, confidence, limits)
    lambdas = Interval(-math.log1p(-ends[0]), -math.log1p(-ends[1]), confidence)
    wells = tuple(_well(float(a), float(b), per_ul, confidence, limits) for a, b in zip(p, n, strict=True))
    values, m = np.array([each.concentration for each in wells]), len(wells)
    mean, sd = float(values.mean()), float(values.std(ddof=1)) if m > 1 else None
    half = None if sd is None else float(special.stdtrit(m - 1, (1 + confidence) / 2)) * sd / math.sqrt(m)
    chi = _heterogeneity(p, n, k / n_all) if m > 1 else None
    variances = [variance_per_partition(float(a), float(b)) for a, b in zip(p, n, strict=True)]
    se = math.sqrt(variance_per_partition(k, n_all))
    interval = _scaled(lambdas, per_ul)
    p_chi = None if chi is None else float(special.chdtrc(m - 1, chi))
    return DigitalPcrResult(
        concentration=lam * per_ul,
        interval=interval,
        stock_concentration=lam * per_ul * dilution,
        stock_interval=_scaled(lambdas, per_ul * dilution),
        copies_per_reaction=None if reaction_volume is None else lam * per_ul * reaction_volume,
        lambda_=lam,
        lambda_interval=lambdas,
        se_lambda=se,
        relative_se=100 * se / lam if lam > 0 else None,
        positive_share=k / n_all,
        positive=int(k),
        total=int(n_all),
        mean_of_wells=mean,
        sd_of_wells=sd,
        cv_of_wells=None if sd is None or mean <= 0 else 100 * sd / mean,
        between_interval=None if half is None else Interval(mean - half, mean + half, confidence),
        poisson_sd_of_wells=math.sqrt(sum(variances) / m) * per_ul,
        chi_squared=chi,
        p_heterogeneity=p_chi,
        wells=wells,
        wells_n=m,
        definitions={"partition volume": f"{partition_volume:g} nL", "Poisson limits": limits, "concentration": "wells merged"},
        assumptions=(
            Assumption("Copies fall into partitions independently, and partitions have the stated volume."),
            Assumption("Wells agree as Poisson says.", chi is not None, "" if p_chi is None else f"p = {p_chi:.2g}.", None if p_chi is None else p_chi >= 0.05),
        ),
        warnings=("Wells differ by more than Poisson explains: report the interval between wells.",) if p_chi is not None and p_chi < 0.05 else (),
        sentence=f"The concentration was {say(lam * per_ul)} copies/µL of reaction ({share(confidence)} Poisson CI {say(interval.lower or 0)} to "
        f"{say(interval.upper or 0)}; {m} wells, {int(n_all)} partitions of {partition_volume:g} nL).",
    )


def _scaled(of: Interval, factor: float) -> Interval:
    return Interval(factor * (of.lower or 0.0), factor * (of.upper or 0.0), of.confidence)


def _well(positive: float, total: float, per_ul: float, confidence: float, kind: str) -> Well:
    lam, ends = -math.log1p(-positive / total), proportion_limits(positive, total, confidence, kind)
    return Well(lam, lam * per_ul, Interval(-math.log1p(-ends[0]) * per_ul, -math.log1p(-ends[1]) * per_ul, confidence), positive / total)


def _heterogeneity(p: Numbers, n: Numbers, share_: float) -> float:
    return float(np.sum((p - n * share_) ** 2 / (n * share_ * (1 - share_)))) if 0 < share_ < 1 else 0.0
