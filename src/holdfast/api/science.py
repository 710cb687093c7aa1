"""The statistical methods, for people who only want the numbers, and so that anybody can check ours. No record is read or written."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router

from holdfast.dossier.study.evaluate import exact
from holdfast.science import METHODS, method_named, methods
from holdfast.science.describing import description
from holdfast.science.method import Method
from holdfast.science.series import Series

from .paging import page_in
from .routes import reads, writes
from .schema.base import Given, Page, Paging
from .schema.science import ColumnGiven, ComputedShown, DataGiven, MethodRow, MethodShown

router = Router()


@router.get("/science/methods", response=reads(Page[MethodRow]))
def list_methods(request: HttpRequest, asked: Query[Paging]) -> Any:
    """Every method, family by family."""
    return page_in(list(methods()), asked, lambda each: {name: getattr(each, name) for name in MethodRow.model_fields})


def _method(name: str) -> Method[Any, Any]:
    if name not in METHODS:
        raise Http404(f"There is no method {name!r}. GET /science/methods names those there are.")
    return method_named(name)


@router.get("/science/methods/{method}", response=reads(MethodShown))
def show_method(request: HttpRequest, method: Path[Given]) -> Any:
    """A method: its columns and parameters, what it reports, where its definition stands."""
    return exact(description(_method(method)))


@router.post("/science/methods/{method}", response=writes(ComputedShown))
def run_method(request: HttpRequest, method: Path[Given], given: DataGiven) -> Any:
    """Run a method on columns that are given with the request. The same as `holdfast science run`; nothing is kept."""
    chosen = _method(method)
    kinds = {column.name: column.kind for column in chosen.columns}
    columns = {name: _column(kinds.get(name, "number"), column, name) for name, column in given.columns.items()}
    parameters: dict[str, Any] = {name: value for name, value in given.parameters.items() if name not in columns}
    return exact(chosen(**columns, **parameters).as_dict())


def _column(kind: str, given: ColumnGiven, name: str) -> Any:
    if kind == "label":
        return tuple(str(value) for value in given.values)
    return Series.of(given.values, given.unit, name)
