"""How fast rules judge: every shipped pack on one dossier, with its reasons; and how many conditions a second, answers alone.

Run: `python -m benchmarks.rules` (or `./dev bench`); no database. CPU time of one core is measured, so that a busy machine does not count, and the same
run times parsing the dossier's JSON and ten million additions, to compare machines by.
"""

from __future__ import annotations

import copy
import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest import mock

from holdfast.dossier.schema import Dossier
from holdfast.standards import conditions, quantifiers
from holdfast.standards.completeness import as_judged
from holdfast.standards.judge import BriefVerdict, answer_of, judge, judge_briefly
from holdfast.standards.library import current_packs
from holdfast.standards.loading import Pack
from holdfast.standards.outcome import Outcome
from holdfast.standards.verdict import Verdict

MOST_ROWS = 12  # of each list: about what a batch of an autologous product has
WANTED_MS, WANTED_CONDITIONS = 20, 300_000


def cpu(work: Callable[[], Any], times: int = 20) -> float:
    """Median CPU seconds of a piece of work."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def whole_dossier(packs: list[Pack]) -> dict[str, Any]:
    """One dossier that has something for every rule: the first example on which each is met, put together."""
    dossier: dict[str, Any] = {}
    for pack in packs:
        for rule in pack.rules:
            example = next((example for answer, _, example in rule.text.worked_examples if answer == "met"), {})
            _merge(dossier, copy.deepcopy(example))
    return dossier


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        elif isinstance(value, list) and isinstance(into.get(name), list):
            into[name] = [*into[name], *(row for row in value if row not in into[name])][: MOST_ROWS * (10 if name == "statements" else 1)]
        else:
            into.setdefault(name, value)


def counted(work: Callable[[], Any]) -> int:
    """How many conditions are judged by a piece of work, the composite ones among them."""
    number = 0

    def counting(*words: Any, **named: Any) -> Outcome:
        nonlocal number
        number += 1
        return Outcome(*words, **named)

    with mock.patch.object(conditions, "Outcome", counting), mock.patch.object(quantifiers, "Outcome", counting):
        work()
    return number


def _asking(dossier: dict[str, Any], question: str, region: str) -> dict[str, Any]:
    return {**dossier, "decision": {**dossier.get("decision", {}), "question": question, "region": region, "phase": "phase2"}}


def _judge_all(packs: list[Pack], documents: list[dict[str, Any]]) -> list[Verdict]:
    return [judge(packs, document) for document in documents]


def _judge_all_briefly(packs: list[Pack], documents: list[dict[str, Any]]) -> list[BriefVerdict]:
    return [judge_briefly(packs, document) for document in documents]


def main() -> None:
    packs = list(current_packs(Dossier))
    questions = sorted({question for pack in packs for question in pack.questions})
    dossier = whole_dossier(packs)
    ready = as_judged(dossier)

    def answers() -> None:
        for pack in packs:
            for rule in pack.rules:
                answer_of(rule, ready)

    content = json.dumps(dossier)
    parsing, adding = cpu(lambda: json.loads(content)), cpu(lambda: sum(range(10_000_000)), 3)
    print(f"a dossier of {len(content)} bytes; parsing it {parsing * 1000:.2f} ms; adding ten million numbers {adding * 1000:.0f} ms")
    for region in ("US", "EU"):
        asked = [_asking(dossier, question, region) for question in questions]
        seconds = cpu(partial(_judge_all, packs, asked))
        number = sum(len(verdict.rules) for verdict in _judge_all(packs, asked))
        reached = f"{seconds * 1000:.1f} ms, {seconds / parsing:.0f} times parsing; wanted {WANTED_MS} ms: {_said(seconds * 1000 <= WANTED_MS)}"
        print(f"{region}: all {len(packs)} packs, {len(questions)} questions, {number} rules with their reasons in {reached}")
        brief = cpu(partial(_judge_all_briefly, packs, asked)) * 1000
        slowest = max((cpu(partial(judge, packs, document), 5) * 1000, str(document["decision"]["question"])) for document in asked)
        print(f"{region}: the same without reasons, as for the board, in {brief:.1f} ms; wanted {WANTED_MS} ms: {_said(brief <= WANTED_MS)}")
        print(print(f"{region}: of the questions alone, with reasons, the slowest is {slowest[1]} in {slowest[0]:.1f} ms: {_said(slowest[0] <= WANTED_MS)}"))
    alone, number = cpu(answers), counted(answers)
    rate = number / alone
    reached = f"{rate:,.0f} a second; wanted {WANTED_CONDITIONS:,}: {_said(rate >= WANTED_CONDITIONS)}"
    print(f"answers alone: {number} conditions in {alone * 1000:.1f} ms, {reached}")


def _said(holds: bool) -> str:
    return "yes" if holds else "NO"


if __name__ == "__main__":
    main()
