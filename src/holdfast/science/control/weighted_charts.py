"""Charts with memory: EWMA and CUSUM, and their average run lengths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import signal, special

from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import Degenerate, WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..series import Numbers, Series
from ..words import say
from .individuals import MOVING_RANGE, _limits

LUCAS = Citation("Lucas JM, Saccucci MS (1990) Technometrics 32:1-12")
CROWDER = Citation("Crowder SV (1987) Technometrics 29:401-407", "average run length")
MONTGOMERY = Citation("Montgomery DC, Introduction to Statistical Quality Control, 7th ed.", "9")
BROOK = Citation("Brook D, Evans DA (1972) Biometrika 59:539-549", "average run length")
BASE = (
    Parameter("target", "value to be kept; mean of the baseline unless given", optional=True, dimension=Y),
    Parameter("sigma", "standard deviation in control; from the moving range of the baseline unless given", "positive", optional=True, dimension=Y),
    Parameter("baseline", "first points that target and sigma come from; all unless given", "count", optional=True, least=3),
)
VALUES = {"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 97.6, 102.2, 103.1, 104.0, 103.3, 105.8]}
DRIFT = 1.0


@dataclass(frozen=True, kw_only=True)
class EwmaResult(Result):
    """An exponentially weighted moving average with its limits."""

    ewma: tuple[float, ...] = reported("the weighted average at each point", Y)
    lower: tuple[float, ...] = reported("lower limit at each point", Y)
    upper: tuple[float, ...] = reported("upper limit at each point", Y)
    beyond: tuple[int, ...] = reported("points (from 1) beyond the limits")
    target: float = reported("target", Y)
    sigma: float = reported("sigma", Y)
    asymptotic_lower: float = reported("lower limit in the long run", Y)
    asymptotic_upper: float = reported("upper limit in the long run", Y)
    arl0: float = reported("average run length with nothing wrong (long-run limits, known parameters, from the target)")
    arl1: float = reported("average run length after a shift of one sigma")
    n: int = reported("number of points")


@dataclass(frozen=True, kw_only=True)
class CusumResult(Result):
    """Two one-sided cumulative sums, in sigma."""

    high: tuple[float, ...] = reported("upper cumulative sum C+ at each point, in sigma")
    low: tuple[float, ...] = reported("lower cumulative sum C- at each point, in sigma")
    since_high: tuple[int, ...] = reported("N+: points since C+ was last nothing")
    since_low: tuple[int, ...] = reported("N-: points since C- was last nothing")
    beyond_high: tuple[int, ...] = reported("points (from 1) where C+ exceeds h")
    beyond_low: tuple[int, ...] = reported("points (from 1) where C- exceeds h")
    first_signal: int | None = reported("first point beyond; none without a signal")
    change_after: int | None = reported("last point before the change by N at the first signal; 0 means from the start; none without a signal")
    new_mean: float | None = reported("estimate of the mean after the change; none without a signal", Y)
    target: float = reported("target", Y)
    sigma: float = reported("sigma", Y)
    arl0: float = reported("average run length with nothing wrong (known parameters)")
    arl1: float = reported("average run length after a shift of one sigma")
    n: int = reported("number of points")


@dataclass(frozen=True)
class EwmaCases:
    """Arrays over cases."""

    ewma: Numbers
    lower: Numbers
    upper: Numbers


@dataclass(frozen=True)
class CusumCases:
    """Arrays over cases."""

    high: Numbers
    low: Numbers


def ewma_cases(*, values: Numbers, target: Any = None, sigma: Any = None, weight: float = 0.2, width: float = 2.7) -> EwmaCases:
    """Many charts at once, exact limits: `values` (..., n)."""
    centre, s = _base(values, target, sigma, None)
    z = _smoothed(values, centre, weight)
    half = width * s[..., None] * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * np.arange(1, values.shape[-1] + 1))))
    return EwmaCases(z, centre[..., None] - half, centre[..., None] + half)


def cusum_cases(*, values: Numbers, target: Any = None, sigma: Any = None, reference: float = 0.5, head_start: float = 0.0) -> CusumCases:
    """Many charts at once: `values` (..., n)."""
    centre, s = _base(values, target, sigma, None)
    z = (values - centre[..., None]) / s[..., None]
    high, low = np.empty_like(z), np.empty_like(z)
    up, down = np.full(z.shape[:-1], head_start), np.full(z.shape[:-1], head_start)
    for i in range(z.shape[-1]):
        up, down = np.maximum(0, up + z[..., i] - reference), np.maximum(0, down - z[..., i] - reference)
        high[..., i], low[..., i] = up, down
    return CusumCases(high, low)


def _base(values: Numbers, target: Any, sigma: Any, baseline: int | None) -> tuple[Numbers, Numbers]:
    centre, s = _limits(values[..., :baseline], MOVING_RANGE)
    shape = centre.shape
    return np.broadcast_to(centre if target is None else np.asarray(target, float), shape), np.broadcast_to(
        s if sigma is None else np.asarray(sigma, float), shape
    )


def _smoothed(values: Numbers, centre: Numbers, weight: float) -> Numbers:
    z: Numbers = signal.lfilter([weight], [1, weight - 1], values - centre[..., None], axis=-1) + centre[..., None]
    return z


@lru_cache(maxsize=64)
def ewma_run_length(weight: float, width: float, shift: float = 0.0) -> float:
    """Zero-state average run length of a two-sided EWMA with long-run limits: Crowder's integral equation, Gauss-Legendre."""
    h = width * (weight / (2 - weight)) ** 0.5
    x, w = np.polynomial.legendre.leggauss(120)
    y, w = h * x, h * w
    kernel = _normal((y[None, :] - (1 - weight) * y[:, None]) / weight - shift) / weight * w
    inside = np.linalg.solve(np.eye(len(y)) - kernel, np.ones(len(y)))
    return float(1 + (_normal(y / weight - shift) / weight * w) @ inside)


