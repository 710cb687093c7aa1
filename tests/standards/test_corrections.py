"""What a pack says of its sources is what checking the citations found: the corrections win over the first list."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from holdfast.dossier.schema import Dossier
from holdfast.standards.library import current_packs, rule_ids
from holdfast.standards.loading import Rule
from holdfast.standards.pack import RANK

pytestmark = [pytest.mark.req("5.1")]
SHARED = Path(__file__).resolve().parents[3] / "shared"
SEVERITY = re.compile(r"\b(blocker|major|minor|advice)\b")
AUTHORITY = re.compile(rf"\b({'|'.join(RANK)})\b")
RULE_ID = re.compile(r"[A-Z]+(?:-[A-Z]+)*-\d{3}")
PINPOINT = re.compile(r"\b\d{3,4}\.\d+\b")
RULES = [rule for pack in current_packs(Dossier) for rule in pack.rules]


@pytest.fixture(scope="module")
def source() -> dict[str, dict[str, Any]]:
    """Each rule of the source with its corrections, or a skip."""
    if not (SHARED / "rules.yaml").is_file():
        pytest.skip("the source of rules (../shared/rules.yaml) is not here")
    found = {rule["id"]: {**rule, "corrections": []} for rule in yaml.safe_load((SHARED / "rules.yaml").read_text("utf-8"))["rules"]}
    for correction in yaml.safe_load((SHARED / "rules-corrections.yaml").read_text("utf-8")):
        found[correction["id"]]["corrections"].append(correction)
    return found


def corrected(rule: dict[str, Any], name: str) -> str:
    """What the corrections say of one part of a rule, together; empty when they leave it."""
    return " ".join(str((c.get("correction") or {}).get(name, "")) for c in rule["corrections"]).strip()


def words(pattern: re.Pattern[str], text: str) -> set[str]:
    return set(pattern.findall(text))


def test_the_committed_index_is_the_source_of_rules(source: dict[str, dict[str, Any]]) -> None:
    assert list(rule_ids()) == list(source)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_severity_is_the_sources_or_the_corrections(rule: Rule, source: dict[str, dict[str, Any]]) -> None:
    known = source[rule.id]
    said = corrected(known, "severity")
    allowed = {known["severity"]} | words(SEVERITY, said) | {source[other]["severity"] for other in RULE_ID.findall(said)}  # 'align with US-DSP-037'
    assert rule.text.severity in allowed


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_a_rule_rests_on_is_no_stronger_than_source_or_correction(rule: Rule, source: dict[str, dict[str, Any]]) -> None:
    """The strongest source named decides; a correction replaces what the list said."""
    known = source[rule.id]
    allowed = words(AUTHORITY, corrected(known, "authority")) or {known["authority"]}
    if corrected(known, "citation"):
        allowed |= {known["authority"], "law"} if re.search(r"Dir|Reg|CFR|USC|FD&C", corrected(known, "citation")) else {known["authority"]}
    assert RANK.index(rule.text.authority) >= min(RANK.index(a) for a in allowed)  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_citation_was_looked_up_only_if_somebody_did(rule: Rule, source: dict[str, dict[str, Any]]) -> None:
    known = source[rule.id]
    outcomes = {c["outcome"] for c in known["corrections"]}
    was_read = known["source_check"] == "lookup" or outcomes - {"not found"}
    assert was_read or {cite.source_check for cite in rule.cite} == {"memory"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_confidence_is_never_higher_than_the_sources(rule: Rule, source: dict[str, dict[str, Any]]) -> None:
    order = ["high", "medium", "low"]
    known = source[rule.id]
    was_read = {c["outcome"] for c in known["corrections"]} & {"confirmed", "corrected"}
    best = min(order.index(cite.confidence) for cite in rule.cite)
    assert best >= order.index(known["confidence"]) or was_read


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_pinpoint_that_was_corrected_is_cited_as_corrected(rule: Rule, source: dict[str, dict[str, Any]]) -> None:
    """Sections of 21 CFR that the correction names are cited, and those that it dropped are not."""
    known = source[rule.id]
    wanted = words(PINPOINT, corrected(known, "citation"))
    if not wanted:
        return
    cited = words(PINPOINT, " ".join(cite.paragraph for cite in rule.cite))
    dropped = words(PINPOINT, known["citation"]) - wanted
    if any("CFR" in cite.document for cite in rule.cite):
        assert wanted - cited - words(PINPOINT, known["citation"]) == set(), "a section that the correction adds is missing"
    assert cited & dropped == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_draft_is_a_draft(rule: Rule, source: dict[str, dict[str, Any]]) -> None:
    assert (rule.text.status == "draft") == (source[rule.id]["status"] == "draft")
