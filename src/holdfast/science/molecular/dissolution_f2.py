"""Similarity of dissolution profiles: f1, f2 and bootstrap intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import X
from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import Mismatch, TooFew, Unsuitable
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share


@dataclass(frozen=True)
class Point:
    """One time point."""

    time: float = reported("time", X)
    mean_reference: float = reported("mean dissolved of the reference, percent")
    mean_test: float = reported("mean dissolved of the test, percent")
    cv_reference: float | None = reported("coefficient of variation of the reference, percent; none for one unit")
    cv_test: float | None = reported("coefficient of variation of the test, percent; none for one unit")
    used: bool = reported("whether the point enters f2")


@dataclass(frozen=True, kw_only=True)
class F2Result(Result):
    """Similarity and difference factors."""

    f2: float = reported("similarity factor of the means")
    f1: float = reported("difference factor of the means, percent")
    f2_unbiased: float | None = reported("f2 with the expected square of sampling error taken off (Shah 1998); none for one unit or where it does not exist")
    f2_expected: float | None = reported("f2 of the expected squared difference: 50 log10(100/sqrt(1 + mean(d² + variances/n))); none for one unit")
    bootstrap_percentile: Interval | None = reported("two-sided 100(1 - 2 alpha) % percentile interval of f2; none for one unit")
    bootstrap_bca: Interval | None = reported("two-sided 100(1 - 2 alpha) % bias-corrected accelerated interval of f2; none for one unit")
    bootstrap_mean: float | None = reported("mean of the bootstrap f2; none for one unit")
    lower_bound: float | None = reported("one-sided 100(1 - alpha) % lower bound of f2, percentile; none for one unit")
    mean_squared_difference: float = reported("mean squared difference of the means")
    points: tuple[Point, ...] = reported("each time point")
    n_points: int = reported("number of time points used")
    tested: dict[str, int] = reported("number of units of each product")
    similar_by_estimate: bool = reported("whether f2 is 50 or more")
    similar_by_bound: bool | None = reported("whether the lower bound is 50 or more; none for one unit")


@dataclass(frozen=True)
class F2Cases:
    """Arrays over the cases."""

    f2: Numbers
    f1: Numbers


def f2_cases(*, reference_means: Numbers, test_means: Numbers) -> F2Cases:
    """f2 and f1 of mean profiles (..., points)."""
    d = np.asarray(test_means, float) - np.asarray(reference_means, float)
    return F2Cases(50 * np.log10(100 / np.sqrt(1 + np.mean(d**2, axis=-1))), 100 * np.abs(d).sum(axis=-1) / np.sum(reference_means, axis=-1))


@method(
    name="dissolution-f2",
    title="Similarity of dissolution profiles (f2) with bootstrap interval",
    family="molecular",
    result=F2Result,
    citations=[
        Citation("Moore JW, Flanner HH (1996) Pharm Technol 20:64-74"),
        Citation("FDA Guidance for Industry: Dissolution Testing of Immediate Release Solid Oral Dosage Forms (1997)"),
        Citation("EMA Guideline on the Investigation of Bioequivalence (2010)", "Appendix I"),
        Citation("Shah VP, Tsong Y, Sathe P, Liu JP (1998) Pharm Res 15:889-896"),
    ],
    columns=[
        Column("time", "sampling time", axis="x", least=3, together=True),
        Column("dissolved", "dissolved, percent of label claim", axis=None, least=3, together=True),
        Column("product", "reference or test", kind="label", axis=None, least=3, together=True),
        Column("unit", "unit (vessel) of the product", kind="label", axis=None, least=3, together=True),
    ],
    parameters=[
        Parameter("reference", "which product is the reference", "text", "reference"),
        Parameter("points", "which time points enter", "choice", "up to one above 85 %", choices=("up to one above 85 %", "all")),
        Parameter("above", "who has to be above 85 %: either product or both", "choice", "both", choices=("both", "either")),
        Parameter("alpha", "size of the one-sided bound", "probability", 0.05),
        Parameter("resamples", "bootstrap resamples of units", "count", 5000, least=100),
        Parameter("seed", "of the bootstrap", "count", 20261125, least=0),
    ],
    example=Example(
        {
            "time": [10, 15, 20, 30] * 6,
            "dissolved": [
                *(32, 48, 62, 83), *(35, 50, 65, 86), *(30, 46, 60, 81),
                *(38, 55, 69, 88), *(36, 52, 66, 87), *(40, 56, 71, 90),
            ],
            "product": ["reference"] * 12 + ["test"] * 12,
            "unit": [each for each in "123123" for _ in range(4)],
        },
        {"points": "all", "resamples": 500},
        x_unit="min",
    ),
)  # fmt: skip
def dissolution_f2(
    *,
    time: Series,
    dissolved: Series,
    product: Sequence[str],
    unit: Sequence[str],
    reference: str = "reference",
    points: str = "up to one above 85 %",
    above: str = "both",
    alpha: float = 0.05,
    resamples: int = 5000,
    seed: int = 20261125,
) -> F2Result:
    """f2 = 50 log10(100/sqrt(1 + mean squared difference of the mean profiles)); f1 = 100 sum|d|/sum(reference).

    "up to one above 85 %" keeps the points until the first at which both products (or either) have dissolved more than 85 %, that one
    included. The bootstrap draws whole units of each product with replacement (Philox, stated seed). Time 0 does not enter.
    """
    names = sorted(set(product))
    if len(names) != 2 or reference not in names:
        raise Mismatch(f"Two products are needed, one of them {reference!r}; found: {', '.join(names)}.")
    test = next(name for name in names if name != reference)
    times, profiles = _profiles(time.array, dissolved.array, product, unit)
    r, t = profiles[reference], profiles[test]
    used = _used(r.mean(axis=0), t.mean(axis=0), times, points, above)
    if used.sum() < 3:
        raise TooFew(f"{int(used.sum())} time points enter f2; at least three are needed. Sample earlier, or say why all points enter.")
    found = f2_cases(reference_means=r[:, used].mean(axis=0), test_means=t[:, used].mean(axis=0))
    f2, d = float(found.f2), (t.mean(axis=0) - r.mean(axis=0))[used]
    squared = float(np.mean(d**2))
    enough = len(r) > 1 and len(t) > 1
    noise = float(np.mean(r[:, used].var(axis=0, ddof=1) / len(r) + t[:, used].var(axis=0, ddof=1) / len(t))) if enough else None
    boot = _bootstrap(r[:, used], t[:, used], f2, resamples, seed, alpha) if enough else None
    lower = None if boot is None else boot[0].lower
    similar = f2 >= 50
    return F2Result(
        f2=f2,
        f1=float(found.f1),
        f2_unbiased=None if noise is None or 1 + squared - noise <= 0 else 50 * math.log10(100 / math.sqrt(1 + squared - noise)),
        f2_expected=None if noise is None else 50 * math.log10(100 / math.sqrt(1 + squared + noise)),
        bootstrap_percentile=None if boot is None else boot[0],
        bootstrap_bca=None if boot is None else boot[1],
        bootstrap_mean=None if boot is None else boot[2],
        lower_bound=lower,
        mean_squared_difference=squared,
        points=tuple(
            Point(float(times[i]), float(r[:, i].mean()), float(t[:, i].mean()), _cv(r[:, i]), _cv(t[:, i]), bool(used[i])) for i in range(len(times))
        ),
        n_points=int(used.sum()),
        tested={"reference": len(r), "test": len(t)},
        similar_by_estimate=similar,
        similar_by_bound=None if lower is None else lower >= 50,
        decision="similar" if similar else "not demonstrated",
        seed=seed if enough else None,
        definitions={"f2": "of the means", "points": points, "above 85 %": above, "bootstrap": f"units, {resamples} resamples, Philox"},
        assumptions=(Assumption("Both products were tested by one method at the same times."), Assumption("12 units of each were tested.", True,
            f"{len(r)} and {len(t)}.", len(r) >= 12 and len(t) >= 12)),
        warnings=_variable(times, r, t, used),
        sentence=f"f2 was {say(f2)} over {int(used.sum())} time points"
        + ("" if boot is None or lower is None else f" (one-sided {share(1 - alpha)} bootstrap lower bound {say(lower)}, seed {seed})")
        + f"; similarity is {'concluded' if similar else 'not demonstrated'} (limit 50).",
    )  # fmt: skip


def _profiles(time: Numbers, value: Numbers, product: Sequence[str], unit: Sequence[str]) -> tuple[Numbers, dict[str, Numbers]]:
    """Times and, for each product, units by times. Raises `Mismatch` unless every unit has one value at every time."""
    keep = time > 0
    times = np.unique(time[keep])
    table: dict[str, dict[str, dict[float, float]]] = {}
    for at, y, p, u, kept in zip(time.tolist(), value.tolist(), product, unit, keep, strict=True):
        if kept:
            of = table.setdefault(p, {}).setdefault(u, {})
            if at in of:
                raise Mismatch(f"Unit {u} of {p} has two values at time {at:g}. Give one.")
            of[at] = y
    for p, units in table.items():
        for u, of in units.items():
            if len(of) < len(times):
                raise Mismatch(f"Unit {u} of {p} has no value at some time. f2 compares profiles at the same times: leave the time or the unit out.")
    found = {p: np.array([[units[u][at] for at in times.tolist()] for u in sorted(units)]) for p, units in table.items()}
    for p in set(product):
        if p not in found:
            raise TooFew(f"{p} has no value after time 0.")
    if np.min(value) < 0:
        raise Unsuitable("A dissolved percentage is negative. Check the values.")
    if min(each.mean(axis=0).sum() for each in found.values()) <= 0:
        raise Unsuitable("Nothing dissolved: there is no profile.")
    return times, found


def _used(r: Numbers, t: Numbers, times: Numbers, points: str, above: str) -> np.ndarray:
    used = np.ones(len(times), bool)
    if points != "all":
        over = (r > 85) & (t > 85) if above == "both" else (r > 85) | (t > 85)
        if over.any():
            used[int(np.argmax(over)) + 1 :] = False
    return used


def _cv(values: Numbers) -> float | None:
    return 100 * float(values.std(ddof=1) / values.mean()) if len(values) > 1 and values.mean() > 0 else None


def _bootstrap(r: Numbers, t: Numbers, f2: float, resamples: int, seed: int, alpha: float) -> tuple[Interval, Interval, float]:
    """Percentile and BCa intervals and the mean of f2 over resamples of units."""
    r, t = r[np.lexsort(r.T[::-1])], t[np.lexsort(t.T[::-1])]
    chance = np.random.Generator(np.random.Philox(seed))
    means = [each[chance.integers(0, len(each), (resamples, len(each)))].mean(axis=1) for each in (r, t)]
    values = np.sort(f2_cases(reference_means=means[0], test_means=means[1]).f2)
    ends = np.quantile(values, [alpha, 1 - alpha])
    jack = np.concatenate(
        [
            f2_cases(reference_means=(r.sum(axis=0) - r) / (len(r) - 1), test_means=t.mean(axis=0)).f2,
            f2_cases(reference_means=r.mean(axis=0), test_means=(t.sum(axis=0) - t) / (len(t) - 1)).f2,
        ]
    )
    off = jack.mean() - jack
    square = float(np.sum(off**2))
    accelerate = float(np.sum(off**3)) / (6 * square**1.5) if square > 0 else 0.0
    at = min(max(float(np.mean(values < f2)), 0.5 / resamples), 1 - 0.5 / resamples)
    bias, z = float(special.ndtri(at)), special.ndtri(np.array([alpha, 1 - alpha]))
    levels = special.ndtr(bias + (bias + z) / (1 - accelerate * (bias + z)))
    bca = np.quantile(values, levels)
    level = 1 - 2 * alpha
    return Interval(float(ends[0]), float(ends[1]), level), Interval(float(bca[0]), float(bca[1]), level), float(values.mean())


def _variable(times: Numbers, r: Numbers, t: Numbers, used: np.ndarray) -> tuple[str, ...]:
    """CV above 20 % at the first point or 10 % later: f2 of means hides it, the bound does not."""
    for i in np.flatnonzero(used):
        limit = 20 if i == 0 else 10
        for name, each in (("reference", r[:, i]), ("test", t[:, i])):
            cv = _cv(each)
            if cv is not None and cv > limit:
                return (f"The {name} varies by {cv:.3g} % at time {times[i]:g} (limit {limit} %): use the bootstrap bound, not f2 alone.",)
    return ()
