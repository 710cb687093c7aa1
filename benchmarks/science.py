"""How fast the statistics are, beside what else there is: loops over scipy, statsmodels and R when they are installed, and bare numpy.

Every line is one task, measured in one run on one machine, so ratios count and seconds are the machine's own. "ours" is the public
function, with its checks and its result object. Peers that are not installed are named as absent. Run: `python -m benchmarks.science`.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from holdfast.science import METHODS, method_named
from holdfast.science.comparability.operating import tost_power
from holdfast.science.comparability.tolerance_censored import censored_lognormal_cases
from holdfast.science.comparability.tolerance_factor import two_sided_factor
from holdfast.science.comparability.tolerance_interval import tolerance_interval_cases
from holdfast.science.comparability.tost_welch import tost_welch_cases
from holdfast.science.comparison.variance_components import variance_components_cases
from holdfast.science.control.individuals import individuals_cases
from holdfast.science.control.weighted_charts import cusum_cases, ewma_cases
from holdfast.science.series import Series
from holdfast.science.stability.shelf_life import shelf_life_cases

CHANCE = np.random.Generator(np.random.Philox(20261125))
SINGLE_LIMIT, ROW_LIMIT, STUDIES_LIMIT = 0.005, 0.05, 2.0


def best(task: Callable[[], Any], times: int = 5) -> float:
    """The shortest of several runs, in seconds."""
    task()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        task()
        found.append(time.perf_counter() - start)
    return min(found)


def line(task: str, ours: float, **peers: float) -> None:
    """One task: ours in milliseconds, and how many times as long each peer takes."""
    beside = ", ".join(f"{name} {seconds * 1000:.3g} ms ({seconds / ours:.3g} times as long)" for name, seconds in peers.items())
    print(f"{task}: ours {ours * 1000:.3g} ms; {beside or 'no peer'}")


def main() -> None:
    """Measure every task."""
    welch()
    tolerance()
    power()
    censored()
    stability()
    precision()
    monitoring()
    rows()
    singles()
    r_peers()


def welch() -> None:
    reference, test = CHANCE.normal(100, 3, (10_000, 6)), CHANCE.normal(101, 3, (10_000, 5))

    def bare() -> Any:
        m, v = [x.mean(axis=1) for x in (reference, test)], [x.var(axis=1, ddof=1) / x.shape[1] for x in (reference, test)]
        total = v[0] + v[1]
        df = total**2 / (v[0] ** 2 / 5 + v[1] ** 2 / 4)
        d, se = m[1] - m[0], np.sqrt(total)
        return np.maximum(special.stdtr(df, -(d + 6) / se), special.stdtr(df, (d - 6) / se)) < 0.05

    def interval() -> Any:
        found = stats.ttest_ind(test, reference, axis=1, equal_var=False).confidence_interval(0.9)
        return (found.low > -6) & (found.high < 6)

    ours = best(lambda: tost_welch_cases(reference=reference, test=test, lower=-6, upper=6))
    line("Welch TOST, 10 000 pairs", ours, **{"bare numpy": best(bare), "scipy vectorised interval": best(interval)}, **_statsmodels_tost(reference, test))
    many = CHANCE.normal(0, 1, (400_000, 9))
    line("400 000 simulated Welch TOST decisions", best(lambda: tost_welch_cases(reference=many[:, :5], test=many[:, 5:], lower=-3, upper=3), 3))


def _statsmodels_tost(reference: Any, test: Any) -> dict[str, float]:
    try:
        from statsmodels.stats.weightstats import ttost_ind
    except ImportError:
        return {}
    return {"statsmodels loop (scaled from 200)": 50 * best(lambda: [ttost_ind(test[i], reference[i], -6, 6, usevar="unequal") for i in range(200)], 1)}


def tolerance() -> None:
    values = CHANCE.normal(100, 3, (1000, 12))

    def looped() -> Any:
        k = stats.nct.ppf(0.95, 11, stats.norm.ppf(0.99) * np.sqrt(12)) / np.sqrt(12)
        return [(x.mean() - k * x.std(ddof=1)) for x in values]

    line("Exact two-sided tolerance interval, 1000 series of 12", best(lambda: tolerance_interval_cases(values=values)))
    ours = best(lambda: tolerance_interval_cases(values=values, sides="lower"))
    line("One-sided tolerance interval, 1000 series of 12", ours, **{"scipy.stats loop": best(looped)})
    line("300 different exact two-sided factors", best(lambda: two_sided_factor(np.arange(2, 302), 0.95, 0.95)))


def power() -> None:
    n = CHANCE.integers(6, 60, 1000)
    spread, df = 0.3 * np.sqrt(2 / n), 2.0 * n - 2

    def integrated(i: int) -> float:
        half = special.stdtrit(df[i], 0.95) * spread[i] / np.sqrt(df[i])
        top = 0.2231 / half
        x, w = np.polynomial.legendre.leggauss(80)
        chi = top * (x + 1) / 2
        inside = special.ndtr((0.2231 - half * chi) / spread[i]) - special.ndtr((-0.2231 + half * chi) / spread[i])
        return float(np.sum(w * top / 2 * stats.chi.pdf(chi, df[i]) * np.maximum(inside, 0)))

    ours = best(lambda: tost_power(0.0, spread, df, -0.2231, 0.2231, 0.05))
    line("Exact TOST power, 1000 designs", ours, **{"loop over one integral each (scaled from 100)": 10 * best(lambda: [integrated(i) for i in range(100)], 1)})


def censored() -> None:
    values = np.exp(CHANCE.normal(1, 1, (1000, 20)))
    below = values < 1.2
    limits = np.where(below, 1.2, values)

    def one(i: int) -> Any:
        y, cut, m = np.log(values[i][~below[i]]), np.log(1.2), below[i].sum()

        def loss(p: Any) -> float:
            s = np.exp(p[1])
            return float(np.sum(((y - p[0]) / s) ** 2) / 2 + len(y) * p[1] - m * special.log_ndtr((cut - p[0]) / s))

        return optimize.minimize(loss, [0.0, 0.0], method="BFGS")

    ours = best(lambda: censored_lognormal_cases(limits, below))
    line("Left-censored log-normal ML, 1000 series of 20", ours, **{"scipy BFGS loop (scaled from 50)": 20 * best(lambda: [one(i) for i in range(50)], 1)})


def stability() -> None:
    time_, batch = np.tile([0, 3, 6, 9, 12, 18, 24.0], 3), [str(each) for each in range(3) for _ in range(7)]
    dummy = np.array([[float(b == name) for name in "012"] for b in batch])
    designs = [np.hstack([dummy, dummy * time_[:, None]]), np.hstack([dummy, time_[:, None]]), np.stack([np.ones(21), time_], axis=1)]
    values = 100 - 0.2 * time_ + CHANCE.normal(0, 0.4, (500, 21))

    def looped() -> Any:
        return [[np.linalg.lstsq(x, y, rcond=None) for x in designs] for y in values]

    ours = best(lambda: shelf_life_cases(time=time_, value=values, batch=batch, lower=95))
    peers = {"numpy lstsq loop, three fits without tests or crossings": best(looped, 2), **_statsmodels_ancova(designs, values)}
    line("ICH Q1E with shelf life, 500 studies (3 x 7)", ours, **peers)
    given = {"lower": 95, "intercept": 101, "slope": -0.2, "sd_intercept": 0.4, "sd_slope": 0.02, "sd_residual": 0.4, "simulations": 100_000}
    seconds = best(lambda: method_named("shelf-life-simulation")(**given), 3)
    print(f"100 000 simulated ICH Q1E studies: {seconds:.2f} s, {'within' if seconds <= STUDIES_LIMIT else 'NOT within'} {STUDIES_LIMIT:g} s")


def _statsmodels_ancova(designs: list[Any], values: Any) -> dict[str, float]:
    try:
        import statsmodels.api as sm
    except ImportError:
        return {}
    return {"statsmodels OLS loop (scaled from 50)": 10 * best(lambda: [[sm.OLS(y, x).fit() for x in designs] for y in values[:50]], 1)}


def precision() -> None:
    value = CHANCE.normal(100, 3, (500, 80))
    outer, middle = [str(i // 4) for i in range(80)], [str(i // 2 % 2) for i in range(80)]

    def looped() -> Any:
        found = []
        for each in value:
            cells = each.reshape(20, 2, 2)
            ms = (4 * cells.mean((1, 2)).var(ddof=1), 2 * cells.mean(2).var(axis=1, ddof=1).mean(), cells.var(axis=2, ddof=1).mean())
            found.append(((ms[0] - ms[1]) / 4, (ms[1] - ms[2]) / 2, ms[2]))
        return found

    ours = best(lambda: variance_components_cases(value=value, outer=outer, middle=middle))
    line("Nested precision 20 x 2 x 2, 500 sets", ours, **{"numpy loop, mean squares only": best(looped, 2)})
    x = CHANCE.uniform(10, 100, 500)
    y = x + CHANCE.normal(0, 3, 500)
    pair = {"reference": Series.of(x), "test": Series.of(y)}
    line("Passing-Bablok, n = 500", best(lambda: method_named("passing-bablok")(**pair)), **{"scipy theilslopes": best(lambda: stats.theilslopes(y, x))})


def monitoring() -> None:
    values = CHANCE.normal(0, 1, (100, 10_000))

    def filtered() -> Any:
        found = []
        for each in values:
            total = 0.0
            for value in each:
                total = 0.2 * value + 0.8 * total
            found.append(total)
        return found

    line("I-MR with all eight rules, 100 x 10 000", best(lambda: individuals_cases(values=values), 3))
    line("EWMA, 100 x 10 000", best(lambda: ewma_cases(values=values), 3), **{"Python loop": best(filtered, 1)})
    line("CUSUM, 100 x 10 000", best(lambda: cusum_cases(values=values), 3))
    series = Series.of(CHANCE.normal(0, 1, 10_000) + np.repeat(CHANCE.normal(0, 2, 20), 500))
    line("Change points (PELT), n = 10 000", best(lambda: method_named("change-points")(values=series), 1))


def rows() -> None:
    """The row of operating characteristics by quadrature."""
    seconds = best(lambda: method_named("rule-comparison")(n_reference=5, n_test=4))
    print(f"Operating characteristics of six rules at four shifts: {seconds * 1000:.1f} ms, {'within' if seconds <= ROW_LIMIT else 'NOT within'} 50 ms")


def singles() -> None:
    """Every method once, on its example: which are slower than 5 ms."""
    slow = []
    for name in METHODS:
        chosen = method_named(name)
        units = {"y": chosen.example.y_unit, "x": chosen.example.x_unit, None: ""}
        columns = {
            column.name: Series.of(chosen.example.columns[column.name], units[column.axis], column.name)
            if column.kind == "number" else chosen.example.columns[column.name]
            for column in chosen.columns if column.name in chosen.example.columns
        }  # fmt: skip
        seconds = best(lambda chosen=chosen, columns=columns: chosen(**columns, **chosen.example.parameters))  # type: ignore[misc]
        if seconds > SINGLE_LIMIT:
            slow.append(f"{name} {seconds * 1000:.1f} ms")
    print(f"Single small analyses: {len(METHODS) - len(slow)} of {len(METHODS)} within 5 ms" + (f"; slower: {', '.join(slow)}" if slow else ""))


def r_peers() -> None:
    """The same tasks in R, when it is installed."""
    if shutil.which("Rscript") is None:
        print("R is not installed: no R peer was measured.")
        return
    script = (
        "x <- matrix(rnorm(60000, 100, 3), ncol = 6); y <- matrix(rnorm(50000, 101, 3), ncol = 5);"
        "cat(system.time(for (i in 1:10000) t.test(y[i,], x[i,], conf.level = .9))[['elapsed']], '');"
        "t <- rep(c(0,3,6,9,12,18,24), 3); b <- factor(rep(1:3, each = 7));"
        "cat(system.time(for (i in 1:500) { y <- 100 - .2 * t + rnorm(21, 0, .4); anova(lm(y ~ t), lm(y ~ b + t), lm(y ~ b * t)) })[['elapsed']])"
    )
    found = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True).stdout.split()
    print(f"R: 10 000 Welch intervals by t.test {found[0]} s; 500 ICH Q1E analyses of variance by lm {found[1]} s (without crossings)")


if __name__ == "__main__":
    main()
