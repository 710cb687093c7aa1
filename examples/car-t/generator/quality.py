"""Deviations, out-of-specification results, changes, and statements that lists are complete."""

from __future__ import annotations

from datetime import date, timedelta

from execution import at
from product import ACTIVITIES
from scenarios import BATCHES, Batch
from sheets import Folder

#: list, who keeps it, who says so; one statement a batch
BATCH_LISTS = {
    "deviations": "maker", "batch_steps": "maker", "inputs": "maker", "identity_checks": "maker", "labels": "maker",
    "out_of_specifications": "FHT", "changes": "FHT", "supply_chain": "FHT", "shipments": "FHT", "results": "FHT", "record_reviews": "FHT",
    "site_releases": "FHT", "donor_eligibility": "FHT", "reserve_samples": "FHT", "inventory": "FHT", "certification": "FHT",
}  # fmt: skip
PROGRAMME_LISTS = (
    "authorisations",
    "audits",
    "qp_declarations",
    "quality_agreements",
    "aseptic_simulations",
    "trainings",
    "named_qualified_persons",
    "shelf_lives",
    "registrations",
    "roles",
)
MAKERS = {"BCW-OH": ("BCW", "PER-024"), "TWB-MD": ("TWB", "PER-033")}
STATED_ON = date(2026, 11, 23)


def add_quality(folder: Folder, batch: Batch) -> None:
    """Deviations and OOS of a batch, and the statements about its lists."""
    if batch.story.startswith("deviation"):
        add_deviation(folder, batch, is_open=batch.story == "deviation_open")
    if batch.story == "viability_oos":
        folder.add("out_of_specifications", number=f"OOS-{batch.number}", title="Viability below limit", lot=batch.number, attribute="viability", state="confirmed", laboratory_investigation=True, assignable_cause="", quality_approved_by="PER-002", quality_approved_on=batch.reviewed_on - timedelta(days=3))  # fmt: skip
    if batch.story in {"in_process", "testing", "record_in_review"}:
        return
    for name, keeper in BATCH_LISTS.items():
        if batch.story == "evidence_incomplete" and name in {"deviations", "results"}:
            continue
        party, person = MAKERS[batch.site] if keeper == "maker" else ("FHT", "PER-002")
        folder.add("completeness_statements", number=f"CST-{batch.number}-{name}", title=f"{name} of {batch.number}", list=name, party=party, site=batch.site if keeper == "maker" else "FHT-BOS", lot=batch.number, complete_to=batch.reviewed_on, stated_by=person, stated_at=at(batch.reviewed_on, 17))  # fmt: skip


def add_deviation(folder: Folder, batch: Batch, *, is_open: bool) -> None:
    found = batch.made_on - timedelta(days=1)
    closed = None if is_open else found + timedelta(days=20)
    number = folder.add("deviations", number=f"DEV-{batch.number}", title="Harvest hold longer than 6 h", classification="minor" if batch.index % 2 else "major", is_planned=False, discovered_on=found, site=batch.site, justification="Harvest waited for the centrifuge; cells held at 2 to 8 C", investigation_state="open" if is_open else "concluded", root_cause=None if is_open else "confirmed", impact_conclusion="not_concluded" if is_open else "no_impact", other_batches_assessed=None if is_open else True, quality_approved_by=None if is_open else "PER-002", quality_approved_on=closed, qp_involved=None if is_open else True, modification_evaluated=None if is_open else True, capa_state="open")  # fmt: skip
    folder.add("deviation_lots", deviation=number, lot=batch.number)


def add_changes(folder: Folder) -> None:
    """One change usable in both regions, one that the EU has not permitted yet, one that was never filed in the US."""
    spring = date(2026, 4, 20)
    filed = (
        ("CHG-014", "Viability by flow cytometry", ("submitted", spring), ("permitted", spring)),
        ("CHG-019", "Second centrifuge at Columbus", ("submitted", spring), ("submitted", None)),
        ("CHG-021", "Cryobag from a second moulding line", ("not_filed", None), ("permitted", date(2026, 2, 2))),
    )
    for number, title, (us_state, us_from), (eu_state, eu_from) in filed:
        folder.add("changes", number=number, title=title, state="implemented", impact_evaluated=True, additional_tests_done=True)
        folder.add("change_filings", change=number, region="US", filing_class="information amendment", filing_state=us_state, permitted_from=us_from)
        folder.add("change_filings", change=number, region="EU", filing_class="substantial modification", filing_state=eu_state, permitted_from=eu_from)
    for batch in BATCHES:
        if batch.made_on >= date(2026, 5, 1):
            folder.add("change_lots", change="CHG-014", lot=batch.number)
        contained = {"change_not_in_eu": "CHG-019", "eu_only": "CHG-021"}.get(batch.story)
        if contained:
            folder.add("change_lots", change=contained, lot=batch.number)


def add_programme_statements(folder: Folder) -> None:
    """What the sponsor says of the lists it keeps for the whole programme and for each site."""
    for name in PROGRAMME_LISTS:
        folder.add(
            "completeness_statements",
            number=f"CST-{name}",
            title=f"{name} of the programme",
            list=name,
            party="FHT",
            site=None,
            lot=None,
            complete_to=STATED_ON,
            stated_by="PER-001",
            stated_at=at(STATED_ON, 16),
        )
    for site in dict.fromkeys(s for s, _ in ACTIVITIES):
        for name in ("authorisations", "audits", "quality_agreements", "qp_declarations", "aseptic_simulations"):
            folder.add(
                "completeness_statements",
                number=f"CST-{site}-{name}",
                title=f"{name} of {site}",
                list=name,
                party="FHT",
                site=site,
                lot=None,
                complete_to=STATED_ON,
                stated_by="PER-001",
                stated_at=at(STATED_ON, 16),
            )
