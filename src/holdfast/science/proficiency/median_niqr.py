"""Median, normalised interquartile range and scaled median absolute deviation (ISO 13528)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..dimension import Y
from ..method import Example, method
from ..parameter import Parameter
from ..refusal import Degenerate
from ..result import Assumption, Result, reported
from ..series import Numbers, Series
from ..words import say
from .consensus import SIGMA, VALUES, consensus_uncertainty, few, source

TYPES: dict[str, Literal["hazen", "weibull", "linear", "median_unbiased"]] = {"5": "hazen", "6": "weibull", "7": "linear", "8": "median_unbiased"}


@dataclass(frozen=True, kw_only=True)
class MedianResult(Result):
    """Simple robust estimates."""

    median: float = reported("median", Y)
    niqr: float = reported("normalised interquartile range, 0.7413 (Q3 - Q1)", Y)
    mad_e: float = reported("scaled median absolute deviation, 1.483 med|x - median|", Y)
    q1: float = reported("lower quartile", Y)
    q3: float = reported("upper quartile", Y)
    iqr: float = reported("interquartile range", Y)
    mad: float = reported("median absolute deviation", Y)
    u: float = reported("standard uncertainty of the median, 1.25 nIQR/sqrt(p)", Y)
    u_mad: float = reported("the same from the scaled median absolute deviation", Y)
    robust_cv: float | None = reported("100 nIQR/median, percent; none where the median is 0")
    p: int = reported("number of laboratories")


@dataclass(frozen=True)
class MedianCases:
    """Arrays over the cases."""

    median: Numbers
    niqr: Numbers
    mad_e: Numbers


def median_niqr_cases(*, value: Numbers, quartile_type: str = "7") -> MedianCases:
    """Many rounds at once: `value` (..., p). See `median_niqr`."""
    x = np.asarray(value, float)
    q1, q3 = np.quantile(x, [0.25, 0.75], axis=-1, method=TYPES[quartile_type])
    median = np.median(x, axis=-1)
    return MedianCases(median, 0.7413 * (q3 - q1), 1.483 * np.median(np.abs(x - median[..., None]), axis=-1))


@method(
    name="median-niqr",
    title="Median, nIQR and MADe (ISO 13528)",
    family="proficiency",
    result=MedianResult,
    citations=[source("Annex C.2")],
    columns=[VALUES],
    parameters=[
        Parameter("quartile_type", "of quartiles, numbered as by Hyndman and Fan (1996); 7 is that of spreadsheets", "choice", "7", choices=tuple(TYPES)),
        SIGMA,
    ],
    example=Example({"value": [25.05, 26.29, 27.64, 29.01, 27.1, 26.8, 26.5, 31.9]}, y_unit="%"),
    arrays=median_niqr_cases,
)
def median_niqr(*, value: Series, quartile_type: str = "7", sigma_pt: float | None = None) -> MedianResult:
    """Median with 0.7413 times the interquartile range and 1.483 times the median absolute deviation as standard deviations."""
    x = value.array
    found = median_niqr_cases(value=x, quartile_type=quartile_type)
    q1, q3 = (float(each) for each in np.quantile(x, [0.25, 0.75], method=TYPES[quartile_type]))
    if np.ptp(x) == 0:
        raise Degenerate("All laboratories report one value: there is no scatter to judge by. Give unrounded values.")
    median, niqr, mad_e, p = float(found.median), float(found.niqr), float(found.mad_e), len(x)
    u = consensus_uncertainty(niqr, p)
    return MedianResult(
        median=median,
        niqr=niqr,
        mad_e=mad_e,
        q1=q1,
        q3=q3,
        iqr=q3 - q1,
        mad=mad_e / 1.483,
        u=u,
        u_mad=consensus_uncertainty(mad_e, p),
        robust_cv=100 * niqr / median if median else None,
        p=p,
        definitions={"quartiles": f"type {quartile_type} of Hyndman and Fan", "factors": "0.7413 and 1.483"},
        assumptions=(Assumption("Most laboratories measure one value (one mode)."),),
        warnings=few(p, u, sigma_pt),
        sentence=f"The median of {p} laboratories was {say(median)} (u = {say(u)}); nIQR {say(niqr)}, MADe {say(mad_e)}.",
    )
