"""A sponsor's own value for a figure that a pack leaves to the sponsor, with its reason, kept in every verdict that used it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from holdfast.kernel.errors import HoldfastError

from .loading import Pack, compiled_rules
from .pack import Strict
from .values import as_number, is_duration, shown


class SettingProblem(HoldfastError):
    """A sponsor's value cannot stand in the place of a pack's figure."""


class Setting(Strict):
    """What a sponsor sets, and why. `value` is text, a whole number, a duration or a list of texts, as the pack's own value is."""

    value: Any
    reason: str
    by: str = ""


def with_settings(pack: Pack, settings: Mapping[str, Setting], schema: type[BaseModel]) -> Pack:
    """The pack with the sponsor's values in force. Raises `SettingProblem` for an unknown figure, one that law gives, a value of another
    kind, or one without a reason."""
    for name, setting in settings.items():
        _check(pack, name, setting)
    parameters = {
        name: parameter.model_copy(update={"value": settings[name].value}) if name in settings else parameter
        for name, parameter in pack.header.parameters.items()
    }
    header = pack.header.model_copy(update={"parameters": parameters})
    rules = compiled_rules(pack.document, header, [rule.text for rule in pack.rules], schema)
    return replace(pack, header=header, rules=rules, settings=dict(settings))


def _check(pack: Pack, name: str, setting: Setting) -> None:
    parameter = pack.header.parameters.get(name)
    if parameter is None:
        raise SettingProblem(f"{pack.id} has no figure {name!r}. It has: {', '.join(pack.header.parameters) or 'none'}.")
    if parameter.authority == "law":
        raise SettingProblem(f"{name!r} of {pack.id} is given by law ({parameter.why}); it cannot be set.")
    if not setting.reason.strip():
        raise SettingProblem(f"{name!r} of {pack.id} is set without a reason. Say why {shown(setting.value)} is right for you.")
    if _kind(setting.value) != _kind(parameter.value):
        raise SettingProblem(f"{name!r} of {pack.id} is {_kind(parameter.value)}, such as {shown(parameter.value)}; {shown(setting.value)} is not.")


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, list):
        return "a list"
    if is_duration(value):
        return "a duration"
    if isinstance(value, (int, Decimal)) or as_number(value) is not None:
        return "a number"
    return "text"
