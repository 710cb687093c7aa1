"""How values are written on pages: code words as words, moments in a zone, values of any kind."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template

register = template.Library()
STATES = {
    "ready": ("Ready", "✓"),
    "blocked": ("Blocked", "✕"),
    "cannot_tell": ("Cannot tell", "?"),
    "decided": ("Decided", "◆"),
    "not_destined": ("Not destined", "–"),
    "not_judged": ("Not judged since the last change", "?"),
    "met": ("Met", "✓"),
    "not met": ("Not met", "✕"),
    "cannot tell": ("Cannot tell", "?"),
    "not applicable": ("Does not apply", "–"),
    "holds": ("holds", "✓"),
    "fails": ("fails", "✕"),
    "unknown": ("unknown", "?"),
}


@register.filter
def words(value: Any) -> str:
    """A code word as words: `release_testing` is `release testing`."""
    return str(value).replace("_", " ") if value not in (None, "") else "not recorded"


@register.filter
def state_word(state: str) -> str:
    return STATES.get(state, (state, ""))[0]


@register.filter
def state_sign(state: str) -> str:
    """A sign that tells states apart without colour."""
    return STATES.get(state, ("", ""))[1]


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


URGENCY = {"not met": 0, "cannot tell": 1, "met": 2, "not applicable": 3}


@register.filter
def by_urgency(rules: list[Any]) -> list[Any]:
    """Rules with what stands in the way first, otherwise in the pack's order."""
    return sorted(rules, key=lambda rule: URGENCY[rule.answer])
