"""Import with errors: a file is checked, what is wrong is told by its place, the corrected file is imported and the ledger shows what it changed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.api.test_imports import changed, folder

from .looking import enter, keep, spills, violations_everywhere

pytestmark = [pytest.mark.req("4.11"), pytest.mark.browser]
QUINN = "quinn.adler@example.com"


def looked_at(page: Any, name: str) -> None:
    keep(page, name)
    assert violations_everywhere(page) == {}
    assert spills(page) == []


def upload(page: Any, content: bytes) -> None:
    page.get_by_label("File").set_input_files({"name": "car-t.zip", "mimeType": "application/zip", "buffer": content})
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_url("**/import/checked/")


def test_a_file_with_errors_is_corrected_and_imported_without_training(page: Any) -> None:
    enter(page, QUINN)
    page.goto("/")
    page.get_by_role("link", name="Import", exact=True).click()
    looked_at(page, "import")
    upload(page, folder(changed("results.csv", "approved", "aproved") | changed("deviations.csv", "2026-05-14", "14 May")))
    looked_at(page, "import-errors")
    told = page.locator("main").inner_text()
    assert "It cannot be imported as it is." in told
    assert "results.csv" in told
    assert "deviations.csv" in told
    with page.expect_download() as download:
        page.get_by_role("link", name="All problems (CSV)").click()
    with open(download.value.path(), encoding="utf-8") as file:
        assert file.readline() == "file,sheet,row,column,letter,message,advice\n"
    page.get_by_role("link", name="Another file").click()
    upload(page, folder(changed("deviations.csv", "DEV-", "DEV-X")))
    looked_at(page, "import-checked")
    page.get_by_label("Why it is brought in").fill("The deviation that was missing")
    page.get_by_role("button", name=re.compile("^Import ")).click()
    page.wait_for_url(re.compile(r"/ledger/\d+/$"))
    assert "The deviation that was missing" in page.locator("main").inner_text()
    assert page.complaints == []
