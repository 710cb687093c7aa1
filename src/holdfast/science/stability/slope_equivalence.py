"""Do material before and after a change degrade at the same pace: TOST on the difference of mean slopes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..comparability.operating import characteristic, tost_power
from ..comparability.two_one_sided import (
    EQUIVALENT,
    MARGIN_FIXED,
    NOT_SHOWN,
    SCHUIRMANN,
    check_margins,
    operating_sentence,
    t_interval,
    two_one_sided,
    weakness,
)
from ..dimension import Y_PER_X, Y
from ..method import Column, Example, method
from ..parameter import ALPHA, Parameter
from ..refusal import Degenerate, Mismatch, TooFew
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Series
from ..words import say, share
from .batch_lines import design
from .shelf_life import COLUMNS


@dataclass(frozen=True, kw_only=True)
class SlopeEquivalenceResult(Result):
    """Slopes of two processes, each over its batches with an intercept for each batch."""

    difference: float = reported("slope of test minus slope of reference", Y_PER_X)
    se: float = reported("its standard error", Y_PER_X)
    df: int = reported("residual degrees of freedom")
    interval: Interval = reported("the 100(1-2 alpha) % confidence interval of the difference", Y_PER_X)
    t_lower: float = reported("statistic against the lower margin")
    t_upper: float = reported("statistic against the upper margin")
    p_lower: float = reported("one-sided p-value against the lower margin")
    p_upper: float = reported("one-sided p-value against the upper margin")
    p: float = reported("the larger of the two one-sided p-values")
    p_zero: float = reported("two-sided p-value of the test of no difference, for information")
    slope_reference: float = reported("common slope of the reference batches", Y_PER_X)
    slope_test: float = reported("common slope of the test batches", Y_PER_X)
    se_reference: float = reported("its standard error", Y_PER_X)
    se_test: float = reported("its standard error", Y_PER_X)
    rmse: float = reported("residual standard deviation", Y)
    f_batches: float = reported("F that slopes differ between batches of one process")
    p_batches: float = reported("its p-value: small says that one slope a process is not enough")
    batches: dict[str, int] = reported("number of batches of each process")


@method(
    name="slope-equivalence",
    title="Equivalence of degradation slopes before and after a change (ANCOVA, TOST)",
    family="stability",
    result=SlopeEquivalenceResult,
    citations=[Citation("ICH Q5E Comparability of Biotechnological/Biological Products (2004)", "2.4"), SCHUIRMANN],
    columns=[*COLUMNS, Column("process", "process of the result: reference or test", kind="label", axis=None, least=3, together=True)],
    parameters=[
        Parameter("lower", "lower margin of the difference of slopes, fixed before the data", dimension=Y_PER_X),
        Parameter("upper", "upper margin of the difference of slopes, fixed before the data", dimension=Y_PER_X),
        Parameter("reference", "which process is the reference", "text", "reference"),
        ALPHA,
    ],
    example=Example(
        {
            "time": [0, 3, 6, 9, 12, 18] * 4,
            "value": [
                *(101.2, 100.4, 100.1, 99.2, 98.9, 97.8),
                *(100.6, 100.3, 99.1, 99.0, 98.1, 97.2),
                *(102.1, 101.4, 101.2, 100.2, 99.9, 98.7),
                *(101.0, 100.5, 99.6, 99.2, 98.3, 97.1),
            ],
            "batch": list("AAAAAABBBBBBCCCCCCDDDDDD"),
            "process": ["reference"] * 12 + ["test"] * 12,
        },
        {"lower": -0.1, "upper": 0.1},
        y_unit="%",
        x_unit="month",
    ),
)
def slope_equivalence(
    *,
    time: Series,
    value: Series,
    batch: Sequence[str],
    process: Sequence[str],
    lower: float,
    upper: float,
    reference: str = "reference",
    alpha: float = 0.05,
) -> SlopeEquivalenceResult:
    """Whether the common slope of the test batches is equivalent to that of the reference batches; each batch has its own intercept.

    Assumptions: straight lines, one slope for all batches of a process, independent errors of one variance; margins fixed before the data.
    """
    check_margins(lower, upper)
    kinds = sorted(set(process))
    if len(kinds) != 2 or reference not in kinds:
        raise Mismatch(f"Two processes are needed, one of them {reference!r}; found: {', '.join(kinds)}.")
    keys = [f"{p}\x1f{b}" for p, b in zip(process, batch, strict=True)]
    of = design(time.array, keys)
    of_test = np.array([name.split("\x1f")[0] != reference for name in of.names])
    indicator, y = np.eye(of.k)[of.of], value.array
    centred = time.array - of.centre[of.of]
    cross, mean = (y * centred) @ indicator, y @ indicator / of.number
    spread = np.array([of.spread[~of_test].sum(), of.spread[of_test].sum()])
    slopes = np.array([cross[~of_test].sum(), cross[of_test].sum()]) / spread
    residual = y - mean[of.of] - slopes[of_test[of.of].astype(int)] * centred
    sse, df = float(residual @ residual), len(y) - of.k - 2
    own = y - mean[of.of] - (cross / of.spread)[of.of] * centred
    sse_full, df_full = float(own @ own), len(y) - 2 * of.k
    if df < 1 or df_full < 1:
        raise TooFew(f"{len(y)} values of {of.k} batches leave no degree of freedom for error. Wait for further pulls.")
    if not sse_full > 1e-24 * float(y @ y):
        raise Degenerate("The values lie on straight lines exactly: there is no error to test against. Give unrounded values.")
    s = math.sqrt(sse / df)
    se = s / np.sqrt(spread)
    difference, se_difference = float(slopes[1] - slopes[0]), float(np.hypot(*se))
    tests = two_one_sided(difference, se_difference, df, lower, upper)
    interval = t_interval(difference, se_difference, df, 1 - 2 * alpha)
    f = max(sse - sse_full, 0.0) / max(of.k - 2, 1) / (sse_full / df_full)
    p_batches = float(special.fdtrc(of.k - 2, df_full, f)) if of.k > 2 else 1.0
    shown = float(tests.p) < alpha
    operating = characteristic("the observed residual SD", se_difference, (lower, upper), lambda at: tost_power(at, se_difference, df, lower, upper, alpha))
    return SlopeEquivalenceResult(
        difference=difference,
        se=se_difference,
        df=df,
        interval=interval,
        t_lower=float(tests.t_lower),
        t_upper=float(tests.t_upper),
        p_lower=float(tests.p_lower),
        p_upper=float(tests.p_upper),
        p=float(tests.p),
        p_zero=float(2 * special.stdtr(df, -abs(difference / se_difference))),
        slope_reference=float(slopes[0]),
        slope_test=float(slopes[1]),
        se_reference=float(se[0]),
        se_test=float(se[1]),
        rmse=s,
        f_batches=f,
        p_batches=p_batches,
        batches={"reference": int((~of_test).sum()), "test": int(of_test.sum())},
        decision=EQUIVALENT if shown else NOT_SHOWN,
        operating=operating,
        definitions={"model": "an intercept for each batch, a slope for each process", "degrees of freedom": "n - batches - 2"},
        assumptions=(
            MARGIN_FIXED,
            Assumption("Batches of one process have one slope.", of.k > 2, f"F test: p = {p_batches:.2g}.", p_batches >= 0.05),
        ),
        warnings=weakness(operating, (lower, upper)),
        sentence=f"The slope of the test batches minus that of the reference batches was {say(difference)} ({share(1 - 2 * alpha)} CI "
        f"{say(interval.lower or 0)} to {say(interval.upper or 0)}), {'inside' if shown else 'not inside'} the margins {say(lower)} to {say(upper)}; "
        f"equivalence {'is concluded' if shown else 'is not demonstrated'} at alpha = {alpha:g}. {operating_sentence(operating)}",
    )
