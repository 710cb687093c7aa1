"""The import page: checked first, errors by file, row and field with what to do; all or nothing; within what the person may change."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet
from tests.api.test_imports import changed, folder, images
from tests.release.people import QUINN, SAM

from .test_pages import ALEX, signed_in

pytestmark = [pytest.mark.req("4.11")]


def check(client: Client, name: str, content: bytes, mapping: bytes = b"") -> Any:
    given: dict[str, Any] = {"file": SimpleUploadedFile(name, content)}
    if mapping:
        given["mapping"] = SimpleUploadedFile("mine.yaml", mapping)
    return client.post("/import/", given, follow=True)


def test_a_folder_is_checked_and_then_imported_with_a_reason_and_the_ledger_shows_what_it_changed(demo: str) -> None:
    client, before = signed_in(QUINN), images()
    page = check(client, "car-t.zip", folder(changed("deviations.csv", "DEV-", "DEV-X"))).content.decode()
    assert "Nothing is wrong with it." in page
    assert "rows would be written" in page
    assert images() == before
    response = client.post("/import/checked/", {"reason": "One more deviation"}, follow=True)
    assert "Imported. This is what it changed." in response.content.decode()
    with viewing(Viewer.operator()):
        made = ChangeSet.objects.order_by("-pk")[0]
    assert (made.actor_name, made.action, made.reason) == ("Quinn Adler", "import programme", "One more deviation")
    assert response.redirect_chain[-1][0] == f"/ledger/{made.pk}/"
    assert "No file waits here" in client.get("/import/checked/").content.decode()


def test_each_problem_is_told_by_file_row_and_field_with_what_to_do_and_nothing_changes(demo: str) -> None:
    client, before = signed_in(QUINN), images()
    page = check(client, "car-t.zip", folder(changed("results.csv", "approved", "=approved")))
    shown = page.content.decode()
    assert "It cannot be imported as it is." in shown
    assert "results.csv" in shown
    assert "Why it is brought in" not in shown
    rows = list(csv.DictReader(io.StringIO(client.get("/import/errors.csv").content.decode())))
    assert (rows[0]["file"], rows[0]["column"], rows[0]["row"].isdecimal()) == ("results.csv", "status", True)
    assert rows[0]["message"]
    client.post("/import/checked/", {"reason": "in spite of it"})
    assert images() == before


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("bomb.zip", b"no zip at all", "The file is no zip, or is not whole"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Only workbooks of the kind .xlsx are read."),
        ("table.csv", b"a,b\n1,2\n", "A table by itself does not say what its columns are."),
        ("picture.png", b"\x89PNG", "It is no zip, workbook or table."),
        ("empty.zip", b"", "Choose a file that is not empty."),
    ],
)
def test_what_is_no_programme_says_so_and_writes_nothing(demo: str, name: str, content: bytes, says: str) -> None:
    client, before = signed_in(QUINN), images()
    assert says in check(client, name, content).content.decode()
    assert images() == before


def test_a_table_comes_with_a_mapping_and_a_mistake_in_it_is_told_by_its_line(demo: str) -> None:
    page = check(signed_in(QUINN), "table.csv", b"a,b\n1,2\n", b"title: x\nprogramme: {number: P, name: N}\nbatch_number: '{a}'\ntables: []\n").content.decode()
    assert "mapping.yaml" in page
    assert "Row 4" in page


def test_a_file_that_is_too_large_is_not_taken(demo: str, settings: Any) -> None:
    settings.HOLDFAST_API_UPLOAD_MB = 1
    response = check(signed_in(QUINN), "large.zip", b"x" * (1024 * 1024 + 1))
    assert "The file is larger than 1 MB." in response.content.decode()


def test_an_import_needs_a_reason_and_someone_who_may_write(demo: str) -> None:
    client, before = signed_in(QUINN), images()
    check(client, "car-t.zip", folder(changed("deviations.csv", "DEV-", "DEV-X")))
    assert "Write why it is brought in" in client.post("/import/checked/", {"reason": " "}).content.decode()
    assert "may not write" in check(signed_in(ALEX), "car-t.zip", folder()).content.decode()
    assert images() == before


def test_who_may_do_what_is_not_changed_by_an_import_of_somebody_who_does_not_administer_it(demo: str) -> None:
    content = folder(changed("roles.csv", "quality_unit", "reader"))
    client, before = signed_in(QUINN), images()
    check(client, "car-t.zip", content)
    refused = client.post("/import/checked/", {"reason": "a test"})
    assert (refused.status_code, images()) == (422, before)
    assert "changed by the programme&#x27;s system administrator" in refused.content.decode()


def test_what_one_person_checked_is_not_there_for_another(demo: str) -> None:
    mine, other = signed_in(QUINN), signed_in(SAM)
    check(mine, "car-t.zip", folder())
    session = other.session
    session["import"] = mine.session["import"]
    session.save()
    assert "No file waits here" in other.get("/import/checked/").content.decode()
    assert "There is nothing to write." in mine.get("/import/checked/").content.decode()
