"""Every action, every query and every command is offered by the API, or listed with the reason why not."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import holdfast
from holdfast.cli import COMMANDS

from .addresses import operations

pytestmark = [pytest.mark.req("3.5")]
TABLE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api-offered.yaml"
#: public functions beside actions and queries that answer nothing a person asks: parts of those that are listed
PARTS = {"holdfast.release.actions.decide.statement_of"}


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(TABLE.read_text("utf-8")))


def functions_in(suffix: str) -> Iterator[str]:
    """Public functions that are defined in every module called `suffix` (or below it), by their full name."""
    for module in pkgutil.walk_packages(holdfast.__path__, "holdfast."):
        parts = module.name.split(".")
        if suffix not in parts[2:] or parts[1] in {"api", "web", "cli"}:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(value) and value.__module__ == module.name and not name.startswith("_") and f"{module.name}.{name}" not in PARTS:
                yield f"{module.name}.{name}"


def commands() -> Iterator[str]:
    for name, (place, _) in COMMANDS.items():
        module, attribute = place.split(":")
        command = getattr(importlib.import_module(module), attribute)
        yield from _leaves(name, command)


def _leaves(name: str, command: click.Command) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    for inner, one in command.commands.items():
        yield from _leaves(f"{name} {inner}", one)


def test_every_action_has_an_endpoint_or_a_reason(table: dict[str, dict[str, Any]]) -> None:
    assert set(functions_in("actions")) - set(table["actions"]) == set()


def test_every_query_has_an_endpoint_or_a_reason(table: dict[str, dict[str, Any]]) -> None:
    assert set(functions_in("queries")) ^ set(table["queries"]) == set()


def test_every_command_has_an_endpoint_or_a_reason(table: dict[str, dict[str, Any]]) -> None:
    assert set(commands()) ^ set(table["commands"]) == set()


def test_every_listed_function_is_there_and_every_address_is_in_the_document(table: dict[str, dict[str, Any]]) -> None:
    offered = {f"{method} {path}" for method, path in operations()}
    for section in table.values():
        for name, where in section.items():
            assert where in offered if isinstance(where, str) else len(where["not offered"]) > 15, (name, where)
    for name in [*table["actions"], *table["queries"]]:
        module, function = name.rsplit(".", 1)
        assert callable(getattr(importlib.import_module(module), function)), name
