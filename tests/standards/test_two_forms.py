"""A condition's answer with its reasons and its answer alone are always the same, on every worked example and on what is left of it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.dossier.schema import Dossier
from holdfast.standards.judge import answer_of, bare_answer
from holdfast.standards.library import shipped_packs
from holdfast.standards.loading import Rule

pytestmark = [pytest.mark.req("5.10")]
CASES: list[tuple[Rule, dict[str, Any]]] = [
    (rule, example) for pack in shipped_packs(Dossier) for rule in pack.rules for _, _, example in rule.text.worked_examples
]


def test_every_example_answers_the_same_in_both_forms() -> None:
    assert len(CASES) > 1000
    assert [rule.id for rule, example in CASES if answer_of(rule, example)[0] != bare_answer(rule, example)] == []


def places(item: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
    return [place for name, value in inside for place in ((*path, name), *places(value, (*path, name)))]


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_what_is_left_after_removing_anything_answers_the_same_in_both_forms(data: st.DataObject) -> None:
    rule, example = data.draw(st.sampled_from(CASES))
    left = copy.deepcopy(example)
    for _ in range(data.draw(st.integers(1, 4))):
        found = places(left)
        if not found:
            break
        place = data.draw(st.sampled_from(found))
        holder = left
        for step in place[:-1]:
            holder = holder[step]
        del holder[place[-1]]
    assert answer_of(rule, left)[0] == bare_answer(rule, left)
