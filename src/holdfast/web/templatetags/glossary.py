"""A term of the field with its meaning at hand: a button that opens a small sheet, without scripts."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from holdfast.standards.glossary import term_of

register = template.Library()


@register.simple_tag(takes_context=True)
def term(context: Any, name: str, words: str = "") -> SafeString:
    """`{% term "qp" %}` or `{% term "qp" "the QP" %}`: the words, and behind them what the glossary says. An id that is not in it is an error."""
    found = term_of(name)
    number = context.render_context.setdefault("terms", [0])
    number[0] += 1
    key = f"term-{name}-{number[0]}"
    return format_html(
        '<button class="term" type="button" popovertarget="{}">{}</button><span class="popover" id="{}" popover role="note"><strong>{}.</strong> {}'
        ' <span class="quiet">{}</span> <a href="{}#{}">Glossary</a></span>',
        key, words or found.term, key, found.term, found.says, found.source, reverse("glossary"), name,
    )  # fmt: skip
