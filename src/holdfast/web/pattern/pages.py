"""The pattern page: every component in every state, so that a change of one is seen before it is met on twenty pages. It asks no record anything."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.batch.queries import Event
from holdfast.figures.genealogy import Lot, genealogy
from holdfast.figures.point import Limit, Point
from holdfast.figures.sparkline import sparkline
from holdfast.figures.trend import trend
from holdfast.standards.pack import Citation
from holdfast.standards.verdict import EvidenceNode, EvidenceRecord, OverriddenBy, RuleAnswer

from ..access import for_people, signed_in

STATES = ("ready", "blocked", "cannot_tell", "decided", "flagged", "not_destined")
ANSWERS = ("met", "not met", "cannot tell", "not applicable")
COLOURS = ("paper", "surface", "sunken", "ink", "ink-2", "ink-3", "line", "line-2", "accent", "accent-soft", "good", "bad", "unsure", "done", "flag")
LIMITS = (Limit("US", low=Decimal(70)), Limit("EU", low=Decimal(70), high=Decimal(95)))


@for_people
def pattern(request: HttpRequest) -> HttpResponse:
    """Made-up content in every component."""
    context = signed_in(request) | {
        "crumbs": [("Release board", "/"), ("DP-00-000", "/pattern/"), ("Pattern", "")],
        "states": STATES,
        "answers": ANSWERS,
        "colours": COLOURS,
        "rules": [_rule(answer) for answer in ANSWERS] + [_rule("not met", OverriddenBy(reason="The label was replaced.", by="A. Person", second="B. Person"))],
        "events": _events(),
        "facts": [("Made at", "A site", ""), ("Expires", date(2027, 3, 1), ""), ("Container", None, ""), ("Process", "PR-1 v2", "/pattern/")],
        "tabs": [("Verdicts", "/pattern/", True, "2"), ("Results", "/pattern/#results", False, ""), ("History", "/pattern/#history", False, "14")],
        "steps": [("Read", "done"), ("Override", "now"), ("Sign", "later")],
        "errors": [("Give a reason.", "reason"), ("The password is not right.", "")],
        "trend": trend("Viability", "%", POINTS, LIMITS),
        "spark": sparkline("spark", "Viability", POINTS, LIMITS),
        "family": _family(12, "family"),
        "crowd": _family(200, "crowd"),
    }
    return render(request, "pattern/pattern.html", context)


def _point(index: int, value: str) -> Point:
    reported = "<60" if index == 4 else value
    return Point(f"DP-00-{index:03d}", date(2026, 1 + index, 5), reported, Decimal(value), "less_than" if index == 4 else "none", is_this=index == 8)


POINTS = tuple(_point(index, value) for index, value in enumerate(("82.1", "85.4", "79.9", "88.0", "60", "84.2", "81.7", "90.3", "66.5")))


def _rule(answer: str, overridden: OverriddenBy | None = None) -> RuleAnswer:
    found = {"met": "holds", "not met": "fails", "cannot tell": "unknown", "not applicable": "unknown"}[answer]
    leaf = EvidenceNode(condition="result.reported is at least 70", answer=found, value="58.3 %", record=EvidenceRecord(kind="test_run", number="RUN-1"))  # type: ignore[arg-type]
    return RuleAnswer(
        id="XX-ABC-001",
        title="Every result meets the registered specification",
        question="us_disposition",
        stage="record",
        severity="blocker",
        override="justified" if overridden else "never",
        answer=answer,  # type: ignore[arg-type]
        says="Viability is 58.3 %, and the limit is not less than 70 %.",
        cite=[Citation(document="21 CFR", paragraph="211.165(a)", authority="law", confidence="high", source_check="lookup")],
        pack="pattern",
        evidence=EvidenceNode(condition="every test of the specification", answer=found, children=[leaf], withheld=2),  # type: ignore[arg-type]
        overridden=overridden,
    )


def _events() -> list[Event]:
    return [
        Event(date(2026, 3, 1), "Manufacture began", "A site", icon="factory"),
        Event(
            datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
            "Identity check at receipt: DOES NOT AGREE",
            "A site",
            "Europe/Berlin",
            icon="fingerprint-pattern",
            tone="bad",
        ),
        Event(datetime(2026, 3, 9, 16, 5, tzinfo=UTC), "Released", "A. Person", "America/New_York", icon="stamp", tone="done"),
    ]


def _family(inputs: int, name: str) -> object:
    kinds = ("Reagent", "Plasmid", "Vector", "Apheresis")
    lots = [Lot(0, f"DP-00-{inputs:03d}", "Drug product", "A product", 0), Lot(-1, "DP-00-900", "Drug product", "Made from it", 1)]
    lots += [Lot(i, f"LOT-{i:03d}", kinds[0] if i > 3 else kinds[i], "A material with a rather long name", -1 if i > 1 else -2) for i in range(1, inputs + 1)]
    uses = [(lot.key, 0 if lot.level == -1 else 2) for lot in lots if lot.level < 0] + [(0, -1)]
    return genealogy(name, tuple(lots), tuple(uses), "/pattern/")
