"""A registered procedure's compendial reference finds its region's own text, a counterpart, or a gap."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from holdfast.exchange.programme.loading import load_folder
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor
from holdfast.programme.models import Product
from holdfast.programme.queries.compendial import compendial_standing, stand
from holdfast.project.home import example

from .test_alignment import SHEETS

pytestmark = pytest.mark.req("5.4")


@pytest.mark.parametrize(
    ("text", "region", "standing"),
    [
        ("USP <71>; Ph. Eur. 2.6.1", "EU", "own"),
        ("USP <71>", "EU", "counterpart"),
        ("EP 2.7.29", "US", "counterpart"),
        ("USP <1207>", "EU", "gap"),
        ("USP <1207>, USP <71>", "EU", "counterpart"),
        ("USP <2999>", "EU", "unknown"),
        ("USP <1207>; USP <2999>", "EU", "unknown"),
        ("in-house", "US", "unread"),
        ("", "US", "none"),
    ],
)
def test_a_reference_stands_in_a_region(text: str, region: str, standing: str) -> None:
    found, says, answers = stand(text, region)
    assert found == standing
    assert says
    assert bool(answers) == (standing in {"counterpart", "gap", "unknown"})


@pytest.mark.django_db
def test_every_registered_procedure_of_the_demonstration_is_answered_in_each_registration(tmp_path: Path) -> None:
    shutil.copy(example("car-t") / "programme.yaml", tmp_path)
    for name in SHEETS:
        shutil.copy(example("car-t") / f"{name}.csv", tmp_path)
    assert load_folder(tmp_path, Actor.operator("operator"), reason="test").problems == []
    with viewing(Viewer.operator()):
        rows = compendial_standing(Product.objects.get(), date(2026, 11, 24))
    found = {(row.region, row.procedure, row.version): row.standing for row in rows}
    assert len(found) == 22
    assert (found["US", "AP-103", 1], found["EU", "AP-103", 1]) == ("counterpart", "own")
    assert {key[1] for key, standing in found.items() if standing == "own"} == {"AP-101", "AP-102", "AP-103", "AP-201", "AP-202", "AP-203"}
    assert set(found.values()) == {"own", "counterpart", "none"}
