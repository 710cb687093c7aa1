"""What an edition of a pack says otherwise than the one before it, rule by rule, in words; and where a rule's other editions stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..difference import rule_differences
from ..loading import Pack, Rule
from ..pack import AXES, Citation
from ..questions import day_needed
from .clauses import worded
from .naming import Setting, figure_value, sentence
from .shelf import edition_of

PART_WORDS = {
    "title": "Title", "status": "Status", "applies": "Where it applies", "when": "Asked only where", "require": "What it asks", "says": "What it says",
    "severity": "Severity", "lighter": "Where it weighs less", "override": "Override", "suspended_by": "What suspends it", "exemption": "Exemption",
    "cite": "Citations", "binds": "What day binds", "note": "Note",
}  # fmt: skip


@dataclass(frozen=True)
class PartChange:
    """A part of a rule in both editions, as lines. `is_wording` where the words shown here are the same though what is written is not."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def is_same_in_words(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True)
class RuleChange:
    """A rule in two editions: the parts that differ; none where it says the same."""

    before: Rule
    after: Rule
    parts: tuple[PartChange, ...]


@dataclass(frozen=True)
class EditionChange:
    """Two editions: the rules in both, those only in one, and the figures of both whose value differs (name, before, after)."""

    before: Pack
    after: Pack
    kept: tuple[RuleChange, ...]
    added: tuple[Rule, ...]
    gone: tuple[Rule, ...]
    figures: tuple[tuple[str, str, str], ...]

    @property
    def changed(self) -> tuple[RuleChange, ...]:
        return tuple(change for change in self.kept if change.parts)

    @property
    def unchanged(self) -> tuple[RuleChange, ...]:
        return tuple(change for change in self.kept if not change.parts)


def earlier(pack: Pack, packs: Sequence[Pack]) -> list[Pack]:
    """The packs of an older edition that say rules of this one, or are this one in an older version, the newest first."""
    return sorted((one for one in packs if edition_of(one) < edition_of(pack) and _are_related(one, pack)), key=edition_of, reverse=True)


def later(pack: Pack, packs: Sequence[Pack]) -> list[Pack]:
    """The packs of a newer edition that say rules of this one again, or are this one in a newer version."""
    return sorted((one for one in packs if edition_of(one) > edition_of(pack) and _are_related(one, pack)), key=lambda one: (one.id, edition_of(one)))


def _are_related(one: Pack, other: Pack) -> bool:
    return one.id == other.id or bool(_keys(one).keys() & _keys(other).keys())


def changes(before: Pack, after: Pack) -> EditionChange:
    """What the later of two editions says otherwise."""
    old, new = _keys(before), _keys(after)
    kept = tuple(RuleChange(old[key], new[key], _parts(before, old[key], after, new[key])) for key in new if key in old)
    return EditionChange(
        before,
        after,
        kept,
        tuple(rule for key, rule in new.items() if key not in old),
        tuple(rule for key, rule in old.items() if key not in new),
        _figures(before, after),
    )


def _keys(pack: Pack) -> dict[tuple[str, str], Rule]:
    return {(rule.id, rule.text.question): rule for rule in pack.rules}


def _figures(before: Pack, after: Pack) -> tuple[tuple[str, str, str], ...]:
    old, new = before.header.parameters, after.header.parameters
    moved = [name for name in new if name in old and old[name].value != new[name].value]
    return tuple((name.replace("_", " "), figure_value(old[name]), figure_value(new[name])) for name in moved)


def _parts(before: Pack, old: Rule, after: Pack, new: Rule) -> tuple[PartChange, ...]:
    return tuple(PartChange(PART_WORDS[name], part_lines(before, old, name), part_lines(after, new, name)) for name in rule_differences(old, new))


def part_lines(pack: Pack, rule: Rule, name: str) -> tuple[str, ...]:
    """A part of a rule as lines in words; empty where it has none."""
    value = getattr(rule.text, name)
    if name in {"when", "require"}:
        told = worded(value, Setting(pack.header.parameters), day_needed(rule.text.question)) if value is not None else ()
        return tuple(line for clause in told for line in clause.lines())
    if name == "applies":
        return tuple(f"{axis}: {', '.join(getattr(value, axis)).replace('_', ' ')}" for axis in AXES)
    if name == "says":
        return (sentence(value),) if isinstance(value, str) else tuple(f"{answer}: {sentence(text)}" for answer, text in value.items())
    if name == "cite":
        return tuple(cited(cite) for cite in value)
    return tuple(_item(item) for item in value) if isinstance(value, list) else (str(value).replace("_", " "),) if value else ()


def _item(item: Any) -> str:
    return "; ".join(f"{name.replace('_', ' ')}: {_written(value)}" for name, value in item.model_dump().items() if value not in ("", [], False, None))


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "yes" if value is True else str(value)


def cited(cite: Citation) -> str:
    """A citation in a line: document, paragraph, authority, and how sure it is."""
    place = " ".join(filter(None, [cite.document, cite.paragraph]))
    source = "looked up" if cite.source_check == "lookup" else "from memory"
    return f"{place} ({cite.authority.replace('_', ' ')}, confidence {cite.confidence}, {source})"
