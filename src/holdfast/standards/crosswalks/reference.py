"""Compendial references as laboratories write them: `USP <71>`, `EP 2.6.1.`, `Ph.Eur. 2.6.1`, `JP 4.06`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from holdfast.kernel.errors import NotReadable

from .schema import Pharmacopoeia

_BRACKETS = str.maketrans(
    {"〈": "<", "〉": ">", "⟨": "<", "⟩": ">", "‹": "<", "›": ">", "＜": "<", "＞": ">", "«": "<", "»": ">", "\u2329": "<", "\u232a": ">"}
)
_DASHES = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-", "\u00a0": " ", "§": " "})
#: the words by which each pharmacopoeia is known, longest first
_NAMES: tuple[tuple[Pharmacopoeia, str], ...] = (
    ("Ph. Eur.", r"european\s+pharmacop(?:o?e)ia|pharm(?:acop)?\.?\s*eur(?:op)?\.?|ph\.?\s*eur\.?|eur\.?\s*ph(?:arm)?\.?|e\.?\s?p\.?"),
    ("JP", r"japanese\s+pharmacop(?:o?e)ia|j\.?\s?p\.?"),
    ("USP", r"united\s+states\s+pharmacop(?:o?e)ia|u\.?\s?s\.?\s?p\.?"),
)
_PREFIX = re.compile("|".join(f"(?P<{'abc'[i]}>{words})" for i, (_, words) in enumerate(_NAMES)), re.IGNORECASE)
_BY_GROUP = {"abc"[i]: name for i, (name, _) in enumerate(_NAMES)}
_USP_EDITION = re.compile(
    r"^(?:-?\s*nf)?\s*(?:(?P<edition>[1-4]\d(?:\s*-?\s*nf\s*\d{1,2})?|20[12]\d)(?=\s*<|\s*[,:;]|\s+(?:general\s|chapter|method|test|\d)))?", re.IGNORECASE
)
_USP = re.compile(r"^[\s,:;]*(?:general\s+)?(?:chapters?|method|test)?\s*<?\s*(?P<chapter>\d{1,4}(?:\.\d{1,2})?)\s*>?\s*\.?$", re.IGNORECASE)
_EP = re.compile(
    r"^[\s,:;]*(?:(?P<edition>\d{1,2}(?:\.\d{1,2})?)(?:th|st|nd|rd)?(?:\s+ed(?:ition|n)?\.?)?[\s,:;]+)?(?:general\s+)?(?:chapters?|method|test|monograph|no\.?)?\s*"
    r"(?P<chapter>\d\.\d{1,2}\.\d{1,2}(?:\.\d{1,2})?|5\.\d{1,2}|\d{4})\s*\.?$",
    re.IGNORECASE,
)
_JP = re.compile(
    r"^[\s,:;]*(?:(?P<edition>1[4-9]|2\d|x[vix]+)[\s,:;]+)?(?:general\s+(?:test|information)\s*)?<?\s*"
    r"(?P<chapter>\d\.\d{2}|g\s?\d{1,2}(?:-\d{1,2}(?:-\d{2,3})?)?)\s*>?\s*\.?$",
    re.IGNORECASE,
)
_GLUED_EDITION = re.compile(r"^(?P<edition>1[4-9]|2\d|x[vix]+)(?=[\s,:;<])", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,/|+&\n]|\band\b|\bor\b", re.IGNORECASE)
#: USP editions in print never reached this number, and no general chapter below it is in use: `USP 43` names an edition, `USP 71` a chapter
_LARGEST_EDITION = 50


@dataclass(frozen=True)
class CompendialReference:
    """A chapter of a pharmacopoeia; `edition` where the text named one."""

    pharmacopoeia: Pharmacopoeia
    chapter: str
    edition: str = ""

    def __str__(self) -> str:
        return f"USP <{self.chapter}>" if self.pharmacopoeia == "USP" else f"{self.pharmacopoeia} {self.chapter}"

    @property
    def is_informational(self) -> bool:
        """Whether the text informs and does not bind by itself: USP chapters from 1000, Ph. Eur. section 5, JP general information (G)."""
        if self.pharmacopoeia == "USP":
            return float(self.chapter) >= 1000
        return self.chapter.startswith("5." if self.pharmacopoeia == "Ph. Eur." else "G")


@dataclass(frozen=True)
class References:
    """What was read from a text that may name several chapters, and the parts that could not be read."""

    read: tuple[CompendialReference, ...]
    unread: tuple[str, ...]


def parse_reference(text: str) -> CompendialReference:
    """Read one reference. A bare `<71>` is USP's own way of writing; a bare number names no pharmacopoeia. Raises `NotReadable`."""
    clean = " ".join(text.translate(_BRACKETS).translate(_DASHES).split())
    prefix = _PREFIX.match(clean)
    if prefix is None:
        if re.fullmatch(r"<\s*\d{1,4}(?:\.\d{1,2})?\s*>\.?", clean):
            return _read("USP", clean, text)
        raise NotReadable(f"{text!r} names no pharmacopoeia. Write it like USP <71>, Ph. Eur. 2.6.1 or JP 4.06.")
    return _read(_BY_GROUP[str(prefix.lastgroup)], clean[prefix.end() :], text)


def parse_references(text: str) -> References:
    """Read every reference of a text such as `USP <61>, <62>; Ph. Eur. 2.6.12 and 2.6.13`; a part without a name takes the one before it."""
    read: list[CompendialReference] = []
    unread: list[str] = []
    for part in (p.strip() for p in _BETWEEN.split(text)):
        if not part:
            continue
        candidates = [part, *([f"{read[-1].pharmacopoeia} {part}"] if read else [])]
        for candidate in candidates:
            try:
                read.append(parse_reference(candidate))
                break
            except NotReadable:
                continue
        else:
            unread.append(part)
    return References(tuple(dict.fromkeys(read)), tuple(unread))


def _read(name: Pharmacopoeia, rest: str, text: str) -> CompendialReference:
    if name == "USP":
        return _read_usp(rest, text)
    pattern = _EP if name == "Ph. Eur." else _JP
    edition = ""
    if name == "JP" and (glued := _GLUED_EDITION.match(rest)):
        edition, rest = glued["edition"], rest[glued.end() :]
    found = pattern.match(rest)
    if found is None:
        raise NotReadable(f"{text!r} names no chapter that can be read. Write it like {'Ph. Eur. 2.6.1' if name == 'Ph. Eur.' else 'JP 4.06'}.")
    chapter = found["chapter"].upper().replace(" ", "")
    return CompendialReference(name, chapter, (found["edition"] or edition).upper())


def _read_usp(rest: str, text: str) -> CompendialReference:
    head = _USP_EDITION.match(rest)
    edition = (head["edition"] or "") if head else ""
    found = _USP.match(rest[head.end() :] if head else rest)
    if found is None or ("<" not in rest and not edition and float(found["chapter"]) < _LARGEST_EDITION):
        raise NotReadable(f"{text!r} names no chapter of the USP. Write it like USP <71>.")
    return CompendialReference("USP", found["chapter"], " ".join(edition.upper().split()))
