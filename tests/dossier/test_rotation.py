"""After the signing key was replaced, what the old one signed is verified with the old public key, and what the new one signs with the new."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.dossier.package import public_pem, rotate_key
from holdfast.dossier.verification import AUTHENTIC, INCONSISTENT, verify_package
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.seals import issue_checkpoint
from holdfast.release.certificate import checkpoint_of
from holdfast.release.export import export_decision
from holdfast.release.models import Decision

pytestmark = [pytest.mark.req("3.1")]


def test_exports_of_before_and_after_are_each_authentic_under_the_key_of_their_time(demo: str, tmp_path: Path) -> None:
    with viewing(Viewer.operator()):
        decision = Decision.objects.get(lot__record__number="DP-26-007", question="eu_certification")
        before = export_decision(decision, tmp_path)
        printed = checkpoint_of(decision, tmp_path)
        new, old = rotate_key(tmp_path)
        issue_checkpoint(tmp_path, also=(old,))
        after = export_decision(decision, tmp_path)
        printed_after = checkpoint_of(decision, tmp_path)
    old_key, new_key = public_pem(old), public_pem(new)
    assert [path.read_bytes() for path in (tmp_path / "retired").glob("*.pub.pem")] == [old_key]
    assert verify_package(before, old_key).conclusion == AUTHENTIC
    assert verify_package(after, new_key).conclusion == AUTHENTIC
    assert verify_package(before, new_key).conclusion == INCONSISTENT
    assert verify_package(after, old_key).conclusion == INCONSISTENT
    for lines in (dict(printed), dict(printed_after)):
        assert {"Ledger", "This decision is change set", "Issued"} <= set(lines)
