"""A rule's citation held against the crosswalk: which rows speak of the text it cites, and which rules cite the text of a row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from ..crosswalks.counterparts import normalise
from ..crosswalks.loading import compendia, guidance
from ..crosswalks.reference import parse_references
from ..crosswalks.schema import SOURCES
from ..pack import Citation
from .shelf import Place

_ASIDE = re.compile(r"\s*\((?:GMP for ATMPs|Rev\.[^)]*)\)")
_WORDS = re.compile(r"^(?:and\s+)?(?:sections?|chapters?|points?)\s+", re.IGNORECASE)


@cache
def rows_of(cite: tuple[str, str]) -> tuple[str, ...]:
    """The ids of the crosswalk's rows that name the text of a citation (document, paragraph), or the text around it.

    A row that names only the whole document, where a paragraph is cited, is left out: it says nothing of the paragraph. So is one that names
    only a part of what is cited.
    """
    document, paragraph = cite
    whole = normalise(_ASIDE.sub("", document)).casefold()
    asked = [reference.casefold() for reference in references(document, paragraph)]
    found = [one.row.id for one in guidance().rows if any(_names(text, asked, whole) for source in SOURCES for text in one.row.references(source))]
    return tuple(dict.fromkeys([*found, *_compendial_rows(document, paragraph)]))


@cache
def _whole_documents() -> frozenset[str]:
    return frozenset(document.prefix.casefold() for document in guidance().documents)


def _names(text: str, asked: Iterable[str], whole: str) -> bool:
    wanted = text.casefold()
    return wanted not in _whole_documents() | {whole} and any(one.startswith(wanted) and not one[len(wanted) :][:1].isalnum() for one in asked)


def references(document: str, paragraph: str) -> tuple[str, ...]:
    """The texts of one citation in the crosswalk's spelling: `EudraLex Volume 4 Annex 16`, `1.7.2, 1.7.3` are `EU GMP Annex 16 1.7.2` and `… 1.7.3`."""
    base = _ASIDE.sub("", document)
    pieces = [_WORDS.sub("", piece.strip()) for piece in re.split(r"[,;]", paragraph)]
    return tuple(dict.fromkeys(normalise(f"{base} {piece}") for piece in pieces if piece and not piece.startswith("(")))


def _compendial_rows(document: str, paragraph: str) -> list[str]:
    read = parse_references(f"{document} {paragraph}").read if re.search(r"USP|Ph\. ?Eur|\bJP\b", document) else ()
    return [row.id for one in read for row in compendia().by_chapter.get((one.pharmacopoeia, one.chapter), ())]


def rules_by_row(places: Iterable[Place]) -> dict[str, tuple[tuple[Place, Citation], ...]]:
    """The rules, each with its citation, whose cited text stands in a row of the crosswalk, by the row's id."""
    found: dict[str, list[tuple[Place, Citation]]] = {}
    for place in places:
        for cite in place.text.cite:
            for row in rows_of((cite.document, cite.paragraph)):
                found.setdefault(row, []).append((place, cite))
    return {row: tuple(pairs) for row, pairs in found.items()}
