"""What a batch must show at release so that it still meets its specification at the end of shelf life."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from ..dimension import Y_PER_X, X, Y
from ..method import Example, method
from ..parameter import Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..words import say, share


@dataclass(frozen=True, kw_only=True)
class ReleaseLimitResult(Result):
    """A release limit against loss (or gain) and error of measurement."""

    release_limit: float = reported("limit that the release result must meet", Y)
    change: float = reported("change expected over the shelf life", Y)
    allowance: float = reported("t times the standard error of slope and release result together", Y)
    se: float = reported("sqrt(T² SE_b² + s²/n)", Y)
    df: float = reported("Satterthwaite degrees of freedom")
    t: float = reported("quantile of t in use")


@method(
    name="release-limit",
    title="Release limit from shelf life, slope and assay error (Allen, Dukes & Gerger)",
    family="stability",
    result=ReleaseLimitResult,
    citations=[Citation("Allen PV, Dukes GR, Gerger ME (1991) Pharm Res 8:1210-1213")],
    columns=[],
    parameters=[
        Parameter("limit", "specification limit at the end of shelf life", dimension=Y),
        Parameter("side", "whether it is the lower or the upper limit", "choice", "lower", choices=("lower", "upper")),
        Parameter("slope", "change per unit of time (negative for loss)", dimension=Y_PER_X),
        Parameter("se_slope", "standard error of the slope", "positive", dimension=Y_PER_X),
        Parameter("df_slope", "its degrees of freedom", "positive"),
        Parameter("shelf_life", "shelf life", "positive", dimension=X),
        Parameter("s", "standard deviation of a single release result", "positive", dimension=Y),
        Parameter("df_s", "its degrees of freedom", "positive"),
        Parameter("n", "results averaged at release", "count", 1),
        Parameter("confidence", "one-sided confidence", "probability", 0.95),
    ],
    example=Example({}, {"limit": 90, "slope": -0.2, "se_slope": 0.02, "df_slope": 20, "shelf_life": 24, "s": 0.8, "df_s": 20, "n": 2}),
)
def release_limit(
    *,
    limit: float,
    side: str = "lower",
    slope: float,
    se_slope: float,
    df_slope: float,
    shelf_life: float,
    s: float,
    df_s: float,
    n: int = 1,
    confidence: float = 0.95,
) -> ReleaseLimitResult:
    """limit - b T + t sqrt(T² SE_b² + s²/n) for a lower limit (the mirror image for an upper), t with Satterthwaite degrees of freedom.

    A change towards the inside of the limit is not credited. Assumptions: one slope for all batches, errors normal and independent.
    """
    parts = (shelf_life**2 * se_slope**2, s**2 / n)
    se = math.sqrt(sum(parts))
    df = sum(parts) ** 2 / (parts[0] ** 2 / df_slope + parts[1] ** 2 / df_s)
    t = float(special.stdtrit(df, confidence))
    sign = 1.0 if side == "lower" else -1.0
    if df <= 0:
        raise WrongParameter("The degrees of freedom must be above 0.")
    change = slope * shelf_life
    credited = min(sign * change, 0.0)
    found = limit + sign * (-credited + t * se)
    return ReleaseLimitResult(
        release_limit=found,
        change=change,
        allowance=t * se,
        se=se,
        df=df,
        t=t,
        definitions={"degrees of freedom": "Satterthwaite", "change towards the inside": "not credited"},
        assumptions=(Assumption("All batches change at one slope; errors are normal and independent."),),
        sentence=f"To meet {say(limit)} after {say(shelf_life)} with {share(confidence)} confidence, a batch must show "
        f"{'at least' if side == 'lower' else 'at most'} {say(found, 5)} at release (mean of {n}).",
    )
