"""Tables of knowledge in YAML, read strictly: an error names file, line and column."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from .positions import Path, Positioned, read_positioned

Confidence = Literal["high", "medium", "low"]
#: how a statement was checked: written from memory, or looked up in a public copy
SourceCheck = Literal["memory", "lookup"]
Table = TypeVar("Table", bound=BaseModel)


class Strict(BaseModel):
    """A row of a table: no field that is not named, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_table(document: Positioned, model: type[Table]) -> Table:
    """The table that a document holds. Raises `PackProblem` at the first mistake, with its line and column."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        first = error.errors()[0]
        raise document.problem(tuple(first["loc"]), first["msg"]) from error


def refuse_doubles(document: Positioned, place: Path, ids: Sequence[str]) -> None:
    """Raise `PackProblem` at the first id of a list of rows that stands twice."""
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name in seen:
            raise document.problem((*place, index, "id"), f"The id {name!r} stands twice.")
        seen.add(name)


def shipped(package: str, folder: str = "data") -> list[Positioned]:
    """The YAML files of a package's data folder, in the order of their names."""
    found = sorted((p for p in resources.files(package).joinpath(folder).iterdir() if p.name.endswith(".yaml")), key=lambda p: p.name)
    return [read_positioned(p.name, p.read_text("utf-8")) for p in found]
