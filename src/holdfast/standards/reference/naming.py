"""Paths and values of conditions as a QA person reads them: `/batch.batch_record.state` is `the state of the batch record`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..pack import Parameter
from ..reading import is_reference
from ..values import is_duration, shown

_DURATION = re.compile(r"^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$")
#: a name that ends so is a fragment, not a noun: it is quoted, so that the sentence around it can still be read
_FRAGMENTS = ("on", "at", "by", "for", "to", "in", "or 3")
#: days that most rules speak of
_KNOWN = {"/batch.review_completed_on": "the day the batch's review ended", "/decision.date": "the day of the decision"}
_ABBREVIATIONS = {word.casefold(): word for word in ("CAPA", "GMO", "GMP", "IND", "OOS", "QP", "TSE", "VCN")}
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Setting:
    """What wording a condition needs: the pack's figures, and the lists whose entries are being spoken of, the outermost first."""

    figures: Mapping[str, Parameter] = field(default_factory=dict)
    lists: tuple[str, ...] = ()

    def inside(self, path: str) -> Setting:
        """The setting of the entries of a list."""
        return Setting(self.figures, (*self.lists, spelled(_steps(path)[-1])))


def named(path: str, setting: Setting, *, quoted: bool = False) -> str:
    """A path in words: of the whole record (`/a.b`, or a plain one outside every list), of this entry, or of an entry around it (`^.`).

    `quoted`: the name is no noun but something that is so or not, and stands in quotation marks.
    """
    level, rest = len(setting.lists), path
    while rest.startswith("^."):
        level, rest = level - 1, rest[2:]
    said = _of(_steps(rest), quoted)
    if path.startswith("/") or level <= 0:
        return _KNOWN.get(f"/{rest.lstrip('/.')}", f"the {said}")
    if level == len(setting.lists):
        return f"its {said}"
    return f"the {said} of the {entry_of(setting.lists[level - 1])} it belongs to"


def entry_of(name: str) -> str:
    """One entry of a list, by the list's name in words: `supply chain` has a `supply chain entry`, `audits` an `audit`."""
    return name.removesuffix("s") if name.endswith("s") and not name.endswith("ss") else f"{name} entry"


def _steps(path: str) -> list[str]:
    return path.lstrip("/.").split(".")


def _of(steps: list[str], quoted: bool = False) -> str:
    kept = [step for step, following in zip(steps, [*steps[1:], ""], strict=True) if not following.startswith(f"{step}_")]
    last, *around = (spelled(step) for step in reversed(kept))
    return " of the ".join([f"“{last}”" if quoted else _quoted(last), *map(_quoted, around)])


def spelled(name: str) -> str:
    """A field's name as words: `accepted_on_other_qp` is `accepted on other QP`."""
    return " ".join(_ABBREVIATIONS.get(word, word) for word in name.split("_"))


def _quoted(words: str) -> str:
    return f"“{words}”" if words.split()[-1] in _FRAGMENTS else words


def valued(value: Any, setting: Setting) -> str:
    """A value of a condition in words: a literal, a path, a figure of the pack, or a day moved by a duration."""
    if isinstance(value, dict):
        return _moved(value, setting) if "path" in value else "; ".join(f"{spelled(str(k))} {valued(v, setting)}" for k, v in value.items())
    if isinstance(value, str) and value.startswith("$"):
        return _figure(value[1:], setting)
    if is_reference(value):
        return named(value, setting)
    if isinstance(value, list):
        return " or ".join(filter(None, [", ".join(literal(item) for item in value[:-1]), literal(value[-1]) if value else "nothing"]))
    return literal(value)


def literal(value: Any) -> str:
    """A literal value: durations written out, code words as words, days as days."""
    if is_duration(value):
        return lasting(value)
    text = shown(value)
    return text.replace("_", " ").replace("{", "").replace("}", "") if isinstance(value, str) else text


def lasting(duration: str) -> str:
    """An ISO 8601 duration of years, months and days in words: `P2Y6M` is `2 years 6 months`."""
    found = _DURATION.match(duration)
    pairs = zip(found.groups() if found else (), ("year", "month", "day"), strict=False)
    return " ".join(f"{number} {word}{'' if number == '1' else 's'}" for number, word in pairs if number)


def figure_value(parameter: Parameter) -> str:
    """A figure's value with its unit, in words: `3 years`, `70 %`, `5 copies/cell`."""
    return f"{valued(parameter.value, Setting())} {parameter.unit.replace('{', '').replace('}', '')}".strip()


def _figure(name: str, setting: Setting) -> str:
    parameter = setting.figures.get(name)
    return f"{figure_value(parameter) if parameter else 'a figure'} (figure “{spelled(name)}”)"


def _moved(value: dict[str, Any], setting: Setting) -> str:
    direction = "plus" if "plus" in value else "minus"
    return f"{valued(value[direction], setting)} {'after' if direction == 'plus' else 'before'} {valued(value['path'], setting)}"


def sentence(text: str) -> str:
    """A rule's sentence with what it fills in from the record in brackets: `{/batch.process}` is `[process of the batch]`."""
    return _PLACEHOLDER.sub(lambda found: f"[{_of(_steps(found[1].replace('^.', '')))}]", text)
