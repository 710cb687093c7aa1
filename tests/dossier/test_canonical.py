"""Canonical JSON is RFC 8785's, byte for byte, whichever encoder writes it."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as some

from holdfast.dossier.canonical import NotCanonical, canonical

pytestmark = pytest.mark.req("3.6")
TEXT = some.text(some.characters(exclude_categories=["Cs"]))
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_it_is_what_rfc8785_writes(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("text", ["\x00\x1f\x7f\u2028\u2029", '"\\/\b\f\n\r\t', "µ € 😀", "\ue000\U0001f600"])
def test_every_awkward_character_is_written_as_the_standard_has_it(text: str) -> None:
    for value in (text, {text: text}, [{"a": text, "B": text}]):
        assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [0.1, {"a": [1, 2.0]}, [float("nan")], 2**53 + 1, {1: "a"}, "\ud800", object()])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_a_float_is_named_by_its_place() -> None:
    with pytest.raises(NotCanonical, match=r"\$\.batch\.inputs\[1\]\.quantity is a float \(0\.5\)"):
        canonical({"batch": {"inputs": [{}, {"quantity": 0.5}]}})
