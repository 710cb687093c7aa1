"""Numbers for potency, proficiency, meta-analysis, sampling and molecular methods, computed another way; see `independent`.

Run `python -m tests.science.independent_assays` to write the cases again.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import yaml
from scipy import optimize, stats

from .independent import HERE, case

LABS = [25.05, 26.29, 27.64, 29.01, 27.1, 26.8, 26.5, 31.9]
DOSE = [1, 1, 2, 2, 3, 3] * 2
RESPONSE = [6.1, 6.4, 10.2, 9.7, 14.2, 13.8, 7.4, 7.0, 12.0, 12.4, 16.6, 17.1]
CURVE_DOSE = [0.1, 0.1, 0.3, 0.3, 1, 1, 3, 3, 10, 10, 30, 30] * 2
CURVE = [0.11, 0.13, 0.21, 0.24, 0.62, 0.58, 1.31, 1.36, 1.82, 1.79, 1.97, 2.01, 0.12, 0.10, 0.29, 0.27, 0.74, 0.79, 1.49, 1.45, 1.86, 1.90, 2.02, 1.98]
BCG = [(4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619),
       (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)]  # fmt: skip


def potency() -> list[dict[str, Any]]:
    x, y, s = np.array(DOSE, float), np.array(RESPONSE), np.array([True] * 6 + [False] * 6)

    def rss(ratio: float) -> float:
        design = np.column_stack([np.ones(12), np.where(s, x, ratio * x)])
        return float(np.sum((y - design @ np.linalg.lstsq(design, y, rcond=None)[0]) ** 2))

    pure = sum(float(np.sum((y[i : i + 2] - y[i : i + 2].mean()) ** 2)) for i in range(0, 12, 2)) / 6
    best = optimize.minimize_scalar(rss, bounds=(0.8, 1.8), method="bounded", options={"xatol": 1e-12})
    rise = stats.t.ppf(0.975, 6) ** 2 * pure
    ends = [optimize.brentq(lambda r: rss(r) - best.fun - rise, *pair, xtol=1e-13) for pair in ((0.9, best.x), (best.x, 1.7))]
    names = ["S"] * 6 + ["T"] * 6
    u, v, of = np.log(CURVE_DOSE), np.array(CURVE), np.array([0.0] * 12 + [1.0] * 12)

    def residual(t: Any, rho: float | None = None) -> Any:
        r = t[4] if rho is None else rho
        return v - (t[1] + (t[0] - t[1]) / (1 + np.exp(t[2] * (u + of * r - t[3]))))

    fit = optimize.least_squares(residual, [0.1, 2.0, 1.3, 0.7, 0.2], xtol=1e-15, ftol=1e-15, gtol=1e-15)
    s2 = 2 * fit.cost / 19
    se = math.sqrt(s2 * np.linalg.inv(fit.jac.T @ fit.jac)[4, 4])

    def profile(rho: float) -> float:
        return 2 * optimize.least_squares(lambda t: residual(t, rho), fit.x[:4], xtol=1e-15, ftol=1e-15, gtol=1e-15).cost

    goal = 2 * fit.cost + s2 * stats.t.ppf(0.975, 19) ** 2
    low, high = (optimize.brentq(lambda r: profile(r) - goal, *sorted((fit.x[4], fit.x[4] + side * 5 * se)), xtol=1e-12) for side in (-1, 1))
    return [
        case(
            "slope-ratio-by-root-search",
            "slope-ratio",
            "ratios at which the residual sum of squares of dense least squares has risen by t² s²",
            {"samples.T.ratio": best.x, "samples.T.interval.lower": ends[0], "samples.T.interval.upper": ends[1], "residual_variance": pure},
            1e-6,
            columns={"dose": DOSE, "response": RESPONSE, "preparation": names},
        ),
        case(
            "four-parameters-against-least-squares",
            "logistic-potency",
            "scipy.optimize.least_squares and brentq on its profile",
            {
                "samples.T.log_ratio": fit.x[4],
                "samples.T.se_log_ratio": se,
                "samples.T.interval.lower": math.exp(low),
                "rss": 2 * fit.cost,
                "samples.T.interval.upper": math.exp(high),
                "common.at_zero": fit.x[0],
                "common.at_infinity": fit.x[1],
                "common.ec50": math.exp(fit.x[3]),
            },
            1e-5,
            columns={"dose": CURVE_DOSE, "response": CURVE, "preparation": ["S"] * 12 + ["T"] * 12},
        ),
    ]


def meta() -> list[dict[str, Any]]:
    y = [math.log((a / (a + b)) / (c / (c + d))) for a, b, c, d in BCG]
    se = [math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) for a, b, c, d in BCG]
    v = np.array(se) ** 2

    def q(t: float) -> float:
        w = 1 / (v + t)
        return float(np.sum(w * (np.array(y) - np.sum(w * y) / w.sum()) ** 2))

    pm = optimize.brentq(lambda t: q(t) - 12, 0, 5, xtol=1e-14)
    columns = {"estimate": [float(each) for each in y], "se": se}
    printed = {
        "name": "bcg-vaccine", "method": "meta-analysis", "columns": columns, "parameters": {"intervals": "Wald"},
        "source": "BCG vaccine trials (Colditz 1994), log relative risks; output printed in the documentation of R package metafor (rma, confint)",
        "script": 'rma(measure="RR", ai=tpos, bi=tneg, ci=cpos, di=cneg, data=dat.bcg)',
        "expected": {"estimate": "-0.7145", "se": "0.1798", "interval.lower": "-1.0669", "interval.upper": "-0.3622", "tau_squared": "0.3132", "q": "152.2330",
                     "se_tau_squared": "0.1664", "tau_squared_interval.lower": "0.1197", "tau_squared_interval.upper": "1.1115", "i_squared_tau": "92.22",
                     "models.DL.tau_squared": "0.3088", "models.REML.h_squared": "12.86"},
    }  # fmt: skip
    independent = case("paule-mandel-by-root-search", "meta-analysis", "brentq on the generalised Q", {"models.PM.tau_squared": pm}, 1e-8, columns=columns)
    return [printed, independent]


def proficiency() -> list[dict[str, Any]]:
    x = np.array(LABS)
    m, s = float(np.median(x)), 1.483 * float(np.median(np.abs(x - np.median(x))))
    for _ in range(2000):
        w = [min(max(each, m - 1.5 * s), m + 1.5 * s) for each in x]
        m, s = float(np.mean(w)), 1.134 * float(np.std(w, ddof=1))
    d = sorted(abs(a - b) for i, a in enumerate(LABS) for b in LABS[i + 1 :])
    g = [(2 * i - 1) / (2 * len(d)) for i in range(1, len(d) + 1)]
    distance = float(np.interp(0.25, [0, *g], [0, *d]))
    q1, q3 = np.percentile(x, [25, 75])
    items = [10.1, 10.3, 9.9, 10.0, 10.4, 10.2, 10.0, 10.1, 9.8, 10.0]
    pairs = np.array(items).reshape(5, 2)
    sw2, sx2 = float(np.mean(np.diff(pairs)[:, 0] ** 2) / 2), float(np.var(pairs.mean(axis=1), ddof=1))
    a, b = [9.8, 10.3, 11.2, 10.1, 8.9, 10.6], [10.4, 10.9, 11.7, 10.4, 9.6, 11.4]
    minus = np.array(a) - b
    sds = [0.28, 0.49, 0.40, 0.0, 0.35, 1.98, 0.80, 0.32]
    wild = float(np.median(sds))
    for _ in range(5000):
        wild = 1.0970 * math.sqrt(np.mean([min(each, 1.6449 * wild) ** 2 for each in sds]))
    return [
        case(
            "plain-iteration",
            "algorithm-a",
            "the rule of the standard in a plain loop of 2000 rounds",
            {"mean": m, "sd": s, "u": 1.25 * s / math.sqrt(8)},
            1e-9,
            columns={"value": LABS},
        ),
        case(
            "published-factors",
            "algorithm-s",
            "a plain loop with eta = 1.645 and xi = 1.097 as the standard prints them",
            {"sd": wild},
            1e-3,
            columns={"sd": sds},
        ),
        case(
            "all-pairs",
            "q-hampel",
            "differences of all pairs, sorted, interpolated at 0.25",
            {"pair_distance": distance, "sd": distance / (math.sqrt(2) * stats.norm.ppf(0.625))},
            columns={"value": LABS},
        ),
        case("percentiles", "median-niqr", "numpy.percentile", {"median": np.median(x), "niqr": 0.7413 * (q3 - q1)}, columns={"value": LABS}),
        case(
            "by-hand",
            "proficiency-scores",
            "the formulas on one laboratory",
            {
                "scores.2.z": 3.8,
                "scores.2.z_prime": 1.9 / math.hypot(0.5, 0.1),
                "scores.2.zeta": 1.9 / math.hypot(0.4, 0.1),
                "scores.2.en": 1.9 / (2 * math.hypot(0.4, 0.1)),
                "satisfactory": 3.0,
            },
            columns={"value": [9.8, 10.3, 11.9, 10.1, 8.4], "uncertainty": [0.3, 0.25, 0.4, 0.2, 0.35]},
            parameters={"x_pt": 10, "sigma_pt": 0.5, "u_pt": 0.1},
        ),
        case(
            "duplicates",
            "homogeneity",
            "differences of duplicates; F1 and F2 from scipy.stats",
            {"s_w": math.sqrt(sw2), "s_s_squared": sx2 - sw2 / 2, "f1": stats.chi2.ppf(0.95, 4) / 4, "f2": (stats.f.ppf(0.95, 4, 5) - 1) / 2},
            columns={"value": items, "item": [each for each in "ABCDE" for _ in range(2)]},
            parameters={"sigma_pt": 0.6},
        ),
        case(
            "two-means",
            "item-stability",
            "numpy means",
            {"difference": np.mean([10.0, 10.2, 9.9, 10.1]) - np.mean([10.1, 10.3, 9.9, 10.0, 10.4, 10.2]), "criterion": 0.18},
            columns={"before": [10.1, 10.3, 9.9, 10.0, 10.4, 10.2], "after": [10.0, 10.2, 9.9, 10.1]},
            parameters={"sigma_pt": 0.6},
        ),
        case(
            "sums-and-differences",
            "youden-pairs",
            "variances of sums and differences; scipy.stats.spearmanr",
            {
                "sd_random": math.sqrt(np.var(minus, ddof=1) / 2),
                "rank_correlation": stats.spearmanr(a, b).statistic,
                "correlation": stats.pearsonr(a, b).statistic,
            },
            columns={"a": a, "b": b},
        ),
        case(
            "one-part-per-million", "horwitz", "Horwitz' rule of 16 % at one part per million", {"rsd_percent": 16.0}, 1e-3, parameters={"concentration": 1e-6}
        ),
    ]


def sampling() -> list[dict[str, Any]]:
    values, k = np.array([98.2, 101.4, 95.9, 104.1, 99.8, 100.6]), 1.5
    q = (values.mean() - 90) / values.std(ddof=1)
    return [
        case(
            "scipy-binomial",
            "attribute-plan-oc",
            "scipy.stats.binom",
            {"points.0.accept": stats.binom.cdf(2, 80, 0.02)},
            parameters={"n": 80, "c": 2, "p": [0.02]},
        ),
        case(
            "scipy-hypergeometric",
            "attribute-plan-oc",
            "scipy.stats.hypergeom",
            {"points.0.accept": stats.hypergeom.cdf(2, 1000, 20, 80)},
            parameters={"n": 80, "c": 2, "p": [0.02], "distribution": "hypergeometric", "lot_size": 1000},
        ),
        {
            "name": "one-and-five-percent",
            "method": "attribute-plan-design",
            "source": "Smallest binomial plan for 1 % (risk 0.05) and 5 % (risk 0.10), by full search with scipy.stats.binom",
            "parameters": {"good": 0.01, "bad": 0.05},
            "expected": dict(zip(("n", "c"), smallest(), strict=True)),
        },
        case(
            "full-sum",
            "double-plan-oc",
            "sum over all pairs of counts with scipy.stats.binom",
            {"points.0.accept": double(0.03), "points.0.asn": 50 + 50 * (stats.binom.pmf(1, 50, 0.03) + stats.binom.pmf(2, 50, 0.03))},
            parameters={"n1": 50, "c1": 0, "r1": 3, "n2": 50, "c2": 3, "p": [0.03]},
        ),
        {
            "name": "lot-of-a-thousand",
            "method": "iso-2859-plan",
            "source": "ISO 2859-1:1999, tables 1 and 2-A: lots of 501 to 1200, level II, letter J, AQL 1.0",
            "parameters": {"lot_size": 1000, "aql": 1.0},
            "expected": {"n": 80, "ac": 2, "re": 3, "code_letter": "J"},
        },
        {
            "name": "tightened",
            "method": "iso-2859-plan",
            "source": "ISO 2859-1:1999, table 2-B: letter K, AQL 2.5",
            "parameters": {"lot_size": 2000, "aql": 2.5, "inspection": "tightened"},
            "expected": {"n": 125, "ac": 5, "re": 6, "code_letter": "K"},
        },
        {
            "name": "two-of-five",
            "method": "iso-2859-switching",
            "source": "ISO 2859-1:1999, 9.3: two of five lots not accepted, tightened; five accepted, normal again",
            "columns": {"accepted": [1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]},
            "expected": {"state": "normal", "switches": 2},
        },
        case(
            "scipy-noncentral-t",
            "variables-plan-oc",
            "scipy.stats.nct",
            {"points.0.accept": stats.nct.sf(1.8 * 5, 24, stats.norm.ppf(0.98) * 5)},
            1e-8,
            parameters={"n": 25, "k": 1.8, "p": [0.02]},
        ),
        {
            "name": "first-n-by-search",
            "method": "variables-plan-design",
            "source": "Search from n = 2 on with scipy.stats.nct",
            "parameters": {"good": 0.01, "bad": 0.05},
            "expected": dict(zip(("n", "k"), variables(), strict=True)),
        },
        case(
            "beta-distribution",
            "variables-lot",
            "scipy.stats.beta",
            {"p_lower": stats.beta.cdf(0.5 - 0.5 * q * math.sqrt(6) / 5, 2, 2)},
            columns={"values": values.tolist()},
            parameters={"k": k, "lower": 90},
        ),
        {
            "name": "fifty-nine",
            "method": "zero-acceptance",
            "source": "The well-known 59 items for 95 % confidence and 5 % nonconforming",
            "parameters": {"p": 0.05},
            "expected": {"n": 59},
        },
        case(
            "by-hand",
            "content-uniformity",
            "the formula",
            {"av": 2.4 * np.std([98.9, 101.2, 97.6, 99.8, 102.4, 100.3, 96.9, 99.1, 100.8, 98.2], ddof=1)},
            columns={"content": [98.9, 101.2, 97.6, 99.8, 102.4, 100.3, 96.9, 99.1, 100.8, 98.2]},
        ),
    ]


def smallest() -> tuple[int, int]:
    return next((n, c) for c in range(20) for n in range(c + 1, 600) if stats.binom.cdf(c, n, 0.05) <= 0.1 and stats.binom.cdf(c, n, 0.01) >= 0.95)


def double(p: float) -> float:
    pairs = [(i, j) for i in range(51) for j in range(51)]
    one, two = stats.binom.pmf(np.arange(51), 50, p), stats.binom.pmf(np.arange(51), 50, p)
    return float(sum(one[i] * two[j] for i, j in pairs if i == 0 or (i < 3 and i + j <= 3)))


def variables() -> tuple[int, dict[str, float]]:
    z = stats.norm.ppf([0.99, 0.95])
    for n in range(2, 200):
        k = stats.nct.ppf(0.05, n - 1, z[0] * math.sqrt(n)) / math.sqrt(n)
        if stats.nct.sf(k * math.sqrt(n), n - 1, z[1] * math.sqrt(n)) <= 0.1:
            return n, {"value": float(k), "relative": 1e-7}
    raise AssertionError


def molecular() -> list[dict[str, Any]]:
    ends = stats.binomtest(12648, 45692).proportion_ci(0.95, "exact")
    x, cq = np.log10([1e2, 1e2, 1e3, 1e3, 1e4, 1e4, 1e5, 1e5, 1e6, 1e6]), [31.9, 32.1, 28.6, 28.4, 25.2, 25.3, 21.8, 21.9, 18.5, 18.4]
    line = stats.linregress(x, cq)
    t = stats.t.ppf(0.975, 8)
    mean = np.array([[32, 48, 62, 83], [38, 55, 69, 88]], float)
    ratio = 2 * math.log(1 - 6648 / 45692) / math.log(1 - 11719 / 45692)
    wells = {
        "vector_positive": [2210, 2105, 2333],
        "vector_total": [15210, 14980, 15502],
        "reference_positive": [3905, 3770, 4044],
        "reference_total": [15210, 14980, 15502],
    }
    return [
        case(
            "scipy-exact-limits",
            "digital-pcr",
            "scipy.stats.binomtest, exact limits",
            {
                "concentration": -math.log(1 - 12648 / 45692) / 0.85e-3,
                "interval.lower": -math.log(1 - ends.low) / 0.85e-3,
                "interval.upper": -math.log(1 - ends.high) / 0.85e-3,
            },
            1e-8,
            columns={"positive": [4210, 4105, 4333], "total": [15210, 14980, 15502]},
        ),
        case("ratio-of-logarithms", "vector-copy-number", "the ratio written out", {"copies_per_cell": ratio}, columns=wells),
        case(
            "scipy-linregress",
            "qpcr-standard-curve",
            "scipy.stats.linregress, its slope interval mapped",
            {
                "slope": line.slope,
                "r_squared": line.rvalue**2,
                "efficiency": 10 ** (-1 / line.slope) - 1,
                "efficiency_interval.lower": 10 ** (-1 / (line.slope - t * line.stderr)) - 1,
                "efficiency_interval.upper": 10 ** (-1 / (line.slope + t * line.stderr)) - 1,
            },
            columns={"quantity": (10**x).tolist(), "cq": cq},
        ),
        case(
            "definition",
            "dissolution-f2",
            "the formula on one profile of each",
            {"f2": 50 * math.log10(100 / math.sqrt(1 + np.mean((mean[1] - mean[0]) ** 2))), "f1": 100 * np.abs(mean[1] - mean[0]).sum() / mean[0].sum()},
            columns={"time": [10, 15, 20, 30] * 2, "dissolved": mean.ravel().tolist(), "product": ["reference"] * 4 + ["test"] * 4, "unit": ["1"] * 8},
            parameters={"points": "all"},
        ),
    ]


def main() -> None:
    """Write the cases of every family."""
    for family in (potency, meta, proficiency, sampling, molecular):
        path = HERE / family.__name__ / "cases" / "independent.yaml"
        path.write_text(yaml.safe_dump(family(), sort_keys=False, width=160, default_flow_style=None), "utf-8")


if __name__ == "__main__":
    main()
