"""What the crosswalks are: the shape of their YAML."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from holdfast.standards.tables import Confidence, SourceCheck, Strict

Status = Literal["harmonised", "similar", "different", "no counterpart"]
STATUSES: tuple[Status, ...] = get_args(Status)
Source = Literal["us", "eu", "ich", "pics", "who"]
SOURCES: tuple[Source, ...] = get_args(Source)
SOURCE_NAMES: dict[Source, str] = {"us": "US", "eu": "EU", "ich": "ICH", "pics": "PIC/S", "who": "WHO"}
Pharmacopoeia = Literal["USP", "Ph. Eur.", "JP"]
PHARMACOPOEIAS: tuple[Pharmacopoeia, ...] = get_args(Pharmacopoeia)
#: the pharmacopoeia that a region's authority works with
OF_REGION: dict[str, Pharmacopoeia] = {"US": "USP", "EU": "Ph. Eur.", "JP": "JP"}


class CitedDocument(Strict):
    """A document that rows cite. A reference belongs to the document whose `prefix` is the longest that it begins with."""

    prefix: str
    title: str
    source: Source
    edition: str
    authority: Literal["law", "gmp_guideline", "guidance", "ich", "standard"]
    confidence: Confidence
    source_check: SourceCheck
    note: str = ""


class GuidanceRow(Strict):
    """One topic with the references of each source; `status` compares the US with the EU."""

    id: str = Field(pattern=r"^[A-Z]{3}-\d{3}$")
    topic: str
    status: Status
    differs: str
    us: tuple[str, ...] = ()
    eu: tuple[str, ...] = ()
    ich: tuple[str, ...] = ()
    pics: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    confidence: Confidence
    source_check: SourceCheck

    def references(self, source: Source) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self, source)
        return found


class GuidanceHeader(Strict):
    id: str
    version: str
    edition: str


class GuidanceTable(Strict):
    """One file of the guidance crosswalk: an area, and its rows."""

    area: str
    rows: tuple[GuidanceRow, ...] = Field(min_length=1)


class DocumentTable(Strict):
    """The cited documents, and the version of the crosswalk as a whole."""

    crosswalk: GuidanceHeader
    documents: tuple[CitedDocument, ...]


class CompendialRow(Strict):
    """One subject with the chapters of each pharmacopoeia; `status` compares USP with Ph. Eur., `jp` the JP with both."""

    id: str = Field(pattern=r"^PHA-\d{3}$")
    topic: str
    usp: tuple[str, ...] = ()
    ep: tuple[str, ...] = ()
    jp: tuple[str, ...] = ()
    status: Status
    jp_status: Status
    differs: str
    edition: str = ""
    confidence: Confidence
    source_check: SourceCheck

    def chapters(self, pharmacopoeia: Pharmacopoeia) -> tuple[str, ...]:
        return {"USP": self.usp, "Ph. Eur.": self.ep, "JP": self.jp}[pharmacopoeia]

    def between(self, one: Pharmacopoeia, other: Pharmacopoeia) -> Status:
        """How two pharmacopoeias stand to each other on this subject."""
        if not self.chapters(one) or not self.chapters(other):
            return "no counterpart"
        return self.jp_status if "JP" in (one, other) else self.status


class CompendialHeader(Strict):
    id: str
    version: str
    editions: dict[Pharmacopoeia, str]
    note: str


class CompendialTable(Strict):
    """The crosswalk of pharmacopoeias."""

    crosswalk: CompendialHeader
    rows: tuple[CompendialRow, ...] = Field(min_length=1)
