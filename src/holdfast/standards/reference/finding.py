"""Search over everything that can be looked up: words, all of which must fit, ranked by where they stand. Held in memory, so no database is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

KINDS = ("rule", "unjudged", "pack", "document", "crosswalk", "attribute", "term")
EXACT, BEGINS, PHRASE_IN_TITLE, WHOLE_WORD, WORD_BEGINS, PHRASE_IN_TEXT, IN_TEXT = 200, 80, 60, 12, 8, 20, 3


@dataclass(frozen=True)
class Item:
    """Something that has a page: its kind, the key of its address, its name and title, a line about it, and the text it is found by."""

    kind: str
    key: str
    name: str
    title: str
    about: str = ""
    text: str = ""

    @cached_property
    def plain_name(self) -> str:
        return plain(self.name)

    @cached_property
    def plain_title(self) -> str:
        return f" {plain(f'{self.name} {self.title}')} "

    @cached_property
    def plain_text(self) -> str:
        return f" {plain(f'{self.about} {self.text}')} "


@dataclass(frozen=True)
class Finds:
    """What was found, best first, how many of each kind, and whether every word had to be given up to find anything."""

    items: tuple[Item, ...]
    counts: dict[str, int]
    is_loose: bool = False


def plain(text: str) -> str:
    """Text as it is compared: lower case, letters, digits and inner dots (`211.165`), single spaces."""
    return " ".join(word.strip(".") for word in re.sub(r"[^\w.]+|_", " ", text.casefold()).split() if word.strip("."))


def find(items: Iterable[Item], asked: str, kind: str = "") -> Finds:
    """The items that hold every word asked for (or its beginning); where none does, those that hold at least half of them.

    `counts` are of all kinds, `items` of `kind` only when one is given.
    """
    phrase = plain(asked)
    words = phrase.split()
    if not words:
        return Finds((), {})
    scored = [(item, *_score(item, phrase, words)) for item in items]
    found = [(score, item) for item, score, missing in scored if not missing]
    is_loose = not found and len(words) > 1
    if is_loose:
        found = [(score, item) for item, score, missing in scored if missing * 2 <= len(words)]
    found.sort(key=lambda pair: (-pair[0], KINDS.index(pair[1].kind), pair[1].name))
    counts = {name: sum(item.kind == name for _, item in found) for name in KINDS}
    return Finds(tuple(item for _, item in found if kind in ("", item.kind)), counts, is_loose)


def _score(item: Item, phrase: str, words: Sequence[str]) -> tuple[int, int]:
    """How well an item fits, and how many of the words it lacks."""
    score = EXACT if item.plain_name == phrase else BEGINS if item.plain_name.startswith(phrase) else 0
    score += PHRASE_IN_TITLE if f" {phrase}" in item.plain_title else PHRASE_IN_TEXT if f" {phrase}" in item.plain_text else 0
    missing = 0
    for word in words:
        if f" {word} " in item.plain_title:
            score += WHOLE_WORD
        elif f" {word}" in item.plain_title:
            score += WORD_BEGINS
        elif f" {word}" in item.plain_text:
            score += IN_TEXT
        else:
            missing += 1
    return score, missing
