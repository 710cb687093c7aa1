"""YAML with the place of every value, so that a mistake in a pack is shown by line and column."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

from holdfast.kernel.errors import HoldfastError

Path = tuple[str | int, ...]
#: libyaml where PyYAML was built with it: the same nodes with the same places, ten times as fast
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PackProblem(HoldfastError):
    """A mistake in a rule pack, with file, line and column."""

    def __init__(self, file: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{file}:{line}:{column}: {message}")
        self.file, self.line, self.column, self.message = file, line, column, message


class Positioned:
    """The data of a YAML document and where each part of it stands."""

    def __init__(self, file: str, data: Any, places: dict[Path, tuple[int, int]]) -> None:
        self.file, self.data, self.places = file, data, places

    def problem(self, path: Path, message: str) -> PackProblem:
        """A problem at a path of the document, or at the nearest place above it that is known."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return PackProblem(self.file, line, column, message)


def read_positioned(file: str, text: str) -> Positioned:
    """Read YAML: numbers with a point become exact decimals, dates stay ISO text. Raises `PackProblem`."""
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise PackProblem(file, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, str(error.problem)) from error
    places: dict[Path, tuple[int, int]] = {}
    if root is None:
        raise PackProblem(file, 1, 1, "The file is empty.")
    return Positioned(file, _value(file, root, (), places), places)


def _value(file: str, node: yaml.Node, path: Path, places: dict[Path, tuple[int, int]]) -> Any:
    places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(_scalar(key))
            if name in found:
                raise PackProblem(file, key.start_mark.line + 1, key.start_mark.column + 1, f"{name!r} stands twice.")
            found[name] = _value(file, value, (*path, name), places)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(file, item, (*path, index), places) for index, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: Any) -> Any:
    tag = node.tag.rsplit(":", 1)[-1]
    if tag == "null":
        return None
    if tag == "bool":
        return node.value.lower() in {"true", "yes", "on"}
    if tag == "int":
        return int(node.value)
    if tag == "float":
        return Decimal(node.value)
    return node.value
