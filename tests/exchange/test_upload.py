"""What is uploaded reaches no further than itself: not out of the workbook, not out of the folder beside the mapping."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from holdfast.exchange.mapping.schema import read_mapping
from holdfast.exchange.workbook.package import NotAWorkbook, unpack
from holdfast.standards.positions import PackProblem

from .books import workbook

pytestmark = [pytest.mark.req("4.11")]


def with_part(name: str) -> bytes:
    """A good workbook with one part more."""
    content = io.BytesIO(workbook())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(name, "<x/>")
    return content.getvalue()


@pytest.mark.parametrize("part", ["xl/externalLinks/externalLink1.xml", "xl/connections.xml", "xl/queryTables/queryTable1.xml", "xl/vbaProject.bin"])
def test_a_workbook_that_reaches_out_of_itself_is_refused_with_what_to_do(part: str) -> None:
    with pytest.raises(NotAWorkbook, match="reaches out of itself") as refused:
        unpack(with_part(part))
    assert "Break its links" in refused.value.advice


def test_a_workbook_with_a_part_that_nobody_knows_is_read() -> None:
    assert "xl/workbook.xml" in unpack(with_part("docProps/custom.xml"))


@pytest.mark.parametrize("name", ["/etc/passwd", "../secrets.csv", "folder/table.csv", "folder\\\\table.csv"])
def test_a_mapping_names_only_tables_that_lie_beside_it(name: str) -> None:
    text = f"title: T\nprogramme: {{number: P, name: N}}\nbatch_number: '{{}}'\ntables:\n  - file: \"{name}\"\n    columns: {{a: {{to: batch}}}}\n"
    with pytest.raises(PackProblem) as refused:
        read_mapping("mapping.yaml", text)
    assert refused.value.line == 5
    assert Path(name).name != name or "\\" in name
