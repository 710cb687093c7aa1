"""Numbers to hold the methods against, computed another way: scipy.stats, dense matrices, adaptive integration, root search, plain loops.

Nothing here imports the methods. Run `python -m tests.science.independent` to write the cases beside it again.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy import integrate, optimize, stats

HERE = Path(__file__).parent
X = [98.2, 101.4, 95.9, 104.1, 99.8]
Y = [103.0, 99.1, 106.2, 102.6]
POTENCY_X, POTENCY_Y = [1.02, 0.95, 1.11, 0.99, 1.05, 0.93], [1.08, 0.97, 1.15, 1.04]
TIMES = [0, 3, 6, 9, 12, 18]
A = [101.2, 100.4, 100.1, 99.2, 98.9, 97.8]
B = [100.6, 100.3, 99.1, 99.0, 98.1, 97.2]
C = [102.1, 101.7, 101.2, 100.9, 100.6, 99.9]
D = [101.0, 99.9, 98.8, 97.4, 96.9, 94.1]


def case(name: str, method: str, how: str, expected: dict[str, float], relative: float = 1e-9, **given: Any) -> dict[str, Any]:
    """One case. Every expected number may differ by `relative`, or by as much as an absolute number where it is nothing."""
    values = {path: {"value": float(each), "relative": relative, **({"absolute": relative} if abs(each) < 1e-6 else {})} for path, each in expected.items()}
    return {"name": name, "method": method, "source": f"Independent computation, tests/science/independent.py: {how}", **given, "expected": values}


def equivalence() -> list[dict[str, Any]]:
    welch = stats.ttest_ind(Y, X, equal_var=False)
    interval = welch.confidence_interval(0.9)
    pooled = stats.ttest_ind(Y, X).confidence_interval(0.9)
    logs = stats.ttest_ind(np.log(POTENCY_Y), np.log(POTENCY_X), equal_var=False)
    log_interval = logs.confidence_interval(0.9)
    shifted = [stats.ttest_ind(np.array(Y) - 12, X, equal_var=False, alternative="less").pvalue,
               stats.ttest_ind(np.array(Y) + 12, X, equal_var=False, alternative="greater").pvalue]  # fmt: skip
    columns = {"reference": X, "test": Y}
    return [
        case("welch-against-scipy", "tost-welch", "scipy.stats.ttest_ind on values moved by the margins",
             {"p_upper": shifted[0], "p_lower": shifted[1], "interval.lower": interval.low, "interval.upper": interval.high, "df": welch.df,
              "t_zero": welch.statistic, "p_zero": welch.pvalue},
             1e-8, columns=columns, parameters={"lower": -12, "upper": 12}),
        case("welch-power-by-integration", "tost-welch", "the power as an integral over both sample variances, 120 x 120 nodes across the corner",
             {"operating.unmoved": welch_power(0.0), "operating.at_margin": welch_power(12.0)}, 1e-3, columns=columns,
             parameters={"lower": -12, "upper": 12}),
        case("pooled-against-scipy", "tost-pooled", "scipy.stats.ttest_ind, equal variances",
             {"interval.lower": pooled.low, "interval.upper": pooled.high}, columns=columns, parameters={"lower": -12, "upper": 12}),
        case("log-ratio-against-scipy", "geometric-mean-ratio", "scipy.stats.ttest_ind on logarithms",
             {"ratio": math.exp(np.mean(np.log(POTENCY_Y)) - np.mean(np.log(POTENCY_X))), "ratio_interval.lower": math.exp(log_interval.low),
              "ratio_interval.upper": math.exp(log_interval.high), "df": logs.df,
              "gcv_test": 100 * math.sqrt(math.exp(np.var(np.log(POTENCY_Y), ddof=1)) - 1)},
             columns={"reference": POTENCY_X, "test": POTENCY_Y}),
        case("fieller-by-root-search", "mean-ratio", "the ratios whose t statistic equals the critical value, by brentq", fieller(),
             columns=columns, parameters={"lower": 0.9, "upper": 1.1}),
        case("posterior-by-adaptive-integration", "posterior-equivalence", "scipy.integrate.quad over the density of one mean", posterior(), 1e-7,
             columns=columns, parameters={"lower": -12, "upper": 12}),
        case("joint-prediction-by-adaptive-integration", "next-batches", "scipy.integrate.dblquad over mean and SD", prediction(), 1e-6,
             columns={"values": [*X, 100.6]}, parameters={"lower": 90, "upper": 110, "batches": 3}),
        case("f-interval-against-scipy", "sd-ratio", "scipy.stats.f", sd_ratio(), columns=columns, parameters={"limit": 2}),
    ]  # fmt: skip


def welch_power(shift: float) -> float:
    """P(both Welch tests reject) for the observed SDs, by adaptive integration over both sample variances."""
    n, s = (5, 4), (np.std(X, ddof=1), np.std(Y, ddof=1))
    tau = math.sqrt(s[0] ** 2 / n[0] + s[1] ** 2 / n[1])

    def given(v1: float, v2: float) -> float:
        parts = (s[0] ** 2 * v1 / 4 / 5, s[1] ** 2 * v2 / 3 / 4)
        df = sum(parts) ** 2 / (parts[0] ** 2 / 4 + parts[1] ** 2 / 3)
        half = stats.t.ppf(0.95, df) * math.sqrt(sum(parts))
        return max(0.0, stats.norm.cdf((12 - half - shift) / tau) - stats.norm.cdf((-12 + half - shift) / tau))

    x, w = np.polynomial.legendre.leggauss(120)
    u, w = (x + 1) / 2, w / 2
    first, second = stats.chi2.ppf(u, 4), stats.chi2.ppf(u, 3)
    vectorised = np.vectorize(given)
    return float(w @ vectorised(first[:, None], second[None, :]) @ w)


def fieller() -> dict[str, float]:
    x, y = np.array(X), np.array(Y)
    s = math.sqrt((np.var(x, ddof=1) * 4 + np.var(y, ddof=1) * 3) / 7)

    def t(theta: float) -> float:
        return float((y.mean() - theta * x.mean()) / (s * math.sqrt(1 / 4 + theta**2 / 5)))

    critical = stats.t.ppf(0.95, 7)
    low, high = (optimize.brentq(lambda r, at=at: t(r) - at, 0.5, 1.5, xtol=1e-14) for at in (critical, -critical))
    return {"interval.lower": low, "interval.upper": high, "p_lower": stats.t.sf(t(0.9), 7), "p_upper": stats.t.cdf(t(1.1), 7), "ratio": y.mean() / x.mean()}


def posterior() -> dict[str, float]:
    x, y = (stats.t(len(v) - 1, np.mean(v), np.std(v, ddof=1) / math.sqrt(len(v))) for v in (X, Y))

    def below(d: float) -> float:
        return float(integrate.quad(lambda m: x.pdf(m) * y.cdf(m + d), -400, 600, points=[99.88, 100], limit=500, epsabs=1e-12)[0])

    return {
        "probability": below(12) - below(-12),
        "interval.lower": optimize.brentq(lambda d: below(d) - 0.05, -30, 30, xtol=1e-11),
        "interval.upper": optimize.brentq(lambda d: below(d) - 0.95, -30, 30, xtol=1e-11),
    }


def prediction() -> dict[str, float]:
    v = np.array([*X, 100.6])
    n, m, s = len(v), v.mean(), v.std(ddof=1)
    single = stats.t(n - 1, m, s * math.sqrt(1 + 1 / n))

    def given(chi2: float, z: float) -> float:
        sigma = s * math.sqrt((n - 1) / chi2)
        mu = m + z * sigma / math.sqrt(n)
        p = stats.norm.cdf((110 - mu) / sigma) - stats.norm.cdf((90 - mu) / sigma)
        return float(p**3 * stats.chi2.pdf(chi2, n - 1) * stats.norm.pdf(z))

    joint = integrate.dblquad(given, -8, 8, 1e-9, 60, epsabs=1e-10)[0]
    return {"probability_next": single.cdf(110) - single.cdf(90), "probability_all": joint, "prediction.lower": single.ppf(0.025)}


def sd_ratio() -> dict[str, float]:
    f = np.var(Y, ddof=1) / np.var(X, ddof=1)
    return {
        "ratio": math.sqrt(f),
        "upper_bound": math.sqrt(f / stats.f.ppf(0.05, 3, 4)),
        "interval.lower": math.sqrt(f / stats.f.ppf(0.975, 3, 4)),
        "interval.upper": math.sqrt(f / stats.f.ppf(0.025, 3, 4)),
        "p_not_inferior": stats.f.cdf(f / 4, 3, 4),
    }


def tolerance() -> list[dict[str, Any]]:
    v = np.array([*X, 100.7])
    n, m, s = len(v), v.mean(), v.std(ddof=1)
    k1, k2 = stats.nct.ppf(0.95, n - 1, stats.norm.ppf(0.99) * math.sqrt(n)) / math.sqrt(n), two_sided(n, 0.99, 0.95)
    logs = np.log(POTENCY_X)
    return [
        case("factors-by-definition", "tolerance-interval", "scipy.stats.nct, and the two-sided definition by integrate.quad and brentq",
             {"k_one_sided": k1, "k_two_sided": k2, "interval.lower": m - k2 * s, "interval.upper": m + k2 * s}, columns={"values": v.tolist()}),
        case("log-limits", "tolerance-lognormal", "the same factor on logarithms",
             {"interval.upper": math.exp(logs.mean() + k1 * logs.std(ddof=1)), "geometric_mean": math.exp(logs.mean())},
             columns={"values": POTENCY_X}, parameters={"sides": "upper"}),
        case("censored-likelihood", "tolerance-censored", "scipy.optimize.minimize of the log-likelihood, Hessian by differences", censored(), 1e-5,
             columns={"values": ["<0.5", 1.2, 0.8, 2.5, "<0.5", 1.6, 0.9, 1.1, 3.0, 0.7]}, parameters={"content": 0.95, "sides": "upper"}),
        case("pass-probabilities", "rule-comparison", "chance that all four of nine exchangeable batches lie between the other five, 5·4/(9·8); "
             "quality range and Welch TOST by integration over mean and SD",
             {"rules.min-max.passes.0": 5 * 4 / (9 * 8), "rules.mean ± 3 SD.passes.0": range_rule(0.0), "rules.mean ± 3 SD.passes.2": range_rule(2.0)},
             1e-7, parameters={"n_reference": 5, "n_test": 4}),
    ]  # fmt: skip


def two_sided(n: int, content: float, confidence: float) -> float:
    def width(z: float) -> float:
        return float(optimize.brentq(lambda r: stats.norm.cdf(z + r) - stats.norm.cdf(z - r) - content, 0, 20 + abs(z), xtol=1e-13))

    x, w = np.polynomial.hermite_e.hermegauss(100)
    w = w / w.sum()
    widths = np.array([width(z / math.sqrt(n)) for z in x])
    return float(optimize.brentq(lambda k: float(w @ stats.chi2.sf((n - 1) * (widths / k) ** 2, n - 1)) - confidence, 0.5, 100, xtol=1e-12))


def range_rule(shift: float) -> float:
    def given(chi2: float, z: float) -> float:
        m, s = z / math.sqrt(5), math.sqrt(chi2 / 4)
        p = stats.norm.cdf(m + 3 * s - shift) - stats.norm.cdf(m - 3 * s - shift)
        return float(p**4 * stats.chi2.pdf(chi2, 4) * stats.norm.pdf(z))

    return float(integrate.dblquad(given, -8, 8, 0, 70, epsabs=1e-10)[0])


def censored() -> dict[str, float]:
    y = np.log([1.2, 0.8, 2.5, 1.6, 0.9, 1.1, 3.0, 0.7])

    def loss(p: Any) -> float:
        return -float(stats.norm.logpdf(y, p[0], math.exp(p[1])).sum() + 2 * stats.norm.logcdf(math.log(0.5), p[0], math.exp(p[1])))

    best = _minimum(loss, [0.0, 0.0])
    covariance = np.linalg.inv(_hessian(loss, best))
    return {"mu": best[0], "sigma": math.exp(best[1]), "se_mu": math.sqrt(covariance[0, 0]), "se_log_sigma": math.sqrt(covariance[1, 1])}


def _minimum(loss: Any, start: list[float]) -> Any:
    x = np.array(start, float)
    for _ in range(6):
        x = optimize.minimize(loss, x, method="Nelder-Mead", options={"xatol": 1e-12, "fatol": 1e-15, "maxiter": 20000, "maxfev": 20000}).x
    return x


def _hessian(loss: Any, at: Any, step: float = 1e-4) -> Any:
    eye = np.eye(len(at)) * step
    return np.array([[(loss(at + a + b) - loss(at + a - b) - loss(at - a + b) + loss(at - a - b)) / (4 * step**2) for b in eye] for a in eye])


def stability() -> list[dict[str, Any]]:
    time, batch = TIMES * 3, list("AAAAAABBBBBBCCCCCC")
    value = [*A, *B, *C]
    long_time, long_batch, long_value = TIMES * 4, [*batch, *"DDDDDD"], [*value, *D]
    history = {"time": time, "value": value, "batch": batch}
    return [
        case("ancova-by-dense-matrices", "shelf-life", "least squares on dummy variables, crossings by brentq", ancova(np.array(time), np.array(value), batch),
             columns=history, parameters={"lower": 95}),
        case("reml-by-dense-matrices", "shelf-life-random", "restricted likelihood of the whole covariance matrix, Nelder-Mead",
             reml(np.array(long_time), np.array(long_value), long_batch), 1e-5,
             columns={"time": long_time, "value": long_value, "batch": long_batch}, parameters={"lower": 90}),
        case("slopes-by-dense-matrices", "slope-equivalence", "least squares with an intercept a batch and a slope a process",
             two_slopes(np.array(long_time), np.array(long_value)),
             columns={"time": long_time, "value": long_value, "batch": long_batch, "process": ["reference"] * 12 + ["test"] * 12},
             parameters={"lower": -0.1, "upper": 0.1}),
        case("prediction-by-linregress", "oot-regression", "scipy.stats.linregress", own_regression(),
             columns={"time": TIMES[:5], "value": A[:5]}, parameters={"new_time": 18, "new_value": 95}),
        case("chart-by-dense-matrices", "oot-control-chart", "least squares on dummy variables", chart(np.array(time), np.array(value), batch),
             columns={**history, "own_time": [0, 3], "own_value": [100.9, 100.1]}, parameters={"new_time": 6, "new_value": 97}),
        case("tolerance-at-time", "oot-time-point", "the two-sided definition by quadrature and brentq",
             {"k": two_sided(6, 0.99, 0.95), "mean": 593.3 / 6},
             columns={"value": [98.9, 98.1, 99.9, 98.4, 99.2, 98.8]}, parameters={"new_value": 95}),
        case("slopes-by-linregress", "oot-slope", "scipy.stats.linregress of each batch", slopes(),
             columns={**history, "own_time": [0, 3, 6, 9], "own_value": [100.9, 99.1, 97.2, 95.0]}),
        case("bounds-by-linregress", "regression-bounds", "scipy.stats.linregress, noncentral t for the tolerance bound", bounds(),
             columns={"time": TIMES, "value": A}, parameters={"at": 24}),
        case("tobit-by-minimisation", "censored-line", "scipy.optimize.minimize of the log-likelihood, Hessian by differences", tobit(), 1e-5,
             columns={"time": [0, 3, 6, 9, 12, 18, 24], "value": ["<0.05", "<0.05", 0.06, 0.08, 0.09, 0.13, 0.15]}, parameters={"at": 30}),
        case("joint-fit-by-curve-fit", "arrhenius", "scipy.optimize.curve_fit, and a line of ln rate on 1/T by linregress", *arrhenius()),
        case("rates-by-linregress", "arrhenius-rates", "scipy.stats.linregress of ln rate on 1/T, interval by t", arrhenius_rates(),
             columns={"rate": [0.004, 0.031, 0.12, 0.41], "temperature": [10, 25, 37, 50]}, parameters={"storage": 5, "loss": 0.5}),
        case("kinetic-mean", "mean-kinetic-temperature", "Haynes' formula term by term", {"mkt": kinetic([20.1, 22.4, 25.0, 24.2, 31.0, 21.5])},
             columns={"temperature": [20.1, 22.4, 25.0, 24.2, 31.0, 21.5]}),
    ]  # fmt: skip


def _fit(x: Any, y: Any) -> tuple[Any, Any, float, int]:
    """Estimates, (X'X)⁻¹, residual sum of squares and degrees of freedom."""
    b, *_ = np.linalg.lstsq(x, y, rcond=None)
    r = y - x @ b
    return b, np.linalg.inv(x.T @ x), float(r @ r), len(y) - x.shape[1]


def ancova(t: Any, y: Any, batch: list[str]) -> dict[str, float]:
    dummy = np.array([[float(b == name) for name in "ABC"] for b in batch])
    full, slope, line, origin = (
        _fit(x, y)
        for x in (
            np.hstack([dummy, dummy * t[:, None]]),
            np.hstack([dummy, t[:, None]]),
            np.stack([np.ones_like(t), t], axis=1).astype(float),
            np.hstack([np.ones((len(t), 1)), dummy * t[:, None]]),
        )
    )
    mse = full[2] / full[3]

    def life(fit: Any, row: Any) -> float:
        b, inverse, sse, df = fit
        t_critical = stats.t.ppf(0.95, df)
        return float(optimize.brentq(lambda at: row(at) @ b - 95 - t_critical * math.sqrt(sse / df * row(at) @ inverse @ row(at)), 0, 200, xtol=1e-12))

    eye = np.eye(3)
    singles = [_fit(np.stack([np.ones(6), np.array(TIMES)], axis=1), np.array(v)) for v in (A, B, C)]
    return {
        "ancova.slopes.f": (slope[2] - full[2]) / 2 / mse,
        "ancova.slopes.p": stats.f.sf((slope[2] - full[2]) / 2 / mse, 2, full[3]),
        "ancova.intercepts_full.f": (line[2] - slope[2]) / 2 / mse,
        "ancova.intercepts_reduced.f": (line[2] - slope[2]) / 2 / (slope[2] / slope[3]),
        "ancova.lines.f": (line[2] - full[2]) / 4 / mse,
        "ancova.common_intercept.f": (origin[2] - full[2]) / 2 / mse,
        "models.full.sse": full[2],
        "models.common-slope.sse": slope[2],
        "models.common-intercept.sse": origin[2],
        "models.common-line.sse": line[2],
        "models.common-line.shelf_life.time": life(line, lambda at: np.array([1.0, at])),
        "models.common-slope.shelf_life.time": min(life(slope, lambda at, i=i: np.append(eye[i], at)) for i in range(3)),
        "models.common-intercept.shelf_life.time": min(life(origin, lambda at, i=i: np.append(1.0, eye[i] * at)) for i in range(3)),
        "models.full.shelf_life.time": min(life(full, lambda at, i=i: np.append(eye[i], eye[i] * at)) for i in range(3)),
        "models.individual.shelf_life.time": min(life(each, lambda at: np.array([1.0, at])) for each in singles),
        "models.common-slope.batches.B.se_intercept": math.sqrt(slope[2] / slope[3] * slope[1][1, 1]),
    }


def reml(t: Any, y: Any, batch: list[str]) -> dict[str, float]:
    x = np.stack([np.ones_like(t), t], axis=1).astype(float)
    same = np.array([[a == b for b in batch] for a in batch])

    def parts(p: Any) -> tuple[Any, Any, float]:
        factor = np.array([[p[0], 0], [p[1], p[2]]])
        v = (x @ factor @ factor.T @ x.T) * same + math.exp(2 * p[3]) * np.eye(len(y))
        inverse = np.linalg.inv(v)
        c = np.linalg.inv(x.T @ inverse @ x)
        b = c @ x.T @ inverse @ y
        r = y - x @ b
        value = np.linalg.slogdet(v)[1] + np.linalg.slogdet(x.T @ inverse @ x)[1] + r @ inverse @ r + (len(y) - 2) * math.log(2 * math.pi)
        return b, c, float(value)

    best = _minimum(lambda p: parts(p)[2], [0.5, 0.01, 0.05, -1.0])
    b, c, value = parts(best)
    factor = np.array([[best[0], 0], [best[1], best[2]]])
    g = factor @ factor.T
    return {
        "intercept": b[0], "slope": b[1], "se_intercept": math.sqrt(c[0, 0]), "se_slope": math.sqrt(c[1, 1]), "sigma": math.exp(best[3]),
        "sd_intercept": math.sqrt(g[0, 0]), "sd_slope": math.sqrt(g[1, 1]), "correlation": g[0, 1] / math.sqrt(g[0, 0] * g[1, 1]),
        "restricted_log_likelihood": -value / 2,
        "mean_bound.time": optimize.brentq(
            lambda at: np.array([1, at]) @ b - 90 - stats.t.ppf(0.95, 3) * math.sqrt(np.array([1, at]) @ c @ np.array([1, at])), 0, 100),
        "quantile_estimate.time": optimize.brentq(
            lambda at: np.array([1, at]) @ b - 90 - stats.norm.ppf(0.95) * math.sqrt(np.array([1, at]) @ g @ np.array([1, at])), 0, 100),
    }  # fmt: skip


def two_slopes(t: Any, y: Any) -> dict[str, float]:
    dummy = np.kron(np.eye(4), np.ones((6, 1)))
    second = np.repeat([0.0, 0.0, 1.0, 1.0], 6)
    b, inverse, sse, df = _fit(np.column_stack([dummy, t * (1 - second), t * second]), y)
    contrast = np.array([0, 0, 0, 0, -1.0, 1.0])
    se = math.sqrt(sse / df * contrast @ inverse @ contrast)
    d = float(contrast @ b)
    return {
        "difference": d, "se": se, "df": df, "p_lower": stats.t.sf((d + 0.1) / se, df), "p_upper": stats.t.cdf((d - 0.1) / se, df),
        "interval.lower": d - stats.t.ppf(0.95, df) * se, "slope_reference": b[4], "slope_test": b[5],
    }  # fmt: skip


def _line(t: Any, y: Any, at: float) -> tuple[Any, float, float, int]:
    """linregress, residual SD, leverage at a time, degrees of freedom."""
    t, y = np.array(t, float), np.array(y)
    found = stats.linregress(t, y)
    r = y - found.intercept - found.slope * t
    leverage = 1 / len(t) + (at - t.mean()) ** 2 / np.sum((t - t.mean()) ** 2)
    return found, math.sqrt(r @ r / (len(t) - 2)), float(leverage), len(t) - 2


def own_regression() -> dict[str, float]:
    found, s, h, df = _line(TIMES[:5], A[:5], 18)
    predicted, half = found.intercept + 18 * found.slope, stats.t.ppf(0.975, df) * s * math.sqrt(1 + h)
    return {"predicted": predicted, "interval.lower": predicted - half, "interval.upper": predicted + half,
            "p": 2 * stats.t.sf(abs(95 - predicted) / (s * math.sqrt(1 + h)), df)}  # fmt: skip


def bounds() -> dict[str, float]:
    found, s, h, df = _line(TIMES, A, 24)
    predicted = found.intercept + 24 * found.slope
    k = stats.nct.ppf(0.95, df, stats.norm.ppf(0.95) / math.sqrt(h)) * math.sqrt(h)
    return {"predicted": predicted, "confidence_lower": predicted - stats.t.ppf(0.95, df) * s * math.sqrt(h), "tolerance_lower": predicted - k * s,
            "prediction_interval.upper": predicted + stats.t.ppf(0.975, df) * s * math.sqrt(1 + h), "se_slope": found.stderr,
            "se_intercept": found.intercept_stderr}  # fmt: skip


def chart(t: Any, y: Any, batch: list[str]) -> dict[str, float]:
    dummy = np.array([[float(b == name) for name in "ABC"] for b in batch])
    b, inverse, sse, df = _fit(np.column_stack([dummy, t]), y)
    s2 = sse / df
    predicted = 100.5 + b[3] * (6 - 1.5)
    se = math.sqrt(s2 * (1 + 1 / 2) + (6 - 1.5) ** 2 * s2 * inverse[3, 3])
    return {"predicted": predicted, "se": se, "slope": b[3], "interval.lower": predicted - stats.t.ppf(0.975, df) * se}


def slopes() -> dict[str, float]:
    each = np.array([stats.linregress(TIMES, v).slope for v in (A, B, C)])
    own = stats.linregress([0, 3, 6, 9], [100.9, 99.1, 97.2, 95.0]).slope
    half = stats.t.ppf(0.975, 2) * each.std(ddof=1) * math.sqrt(4 / 3)
    return {"slope": own, "mean_slope": each.mean(), "interval.lower": each.mean() - half, "interval.upper": each.mean() + half}


def tobit() -> dict[str, float]:
    t, y = np.array([6, 9, 12, 18, 24.0]), np.array([0.06, 0.08, 0.09, 0.13, 0.15])

    def loss(p: Any) -> float:
        s = math.exp(p[2])
        return -float(stats.norm.logpdf(y, p[0] + p[1] * t, s).sum() + stats.norm.logcdf(0.05, p[0] + p[1] * np.array([0, 3]), s).sum())

    best = _minimum(loss, [0.03, 0.005, -5.0])
    scale = np.array([1e-3, 1e-4, 1e-1])
    covariance = np.linalg.inv(_hessian(lambda q: loss(best + q * scale), np.zeros(3), 1e-2)) * np.outer(scale, scale)
    return {"intercept": best[0], "slope": best[1], "sigma": math.exp(best[2]), "se_slope": math.sqrt(covariance[1, 1]), "predicted": best[0] + 30 * best[1]}


def arrhenius() -> tuple[dict[str, float], float]:
    t, y, k = _arrhenius_data()
    storage, r = 278.15, 8.314462618e-3

    def model(given: Any, initial: float, log_rate: float, energy: float) -> Any:
        time, kelvin = given
        return initial - np.exp(log_rate - energy / r * (1 / kelvin - 1 / storage)) * time

    p, covariance = optimize.curve_fit(model, (t, k), y, p0=[100, -3.0, 90.0], xtol=1e-14, ftol=1e-14, gtol=1e-14)
    rates = [-stats.linregress(t[k == each], y[k == each]).slope for each in np.unique(k)]
    two = stats.linregress(1 / np.unique(k), np.log(rates))
    found = {
        "one_stage.initial": p[0], "one_stage.rate_storage": math.exp(p[1]), "one_stage.activation_energy": p[2],
        "one_stage.se_ln_rate": math.sqrt(covariance[1, 1]), "one_stage.se_activation_energy": math.sqrt(covariance[2, 2]),
        "two_stage.activation_energy": -two.slope * r, "two_stage.rate_storage": math.exp(two.intercept + two.slope / storage),
    }  # fmt: skip
    return found, 1e-5


def arrhenius_rates() -> dict[str, float]:
    x, y = 1 / (np.array([10, 25, 37, 50]) + 273.15), np.log([0.004, 0.031, 0.12, 0.41])
    found = stats.linregress(x, y)
    s = math.sqrt(np.sum((y - found.intercept - found.slope * x) ** 2) / 2)
    at = 1 / 278.15
    se = s * math.sqrt(1 / 4 + (at - x.mean()) ** 2 / np.sum((x - x.mean()) ** 2))
    rate = math.exp(found.intercept + found.slope * at)
    return {
        "activation_energy": -found.slope * 8.314462618e-3, "ln_a": found.intercept, "rate_storage": rate, "time_to_loss": 0.5 / rate,
        "rate_storage_interval.upper": rate * math.exp(stats.t.ppf(0.975, 2) * se), "r_squared": found.rvalue**2,
    }  # fmt: skip


ACCELERATED = [100.1, 99.8, 99.7, 99.5, 99.4, 99.9, 98.7, 97.6, 96.2, 95.3, 100.2, 96.9, 93.4, 90.4, 87.1, 100.0, 91.8, 84.1, 75.8, 68.2]


def _arrhenius_data() -> tuple[Any, Any, Any]:
    return np.array([0, 3, 6, 9, 12.0] * 4), np.array(ACCELERATED), np.repeat([5.0, 25, 40, 55], 5) + 273.15


def kinetic(celsius: list[float]) -> float:
    h = 83.144 / 8.314462618e-3
    return h / -math.log(sum(math.exp(-h / (c + 273.15)) for c in celsius) / len(celsius)) - 273.15


def write() -> None:
    """Write every case."""
    found = stability()
    for each in found:
        if each["method"] == "arrhenius":
            each["columns"] = {"time": [0, 3, 6, 9, 12] * 4, "value": ACCELERATED, "temperature": [5] * 5 + [25] * 5 + [40] * 5 + [55] * 5}
    for family, cases in {"comparability": equivalence() + tolerance(), "stability": found}.items():
        text = yaml.safe_dump(cases, sort_keys=False, allow_unicode=True, width=150, default_flow_style=None)
        (HERE / family / "cases" / "independent.yaml").write_text(text, "utf-8")


if __name__ == "__main__":
    write()
