"""A script brings a programme in and takes it out: all or nothing, within what its person may change."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import RowChange
from holdfast.people.models import Role
from tests.release.people import HANA, NIA, QUINN, account

from .conftest import Script

pytestmark = [pytest.mark.req("3.5")]
ZIP, XLSX = "application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CAR_T = Path(__file__).resolve().parents[2] / "examples" / "car-t"


def images() -> int:
    with viewing(Viewer.operator()):
        return RowChange.objects.count()


def folder(changed: dict[str, str] | None = None, left_out: set[str] | None = None) -> bytes:
    """The demonstration's folder as a zip, with some files other than they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(CAR_T.glob("*.*")):
            if path.is_file() and path.name not in (left_out or set()):
                archive.writestr(f"car-t/{path.name}", (changed or {}).get(path.name) or path.read_text("utf-8"))
    return packed.getvalue()


def changed(sheet: str, before: str, after: str) -> dict[str, str]:
    text = (CAR_T / sheet).read_text("utf-8")
    assert before in text
    return {sheet: text.replace(before, after, 1)}


def bring(script: Any, content: bytes, what: str = "folder", query: str = "reason=a+test", media: str = ZIP, **more: Any) -> Any:
    return script.post(f"/imports/{what}?{query}", content, media=media, **more)


def test_a_folder_is_checked_then_brought_in_and_again_changes_nothing(script: Script) -> None:
    quinn, content, before = script(QUINN), folder(changed("deviations.csv", "DEV-", "DEV-X")), images()
    checked = bring(quinn, content, query="reason=a+test&check_only=true")
    assert (checked.status_code, checked.json()["checked_only"], checked.json()["wrote"], images()) == (200, True, False, before)
    done = bring(quinn, content)
    assert (done.status_code, done.json()["wrote"], done.json()["rows"]["refused"]) == (200, True, 0)
    assert done.json()["rows"]["written"] >= 1
    assert done.json()["rows"]["read"] == sum(done.json()["rows"][state] for state in ("written", "unchanged", "refused", "ignored"))
    past = quinn.get("/imports").json()["items"][0]
    assert (past["actor"], past["reason"]) == ("Quinn Adler", "a test")
    assert {"table": "quality_deviation", "added": 1, "changed": 0} in past["tables"]
    assert bring(quinn, content).json()["wrote"] is False


def test_a_folder_with_problems_names_file_row_and_column_and_writes_nothing(script: Script) -> None:
    quinn, before = script(QUINN), images()
    answer = bring(quinn, folder(changed("lots.csv", "drug_product", "drug_produkt")))
    assert (answer.status_code, answer.json()["code"], images()) == (422, "import_refused", before)
    first = answer.json()["problems"][0]
    assert (first["file"], first["column"], "drug_produkt" in first["message"]) == ("lots.csv", "lot_kind", True)
    assert answer.json()["report"]["wrote"] is False


@pytest.mark.parametrize("name", ["../lots.csv", "/etc/lots.csv", "a/b/lots.csv", "..\\lots.csv"])
def test_a_zip_that_climbs_out_of_its_folder_is_refused(script: Script, name: str, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "x")
        archive.writestr("programme.yaml", "x")
    answer = bring(script(QUINN), packed.getvalue())
    assert answer.status_code == 422
    assert "lies in a folder" in answer.json()["problems"][0]["message"]


@pytest.mark.parametrize(("what", "media"), [("folder", ZIP), ("workbook", XLSX), ("mapped", ZIP)])
def test_what_is_no_file_of_its_kind_is_refused_and_writes_nothing(script: Script, what: str, media: str) -> None:
    quinn, before = script(QUINN), images()
    for content in (b"x", b"PK\x03\x04 broken", b"\x00" * 100):
        answer = bring(quinn, content, what, media=media)
        assert (answer.status_code, answer.json()["code"]) == (422, "import_refused")
    for content, other in ((b"", media), (b"{}", "application/json")):
        answer = bring(quinn, content, what, media=other)
        assert (answer.status_code, answer.json()["code"], answer.json()["detail"].split(",")[0]) == (422, "refused", "Send the file as it is")
    assert images() == before


def test_a_file_that_is_too_large_is_refused(script: Script, settings: Any) -> None:
    settings.HOLDFAST_API_UPLOAD_MB = 1
    answer = bring(script(QUINN), b"x" * (1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = script(QUINN).post("/tokens", b'"' + b"x" * 3_000_000 + b'"')
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_programme_goes_out_as_workbook_and_folder_and_comes_in_again_unchanged(script: Script) -> None:
    quinn = script(QUINN)
    for what, media in (("workbook", XLSX), ("folder", ZIP)):
        out = quinn.get(f"/programmes/FHT-201/{what}")
        assert out["Content-Disposition"].startswith('attachment; filename="FHT-201.')
        answer = bring(quinn, out.content, what, media=media)
        assert (answer.status_code, answer.json()["wrote"], answer.json()["rows"]["refused"]) == (200, False, 0)


def test_mapped_tables_are_brought_in_by_the_mapping_beside_them(script: Script) -> None:
    quinn = script(QUINN)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readings.csv", "batch,ph\nX-1,7.2\n")
    answer = bring(quinn, packed.getvalue(), "mapped")
    assert (answer.status_code, answer.json()["problems"][0]["message"]) == (422, "There is no mapping.yaml in it.")
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("mapping.yaml", "title: x\nprogramme: {number: FHT-201, name: x}\nbatch_number: '{batch}'\ntables: []\n")
    answer = bring(quinn, packed.getvalue(), "mapped")
    assert (answer.status_code, answer.json()["problems"][0]["file"]) == (422, "mapping.yaml")


@pytest.mark.parametrize("who", [NIA, HANA, QUINN])
def test_an_import_does_not_give_its_bringer_a_role(script: Script, who: str) -> None:
    number, before = account(who).person.number, images()
    roles = (CAR_T / "roles.csv").read_text("utf-8") + f"{number},sponsor_release,2026-01-01,open-ended,\n"
    answer = bring(script(who), folder({"roles.csv": roles}))
    assert answer.status_code in {403, 422}
    assert images() == before
    with viewing(Viewer.operator()):
        assert not Role.objects.filter(person=account(who).person_id, role="sponsor_release").exists()


def test_an_import_does_not_move_its_bringer_to_another_organisation(script: Script) -> None:
    before = images()
    answer = bring(script(NIA), folder(changed("people.csv", "Nia Brooks,BCW", "Nia Brooks,FHT")))
    assert answer.status_code in {403, 422}
    assert images() == before


def test_who_only_looks_brings_nothing_in(script: Script) -> None:
    before = images()
    answer = bring(script("alex.stone@example.com"), folder(changed("deviations.csv", "DEV-", "DEV-X")))
    assert answer.status_code in {403, 422}
    assert images() == before
