"""The crosswalks put to use: a reference of one region in, its counterpart or the gap in another region out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from holdfast.kernel.errors import NotReadable
from holdfast.standards.tables import Confidence, SourceCheck

from .loading import AreaRow, Compendia, Guidance, chapters_of
from .reference import CompendialReference, parse_reference
from .schema import OF_REGION, SOURCE_NAMES, SOURCES, CitedDocument, CompendialRow, Pharmacopoeia, Source, Status

INFORMATIONAL = "It informs; by itself it does not bind."


@dataclass(frozen=True)
class Counterpart:
    """What one row of the crosswalk answers: the texts of the other region (none: a gap), how they stand to the text asked about, what differs."""

    row: str
    topic: str
    status: Status
    references: tuple[str, ...]
    differs: str
    edition: str
    confidence: Confidence
    source_check: SourceCheck
    standing: str = ""

    @property
    def is_gap(self) -> bool:
        return not self.references


@dataclass(frozen=True)
class Answer:
    """The answer for one reference and region. Without counterparts the crosswalk does not know the reference, which says nothing about the other region."""

    asked: str
    region: str
    counterparts: tuple[Counterpart, ...]
    sentence: str

    @property
    def is_known(self) -> bool:
        return bool(self.counterparts)


def find_compendial(crosswalk: Compendia, text: str, region: str) -> Answer:
    """The counterparts of a compendial reference in a region (`US`, `EU`, `JP`). Raises `NotReadable`."""
    if region not in OF_REGION:
        raise NotReadable(f"{region!r} is not a region with a pharmacopoeia here. Use one of: {', '.join(OF_REGION)}.")
    asked, wanted = parse_reference(text), OF_REGION[region]
    if asked.pharmacopoeia == wanted:
        return Answer(str(asked), region, (), f"{asked} is itself of the {wanted}: nothing to translate.")
    rows = crosswalk.by_chapter.get((asked.pharmacopoeia, asked.chapter), ())
    found = tuple(_counterpart(crosswalk, asked, row, wanted) for row in rows)
    return Answer(str(asked), region, found, _sentence(str(asked), wanted, found))


def _counterpart(crosswalk: Compendia, asked: CompendialReference, row: CompendialRow, wanted: Pharmacopoeia) -> Counterpart:
    texts = chapters_of(row, wanted)
    standing = INFORMATIONAL if texts and all(text.is_informational for text in texts) else ""
    edition = row.edition or crosswalk.header.editions[wanted]
    status = row.between(asked.pharmacopoeia, wanted)
    return Counterpart(row.id, row.topic, status, tuple(map(str, texts)), row.differs, edition, row.confidence, row.source_check, standing)


def find_guidance(crosswalk: Guidance, text: str, source: Source) -> Answer:
    """The counterparts of a guidance reference (`21 CFR 211.192`, `EU GMP Annex 16 1.7`) at a source (`us`, `eu`, `ich`, `pics`, `who`).

    Raises `NotReadable` when the text is empty or belongs to no document of the crosswalk.
    """
    asked = normalise(text)
    document = crosswalk.document_of(asked)
    if document is None:
        raise NotReadable(f"{text!r} belongs to no document of the crosswalk. Write it like 21 CFR 211.192, EU GMP Annex 16 or ICH Q10.")
    name = SOURCE_NAMES[source]
    if document.source == source:
        return Answer(asked, name, (), f"{asked} is itself of {name}: nothing to translate.")
    rows = [one for one in crosswalk.rows if any(_meets(reference, asked) for reference in one.row.references(document.source))]
    precise = [one for one in rows if any(_meets(r, asked) and not _is_whole(r, asked, document) for r in one.row.references(document.source))]
    found = tuple(_guided(crosswalk, one, document.source, source) for one in precise or rows)
    return Answer(asked, name, found, _sentence(asked, name, found))


def normalise(text: str) -> str:
    """A guidance reference in the crosswalk's own spelling."""
    clean = " ".join(text.replace("§", " ").replace("\u00a0", " ").split())
    for pattern, wanted in (
        (r"^(?:title\s+)?21\s*c\.?f\.?r\.?\s*(?:part|sec(?:tion)?\.?)?\s*", "21 CFR "),
        (r"^(?:eu[\s-]*gmp|eudralex(?:[\s,]*vol(?:ume|\.)?\s*4)?)[\s,:-]*", "EU GMP "),
        (r"^(?=(?:annex\s+\d+|part\s+i+v?)\b)", "EU GMP "),
        (r"^ich[\s-]*(?=q)", "ICH "),
        (r"^pic/?s\s*", "PIC/S "),
        (r"^who\s*", "WHO "),
    ):
        changed, times = re.subn(pattern, wanted, clean, count=1, flags=re.IGNORECASE)
        if times:
            return " ".join(changed.split())
    return clean


def _meets(reference: str, asked: str) -> bool:
    """Whether one reference is the other or part of it: 211.22 and 211.22(a) meet, 211.2 and 211.22 do not."""
    short, long = sorted((reference.casefold().rstrip("."), asked.casefold().rstrip(".")), key=len)
    return long.startswith(short) and (len(long) == len(short) or not long[len(short)].isalnum())


def _is_whole(reference: str, asked: str, document: CitedDocument) -> bool:
    """Whether a row names the whole document where a part of it was asked for: such rows answer only when none is nearer."""
    return reference.casefold() == document.prefix.casefold() != asked.casefold()


def _guided(crosswalk: Guidance, one: AreaRow, asked: Source, wanted: Source) -> Counterpart:
    row = one.row
    references = row.references(wanted)
    documents = {d.prefix: d for d in map(crosswalk.document_of, references) if d}
    edition = "; ".join(f"{d.prefix}: {d.edition}" for d in documents.values())
    status: Status = "no counterpart" if not references else row.status if {asked, wanted} == {"us", "eu"} else "similar"
    return Counterpart(row.id, row.topic, status, references, row.differs, edition, row.confidence, row.source_check)


def _sentence(asked: str, wanted: str, found: tuple[Counterpart, ...]) -> str:
    if not found:
        return f"The crosswalk does not know {asked}. That says nothing about {wanted}: look it up, and add the row."
    texts = list(dict.fromkeys(reference for one in found for reference in one.references))
    if not texts:
        return f"{wanted} has no counterpart of {asked}."
    gaps = [one.topic for one in found if one.is_gap]
    rest = f" Without counterpart: {'; '.join(gaps)}." if gaps else ""
    return f"{asked} answers to {', '.join(texts)} ({', '.join(dict.fromkeys(one.status for one in found if one.references))}).{rest}"


__all__ = ["SOURCES", "Answer", "Counterpart", "find_compendial", "find_guidance", "normalise"]
