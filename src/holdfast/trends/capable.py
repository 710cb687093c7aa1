"""Capability of a stream against each registered limit: an index only where its assumptions allow one, otherwise the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from holdfast.science.capability.capability import CapabilityResult, capability
from holdfast.science.refusal import Unsuitable

from .charting import Charted, series_of
from .limits import RegisteredLimit
from .normality import CRITICAL_5_PERCENT, anderson_darling


@dataclass(frozen=True)
class Capable:
    """What the stream is capable of against one registered limit, or why nothing is said."""

    limit: RegisteredLimit
    found: CapabilityResult | None = None
    refused: str = ""

    @property
    def says(self) -> str:
        """Ppk with its exact two-sided interval, `Ppk 0.84 (95 % interval 0.46 to 1.22, n = 13)`, or the reason for none."""
        if self.found is None:
            return self.refused
        interval = self.found.ppk.exact_interval
        assert interval is not None and interval.lower is not None and interval.upper is not None
        return f"Ppk {self.found.ppk.estimate:.2f} (95 % interval {interval.lower:.2f} to {interval.upper:.2f}, n = {self.found.n})"


def capabilities_of(charted: Charted, limits: Iterable[RegisteredLimit]) -> tuple[Capable, ...]:
    """One answer for each application whose limit is a number: the US and the EU are never merged."""
    why = unstable(charted)
    return tuple(Capable(limit, refused=why) if why else _against(charted, limit) for limit in limits if limit.is_numeric)


def unstable(charted: Charted) -> str:
    """Which assumption of an index does not hold: a stable process, independent values, normal values; blank when none is contradicted."""
    chart = charted.chart
    if chart is None:
        return charted.refused
    if charted.fired:
        return f"The chart has {len(charted.fired)} signal{'s' if len(charted.fired) > 1 else ''}: an index of an unstable process describes nothing."
    if any(assumption.holds is False for assumption in chart.assumptions):
        return f"Values depend on those before them (lag-1 autocorrelation {chart.autocorrelation:.2f}): an index takes them as independent."
    statistic = anderson_darling(series_of(charted.stream).values)
    if statistic > CRITICAL_5_PERCENT:
        return f"The values are not normal (Anderson-Darling {statistic:.2f}, above {CRITICAL_5_PERCENT}): an index of a normal model would mislead."
    return ""


def _against(charted: Charted, limit: RegisteredLimit) -> Capable:
    unit = charted.stream.factors.unit
    if limit.unit != unit:
        return Capable(limit, refused=f"The limit is in {limit.unit or 'no unit'}, the results in {unit or 'no unit'}: they are not converted.")
    lower, upper = (None if edge is None else float(edge) for edge in (limit.lower, limit.upper))
    try:
        return Capable(limit, capability(values=series_of(charted.stream), lower=lower, upper=upper))
    except Unsuitable as error:
        return Capable(limit, refused=str(error))


__all__ = ["Capable", "capabilities_of", "unstable"]
