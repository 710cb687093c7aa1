"""What a method gives back: a frozen result whose every quantity has a meaning and a dimension, and that is ready for JSON."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np

from .dimension import NUMBER, Dimension
from .refusal import NotFinite

Sides = Literal["two", "lower", "upper"]


@dataclass(frozen=True)
class Interval:
    """An interval at a confidence (or posterior, or content) level. An open end is None, and `note` says why it is open."""

    lower: float | None
    upper: float | None
    confidence: float
    kind: str = "confidence"  # confidence, tolerance, prediction, credible
    sides: Sides = "two"
    note: str = ""


@dataclass(frozen=True)
class Assumption:
    """What a method takes for granted; `checked` says whether the data were asked, `found` what they answered."""

    statement: str
    checked: bool = False
    found: str = ""
    holds: bool | None = None


@dataclass(frozen=True)
class Citation:
    """Where a definition stands."""

    text: str
    section: str = ""

    def __str__(self) -> str:
        return f"{self.text}, {self.section}" if self.section else self.text


@dataclass(frozen=True)
class Passing:
    """How often a rule would pass a product whose true shift is `shift` (in the unit of the response; `in_sd` in standard deviations)."""

    shift: float
    in_sd: float
    probability: float
    error: float = 0.0  # Monte Carlo standard error; 0 for quadrature


@dataclass(frozen=True)
class OperatingCharacteristic:
    """What the decision rule is worth at this design: `unmoved` with no true shift, `at_margin` with a true shift that must not pass.

    `sd` says which variability was assumed. `weak` is set when an unmoved product would fail more often than one time in five.
    """

    basis: Literal["quadrature", "simulation"]
    sd: str
    unmoved: float
    at_margin: float
    row: tuple[Passing, ...] = ()
    weak: bool = False
    simulations: int | None = None
    seed: int | None = None


def reported(meaning: str, dimension: Dimension = NUMBER, *, per_row: bool = False, unit_bound: bool = False, default: Any = dataclasses.MISSING) -> Any:
    """A quantity of a result: what it means and its dimension. `per_row` marks one value for each input row, in the order given, and
    `unit_bound` what depends on the unit by more than a factor (a time truncated to whole months, a likelihood).

    Containers (tuples, mappings, intervals) share the dimension; parts that differ are frozen dataclasses with `reported` fields of their own.
    """
    metadata = {"meaning": meaning, "dimension": dimension, "apart": per_row or unit_bound}
    return field(metadata=metadata) if default is dataclasses.MISSING else field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Result:
    """Base of every result. A method fills quantities, definitions, assumptions, decision and sentence; `Method` adds the rest.

    Numbers become plain Python floats here, and a NaN or an infinity raises `NotFinite` instead of being reported.
    """

    sentence: str
    decision: str | None = None
    definitions: Mapping[str, str] = field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()
    warnings: tuple[str, ...] = ()
    operating: OperatingCharacteristic | None = None
    seed: int | None = None
    method: str = ""
    title: str = ""
    version: str = ""
    citations: tuple[Citation, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    y_unit: str = ""
    x_unit: str = ""
    digest: str = ""

    furniture: ClassVar[frozenset[str]]

    def __post_init__(self) -> None:
        for each in dataclasses.fields(self):
            object.__setattr__(self, each.name, plain(getattr(self, each.name), f"{type(self).__name__}.{each.name}"))

    @classmethod
    def quantities(cls) -> Iterator[dataclasses.Field[Any]]:
        """The fields that are this method's own, in the order they are reported."""
        return (each for each in dataclasses.fields(cls) if each.name not in Result.furniture)

    def units(self) -> dict[str, str]:
        """The unit of every quantity that has one, by its path."""
        return {path: dimension.unit(self.y_unit, self.x_unit) for path, _, dimension, _ in leaves(self)}

    def as_dict(self) -> dict[str, Any]:
        """The whole result as JSON-ready values: numbers print with the shortest text that reads back to the same number."""
        kept = ("method", "title", "version", "decision", "sentence")
        rest = ("parameters", "counts", "definitions", "assumptions", "warnings", "operating", "seed", "digest")
        return {
            **{name: getattr(self, name) for name in kept},
            "quantities": {each.name: ready(getattr(self, each.name)) for each in self.quantities()},
            "units": self.units(),
            **{name: ready(getattr(self, name)) for name in rest},
            "citations": [str(each) for each in self.citations],
        }


Result.furniture = frozenset(each.name for each in dataclasses.fields(Result))


def plain(value: Any, place: str) -> Any:
    """numpy scalars and arrays as Python numbers and tuples; raises `NotFinite` for NaN and infinities, naming the place."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        raise NotFinite(f"{place} came out as {value}. The data do not determine it: nothing is reported.")
    if isinstance(value, (list, tuple)):
        return tuple(plain(part, place) for part in value)
    if isinstance(value, Mapping):
        return {str(key): plain(part, f"{place}.{key}") for key, part in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, Result)):
        return dataclasses.replace(value, **{each.name: plain(getattr(value, each.name), f"{place}.{each.name}") for each in dataclasses.fields(value)})
    return value


def ready(value: Any) -> Any:
    """Dataclasses as dictionaries and tuples as lists, all the way down."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: ready(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: ready(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [ready(part) for part in value]
    return value


def leaves(result: Result) -> Iterator[tuple[str, float | int, Dimension, bool]]:
    """Every number among a result's quantities: path, value, dimension, and whether it stands apart (`per_row` or `unit_bound`)."""
    for each in result.quantities():
        yield from _leaves(getattr(result, each.name), each.name, each.metadata.get("dimension", NUMBER), each.metadata.get("apart", False))


def _leaves(value: Any, path: str, dimension: Dimension, apart: bool) -> Iterator[tuple[str, float | int, Dimension, bool]]:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return
    if isinstance(value, Interval):
        for name in ("lower", "upper"):
            yield from _leaves(getattr(value, name), f"{path}.{name}", dimension, apart)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for each in dataclasses.fields(value):
            inner = each.metadata.get("dimension", dimension)
            yield from _leaves(getattr(value, each.name), f"{path}.{each.name}", inner, apart or each.metadata.get("apart", False))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, f"{path}.{key}", dimension, apart)
    elif isinstance(value, tuple):
        for position, part in enumerate(value):
            yield from _leaves(part, f"{path}.{position}", dimension, apart)
    else:
        yield path, value, dimension, apart
