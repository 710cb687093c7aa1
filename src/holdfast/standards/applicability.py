"""Where a rule applies and how much it weighs there: the four axes, the phase, and whether 21 CFR part 211 binds."""

from __future__ import annotations

from typing import Any

from .checks.part_211_binds import part_211_binds
from .pack import AXES, Applies, Citation, Lighter, RuleText, Severity
from .reading import walk

FACTS: dict[str, tuple[str, ...]] = {
    "regions": ("decision", "region"),
    "phases": ("decision", "phase"),
    "modalities": ("product", "modality"),
    "routes": ("decision", "route"),
}
NAMES = {"regions": "region", "phases": "phase", "modalities": "modality", "routes": "route"}


def axes_of(dossier: dict[str, Any]) -> dict[str, Any]:
    """What a dossier says of each axis; None where nobody recorded it."""
    return {axis: walk(dossier, FACTS[axis]) for axis in AXES}


def left_out(applies: Applies, axes: dict[str, Any]) -> str:
    """Why a rule does not apply, in a sentence; empty when it does. An axis that nobody recorded does not excuse a rule."""
    for axis in AXES:
        wanted, value = getattr(applies, axis), axes[axis]
        if value is not None and "any" not in wanted and value not in wanted:
            return f"It is for {NAMES[axis]} {', '.join(wanted)}; this is {value}."
    return ""


def certainly_applies(applies: Applies, axes: dict[str, Any]) -> bool:
    """Whether every axis is known, or not asked, and within what the rule is for."""
    return all("any" in getattr(applies, axis) or axes[axis] in getattr(applies, axis) for axis in AXES)


def weight(rule: RuleText, dossier: dict[str, Any], axes: dict[str, Any]) -> tuple[Severity, str]:
    """The severity of a rule for this dossier, and why it is lighter than written; empty when it is not."""
    for lighter in rule.lighter:
        if _is_lighter(lighter, dossier, axes):
            return lighter.severity, lighter.why
    return rule.severity, ""


def _is_lighter(lighter: Lighter, dossier: dict[str, Any], axes: dict[str, Any]) -> bool:
    if axes["phases"] not in lighter.phases or (lighter.regions and axes["regions"] not in lighter.regions):
        return False
    return not lighter.unless_part_211 or part_211_binds(dossier, dossier) is False


def citations(rule: RuleText, axes: dict[str, Any]) -> list[Citation]:
    """The citations that speak here, every one when none is known to."""
    kept = [cite for cite in rule.cite if cite.only is None or _speaks(cite, axes)]
    return kept or list(rule.cite)


def _speaks(cite: Citation, axes: dict[str, Any]) -> bool:
    return all(not getattr(cite.only, axis) or axes[axis] is None or axes[axis] in getattr(cite.only, axis) for axis in AXES)
