"""How exceptions of the ledger are worded and shown."""

from __future__ import annotations

from django import template

from holdfast.ledger.models import ExceptionKind

register = template.Library()
ICONS = {"override": "scale", "void": "circle-minus", "late": "clock", "access": "users", "refused": "hand"}
CLASSES = {"override": "state-flagged", "void": "state-not_met", "late": "state-unknown", "access": "state-decided", "refused": "state-not_met"}


@register.filter
def exception_word(kind: str) -> str:
    return str(ExceptionKind(kind).label)


@register.filter
def exception_icon(kind: str) -> str:
    """The icon that tells a kind of exception apart without colour."""
    return ICONS[kind]


@register.filter
def exception_class(kind: str) -> str:
    return CLASSES[kind]
