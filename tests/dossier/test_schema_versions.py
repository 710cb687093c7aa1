"""Dossiers of an earlier schema are read and judged as they were."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.dossier.schema import SCHEMA_VERSION, Dossier
from holdfast.standards.judge import judge
from holdfast.standards.library import default_packs

pytestmark = [pytest.mark.req("5.1")]


def old_dossier(**counts: int) -> dict[str, Any]:
    """What schema 1.0 wrote: no parts but a batch's, and counts under short names."""
    return {
        "schema_version": "1.0",
        "decision": {"question": "us_disposition", "region": "US", "phase": "phase2", "route": "trial", "date": "2026-06-01"},
        "scope": {"programme": "P", "counts": counts},
        "batch": {"number": "B1", "review_completed_on": "2026-05-01", "inputs": [{"used_on": "2026-03-01", "expires_on": "2026-03-01"}]},
        "statements": [{"list": "inputs", "complete_to": "2026-05-01"}],
    }


def test_a_dossier_of_schema_1_0_is_valid_and_keeps_its_version() -> None:
    assert SCHEMA_VERSION == "1.1"
    assert Dossier.model_validate(old_dossier(inputs=1)).schema_version == "1.0"


def test_counts_of_schema_1_0_are_not_held_against_its_lists() -> None:
    """They went by short names, and never took part in a verdict: an old verdict is judged again as it was signed."""
    answers = [judge(default_packs(Dossier), old_dossier(**counts)).answers() for counts in ({"inputs": 1}, {"inputs": 9, "batch.inputs": 9}, {})]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["US-DSP-014"] == "met"


def test_counts_of_schema_1_1_are() -> None:
    dossier = {**old_dossier(), "schema_version": "1.1", "scope": {"counts": {"batch.inputs": 2}}}
    assert judge(default_packs(Dossier), dossier).answers()["US-DSP-014"] == "cannot tell"
