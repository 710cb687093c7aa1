"""The control chart of one stream, or the reason why there is none. Nothing is computed of what may not be a number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from holdfast.science.control.individuals import IndividualsResult, individuals_chart
from holdfast.science.refusal import Unsuitable
from holdfast.science.series import Series

from .normality import LEAST
from .reported import MARKS, ReportedResult
from .streams import Stream

PART_SEEN = "You see a part of the programme. Limits and capability are not computed from a part of the results: they would be others."


@dataclass(frozen=True)
class Fired:
    """A rule that fired at a batch: the result that completes its pattern."""

    rule: str  # "1" to "8" by Nelson's numbers, "MR" for the moving range
    meaning: str
    result: ReportedResult


@dataclass(frozen=True)
class Charted:
    """The chart of a stream's counted results, or why there is none; and every rule that fired, by batch."""

    stream: Stream
    chart: IndividualsResult | None
    refused: str = ""
    fired: tuple[Fired, ...] = ()

    def rules_at(self, result: ReportedResult) -> tuple[str, ...]:
        return tuple(one.rule for one in self.fired if one.result.key == result.key)


def chart_of(stream: Stream, baseline: int | None = None, whole: bool = True) -> Charted:
    """I-MR chart with the run rules of Nelson's numbers 1, 2, 5 and 6. `baseline`: limits from the first so many results; all of them otherwise.

    `whole` says whether the viewer sees all of the programme: a part gives no limits.
    """
    why = refusal(stream, whole)
    if why:
        return Charted(stream, None, why)
    try:
        chart = individuals_chart(values=series_of(stream), baseline=baseline)
    except Unsuitable as error:
        return Charted(stream, None, str(error))
    return Charted(stream, chart, fired=_fired(stream.counted, chart))


def refusal(stream: Stream, whole: bool = True) -> str:
    """Why no statistic is computed of a stream; blank when one may be."""
    rows = stream.counted
    if not stream.is_numeric:
        return "Reported in words: there is no chart of numbers."
    if not whole:
        return PART_SEEN
    if stream.not_pooled:
        return stream.not_pooled
    return _not_numbers(rows) or _several(rows) or _too_few(rows)


def series_of(stream: Stream) -> Series:
    """The counted results as a column, with their censoring marks. Every one of them must have a value (`refusal` is blank)."""
    rows = [(float(row.value), MARKS[row.censoring]) for row in stream.counted if row.value is not None]
    return Series(tuple(value for value, _ in rows), tuple(mark for _, mark in rows), stream.factors.unit)


def _not_numbers(rows: tuple[ReportedResult, ...]) -> str:
    censored, words = sum(row.is_censored for row in rows), sum(row.value is None for row in rows)
    if censored:
        return f"{censored} of {len(rows)} results lie beyond a limit of what could be measured: a chart would take the limit for the result."
    return f"{words} of {len(rows)} results are in words." if words else ""


def _several(rows: tuple[ReportedResult, ...]) -> str:
    doubled = [batch for batch, times in Counter(row.batch for row in rows).items() if times > 1]
    return f"{', '.join(doubled)}: more than one approved result. A chart of single values takes one a batch." if doubled else ""


def _too_few(rows: tuple[ReportedResult, ...]) -> str:
    return f"{len(rows)} approved {'result' if len(rows) == 1 else 'results'}: limits are drawn from {LEAST} on." if len(rows) < LEAST else ""


def _fired(rows: tuple[ReportedResult, ...], chart: IndividualsResult) -> tuple[Fired, ...]:
    found = [(signal.point, Fired(str(signal.rule), signal.meaning, rows[signal.point - 1])) for signal in chart.signals]
    found += [(point, Fired("MR", "a moving range beyond its limit", rows[point - 1])) for point in chart.moving_range_beyond]
    return tuple(fired for _, fired in sorted(found, key=lambda pair: pair[0]))


__all__ = ["Charted", "Fired", "chart_of", "refusal", "series_of"]
