"""A sponsor's figures as they are typed and shown: read as the pack's own value is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from holdfast.dossier.schema import Dossier
from holdfast.standards.loading import PackProblem, load_pack
from holdfast.standards.pack import Parameter
from holdfast.standards.settings import Setting
from holdfast.standards.values import shown


def typed(parameter: Parameter | None, text: str) -> Any:
    """A typed value in the kind of a pack's figure: a whole number, a list by commas, or text. What is not of that kind stays text and is refused later."""
    text = text.strip()
    if parameter is not None and isinstance(parameter.value, list):
        return [part.strip() for part in text.split(",") if part.strip()]
    if parameter is not None and isinstance(parameter.value, int) and not isinstance(parameter.value, bool):
        return int(text) if text.lstrip("-").isdecimal() and len(text) < 16 else text
    return text


def written(value: Any) -> str:
    """A value as `typed` reads it."""
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value) if not isinstance(value, bool) else shown(value)


def figures_typed(text: str, given: Iterable[Sequence[str]]) -> dict[str, Setting]:
    """Typed figures (name, value, reason) as settings, read as the pack in `text` writes its own; a text that is no pack leaves them as text."""
    try:
        parameters = load_pack(text, Dossier, in_writing=True).header.parameters
    except PackProblem:
        parameters = {}
    return {name: Setting(value=typed(parameters.get(name), value), reason=reason.strip()) for name, value, reason in given}
