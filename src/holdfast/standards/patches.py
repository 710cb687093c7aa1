"""An example as a difference: a partial dossier with some paths set, added or taken away."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any


class PatchProblem(Exception):
    """A path of a patch leads nowhere."""


def patched(given: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `given` with each path of `changes` set: `batch.labels.0.issued`. A value of None takes the path away; an index one past
    the end of a list adds an item. Raises `PatchProblem`."""
    result: dict[str, Any] = copy.deepcopy(dict(given))
    for path, value in changes.items():
        _set(result, path.split("."), copy.deepcopy(value), path)
    return result


def _set(whole: dict[str, Any], steps: list[str], value: Any, path: str) -> None:
    here: Any = whole
    for number, step in enumerate(steps[:-1]):
        following = steps[number + 1]
        here = _entered(here, step, [] if following.isdigit() else {}, path)
    last = steps[-1]
    if isinstance(here, list):
        _set_item(here, last, value, path)
    elif value is None:
        here.pop(last, None)
    else:
        here[last] = value


def _entered(here: Any, step: str, empty: Any, path: str) -> Any:
    """The value one step further in, made if it is not there."""
    if isinstance(here, list):
        index = _index(here, step, path)
        if index == len(here):
            here.append(empty)
        return here[index]
    if not isinstance(here, dict):
        raise PatchProblem(f"{path!r}: there is a single value before {step!r}.")
    return here.setdefault(step, empty)


def _set_item(here: list[Any], step: str, value: Any, path: str) -> None:
    index = _index(here, step, path)
    if value is None:
        del here[index]
    elif index == len(here):
        here.append(value)
    else:
        here[index] = value


def _index(here: list[Any], step: str, path: str) -> int:
    if not step.isdigit() or int(step) > len(here):
        raise PatchProblem(f"{path!r}: {step!r} is no place in a list of {len(here)}.")
    return int(step)
