"""What holds for every method, whatever it computes: shared laws, run over the registry."""

from __future__ import annotations

import inspect
import json
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from holdfast.science import METHODS, CensoredValues, MixedUnits, NotFinite, Unsuitable, WrongParameter, method_named
from holdfast.science.dimension import NUMBER
from holdfast.science.method import Method
from holdfast.science.result import Result, leaves
from holdfast.science.series import Series

pytestmark = pytest.mark.req("6.1")
SEED = 20261125
CLOSE = {"rel": 1e-7, "abs": 1e-9}
LABELS = {"decision", "method", "title", "version"}


def named(name: str) -> Method[Any, Any]:
    return method_named(name)


def columns_of(of: Method[Any, Any], y: float = 1.0, x: float = 1.0) -> dict[str, Any]:
    """The example's columns as series, in units 1/y and 1/x as large."""
    scales, units = {"y": y, "x": x, None: 1.0}, {"y": of.example.y_unit, "x": of.example.x_unit, None: ""}
    found: dict[str, Any] = {}
    for column in of.columns:
        if column.name not in of.example.columns:
            continue
        given = of.example.columns[column.name]
        if column.kind == "label":
            found[column.name] = tuple(str(each) for each in given)
        else:
            series = Series.of(given, units[column.axis], column.name)
            found[column.name] = replace(series, values=tuple(value * scales[column.axis] for value in series.values))
    return found


def parameters_of(of: Method[Any, Any], y: float = 1.0, x: float = 1.0) -> dict[str, Any]:
    """The example's parameters, and defaults that have a dimension, on the same scale."""
    found = dict(of.example.parameters)
    for parameter in of.parameters:
        if parameter.dimension == NUMBER:
            continue
        value = found.get(parameter.name, parameter.default)
        if value is not None:
            carried = parameter.dimension.carried
            found[parameter.name] = [carried(each, y, x) for each in value] if isinstance(value, (list, tuple)) else carried(value, y, x)
    return found


def run(of: Method[Any, Any], y: float = 1.0, x: float = 1.0) -> Result:
    result: Result = of(**columns_of(of, y, x), **parameters_of(of, y, x))
    return result


def numbers(result: Result, *, apart: bool = True) -> Iterator[tuple[str, float]]:
    return ((path, value) for path, value, _, stands_apart in leaves(result) if apart or not stands_apart)


@pytest.mark.parametrize("name", METHODS)
def test_the_description_fits_the_function(name: str) -> None:
    of = named(name)
    assert of.name == name
    assert of.citations and all(each.text for each in of.citations)
    assert of.function.__doc__
    taken = inspect.signature(of.function).parameters
    assert list(taken) == [each.name for each in (*of.columns, *of.parameters)]
    for parameter in of.parameters:
        default = taken[parameter.name].default
        if default is not inspect.Parameter.empty:
            assert default == parameter.default
    for field in of.result.quantities():
        assert field.metadata.get("meaning"), f"{field.name} has no meaning"


@pytest.mark.parametrize("name", METHODS)
def test_the_result_is_ready_for_json_and_the_same_every_time(name: str) -> None:
    of = named(name)
    first, second = (json.dumps(run(of).as_dict(), allow_nan=False, sort_keys=True) for _ in range(2))
    assert first == second
    found = json.loads(first)
    assert found["method"] == name and found["sentence"] and found["digest"] and found["citations"]
    assert all(math.isfinite(value) for _, value in numbers(run(of)))


@pytest.mark.parametrize("name", METHODS)
def test_the_order_of_rows_does_not_matter_where_it_has_no_meaning(name: str) -> None:
    of = named(name)
    if of.order:
        pytest.skip(f"{name} reads its rows in order")
    given, chance = columns_of(of), random.Random(SEED)
    together = [column.name for column in of.columns if column.together and column.name in given]
    orders = {name: list(range(len(given[name]))) for name in given}
    for order in orders.values():
        chance.shuffle(order)
    for column in together:
        orders[column] = orders[together[0]]
    shuffled = {name: _taken(given[name], orders[name]) for name in given}
    same(of(**shuffled, **parameters_of(of)), run(of), of)


def _taken(values: Any, order: list[int]) -> Any:
    if isinstance(values, Series):
        return replace(values, values=tuple(values.values[i] for i in order), marks=tuple(values.marks[i] for i in order))
    return tuple(values[i] for i in order)


def same(result: Result, expected: Result, of: Method[Any, Any], y: float = 1.0, x: float = 1.0) -> None:
    """Decision and every number agree, those of `expected` carried to the other units."""
    assert result.decision == expected.decision
    found, wanted = (
        dict(numbers(result, apart=False)),
        {path: dimension.carried(value, y, x) for path, value, dimension, apart in leaves(expected) if not apart},
    )
    assert set(found) == set(wanted)
    for path, value in wanted.items():
        assert found[path] == pytest.approx(value, **CLOSE), path


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(("y", "x"), [(1000.0, 1.0), (0.01, 1.0), (1.0, 12.0)])
def test_another_unit_changes_numbers_by_its_factor_and_no_decision(name: str, y: float, x: float) -> None:
    of = named(name)
    same(run(of, y, x), run(of), of, y, x)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_a_nan_or_an_infinity_is_refused(name: str, wrong: float) -> None:
    of = named(name)
    for column in of.columns:
        if column.kind == "number" and column.name in of.example.columns:
            values = [wrong, *list(of.example.columns[column.name])[1:]]
            with pytest.raises(NotFinite):
                of(**{**columns_of(of), column.name: values}, **parameters_of(of))


