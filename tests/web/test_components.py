"""Components by what they promise: states in words, slots, appearance that the server remembers."""

from __future__ import annotations

import pytest
from django.template import engines
from django.test import Client

from holdfast.web.templatetags.components import initials
from tests.release.people import QUINN

from .test_pages import signed_in

pytestmark = [pytest.mark.req("4.1")]


def rendered(text: str, /, **context: object) -> str:
    return engines["django"].from_string("{% load components holdfast %}" + text).render(context)


@pytest.mark.parametrize(
    ("state", "word", "icon"),
    [
        ("ready", "Ready", "circle-check"),
        ("blocked", "Blocked", "octagon-x"),
        ("cannot_tell", "Cannot tell", "circle-question-mark"),
        ("flagged", "Flagged", "flag"),
    ],
)
def test_a_state_says_itself_in_a_word_and_a_sign_besides_its_colour(state: str, word: str, icon: str) -> None:
    drawn = rendered('{% include "components/state.html" %}', state=state)
    assert word in drawn
    assert f"icons.svg#{icon}" in drawn
    assert 'aria-hidden="true"' in drawn


def test_a_component_puts_its_body_where_its_template_says_and_escapes_what_it_is_given() -> None:
    drawn = rendered('{% component "note" tone="bad" title=title %}<em>{{ text }}</em>{% endcomponent %}', text="a & b", title="<b>")
    assert "<em>a &amp; b</em>" in drawn
    assert "&lt;b&gt;" in drawn


@pytest.mark.parametrize(("name", "short"), [("Femke Waterman", "FW"), ("Ana", "A"), ("Jan van der Berg", "JB"), ("", "?")])
def test_initials_are_of_the_first_and_the_last_name(name: str, short: str) -> None:
    assert initials(name) == short


def test_theme_and_density_are_rendered_by_the_server_once_chosen(demo: str) -> None:
    client = signed_in(QUINN)
    assert '<html lang="en" data-theme="system" data-density="comfortable">' in client.get("/").content.decode()
    response = client.post("/preferences/", {"theme": "dark", "next": "/pattern/"})
    assert (response.status_code, response["Location"]) == (302, "/pattern/")
    assert response.cookies["theme"]["httponly"]
    client.post("/preferences/", {"density": "compact"})
    assert '<html lang="en" data-theme="dark" data-density="compact">' in client.get("/").content.decode()


@pytest.mark.parametrize("data", [{}, {"theme": "pink"}, {"density": "compact", "theme": "x"}])
def test_an_appearance_that_does_not_exist_is_refused_and_nothing_is_kept(demo: str, data: dict[str, str]) -> None:
    response = signed_in(QUINN).post("/preferences/", data)
    assert response.status_code == 400
    assert {"theme", "density"} & response.cookies.keys() == set()


def test_preferences_never_lead_to_another_site(demo: str) -> None:
    response = signed_in(QUINN).post("/preferences/", {"theme": "dark", "next": "https://example.org/"})
    assert response["Location"] == "/"


def test_a_cookie_that_nobody_offered_changes_nothing(demo: str) -> None:
    client = Client()
    client.cookies["theme"] = '"><script>'
    page = client.get("/accounts/login/").content.decode()
    assert 'data-theme="system"' in page
