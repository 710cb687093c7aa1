"""What holds of every rule on every dossier: evidence taken away never helps, order never matters, and the same dossier gives the same bytes."""

from __future__ import annotations

import copy
import hashlib
import os
import random
import subprocess
import sys
from typing import Any

import pytest
from benchmarks.rules import whole_dossier
from hypothesis import given, settings
from hypothesis import strategies as some

from holdfast.dossier.canonical import canonical
from holdfast.dossier.schema import Dossier
from holdfast.standards.completeness import as_judged, list_counts
from holdfast.standards.conditions import compile_condition
from holdfast.standards.judge import answer_of, judge
from holdfast.standards.library import current_packs, shipped_packs
from holdfast.standards.loading import Rule
from holdfast.standards.positions import Positioned
from holdfast.standards.questions import day_needed
from holdfast.standards.reading import Scope
from holdfast.standards.verdict import as_json

pytestmark = [pytest.mark.req("5.9")]
PACKS = list(shipped_packs(Dossier))
RULES = [rule for pack in PACKS for rule in pack.rules]
BY_ID = {(pack.id, rule.id, rule.text.question): rule for pack in PACKS for rule in pack.rules}
SEEDS = some.integers(0, 2**32 - 1)


def mixed_dossier(seed: int) -> dict[str, Any]:
    """A dossier in which some rules are met and others are not, or cannot be told: evidence for all, part of it worsened, counted as gathered."""
    chance = random.Random(seed)
    dossier = copy.deepcopy(whole_dossier(PACKS))
    for holder, key in list(leaves(dossier)):
        if chance.random() < 0.1:
            value = holder[key]
            holder[key] = not value if isinstance(value, bool) else chance.choice([value, "other" if isinstance(value, str) else value])
    dossier["decision"].update(region=chance.choice(["US", "EU"]), phase=chance.choice(["phase1", "phase2", "commercial"]))
    dossier["scope"] = {"counts": list_counts(dossier)}
    return dossier


def leaves(item: Any) -> Any:
    """Every holder of a single value, with the key it holds it under."""
    for key, value in item.items() if isinstance(item, dict) else enumerate(item):
        if isinstance(value, (dict, list)):
            yield from leaves(value)
        else:
            yield item, key


def parts(item: Any) -> Any:
    """Every holder with each of its keys, values, rows and whole branches alike."""
    for key, value in item.items() if isinstance(item, dict) else enumerate(item):
        yield item, key
        if isinstance(value, (dict, list)):
            yield from parts(value)


def answers(dossier: dict[str, Any]) -> dict[tuple[str, str, str], str]:
    ready = as_judged(dossier)
    return {key: answer_of(rule, ready)[0] for key, rule in BY_ID.items()}


@given(SEEDS, some.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_taking_fields_and_records_away_never_turns_a_rule_to_met(seed: int, number: int) -> None:
    """Any field and any row, one or a dozen together; only a rule that calls itself an exemption may be met for want of evidence."""
    before = mixed_dossier(seed)
    after, chance = copy.deepcopy(before), random.Random(seed)
    for _ in range(number):
        holder, key = chance.choice([(holder, key) for holder, key in parts(after) if key != "scope" and holder is not after.get("scope")])
        if holder is not after["scope"].get("counts"):
            del holder[key]
    was, now = answers(before), answers(after)
    helped = [key for key in was if was[key] in {"not met", "cannot tell"} and now[key] == "met" and not BY_ID[key].text.exemption]
    assert helped == []


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_and_names_never_changes_an_answer(seed: int) -> None:
    dossier = mixed_dossier(seed)
    assert answers(shuffled(dossier, random.Random(seed))) == answers(dossier)


def shuffled(item: Any, chance: random.Random) -> Any:
    if isinstance(item, dict):
        names = list(item)
        chance.shuffle(names)
        return {name: shuffled(item[name], chance) for name in names}
    if isinstance(item, list):
        return chance.sample([shuffled(row, chance) for row in item], len(item))
    return item


@given(SEEDS)
@settings(max_examples=6, deadline=None)
def test_the_order_of_conditions_and_of_packs_never_changes_an_answer(seed: int) -> None:
    dossier, chance = as_judged(mixed_dossier(seed)), random.Random(seed)
    for pack in PACKS:
        figures = {name: parameter.value for name, parameter in pack.header.parameters.items()}
        for rule in chance.sample(list(pack.rules), min(6, len(pack.rules))):
            scope = Scope(Positioned("shuffled", {}, {}), (Dossier,), figures).asking(day_needed(rule.text.question))
            require = compile_condition(scope, shuffled_conditions(rule.text.require, chance), ())
            assert answer_of(Rule(rule.text, require, rule.when), dossier)[0] == answer_of(rule, dossier)[0], rule.id
    distinct = list(current_packs(Dossier))
    asked = {**mixed_dossier(seed)}
    asked["decision"] = {**asked["decision"], "question": "us_disposition", "region": "US"}
    forwards, backwards = judge(distinct, asked), judge(distinct[::-1], asked)
    assert (forwards.answers(), forwards.state) == (backwards.answers(), backwards.state)


def shuffled_conditions(condition: Any, chance: random.Random) -> Any:
    """The same condition with the parts of every list of conditions in another order; lists of values stay."""
    if isinstance(condition, list):
        changed = [shuffled_conditions(part, chance) for part in condition]
        return chance.sample(changed, len(changed)) if all(isinstance(part, dict) for part in condition) else condition
    if not isinstance(condition, dict):
        return condition
    return {key: shuffled_conditions(value, chance) if key in {"all", "any", "not", "where", "must"} else value for key, value in condition.items()}


def verdict_digest() -> str:
    """SHA-256 of the canonical bytes of every verdict on one dossier."""
    digest = hashlib.sha256()
    for question in sorted({question for pack in PACKS for question in pack.questions}):
        dossier = mixed_dossier(1)
        dossier["decision"] = {**dossier["decision"], "question": question, "region": "US"}
        digest.update(canonical(as_json(judge(PACKS, dossier))))
    return digest.hexdigest()


def test_the_same_dossier_gives_the_same_bytes_in_another_process_zone_and_hash_seed() -> None:
    digests = set()
    for seed, zone in (("0", "UTC"), ("4242", "Asia/Tokyo")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C.UTF-8"}
        code = "from tests.standards.test_properties import verdict_digest; print(verdict_digest())"
        answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        digests.add(answer.stdout.strip())
    assert digests == {verdict_digest()}
