"""The design system's tags: an icon, and a component with a body. What each component takes stands at the top of its template."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite. Decoration unless it has a label, which a screen reader then says."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else format_html('aria-hidden="true"')
    return format_html('<svg class="icon" {}><use href="{}#{}"></use></svg>', spoken, static("vendor/lucide/icons.svg"), name)


@register.simple_block_tag(takes_context=True)
def component(context: Any, content: str, name: str, **values: Any) -> str:
    """`{% component "dialog" id="x" title="Y" %}…{% endcomponent %}`: the component's template with the body as `content`."""
    drawn: Any = get_template(f"components/{name}.html")
    return SafeString(drawn.template.render(context.new({**context.flatten(), **values, "content": content})))


@register.filter
def initials(name: str) -> str:
    """First and last initial of a printed name: `Femke Waterman` is `FW`."""
    words = [word for word in str(name).split() if word[0].isalpha()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"