@pytest.mark.parametrize("name", METHODS)
def test_a_censored_value_is_never_a_number(name: str) -> None:
    of = named(name)
    for column in of.columns:
        if column.kind != "number" or column.name not in of.example.columns:
            continue
        given = columns_of(of)
        series: Series = given[column.name]
        position = min((i for i in range(len(series)) if not series.marks[i]), key=lambda i: series.values[i])
        marks = tuple("<" if i == position else mark for i, mark in enumerate(series.marks))
        censored = {**given, column.name: replace(series, marks=marks)}
        if column.censoring == "refused":
            with pytest.raises(CensoredValues, match="<"):
                of(**censored, **parameters_of(of))
        else:
            result = of(**censored, **parameters_of(of))
            assert dict(numbers(result)) != dict(numbers(run(of))), "the limit was used as if it were the value"


@pytest.mark.parametrize("name", METHODS)
def test_too_little_data_is_refused_and_says_so(name: str) -> None:
    of = named(name)
    for column in of.columns:
        if not column.required or column.least < 1:
            continue
        for rows in range(column.least):
            short = {**columns_of(of), column.name: _taken(columns_of(of)[column.name], list(range(rows)))}
            with pytest.raises(Unsuitable):
                of(**short, **parameters_of(of))


@pytest.mark.parametrize("name", METHODS)
def test_values_that_do_not_vary_are_refused_or_give_finite_numbers(name: str) -> None:
    of = named(name)
    constant = {key: replace(each, values=(each.values[0],) * len(each)) if isinstance(each, Series) else each for key, each in columns_of(of).items()}
    if not constant:
        pytest.skip(f"{name} reads no data")
    try:
        result = of(**constant, **parameters_of(of))
    except Unsuitable:
        return
    assert all(math.isfinite(value) for _, value in numbers(result))


@pytest.mark.parametrize("name", METHODS)
def test_columns_of_one_axis_in_different_units_are_refused(name: str) -> None:
    of = named(name)
    given = columns_of(of)
    pair = [column.name for column in of.columns if column.axis == "y" and column.kind == "number" and column.name in given]
    if len(pair) < 2:
        pytest.skip(f"{name} reads one column of values")
    with pytest.raises(MixedUnits):
        of(**{**given, pair[0]: replace(given[pair[0]], unit="another")}, **parameters_of(of))


@pytest.mark.parametrize("name", METHODS)
def test_an_unknown_parameter_or_one_out_of_range_is_refused(name: str) -> None:
    of = named(name)
    with pytest.raises(WrongParameter):
        of(**columns_of(of), **parameters_of(of), unheard_of=1)
    for parameter in of.parameters:
        wrong: Mapping[str, Any] = {"probability": 1.5, "positive": -1.0, "count": 0.5, "choice": "no such", "number": math.nan, "flag": "perhaps"}
        if parameter.kind in wrong:
            with pytest.raises(WrongParameter):
                of(**columns_of(of), **{**parameters_of(of), parameter.name: wrong[parameter.kind]})


@pytest.mark.parametrize("name", METHODS)
def test_many_series_at_once_give_what_each_gives_alone(name: str) -> None:
    of = named(name)
    if of.arrays is None:
        pytest.skip(f"{name} is computed one series at a time")
    factors = (1.0, 2.5, 0.1)
    singles = [run(of, factor) for factor in factors]
    stacked: dict[str, Any] = {}
    for column in of.columns:
        each = [columns_of(of, factor).get(column.name) for factor in factors]
        if each[0] is not None:
            stacked[column.name] = np.stack([one.array for one in each]) if isinstance(each[0], Series) and column.axis == "y" else \
                each[0].array if isinstance(each[0], Series) else each[0]  # fmt: skip
    scaled = [parameters_of(of, factor) for factor in factors]
    parameters = {key: np.array([one[key] for one in scaled]) if scaled[0][key] != scaled[1][key] else value for key, value in scaled[0].items()}
    taken = inspect.signature(of.arrays).parameters
    cases = of.arrays(**stacked, **{key: value for key, value in parameters.items() if key in taken})
    shared = [field.name for field in fields(cases) if hasattr(singles[0], field.name)]
    assert shared
    for key in shared:
        for number, single in enumerate(singles):
            found, alone = np.asarray(getattr(cases, key))[number], getattr(single, key)
            assert found == (alone if isinstance(alone, str) else pytest.approx(alone, rel=1e-10)), key
