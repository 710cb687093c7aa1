"""Samples, test runs and results of each batch, with a fixed seed."""

from __future__ import annotations

import random
from datetime import date, timedelta

from execution import at
from product import TESTS
from scenarios import Batch
from sheets import Folder

ANALYSTS = {"LKA-IL": ("PER-051", "PER-052"), "NGM-NC": ("PER-061", "PER-062"), "MGX-NL": ("PER-071", "PER-072")}
STAGES = {"mycoplasma": "harvest", "identity_car": "labelled_container"}
VIABILITY_METHOD_CHANGED_ON = date(2026, 5, 1)
WORDS = {"appearance": "Clear to slightly opaque", "identity_car": "Positive", "rcl": "Not detected", "sterility": "No growth", "mycoplasma": "Not detected"}


def value_of(code: str, batch: Batch, chance: random.Random) -> str:
    """A result as the laboratory would report it: text, with the digits of its method."""
    drawn = {
        "viability": f"{chance.gauss(84, 3.2):.1f}",
        "car_positive": f"{min(max(chance.gauss(38, 7), 22), 62):.1f}",
        "cd3_purity": f"{min(chance.gauss(97, 0.8), 99.5):.1f}",
        "dose": f"{min(max(chance.gauss(240, 60), 90), 520):.0f}",
        "potency_ifng": f"{min(max(chance.gauss(101, 14), 65), 150):.0f}",
        "vcn": f"{min(max(chance.gauss(2.4, 0.5), 1.1), 4.2):.1f}",
        "endotoxin": chance.choice(["<0.50", "<0.50", "<0.50", "0.62", "0.71"]),
    }
    if batch.story == "viability_oos" and code == "viability":
        return "58.3"
    if batch.story == "below_quantitation":
        return {"endotoxin": "<0.05", "vcn": "<0.5"}.get(code, WORDS.get(code, drawn.get(code, "")))
    return WORDS.get(code) or drawn[code]


def add_testing(folder: Folder, batch: Batch, chance: random.Random) -> None:
    """One sample a laboratory and stage, one test run a procedure, one result an attribute."""
    if batch.story == "in_process":
        return
    for laboratory, (analyst, reviewer) in ANALYSTS.items():
        tests = [t for t in TESTS if t[6] == laboratory]
        for stage in dict.fromkeys(STAGES.get(t[0], "final_container") for t in tests):
            sample = folder.add("samples", number=f"SMP-{batch.number}-{laboratory[:3]}-{stage[:3].upper()}", title="Release sample", lot=batch.number, laboratory=laboratory, taken_at=at(batch.made_on, 12), received_at=at(batch.made_on + timedelta(days=2), 9), stage=stage, quantity="1 vial", identity=batch.identity)  # fmt: skip
            add_runs(folder, batch, chance, sample, [t for t in tests if STAGES.get(t[0], "final_container") == stage], analyst, reviewer)


def add_runs(folder: Folder, batch: Batch, chance: random.Random, sample: str, tests: list, analyst: str, reviewer: str) -> None:  # type: ignore[type-arg]
    for procedure in dict.fromkeys(t[5] for t in tests):
        day = batch.made_on + timedelta(days=14 if procedure.startswith("AP-20") else 5)
        version = 2 if procedure == "AP-101" and day >= VIABILITY_METHOD_CHANGED_ON else 1
        waiting = batch.story == "testing" or (batch.story == "reviewer_is_analyst_missing" and procedure == "AP-202")
        number = f"RUN-{sample[4:]}-{procedure[3:]}"
        if (batch.story == "evidence_incomplete" and procedure == "AP-203") or (batch.story == "testing" and procedure.startswith("AP-20")):
            continue
        folder.add("test_runs", number=number, title=procedure, sample=sample, procedure=f"{procedure}@{version}", site=sample_site(procedure), analyst=analyst, performed_at=at(day, 10), reviewer=None if waiting else reviewer, reviewed_at=None if waiting else at(day + timedelta(days=2), 11), system_suitability="passed", state="in_review" if waiting else "approved")  # fmt: skip
        for code, *_rest in (t for t in tests if t[5] == procedure):
            unit = next(t[4] for t in TESTS if t[0] == code)
            folder.add(
                "results", test_run=number, attribute=code, reported=value_of(code, batch, chance), unit=unit, status="preliminary" if waiting else "approved"
            )


def sample_site(procedure: str) -> str:
    return next(t[6] for t in TESTS if t[5] == procedure)