@lru_cache(maxsize=64)
def cusum_run_length(reference: float, h: float, shift: float = 0.0, head_start: float = 0.0) -> float:
    """Average run length of the two-sided CUSUM from its one-sided parts: integral equation, Gauss-Legendre.

    Without head start 1/ARL = 1/ARL+ + 1/ARL-; with one, (L+(s) L-(0) + L-(s) L+(0) - L+(0) L-(0))/(L+(0) + L-(0)) (Lucas & Crosier 1982).
    """
    up, down = (_one_sided(reference, h, each, head_start) for each in (shift, -shift))
    return (up[1] * down[0] + down[1] * up[0] - up[0] * down[0]) / (up[0] + down[0])


def _one_sided(k: float, h: float, shift: float, start: float) -> tuple[float, float]:
    x, w = np.polynomial.legendre.leggauss(120)
    y, w = h * (x + 1) / 2, h * w / 2
    points = np.concatenate([[0.0], y])
    kernel = np.concatenate([special.ndtr(k - points - shift)[:, None], _normal(y[None, :] + k - points[:, None] - shift) * w], 1)
    found = np.linalg.solve(np.eye(len(points)) - kernel, np.ones(len(points)))
    row = np.concatenate([[special.ndtr(k - start - shift)], _normal(y + k - start - shift) * w])
    return float(found[0]), float(1 + row @ found)


def _normal(x: Numbers) -> Numbers:
    density: Numbers = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    return density


def _checked(values: Series, target: float | None, sigma: float | None, baseline: int | None) -> tuple[Numbers, float, float]:
    y = values.array
    if baseline is not None and baseline > len(y):
        raise WrongParameter(f"baseline is {baseline}, and there are {len(y)} values.")
    centre, s = (float(each) for each in _base(y, target, sigma, baseline))
    if s <= 1e-12 * float(np.abs(y).max()):
        raise Degenerate("The baseline does not vary: it gives no sigma. Give unrounded values, or sigma.")
    return y, centre, s


@method(
    name="ewma-chart",
    title="Exponentially weighted moving average chart",
    family="control",
    result=EwmaResult,
    citations=[MONTGOMERY, LUCAS, CROWDER],
    columns=[Column("values", "the values, in order of production", least=3)],
    parameters=[
        *BASE[:2],
        Parameter("weight", "weight lambda of the newest value", "probability", 0.2),
        Parameter("width", "width L of the limits", "positive", 2.7),
        Parameter("limits", "exact at each point, or those of the long run", "choice", "exact", choices=("exact", "asymptotic")),
        BASE[2],
    ],
    example=Example(VALUES, {"baseline": 8}, y_unit="%"),
    order=True,
)
def ewma_chart(
    *,
    values: Series,
    target: float | None = None,
    sigma: float | None = None,
    weight: float = 0.2,
    width: float = 2.7,
    limits: str = "exact",
    baseline: int | None = None,
) -> EwmaResult:
    """A weighted average that sees small lasting shifts, with exact or long-run limits and its average run lengths.

    Starts at the target. Assumptions: independent normal values while in control, target and sigma known.
    """
    y, centre, s = _checked(values, target, sigma, baseline)
    z = _smoothed(y, np.asarray(centre), weight)
    wide = width * s * (weight / (2 - weight)) ** 0.5
    half = wide * np.sqrt(1 - (1 - weight) ** (2 * np.arange(1, len(y) + 1))) if limits == "exact" else np.full(len(y), wide)
    beyond = tuple(int(i) + 1 for i in np.flatnonzero(np.abs(z - centre) > half))
    arl = ewma_run_length(weight, width)
    return EwmaResult(
        ewma=tuple(z),
        lower=tuple(centre - half),
        upper=tuple(centre + half),
        beyond=beyond,
        target=centre,
        sigma=s,
        asymptotic_lower=centre - wide,
        asymptotic_upper=centre + wide,
        arl0=arl,
        arl1=ewma_run_length(weight, width, DRIFT),
        n=len(y),
        decision="signal" if beyond else "no signal",
        definitions={"limits": limits, "start": "target", "sigma": "moving range / 1.128" if sigma is None else "given"},
        assumptions=(Assumption("In control, values are independent and normal."),),
        sentence=f"The EWMA (lambda {weight:g}, L {width:g}) "
        f"{f'first leaves its limits at point {beyond[0]}' if beyond else 'stays within its limits'}; with nothing wrong it "
        f"alarms once in {say(arl, 3)} points (n = {len(y)}).",
    )


