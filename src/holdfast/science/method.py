"""A method: a public function together with what a person must know before using it, checked before it computes.

`@method(...)` stands on a function whose keyword arguments are its columns (a `Series`, or labels) and parameters. Calling it checks the
columns (units, censoring, number, lengths) and the parameters (kind and range), computes, and adds to the result what identifies it.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, ParamSpec, TypeVar

import rfc8785

from .parameter import Parameter
from .refusal import Mismatch, MixedUnits, TooFew, Unsuitable, WrongParameter
from .result import Citation, Result
from .series import Series

P = ParamSpec("P")
R = TypeVar("R", bound=Result)
Family = Literal["comparability", "comparison", "capability", "stability", "potency", "control", "proficiency", "meta", "sampling", "molecular", "outliers"]


@dataclass(frozen=True)
class Column:
    """A column a method reads. `kind` number or label; `axis` y or x says whose unit it carries, None a pure number or a count.

    `least` is the smallest number of rows; `together` marks columns read row by row; `censoring` says what becomes of `<` and `>`;
    a column that is not `required` may be left out.
    """

    name: str
    meaning: str
    kind: Literal["number", "label"] = "number"
    axis: Literal["y", "x"] | None = "y"
    least: int = 2
    together: bool = False
    censoring: Literal["refused", "handled"] = "refused"
    required: bool = True


@dataclass(frozen=True)
class Example:
    """Data and parameters a method can be tried on: shown to people, and what the conformance suite varies."""

    columns: Mapping[str, Sequence[Any]]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    y_unit: str = ""
    x_unit: str = ""


@dataclass(frozen=True)
class Method(Generic[P, R]):
    """A callable method with its description. `order` tells whether the order of rows has a meaning; `arrays` is the function for many
    series at once (same names, arrays with leading case axes; its result has fields of the same names)."""

    function: Callable[P, R]
    result: type[R]
    name: str
    title: str
    family: Family
    version: str
    citations: tuple[Citation, ...]
    columns: tuple[Column, ...]
    parameters: tuple[Parameter, ...]
    example: Example
    order: bool = False
    arrays: Callable[..., Any] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if args:
            raise TypeError(f"{self.name} takes its columns and parameters by name.")
        given, series = self._given(kwargs), {}
        for column in self.columns:
            if given.get(column.name) is not None:
                series[column.name] = given[column.name] = _column(column, given[column.name])
        self._check(series)
        try:
            result = self.function(**given)  # type: ignore[call-arg]
        except FloatingPointError as error:
            raise Unsuitable(f"{self.name} cannot be computed from these values ({error}).") from error
        return self._finished(result, given, series)

    @property
    def about(self) -> str:
        """The first paragraph of the function's docstring."""
        return (self.function.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")

    def _given(self, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Every column and parameter, with defaults; raises `WrongParameter` for what is unknown or missing."""
        known = {*(column.name for column in self.columns), *(parameter.name for parameter in self.parameters)}
        for name in kwargs:
            if name not in known:
                raise WrongParameter(f"{self.name} has no column or parameter {name!r}. It has: {', '.join(sorted(known))}.")
        given: dict[str, Any] = {}
        for column in self.columns:
            given[column.name] = kwargs.get(column.name)
            if given[column.name] is None and column.required:
                raise TooFew(f"{self.name} needs the column {column.name!r}: {column.meaning}.")
        for parameter in self.parameters:
            given[parameter.name] = parameter.read(kwargs.get(parameter.name))
        return given

    def _check(self, columns: Mapping[str, Any]) -> None:
        """Raises `Unsuitable` for too few rows, columns of different length, mixed units, and censored values that may not be there."""
        for column in self.columns:
            if column.name in columns:
                _check_column(self.name, column, columns[column.name])
        lengths = {column.name: len(columns[column.name]) for column in self.columns if column.together and column.name in columns}
        if len(set(lengths.values())) > 1:
            found = ", ".join(f"{name} has {length}" for name, length in lengths.items())
            raise Mismatch(f"{self.name} reads its columns row by row, but {found} rows. Give every row a value in each.")
        for axis in ("y", "x"):
            units = {column.name: columns[column.name].unit for column in self.columns if column.axis == axis and _is_number(column, columns)}
            if len(set(units.values())) > 1:
                found = ", ".join(f"{name} is in {unit or 'no unit'}" for name, unit in units.items())
                raise MixedUnits(f"{self.name} compares values of one unit, but {found}. Convert them first.")

    def _finished(self, result: R, given: Mapping[str, Any], columns: Mapping[str, Any]) -> R:
        units = {axis: next((columns[c.name].unit for c in self.columns if c.axis == axis and _is_number(c, columns)), "") for axis in ("y", "x")}
        parameters = {parameter.name: given[parameter.name] for parameter in self.parameters if given[parameter.name] is not None}
        return dataclasses.replace(
            result,
            method=self.name,
            title=self.title,
            version=self.version,
            citations=self.citations,
            parameters=parameters,
            counts={name: len(values) for name, values in columns.items()},
            y_unit=result.y_unit or units["y"],
            x_unit=result.x_unit or units["x"],
            digest=digest(self.name, self.version, columns, parameters),
        )


def method(
    *,
    name: str,
    title: str,
    family: Family,
    result: type[R],
    citations: Sequence[Citation],
    columns: Sequence[Column],
    parameters: Sequence[Parameter],
    example: Example,
    version: str = "1",
    order: bool = False,
    arrays: Callable[..., Any] | None = None,
) -> Callable[[Callable[P, R]], Method[P, R]]:
    """Make a function a `Method`. `version` rises when a number it reports may change."""

    def describe(function: Callable[P, R]) -> Method[P, R]:
        return Method(function, result, name, title, family, version, tuple(citations), tuple(columns), tuple(parameters), example, order, arrays)

    return describe


def digest(name: str, version: str, columns: Mapping[str, Any], parameters: Mapping[str, Any]) -> str:
    """SHA-256 of the method, its version, and everything that went in, as canonical JSON (RFC 8785)."""
    inputs: dict[str, Any] = {
        key: {"unit": each.unit, "values": each.as_reported()} if isinstance(each, Series) else list(each) for key, each in columns.items()
    }
    content: dict[str, Any] = {"method": name, "version": version, "columns": inputs, "parameters": {key: _text(each) for key, each in parameters.items()}}
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def _text(value: Any) -> Any:
    return repr(value) if isinstance(value, float) else [_text(part) for part in value] if isinstance(value, (list, tuple)) else value


def _column(column: Column, given: Any) -> Series | tuple[str, ...]:
    if column.kind == "label":
        return tuple(str(each) for each in given)
    if isinstance(given, Series):
        return dataclasses.replace(given, name=given.name if given.name != "values" else column.name)
    return Series.of(given, name=column.name)


def _is_number(column: Column, columns: Mapping[str, Any]) -> bool:
    return column.kind == "number" and column.name in columns


def _check_column(name: str, column: Column, values: Series | tuple[str, ...]) -> None:
    if len(values) < column.least:
        raise TooFew(f"{name} needs at least {column.least} values of {column.name} and has {len(values)}. Obtain more, or use another method.")
    if isinstance(values, Series):
        if column.censoring == "refused" and values.censored:
            _ = values.array  # raises, naming the value
        return
    for position, label in enumerate(values, 1):
        if not label.strip():
            raise Mismatch(f"{name}: {column.name}, row {position}, is empty. Give the row its {column.meaning}.")
