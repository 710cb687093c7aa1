"""The crosswalks that Holdfast ships, read and checked once a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from holdfast.kernel.errors import NotReadable
from holdfast.standards.positions import Positioned
from holdfast.standards.tables import read_table, refuse_doubles, shipped

from .reference import CompendialReference, parse_reference
from .schema import (
    PHARMACOPOEIAS,
    SOURCES,
    CitedDocument,
    CompendialHeader,
    CompendialRow,
    CompendialTable,
    DocumentTable,
    GuidanceHeader,
    GuidanceRow,
    GuidanceTable,
    Pharmacopoeia,
    Source,
)  # fmt: skip

DOCUMENTS, COMPENDIA = "documents.yaml", "pharmacopoeias.yaml"


@dataclass(frozen=True)
class AreaRow:
    """A row of the guidance crosswalk with the area it stands in."""

    area: str
    row: GuidanceRow


@dataclass(frozen=True)
class Guidance:
    """The crosswalk of guidance: its rows, and the documents they cite."""

    header: GuidanceHeader
    documents: tuple[CitedDocument, ...]
    rows: tuple[AreaRow, ...]

    def document_of(self, reference: str) -> CitedDocument | None:
        """The cited document that a reference belongs to: the one with the longest prefix."""
        found = [d for d in self.documents if _begins(reference, d.prefix)]
        return max(found, key=lambda document: len(document.prefix), default=None)


@dataclass(frozen=True)
class Compendia:
    """The crosswalk of pharmacopoeias."""

    header: CompendialHeader
    rows: tuple[CompendialRow, ...]

    @cached_property
    def by_chapter(self) -> dict[tuple[Pharmacopoeia, str], tuple[CompendialRow, ...]]:
        found: dict[tuple[Pharmacopoeia, str], list[CompendialRow]] = {}
        for row in self.rows:
            for name in PHARMACOPOEIAS:
                for reference in chapters_of(row, name):
                    found.setdefault((name, reference.chapter), []).append(row)
        return {key: tuple(rows) for key, rows in found.items()}


def chapters_of(row: CompendialRow, name: Pharmacopoeia) -> tuple[CompendialReference, ...]:
    """The chapters of one pharmacopoeia in a row."""
    return tuple(CompendialReference(name, chapter) for chapter in row.chapters(name))


def _begins(reference: str, prefix: str) -> bool:
    return reference.casefold().startswith(prefix.casefold()) and (len(reference) == len(prefix) or not reference[len(prefix)].isalnum())


def read_documents(document: Positioned) -> DocumentTable:
    """The table of cited documents. Raises `PackProblem`."""
    table = read_table(document, DocumentTable)
    prefixes = [d.prefix for d in table.documents]
    for index, prefix in enumerate(prefixes):
        if prefix in prefixes[:index]:
            raise document.problem(("documents", index, "prefix"), f"The prefix {prefix!r} stands twice.")
    return table


def read_guidance(document: Positioned, cited: DocumentTable) -> GuidanceTable:
    """One area of the guidance crosswalk, every reference of it checked. Raises `PackProblem`."""
    table = read_table(document, GuidanceTable)
    refuse_doubles(document, ("rows",), [row.id for row in table.rows])
    whole = Guidance(cited.crosswalk, cited.documents, ())
    for index, row in enumerate(table.rows):
        place: tuple[str | int, ...] = ("rows", index)
        if (row.status == "no counterpart") != (not row.us or not row.eu) and not (row.ich and row.status == "harmonised"):
            raise document.problem((*place, "status"), f"{row.id}: 'no counterpart' is for rows in which the US or the EU has no text, and only for them.")
        for source in SOURCES:
            for number, reference in enumerate(row.references(source)):
                found = whole.document_of(reference)
                if found is None or found.source != source:
                    raise document.problem((*place, source, number), f"{reference!r} belongs to no document of this source in {DOCUMENTS}.")
    return table


def read_compendia(document: Positioned) -> Compendia:
    """The crosswalk of pharmacopoeias, every chapter of it read as a laboratory's reference would be. Raises `PackProblem`."""
    table = read_table(document, CompendialTable)
    refuse_doubles(document, ("rows",), [row.id for row in table.rows])
    for index, row in enumerate(table.rows):
        for name, column in zip(PHARMACOPOEIAS, ("usp", "ep", "jp"), strict=True):
            for number, reference in enumerate(chapters_of(row, name)):
                try:
                    parse_reference(str(reference))
                except NotReadable as error:
                    raise document.problem(("rows", index, column, number), str(error)) from error
        if row.status != "no counterpart" and not (row.usp and row.ep):
            raise document.problem(("rows", index, "status"), f"{row.id}: without a text in both USP and Ph. Eur. the status is 'no counterpart'.")
        if row.jp_status != "no counterpart" and not (row.jp and (row.usp or row.ep)):
            raise document.problem(("rows", index, "jp_status"), f"{row.id}: without a text in the JP its status is 'no counterpart'.")
    return Compendia(table.crosswalk, table.rows)


@cache
def guidance() -> Guidance:
    """The crosswalk of guidance that Holdfast ships."""
    files = {document.file: document for document in shipped(__package__)}
    cited = read_documents(files.pop(DOCUMENTS))
    del files[COMPENDIA]
    rows = []
    for document in files.values():
        table = read_guidance(document, cited)
        rows += [AreaRow(table.area, row) for row in table.rows]
    return Guidance(cited.crosswalk, cited.documents, tuple(rows))


@cache
def compendia() -> Compendia:
    """The crosswalk of pharmacopoeias that Holdfast ships."""
    return read_compendia(next(document for document in shipped(__package__) if document.file == COMPENDIA))


__all__ = ["AreaRow", "Compendia", "Guidance", "Source", "chapters_of", "compendia", "guidance", "read_compendia", "read_documents", "read_guidance"]
