"""The template workbook: every sheet and column with its note, lists where there are choices, and what a newcomer types comes in."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner

from holdfast.cli import holdfast
from holdfast.exchange.programme.meanings import meaning, meanings, purpose
from holdfast.exchange.programme.sheets import all_sheets
from holdfast.exchange.report import ImportReport
from holdfast.exchange.workbook.book import Book
from holdfast.exchange.workbook.reading import HEAD, load_workbook, read_content
from holdfast.exchange.workbook.template import template_workbook
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor
from holdfast.ledger.models import ChangeSet
from holdfast.people.models import Organisation

pytestmark = [pytest.mark.req("3.7")]


def filled(content: bytes, rows: dict[str, list[str]]) -> bytes:
    """The template with one row typed into some worksheets, as inline text (another way of writing than ours)."""
    names, stream = Book(content).names, io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name).decode() if name.endswith(".xml") else source.read(name)
            found = re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", name)
            if found and names[int(found[1]) - 1] in rows:
                cells = "".join(f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in rows[names[int(found[1]) - 1]])
                part = str(part).replace("</sheetData>", f"<row>{cells}</row></sheetData>")
            target.writestr(name, part)
    return stream.getvalue()


def test_it_has_a_worksheet_a_sheet_with_every_column_and_a_note_on_each() -> None:
    content = template_workbook()
    assert content == template_workbook()
    book = Book(content)
    assert book.names == ["programme", *all_sheets()]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for number, name in enumerate(book.names, 1):
            columns = list(all_sheets()[name].columns) if name in all_sheets() else list(HEAD)
            assert book.grid(name).rows[0] == columns
            notes = re.findall(r'<comment ref="([A-Z]+)1"', archive.read(f"xl/comments{number}.xml").decode())
            assert len(notes) == len(columns)


def test_a_column_with_choices_offers_them_and_a_reference_offers_the_numbers_of_its_sheet() -> None:
    content = template_workbook()
    place = Book(content).names.index("organisations") + 1
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        organisations = archive.read(f"xl/worksheets/sheet{place}.xml").decode()
        sites = archive.read(f"xl/worksheets/sheet{place + 1}.xml").decode()
    assert '<dataValidation type="list"' in organisations
    assert "sponsor,cdmo,laboratory" in organisations
    assert "organisations!$A$2" in sites


@pytest.mark.django_db
def test_what_is_typed_into_it_comes_in_and_the_empty_template_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(template_workbook())
    with viewing(Viewer.operator()):
        before = ChangeSet.objects.count()
    empty = load_workbook(path, Actor.operator("operator"), reason="test")
    assert [(p.sheet, p.message) for p in empty.problems] == [("programme", "The sheet programme has 0 rows; it needs one.")]
    with viewing(Viewer.operator()):
        assert ChangeSet.objects.count() == before
    path.write_bytes(filled(template_workbook(), {"programme": ["FT-1", "First programme", "yes"], "organisations": ["ORG-1", "Fictional", "sponsor", "US"]}))
    report = load_workbook(path, Actor.operator("operator"), reason="test")
    assert (report.problems, report.rows["written"]) == ([], 1)
    with viewing(Viewer.operator()):
        assert Organisation.objects.get(number="ORG-1").name == "Fictional"


def test_every_sheet_says_what_it_is_for_and_no_meaning_is_of_a_column_that_is_gone() -> None:
    assert [sheet.name for sheet in all_sheets().values() if not purpose(sheet) or purpose(sheet).startswith(f"{sheet.model.__name__}(")] == []
    columns = {f"{sheet.name}.{column}" for sheet in all_sheets().values() for column in sheet.columns}
    names = {column.partition(".")[2] for column in columns}
    assert [key for key in meanings() if key not in columns and key not in names] == []
    assert meaning(all_sheets()["lots"], all_sheets()["lots"].columns["patient"]).startswith("A pseudonym")


def test_the_command_writes_it_and_never_over_something(tmp_path: Path) -> None:
    target = tmp_path / "book.xlsx"
    done = CliRunner().invoke(holdfast, ["programme", "template", str(target)])
    assert (done.exit_code, "fill the worksheet programme first" in done.output) == (0, True)
    report = ImportReport()
    read_content("book.xlsx", target.read_bytes(), report)
    assert len(report.problems) == 1
    target.write_bytes(b"mine")
    again = CliRunner().invoke(holdfast, ["programme", "template", str(target)])
    assert (again.exit_code, "is there already" in again.output, target.read_bytes()) == (1, True, b"mine")
    assert CliRunner().invoke(holdfast, ["programme", "template", str(tmp_path / "book.ods")]).exit_code == 1
