"""What two packs, or two versions of one, say differently."""

from __future__ import annotations

from typing import Any

from .loading import Pack, Rule

#: of a rule, what makes a difference to a reader; examples only show
WORTH_NAMING = (
    "title", "status", "applies", "when", "require", "says", "severity", "lighter", "override", "suspended_by", "exemption", "cite", "binds", "note",
)  # fmt: skip


def pack_differences(before: Pack, after: Pack) -> list[str]:
    """One line for each rule, and each figure, that was added, taken away or changed, and in what."""
    lines = _parameter_differences(before, after)
    old, new = _by_key(before), _by_key(after)
    lines += [f"- {rule.id} {rule.text.title}: taken away" for key, rule in old.items() if key not in new]
    lines += [f"+ {rule.id} {rule.text.title}: added" for key, rule in new.items() if key not in old]
    for key in (key for key in old if key in new):
        changed = rule_differences(old[key], new[key])
        if changed:
            lines.append(f"~ {old[key].id} {new[key].text.title}: {', '.join(changed)} changed")
    return lines


def rule_differences(before: Rule, after: Rule) -> list[str]:
    """The parts of a rule that differ, examples aside."""
    return [name for name in WORTH_NAMING if _plain(getattr(before.text, name)) != _plain(getattr(after.text, name))]


def _parameter_differences(before: Pack, after: Pack) -> list[str]:
    old, new = before.header.parameters, after.header.parameters
    lines = [f"- figure {name}: taken away" for name in old if name not in new]
    lines += [f"+ figure {name}: {new[name].value}" for name in new if name not in old]
    return lines + [f"~ figure {name}: {old[name].value} became {new[name].value}" for name in old if name in new and old[name].value != new[name].value]


def _by_key(pack: Pack) -> dict[tuple[str, str], Rule]:
    return {(rule.id, rule.text.question): rule for rule in pack.rules}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.model_dump() if hasattr(value, "model_dump") else value
