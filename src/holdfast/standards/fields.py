"""The dossier's schema as rules see it: which fields exist, which are lists, and what a scalar holds."""

from __future__ import annotations

import types
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

Kind = Literal["object", "list", "scalar"]


@dataclass(frozen=True)
class FieldType:
    """What a path leads to: an object or a list of objects of `model`, or a scalar of type `scalar`."""

    kind: Kind
    model: type[BaseModel] | None = None
    scalar: str = ""  # text | date | datetime | integer | boolean | texts | mapping


class NoSuchField(Exception):
    """A path names a field that the schema does not have."""


def type_at(model: type[BaseModel], path: str) -> FieldType:
    """The type that a dotted path leads to from `model`. Raises `NoSuchField`."""
    found = FieldType("object", model)
    for step in path.split("."):
        if found.kind != "object" or found.model is None:
            raise NoSuchField(f"{path!r}: {step!r} is asked of a {found.kind}; a list is walked with every, some, none or count.")
        field = found.model.model_fields.get(step)
        if field is None:
            raise NoSuchField(f"{path!r}: {found.model.__name__} has no field {step!r}. It has: {', '.join(found.model.model_fields)}.")
        found = _classify(field.annotation)
    return found


def _classify(annotation: Any) -> FieldType:
    options = [a for a in _options(annotation) if a is not type(None)]
    first = options[0]
    if get_origin(first) is list:
        inner = get_args(first)[0]
        return FieldType("list", inner) if _is_model(inner) else FieldType("scalar", scalar="texts")
    if get_origin(first) is dict:
        return FieldType("scalar", scalar="mapping")
    if _is_model(first):
        return FieldType("object", first)
    for python, name in ((bool, "boolean"), (datetime, "datetime"), (date, "date"), (int, "integer"), (str, "text")):
        if python in options:
            return FieldType("scalar", scalar=name)
    return FieldType("scalar", scalar="text")


def _options(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)


def _is_model(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)


def unknown_names(model: type[BaseModel], document: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """Names and shapes in a partial document that the schema does not have, with their places."""
    if not isinstance(document, dict):
        return [(path, f"{model.__name__} is written as names with values.")]
    wrong: list[tuple[tuple[str | int, ...], str]] = []
    for name, value in document.items():
        place = (*path, name)
        try:
            found = type_at(model, name)
        except NoSuchField as error:
            wrong.append((place, str(error)))
            continue
        if value is None:
            continue
        if found.kind == "object" and found.model:
            wrong += unknown_names(found.model, value, place)
        elif found.kind == "list" and found.model:
            if not isinstance(value, list):
                wrong.append((place, f"{name} is a list."))
                continue
            for index, item in enumerate(value):
                wrong += unknown_names(found.model, item, (*place, index))
        elif isinstance(value, dict) != (found.scalar == "mapping"):
            wrong.append((place, f"{name} is a single value."))
    return wrong
