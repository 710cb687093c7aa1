"""Streams: results that depend on the same things, so that what varies in them is the process and its measurement alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.dictionary.pooling import Measured, Pools, may_pool, pools_of

from .reported import ReportedResult

UNMATCHED = "The attribute is not matched to the dictionary, so nobody can tell what may be pooled."


@dataclass(frozen=True, order=True)
class Factors:
    """What results of one stream share. A factor that is not recorded is blank, and stays a level of its own."""

    lot_kind: str
    stage: str
    maker: str
    process: str
    laboratory: str
    method: str
    unit: str

    @classmethod
    def of(cls, result: ReportedResult) -> Factors:
        process = f"{result.process} v{result.process_version}" if result.process else ""
        method = f"{result.procedure} v{result.method_version}" if result.procedure else ""
        return cls(result.lot_kind, result.stage, result.maker or "", process, result.laboratory or "", method, result.unit)

    @property
    def said(self) -> str:
        """The factors in a phrase: what is not recorded is said to be so."""
        made = f"made at {self.maker or 'a site that is not recorded'} by {self.process or 'a process that is not recorded'}"
        tested = f"tested at {self.laboratory or 'a laboratory that is not recorded'} by {self.method or 'a procedure that is not recorded'}"
        return f"{made}, {tested}"


@dataclass(frozen=True)
class Stream:
    """Every standing result of one set of factors in order of manufacture; `entry` is what the attribute is in the dictionary, blank when nobody said."""

    factors: Factors
    results: tuple[ReportedResult, ...]
    entry: str

    @property
    def counted(self) -> tuple[ReportedResult, ...]:
        """Approved results of batches with a day of manufacture: all that a statistic may hold."""
        return tuple(result for result in self.results if not result.set_aside)

    @property
    def is_numeric(self) -> bool:
        return any(result.value is not None for result in self.results)

    @property
    def not_pooled(self) -> str:
        """Why the results may not stand in one statistic; blank when the dictionary allows it. One result is asked too: its conditions may not be recorded."""
        if not self.entry:
            return UNMATCHED
        ways = _ways(self.results, self.entry)
        answers = (may_pool(dictionary(), ways[0], way) for way in ways)
        return next((answer.reason for answer in answers if not answer.allowed), "")


def streams_of(results: Iterable[ReportedResult], entry: str) -> tuple[Stream, ...]:
    """The streams of one attribute, the longest first."""
    found: dict[Factors, list[ReportedResult]] = defaultdict(list)
    for result in results:
        found[Factors.of(result)].append(result)
    streams = [Stream(factors, tuple(rows), entry) for factors, rows in found.items()]
    return tuple(sorted(streams, key=lambda stream: (-len(stream.counted), stream.factors)))


def pools_across(results: Iterable[ReportedResult], entry: str) -> Pools:
    """How the results of all streams may be pooled, and why some stand apart. Nothing may while the attribute is unmatched."""
    return pools_of(dictionary(), _ways(results, entry)) if entry else Pools((), (UNMATCHED,))


def _ways(results: Iterable[ReportedResult], entry: str) -> list[Measured]:
    """The distinct ways in which results were measured, in their order."""
    ways: list[Measured] = []
    for result in results:
        way = result.measured(entry)
        if way not in ways:
            ways.append(way)
    return ways


__all__ = ["Factors", "Stream", "pools_across", "streams_of"]
