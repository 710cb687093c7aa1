"""A concluded study in one file: recomputed offline to the last digit, and every way of altering it named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from holdfast.dossier.archive import read_strictly
from holdfast.dossier.canonical import canonical
from holdfast.dossier.package import STUDY, Member, build_package, load_or_make_key, write_zip
from holdfast.dossier.verification import AUTHENTIC, CONSISTENT, INCONSISTENT, verify_package
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.evidence import LONGEST_IMAGE
from holdfast.ledger.seals import seal
from holdfast.study.export import export_study, report_of
from holdfast.study.models import Study, StudyReport
from tests.conftest import copied_database

from .test_study import approved, concluded, only, taken

pytestmark = [pytest.mark.req("6.5")]
SEALED = {"manifest.json", "manifest.sig", "public-key.pem"}


@pytest.fixture(scope="module")
def exported(server: Any, demo_template: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, Any]:
    """The export of a concluded study, the public key, and the folder of keys."""
    keys = tmp_path_factory.mktemp("keys")
    with copied_database(server, demo_template, django_db_blocker):
        study = approved(only("cd3_purity"))
        taken(study)
        report = concluded(study, "comparable", "Purity is equivalent within the margin.")
        seal()
        with viewing(Viewer.operator()):
            kept = StudyReport.objects.select_related("record", "programme", "study__record", "study__data_set", "signature").get(pk=report.pk)
            content = export_study(kept, keys)
    return content, (keys / "export-key.pub.pem").read_bytes(), keys


def forged(exported: tuple[bytes, bytes, Any], change: Any, name: str) -> list[str]:
    """What does not hold when a member is changed and the file signed again by the installation's own key."""
    members = {n: c for n, c in read_strictly(exported[0]).items() if n not in SEALED}
    document = json.loads(members[name])
    change(document)
    members[name] = canonical(document)
    content = build_package([Member(n, c) for n, c in members.items()], load_or_make_key(exported[2]), STUDY)
    report = verify_package(content, exported[1])
    assert report.conclusion == INCONSISTENT
    return [line.what for line in report.lines if not line.holds]


def test_an_untouched_study_is_recomputed_and_authentic(exported: tuple[bytes, bytes, Any]) -> None:
    report = verify_package(exported[0], exported[1])
    assert [line.what for line in report.lines if not line.holds] == []
    assert report.conclusion == AUTHENTIC
    assert verify_package(exported[0]).conclusion == CONSISTENT
    assert report.study["conclusion"] == "comparable"
    assert any("computed again from the data" in line.what for line in report.lines)


def test_a_flipped_byte_in_any_member_is_named(exported: tuple[bytes, bytes, Any]) -> None:
    members = read_strictly(exported[0])
    for name in set(members) - SEALED:
        changed = {**members, name: members[name][:-2] + bytes([members[name][-2] ^ 1]) + members[name][-1:]}
        report = verify_package(write_zip([Member(n, c) for n, c in changed.items()]))
        assert report.conclusion == INCONSISTENT
        assert f"{name} is unchanged" in [line.what for line in report.lines if not line.holds]


def _number(document: Any) -> None:
    document["attributes"][0]["result"]["quantities"]["difference"] = "0.0"


def _result(document: Any) -> None:
    document["rows"][0]["reported"] = "99.9"


def _margin(document: Any) -> None:
    document["attributes"][0]["parameters"]["upper"] = "9"


def _word(document: Any) -> None:
    document["reason"] = "Somebody else's reason."


def _cause(document: Any) -> None:
    document["exclusions"].append({"row": 1, "run": "X", "attribute": "cd3_purity", "cause": "invented here", "by": "Nobody", "at": "2026-11-24"})


@pytest.mark.parametrize(
    ("name", "change", "names"),
    [
        ("evaluation.json", _number, "Every number, computed again from the data, is the one that was signed"),
        ("data.json", _result, "Every number, computed again from the data, is the one that was signed"),
        ("protocol.json", _margin, "The protocol in the file is the one that was approved"),
        ("conclusion.json", _word, "The conclusion is what was signed"),
        ("exclusions.json", _cause, "The conclusion is what was signed"),
    ],
)
def test_a_forgery_signed_again_with_the_same_key_is_named(exported: tuple[bytes, bytes, Any], name: str, change: Any, names: str) -> None:
    assert names in forged(exported, change, name)


def test_a_member_that_is_dropped_is_named(exported: tuple[bytes, bytes, Any]) -> None:
    members = {n: c for n, c in read_strictly(exported[0]).items() if n not in SEALED | {"data.json"}}
    report = verify_package(build_package([Member(n, c) for n, c in members.items()], load_or_make_key(exported[2]), STUDY))
    assert report.conclusion == INCONSISTENT
    assert "Everything it needs is there" in [line.what for line in report.lines if not line.holds]


def test_a_study_whose_evaluation_is_long_verifies_too(demo: str, tmp_path: Path) -> None:
    """The sealed image of a conclusion holds its evaluation: with several attributes it is longer than an image that is given by its digest."""
    seal(wait=True)
    with viewing(Viewer.operator()):
        report = report_of(Study.objects.get(record__number="STU-001"))
        assert report is not None
        assert len(bytes(report.evaluation)) * 2 > LONGEST_IMAGE
        found = verify_package(export_study(report, tmp_path))
    assert [line for line in found.lines if not line.holds] == []
    assert found.conclusion == CONSISTENT
