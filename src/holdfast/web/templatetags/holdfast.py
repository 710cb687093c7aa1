"""How values are written on pages: code words as words, moments in a zone, values of any kind."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template

register = template.Library()
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: code word of a state: its word and its icon, so that colour never says it alone
STATES = {
    "ready": ("Ready", "circle-check"),
    "blocked": ("Blocked", "octagon-x"),
    "cannot_tell": ("Cannot tell", "circle-question-mark"),
    "decided": ("Decided", "stamp"),
    "flagged": ("Flagged", "flag"),
    "not_judged": ("Not judged", "circle-question-mark"),
    "not_destined": ("Not destined", "minus"),
    "met": ("Met", "circle-check"),
    "not met": ("Not met", "octagon-x"),
    "cannot tell": ("Cannot tell", "circle-question-mark"),
    "not applicable": ("Does not apply", "minus"),
    "demonstrated": ("Demonstrated", "circle-check"),
    "not demonstrated": ("Not demonstrated", "octagon-x"),
    "for information": ("For information", "info"),
    "holds": ("holds", "check"),
    "fails": ("fails", "x"),
    "unknown": ("unknown", "circle-question-mark"),
}


@register.filter
def words(value: Any) -> str:
    """A code word as words: `release_testing` is `release testing`."""
    return str(value).replace("_", " ") if value not in (None, "") else "not recorded"


@register.filter
def state_word(state: str) -> str:
    return STATES.get(state, (str(state).replace("_", " ").capitalize(), ""))[0]


@register.filter
def state_icon(state: str) -> str:
    """The icon that tells a state apart without colour."""
    return STATES.get(state, ("", "circle-dashed"))[1]


@register.filter
def state_class(state: str) -> str:
    return "state-" + str(state).replace(" ", "_")


@register.filter
def shown(value: Any) -> str:
    """Any stored value as a person reads it; absence is said, never left blank."""
    if value is None or value == "":
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return f"{value:%-d %b %Y}"
    return str(value)


@register.filter
def moment(value: datetime | None, zone: str = "UTC") -> str:
    """A moment in a site's zone, with the zone's name: `12 Mar 2026 14:05 CET`."""
    if value is None:
        return "not recorded"
    try:
        local = value.astimezone(ZoneInfo(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        local = value.astimezone(UTC)
    return f"{local:%-d %b %Y %H:%M} {local.tzname()}"


@register.filter
def unit_words(code: str) -> str:
    """A UCUM code as a person writes it: `10*6.{cells}` is `10⁶ cells`, `{copies}/{cell}` is `copies/cell`."""
    power = re.sub(r"10\*(\d+)\.?", lambda found: "10" + found[1].translate(RAISED) + " ", code)
    return power.replace("{", "").replace("}", "").strip()


@register.filter
def faults(rule: Any) -> list[Any]:
    """The conditions closest to the fault, each with its record: what a reader opens first. One a record; empty where the rule is met."""
    found: dict[int, Any] = {}

    def walk(node: Any) -> bool:
        if node.answer == "holds":
            return False
        below = [walk(child) for child in node.children]
        if not any(below) and node.record and node.record.id is not None:
            found.setdefault(node.record.id, node)
        return bool(node.record) or bool(node.children)

    if rule.evidence and rule.answer in {"not met", "cannot tell"}:
        walk(rule.evidence)
    return list(found.values())


URGENCY = {"not met": 0, "cannot tell": 1, "met": 2, "not applicable": 3}


@register.filter
def by_urgency(rules: list[Any]) -> list[Any]:
    """Rules with what stands in the way first, otherwise in the pack's order."""
    return sorted(rules, key=lambda rule: URGENCY[rule.answer])