@method(
    name="cusum-chart",
    title="Tabular cumulative sum chart",
    family="control",
    result=CusumResult,
    citations=[MONTGOMERY, BROOK, Citation("Lucas JM, Crosier RB (1982) Technometrics 24:199-205", "fast initial response")],
    columns=[Column("values", "the values, in order of production", least=3)],
    parameters=[
        *BASE[:2],
        Parameter("reference", "reference value k in sigma: half of the shift to be seen", "positive", 0.5),
        Parameter("decision_interval", "decision interval h in sigma", "positive", 5.0),
        Parameter("head_start", "fast initial response, in sigma (h/2 is usual)", default=0.0),
        BASE[2],
    ],
    example=Example(VALUES, {"baseline": 8}, y_unit="%"),
    order=True,
)
def cusum_chart(
    *,
    values: Series,
    target: float | None = None,
    sigma: float | None = None,
    reference: float = 0.5,
    decision_interval: float = 5.0,
    head_start: float = 0.0,
    baseline: int | None = None,
) -> CusumResult:
    """Sums that grow while values stay off target, when they began to, and where the mean went; with average run lengths.

    C+ = max(0, C+ + z - k), C- = max(0, C- - z - k). Assumptions: independent normal values while in control, target and sigma known.
    """
    y, centre, s = _checked(values, target, sigma, baseline)
    if not 0 <= head_start < decision_interval:
        raise WrongParameter(f"head_start is {head_start:g}. It must lie between 0 and the decision interval.")
    sums = cusum_cases(values=y, target=centre, sigma=s, reference=reference, head_start=head_start)
    since = [_since(each) for each in (sums.high, sums.low)]
    beyond = [tuple(int(i) + 1 for i in np.flatnonzero(each > decision_interval)) for each in (sums.high, sums.low)]
    first = min((each[0] for each in beyond if each), default=None)
    after = mean = None
    if first is not None:
        up = bool(beyond[0]) and beyond[0][0] == first
        run, total = since[0 if up else 1][first - 1], float((sums.high if up else sums.low)[first - 1])
        after, mean = first - run, centre + (1 if up else -1) * s * (reference + total / run)
    arl = cusum_run_length(reference, decision_interval, 0.0, head_start)
    return CusumResult(
        high=tuple(sums.high),
        low=tuple(sums.low),
        since_high=since[0],
        since_low=since[1],
        beyond_high=beyond[0],
        beyond_low=beyond[1],
        first_signal=first,
        change_after=after,
        new_mean=mean,
        target=centre,
        sigma=s,
        arl0=arl,
        arl1=cusum_run_length(reference, decision_interval, DRIFT, head_start),
        n=len(y),
        decision="no signal" if first is None else "signal",
        definitions={"sums": "in sigma", "signal": "C > h", "sigma": "moving range / 1.128" if sigma is None else "given"},
        assumptions=(Assumption("In control, values are independent and normal."),),
        sentence=f"The CUSUM (k {reference:g}, h {decision_interval:g}) "
        + (
            "gives no signal"
            if first is None or mean is None
            else f"signals at point {first}; the change began after point {after}, the mean since is about {say(mean)} {values.unit}"
        )
        + f"; with nothing wrong it alarms once in {say(arl, 3)} points (n = {len(y)}).",
    )


def _since(sums: Numbers) -> tuple[int, ...]:
    found, run = [], 0
    for each in sums:
        run = run + 1 if each > 0 else 0
        found.append(run)
    return tuple(found)
