"""How the reference is shown: the icon of a standing and of a crosswalk's status, and the pages of rules and documents."""

from __future__ import annotations

from django import template

from holdfast.standards.reference.shelf import Place

from ..reference.addresses import document_address, place_address, rule_address

register = template.Library()
STANDING_ICONS = {"law": "scale", "guideline": "book-open-text", "standard": "flask-conical", "convention": "users", "draft": "pen-line"}
STATUS_ICONS = {"harmonised": "check", "similar": "git-compare", "different": "split", "no counterpart": "circle-minus"}
CONFIDENCE_ICONS = {"high": "check", "medium": "circle-dashed", "low": "circle-question-mark"}


@register.filter
def standing_icon(standing: str) -> str:
    """The icon that tells law, guideline, standard, convention and draft apart without colour."""
    return STANDING_ICONS[standing]


@register.filter
def status_icon(status: str) -> str:
    """The icon of a crosswalk's status."""
    return STATUS_ICONS[status]


@register.filter
def confidence_icon(confidence: str) -> str:
    """The icon of how sure a statement is."""
    return CONFIDENCE_ICONS[confidence]


@register.filter
def rule_page(rule_id: str, pack: str = "") -> str:
    """The address of a rule's page, in the pack that judged by it; empty for a rule that the reference does not have, such as a sponsor's own."""
    return rule_address(rule_id, pack)


@register.filter
def place_page(place: Place) -> str:
    """The address of a rule as it stands in one pack."""
    return place_address(place)


@register.filter
def document_page(name: str) -> str:
    """The address of a cited document's page; empty for one that is on no list."""
    return document_address(name)
