"""Reading values for conditions: paths, enclosing items, siblings, parameters, durations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from .fields import FieldType, NoSuchField, type_at
from .outcome import Frames
from .positions import Path, Positioned
from .values import as_day, is_duration, shift

Read = Callable[[Frames], Any]


@dataclass
class Scope:
    """What compiling a condition knows: the document with its places, the schema, the models of the enclosing items, the parameters."""

    source: Positioned
    models: tuple[type[BaseModel], ...]
    parameters: dict[str, Any]
    day: str = "/batch.review_completed_on"  # to which a list must be stated complete, when a rule does not say
    places: tuple[str, ...] = ("",)  # the path from the dossier of each enclosing item

    def asking(self, day: str) -> Scope:
        """The scope of a rule whose lists must be complete to this day."""
        return replace(self, day=day)

    def inside(self, model: type[BaseModel], place: str) -> Scope:
        return replace(self, models=(*self.models, model), places=(*self.places, place))

    def place_of(self, text: str) -> str:
        """The path from the dossier that a path in a condition leads to, through lists as through objects."""
        level, path = _level(self, text, ())
        return f"{self.places[level]}.{path}".lstrip(".")


def walk(item: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        if not isinstance(item, dict):
            return None
        item = item.get(step)
    return item


def field_at(scope: Scope, text: str, place: Path) -> tuple[Read, FieldType]:
    """A reader of a path: `/from.the.root`, `^.enclosing`, `.sibling` or plain (both of the current item)."""
    level, path = _level(scope, text, place)
    try:
        found = type_at(scope.models[level], path)
    except NoSuchField as error:
        raise scope.source.problem(place, str(error)) from error
    steps = tuple(path.split("."))
    if len(steps) == 1:
        return (lambda frames: frames[level].get(path)), found
    return (lambda frames: walk(frames[level], steps)), found


def _level(scope: Scope, text: str, place: Path) -> tuple[int, str]:
    last = len(scope.models) - 1
    if text.startswith("/"):
        return 0, text[1:]
    level = last
    while text.startswith("^."):
        level, text = level - 1, text[2:]
    if level < 0:
        raise scope.source.problem(place, "There is no enclosing item that far out.")
    return level, text.removeprefix(".")


def is_reference(value: Any) -> bool:
    return isinstance(value, str) and (value.startswith(("/", "^.", "$")) or (value.startswith(".") and len(value) > 1 and value[1].isalpha()))


def value_at(scope: Scope, value: Any, place: Path) -> Read:
    """A reader of a value in a condition: a literal, a path, a `$parameter`, or `{path, plus|minus}` with an ISO duration."""
    if isinstance(value, dict):
        return _moved(scope, value, place)
    if isinstance(value, str) and value.startswith("$"):
        name = value[1:]
        if name not in scope.parameters:
            raise scope.source.problem(place, f"There is no parameter {name!r}. The pack has: {', '.join(scope.parameters) or 'none'}.")
        chosen = scope.parameters[name]
        return lambda frames: chosen
    if is_reference(value):
        return field_at(scope, value, place)[0]
    return lambda frames: value


def _moved(scope: Scope, value: dict[str, Any], place: Path) -> Read:
    direction = next((name for name in ("plus", "minus") if name in value), None)
    if set(value) - {"path", "plus", "minus"} or "path" not in value or direction is None:
        raise scope.source.problem(place, "A moved day is written {path: ..., plus: P30D} or {path: ..., minus: P6M}.")
    start = value_at(scope, value["path"], (*place, "path"))
    duration = value_at(scope, value[direction], (*place, direction))
    if not is_reference(value[direction]) and not is_duration(value[direction]):
        raise scope.source.problem((*place, direction), f"{value[direction]!r} is not a duration like P30D, P6M or P1Y.")
    sign = 1 if direction == "plus" else -1

    def read(frames: Frames) -> Any:
        day, length = as_day(start(frames)), duration(frames)
        return None if day is None or not is_duration(length) else shift(day, length, sign).isoformat()

    return read
