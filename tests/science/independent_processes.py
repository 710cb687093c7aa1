"""Numbers to hold comparison, capability, control and outlier methods against, computed another way: scipy.stats, loops, root search.

Nothing here imports the methods. Run `python -m tests.science.independent_processes` to write the cases again.
"""

# ruff: noqa: E501  (a case a line: columns, expected and source side by side)
from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import yaml
from scipy import integrate, optimize, stats

from .independent import HERE, case

PX = [7.0, 8.3, 10.5, 9.0, 5.1, 8.2, 10.2, 10.3, 7.1, 5.9, 12.4, 13.0]
PY = [7.9, 8.2, 9.6, 9.0, 6.5, 7.3, 10.2, 10.6, 6.3, 5.2, 12.9, 12.1]
PAIRS = {"reference": PX, "test": PY}
DAYS = [10.1, 10.4, 9.6, 9.9, 10.9, 10.6, 10.2, 10.7, 9.3, 9.5, 9.9, 9.2]
V = [98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 97.6, 102.2, 99.1, 112.0, 100.3, 98.8]


def comparison() -> list[dict[str, Any]]:
    x, y, n = np.array(PX), np.array(PY), len(PX)
    ratio = 2.0

    def deming(u: Any, v: Any) -> tuple[float, float]:
        c = np.cov(u, v)
        found = optimize.minimize_scalar(
            lambda b: (c[1, 1] - 2 * b * c[0, 1] + b * b * c[0, 0]) / (ratio + b * b), bounds=(0.2, 3), method="bounded", options={"xatol": 1e-12}
        )
        return found.x, v.mean() - found.x * u.mean()

    whole = deming(x, y)
    pseudo = np.array([[n * w - (n - 1) * p for w, p in zip(whole, deming(np.delete(x, i), np.delete(y, i)), strict=True)] for i in range(n)])
    se = pseudo.std(axis=0, ddof=1) / math.sqrt(n)
    slopes = sorted((y[j] - y[i]) / (x[j] - x[i]) for i, j in combinations(range(n), 2))
    k, m = sum(s < -1 for s in slopes), len(slopes)
    b = (slopes[m // 2 - 1 + k] + slopes[m // 2 + k]) / 2
    c = stats.norm.ppf(0.975) * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    m1 = int((m - c) / 2 + 0.5)
    d = y - x
    near, far = stats.nct.ppf([0.025, 0.975], n - 1, 1.96 * math.sqrt(n)) * d.std(ddof=1) / math.sqrt(n)
    ols = stats.linregress((x + y) / 2, d)
    rows = np.array(DAYS).reshape(3, 2, 2)
    ms = np.array([4 * rows.mean((1, 2)).var(ddof=1), 2 * sum(r.mean(1).var(ddof=1) for r in rows) / 3, rows.var(axis=2, ddof=1).mean()])
    f, coefficient = np.array([2, 3, 6]), np.array([0.25, 0.25, 0.5])
    parts = coefficient * ms
    total, df = parts.sum(), parts.sum() ** 2 / (parts**2 / f).sum()
    upper = total + math.sqrt((((f / stats.chi2.ppf(0.025, f) - 1) * parts) ** 2).sum())
    labels = {"outer": list("111122223333"), "middle": ["am", "am", "pm", "pm"] * 3}
    p, r = 3, 4
    flat = np.array(DAYS).reshape(p, r)
    msb, msw = r * flat.mean(1).var(ddof=1), flat.var(axis=1, ddof=1).mean()
    sb = max(0.0, (msb - msw) / r)
    big, b2 = sb / msw, (sb / msw + 1) / (r * sb / msw + 1)
    nu = (big + 1) ** 2 / ((big + 1 / r) ** 2 / (p - 1) + (1 - 1 / r) / (p * r))
    half = stats.t.ppf(0.975, nu) * math.sqrt(sb + msw) * math.sqrt(1 + 1 / (p * r * b2))
    bound = (
        msb / r
        + (1 - 1 / r) * msw
        + math.sqrt((((2 / stats.chi2.ppf(0.05, 2)) - 1) * msb / r) ** 2 + ((9 / stats.chi2.ppf(0.05, 9) - 1) * (1 - 1 / r) * msw) ** 2)
    )
    wide = stats.norm.ppf(0.975) * math.sqrt(1 + ((sb + msw / r) / p) / (sb + msw)) * math.sqrt(bound)
    lx, ly = [1, 1, 2, 2, 4, 4, 8, 8], [10.3, 10.0, 19.6, 20.2, 40.7, 39.9, 79.3, 80.4]
    line = stats.linregress(lx, ly)
    sd = math.sqrt(sum((v - line.intercept - line.slope * u) ** 2 for u, v in zip(lx, ly, strict=True)) / 6)
    pure = sum((a - b_) ** 2 / 2 for a, b_ in zip(ly[::2], ly[1::2], strict=True))
    w = stats.f_oneway(DAYS[:4], DAYS[4:8], DAYS[8:])
    unequal = {"value": DAYS[:7] + DAYS[8:11], "outer": list("1111222333")}
    return [
        case("deming-by-search", "deming", "the slope that minimises the perpendicular sum, jackknife in a loop", {"slope": whole[0], "intercept": whole[1], "se_slope": se[0], "se_intercept": se[1],
             "slope_interval.lower": whole[0] - stats.t.ppf(0.975, n - 2) * se[0]}, 1e-5, columns=PAIRS, parameters={"ratio": ratio}),
        case("weighted-deming-by-loop", "weighted-deming", "Linnet's iteration written with mcr's error ratio (the inverse)", weighted(x, y), 1e-9, columns=PAIRS, parameters={"ratio": ratio}),
        case("passing-bablok-by-loop", "passing-bablok", "slopes in a loop, sorted", {"slope": b, "slope_interval.lower": slopes[m1 - 1 + k], "slope_interval.upper": slopes[m - m1 + k],
             "intercept": np.median(y - b * x), "below_minus_one": k, "slopes": m}, columns=PAIRS),
        case("limits-of-agreement-against-scipy", "bland-altman", "scipy.stats.nct and linregress", {"absolute.lower_exact.lower": d.mean() - far, "absolute.lower_exact.upper": d.mean() - near,
             "trend.slope": ols.slope, "trend.p": ols.pvalue, "p": stats.ttest_1samp(d, 0).pvalue}, 1e-8, columns=PAIRS),
        case("concordance-by-definition", "concordance", "the defining ratio", {"concordance": 2 * np.cov(x, y, ddof=0)[0, 1] / (x.var() + y.var() + d.mean() ** 2), "correlation": np.corrcoef(x, y)[0, 1]}, columns=PAIRS),
        case("york-with-equal-errors-is-deming", "york", "equal SDs: the perpendicular line by search", {"slope": whole[0], "intercept": whole[1]}, 1e-5,
             columns={**PAIRS, "sd_reference": [0.1] * n, "sd_test": [0.1 * math.sqrt(2)] * n}),
        case("nested-by-loops", "variance-components", "mean squares from group means; scipy.stats.chi2", {"anova.outer.ms": ms[0], "anova.middle.ms": ms[1], "anova.repeatability.ms": ms[2], "total_estimate": total, "df_total": df,
             "intermediate.interval_mls.upper": upper, "components.outer.estimate": (ms[0] - ms[1]) / 4}, columns={"value": DAYS, **labels}),
        case("reml-by-search", "variance-components-reml", "Nelder-Mead on the restricted likelihood of dense matrices", reml(unequal["value"], unequal["outer"]), 1e-5, columns=unequal),
        case("accuracy-by-formula", "accuracy-profile", "Mee's and Hoffman-Kringle's formulas with scipy.stats", {"levels.0.expectation.lower": flat.mean() - half, "levels.0.expectation.upper": flat.mean() + half,
             "levels.0.content.upper": flat.mean() + wide, "levels.0.df": nu}, columns={"value": DAYS, "nominal": [10.0] * 12, "run": labels["outer"]}, parameters={"acceptance": 30}),
        case("linearity-against-scipy", "linearity", "scipy.stats.linregress", {"slope": line.slope, "se_slope": line.stderr, "intercept": line.intercept, "se_intercept": line.intercept_stderr, "r_squared": line.rvalue**2,
             "detection_limit": 3.3 * sd / line.slope, "quantitation_limit": 10 * sd / line.slope, "lack_of_fit.f": (6 * sd**2 - pure) / 2 / (pure / 4)}, 1e-8, columns={"level": lx, "response": ly}),
        case("anova-against-scipy", "anova", "scipy.stats.f_oneway", {"f": w.statistic, "p": w.pvalue}, 1e-9, columns={"value": DAYS, "group": labels["outer"]}),
        case("bioassay-by-scipy", "bioassay-validation", "scipy.stats.ttest_1samp on run means", bioassay(), 1e-9,
             columns={"value": [0.52, 0.49, 0.47, 0.51, 0.53, 0.50], "nominal": [0.5] * 6, "run": list("112233")}),
        case("transfer-against-scipy", "method-transfer", "scipy.stats", transfer(), 1e-8, columns={"sending": V[:6], "receiving": V[6:9] + V[10:]}, parameters={"lower": -6, "upper": 6, "sd_limit": 3}),
    ]  # fmt: skip


def weighted(x: Any, y: Any) -> dict[str, float]:
    lam, w = 0.5, np.ones(len(x))
    b = a = 0.0
    for _ in range(300):
        mx, my = (w @ x) / w.sum(), (w @ y) / w.sum()
        u, q, p = w @ (x - mx) ** 2, w @ (y - my) ** 2, w @ ((x - mx) * (y - my))
        b = ((lam * q - u) + math.sqrt((u - lam * q) ** 2 + 4 * lam * p**2)) / (2 * lam * p)
        a = my - b * mx
        d = y - (a + b * x)
        w = (((x + lam * b * d / (1 + lam * b**2)) + lam * (y - d / (1 + lam * b**2))) / (1 + lam)) ** -2
    return {"slope": b, "intercept": a}


def reml(values: list[float], groups: list[str]) -> dict[str, float]:
    y, z = np.array(values), np.array(groups)[:, None] == np.array(groups)[None]

    def negative(log: Any) -> float:
        v = math.exp(log[0]) * z + math.exp(log[1]) * np.eye(len(y))
        inverse, one = np.linalg.inv(v), np.ones(len(y))
        mean = one @ inverse @ y / (one @ inverse @ one)
        return 0.5 * (np.linalg.slogdet(v)[1] + math.log(one @ inverse @ one) + (y - mean) @ inverse @ (y - mean))

    found = optimize.minimize(negative, [-1.0, -2.0], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-15, "maxiter": 5000})
    return {"components.outer.variance": math.exp(found.x[0]), "repeatability.variance": math.exp(found.x[1])}


def bioassay() -> dict[str, float]:
    runs = np.log(np.array([0.52, 0.49, 0.47, 0.51, 0.53, 0.50]) / 0.5).reshape(3, 2).mean(1)
    ends = stats.ttest_1samp(runs, 0).confidence_interval(0.9)
    return {"levels.0.relative_bias": 100 * math.expm1(runs.mean()), "levels.0.relative_bias_interval.lower": 100 * math.expm1(ends.low),
            "levels.0.relative_bias_interval.upper": 100 * math.expm1(ends.high)}  # fmt: skip


def transfer() -> dict[str, float]:
    a, b = V[:6], V[6:9] + V[10:]
    found = stats.ttest_ind(b, a, equal_var=False).confidence_interval(0.9)
    ratio = np.std(b, ddof=1) / np.std(a, ddof=1)
    return {"interval.lower": found.low, "interval.upper": found.high, "sd_ratio": ratio, "sd_ratio_upper": ratio / math.sqrt(stats.f.ppf(0.05, 4, 5))}


def capability() -> list[dict[str, Any]]:
    y, n = np.array(V), len(V)
    mean, s = y.mean(), y.std(ddof=1)
    ppk = min(mean - 80, 120 - mean) / (3 * s)
    exact = optimize.brentq(lambda c: stats.nct.cdf(3 * ppk * math.sqrt(n), n - 1, 3 * c * math.sqrt(n)) - 0.95, 0.1, 3)
    q = (mean - 80) / s
    high = stats.norm.sf(optimize.brentq(lambda c: stats.nct.cdf(q * math.sqrt(n), n - 1, c * math.sqrt(n)) - 0.95, 0.1, 9))
    exponent = stats.beta.cdf(max(0, 0.5 - q * math.sqrt(n) / (2 * (n - 1))), n / 2 - 1, n / 2 - 1)
    logs = np.log(V)
    needed = stats.nct.ppf(0.95, 29, 3 * 1.33 * math.sqrt(30)) / (3 * math.sqrt(30))
    wrong = sum(
        integrate.quad(
            lambda t: stats.norm.pdf(t, 100.5, 1.8) * (stats.norm.cdf(105 - 1.316, t, 0.8) - stats.norm.cdf(95 + 1.316, t, 0.8)), *ends, epsabs=1e-14
        )[0]
        for ends in ((80, 95), (105, 120))
    )
    x50, top = math.exp(logs.mean()), math.exp(logs.mean() + 3 * logs.std(ddof=1))
    k = stats.nct.ppf(0.95, n - 1, stats.norm.ppf(0.99) * math.sqrt(n)) / math.sqrt(n)
    return [
        case("indices-against-scipy", "capability", "scipy.stats.nct by root search, chi2", {"ppk.estimate": ppk, "ppk.exact_lower_bound": exact, "sigma_within": np.abs(np.diff(y)).mean() * math.sqrt(math.pi) / 2,
             "pp.interval.lower": 40 / (6 * s) * math.sqrt(stats.chi2.ppf(0.025, n - 1) / (n - 1)), "predictive_outside": stats.t.cdf(-q / math.sqrt(1 + 1 / n), n - 1) + stats.t.sf((120 - mean) / s / math.sqrt(1 + 1 / n), n - 1)},
             1e-8, columns={"values": V}, parameters={"lower": 80, "upper": 120}),
        case("tail-against-scipy", "out-of-specification", "scipy.stats nct, beta, t", {"upper_bound": high, "umvu": exponent, "plug_in": stats.norm.sf(q), "predictive": stats.t.cdf(-q / math.sqrt(1 + 1 / n), n - 1)}, 1e-7,
             columns={"values": V}, parameters={"lower": 80}),
        case("percentiles-by-formula", "capability-lognormal", "percentiles of the fitted log-normal", {"ppk_percentile": (130 - x50) / (top - x50), "outside": stats.norm.sf((math.log(130) - logs.mean()) / logs.std(ddof=1))}, 1e-9,
             columns={"values": V}, parameters={"upper": 130}),
        case("needed-ppk-against-scipy", "capability-demonstration", "scipy.stats.nct", {"observed_needed": needed, "power_at_true": stats.nct.sf(3 * needed * math.sqrt(30), 29, 6 * math.sqrt(30))}, 1e-8,
             parameters={"required": 1.33, "n": 30, "true": 2.0}),
        case("risk-by-adaptive-integration", "guard-band", "scipy.integrate.quad", {"consumer_risk": wrong}, 1e-6, parameters={"lower": 95, "upper": 105, "u": 0.8, "factor": 1.645, "process_mean": 100.5, "process_sd": 1.8}),
        case("bound-against-scipy", "specification-limits", "scipy.stats.nct", {"limits.lower": mean - k * s}, 1e-9, columns={"values": V}, parameters={"content": 0.99, "sides": "lower"}),
        case("proportion-against-scipy", "attribute-proportion", "scipy.stats.binomtest and beta", {"clopper_pearson.lower": stats.binomtest(2, 120).proportion_ci().low, "clopper_pearson.upper": stats.binomtest(2, 120).proportion_ci().high,
             "wilson.lower": stats.binomtest(2, 120).proportion_ci(method="wilson").low, "wilson.upper": stats.binomtest(2, 120).proportion_ci(method="wilson").high, "jeffreys.upper": stats.beta.ppf(0.975, 2.5, 118.5),
             "zero_failure_bound": 1 - 0.05 ** (1 / 120)}, 1e-9, parameters={"nonconforming": 2, "n": 120}),
    ]  # fmt: skip


def control() -> list[dict[str, Any]]:
    y = np.array(V)
    sigma = np.abs(np.diff(y)).mean() * math.sqrt(math.pi) / 2
    z, weighted_, out = y.mean(), [], []
    for i, each in enumerate(V, 1):
        z = 0.2 * each + 0.8 * z
        weighted_.append(z)
        out.append(2.7 * sigma * math.sqrt(0.2 / 1.8 * (1 - 0.8 ** (2 * i))))
    best = min((sum(((part - part.mean()) ** 2).sum() for part in (np.array(STEP[:i]), np.array(STEP[i:]))), i) for i in range(2, 11))
    groups = np.array(V).reshape(4, 3)
    d2 = 3 / math.sqrt(math.pi)
    return [
        case("moving-range-by-hand", "individuals-chart", "the definition", {"sigma": sigma, "lower": y.mean() - 3 * sigma, "upper": y.mean() + 3 * sigma}, columns={"values": V}),
        case("false-alarms-against-scipy", "individuals-chart", "scipy.stats.t at 3/c4/sqrt(1 + 1/n)", {"false_alarm": 2 * stats.t.sf(3 / (math.sqrt(2 / 11) * math.gamma(6) / math.gamma(5.5)) / math.sqrt(1 + 1 / 12), 11)}, columns={"values": V}),
        case("ewma-by-loop", "ewma-chart", "a loop", {"ewma.11": weighted_[-1], "ewma.3": weighted_[3], "upper.3": y.mean() + out[3]}, columns={"values": V}),
        case("ranges-by-hand", "xbar-r-chart", "d2 of three in closed form, 3/sqrt(pi)", {"sigma": np.ptp(groups, axis=1).mean() / d2, "upper": y.mean() + 3 * np.ptp(groups, axis=1).mean() / d2 / math.sqrt(3)}, 1e-8,
             columns={"values": V, "subgroup": list("AAABBBCCCDDD")}),
        case("deviations-by-hand", "xbar-s-chart", "c4 of three, sqrt(pi)/2", {"sigma": groups.std(axis=1, ddof=1).mean() * 2 / math.sqrt(math.pi)}, 1e-9, columns={"values": V, "subgroup": list("AAABBBCCCDDD")}),
        case("one-change-by-enumeration", "change-points", "every place of one change", {"cost": best[0], "changes.0": best[1]}, 1e-9, columns={"values": STEP}, parameters={"sigma": 0.2}),
        case("shares-by-hand", "attribute-chart", "the definition", {"centre": 24 / 620, "upper.1": 24 / 620 + 3 * math.sqrt(24 / 620 * 596 / 620 / 120)}, columns={"counts": [3, 5, 2, 4, 9, 1], "sizes": [100, 120, 90, 100, 110, 100]}),
    ]  # fmt: skip


STEP = [10.1, 9.8, 10.3, 9.9, 10.2, 10.0, 11.6, 11.9, 11.4, 11.7, 12.0, 11.5]


def outliers() -> list[dict[str, Any]]:
    y, n = np.array(V), len(V)
    t = stats.t.ppf(1 - 0.05 / (2 * n), n - 2)
    mad = stats.median_abs_deviation(V)
    return [
        case("grubbs-by-formula", "grubbs", "scipy.stats.t", {"g": (112 - y.mean()) / y.std(ddof=1), "critical": (n - 1) / math.sqrt(n) * math.sqrt(t**2 / (n - 2 + t**2))}, columns={"values": V}),
        case("hampel-against-scipy", "hampel", "scipy.stats.median_abs_deviation", {"mad": mad, "scale": stats.median_abs_deviation(V, scale="normal"), "outliers": 1}, columns={"values": V}),
    ]  # fmt: skip


def write() -> None:
    """Write every case."""
    for family, cases in {"comparison": comparison(), "capability": capability(), "control": control(), "outliers": outliers()}.items():
        text = yaml.safe_dump(cases, sort_keys=False, allow_unicode=True, width=150, default_flow_style=None)
        (HERE / family / "cases" / "independent.yaml").write_text(text, "utf-8")


if __name__ == "__main__":
    write()
