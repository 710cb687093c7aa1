"""Which standard attribute a laboratory's name means: certain, a question with candidates, or unknown. Never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.unit import find_unit

from .loading import Dictionary
from .names import key_of, words_of
from .schema import Entry

Outcome = Literal["certain", "ask", "unknown"]
#: how much of the words two names must share before one is offered as a candidate for the other, and how many are offered
ALIKE, OFFERED = 0.5, 5


@dataclass(frozen=True)
class Candidate:
    """An entry that a name may mean, and why it is offered."""

    entry: str
    reason: str


@dataclass(frozen=True)
class Match:
    """What a name means. `entry` is set only when it is certain; `candidates` only when a person must be asked."""

    name: str
    outcome: Outcome
    reason: str
    entry: str = ""
    candidates: tuple[Candidate, ...] = ()


def match_name(dictionary: Dictionary, name: str, unit: str | None = None, method: str | None = None) -> Match:
    """Match a name, with the unit and method it was reported with where they are known (None: not known).

    Certain: the name is one entry's alone and the unit does not speak against it; or the name is shared, and the unit's kind of quantity
    leaves one entry only. A method narrows the candidates, and never decides.
    """
    key = key_of(name)
    if not key:
        return Match(name, "unknown", "The name is empty.")
    try:
        kind = None if unit is None else find_unit(unit).kind
    except HoldfastError as error:
        return Match(name, "unknown", str(error))
    if key in dictionary.certain_names:
        return _own(dictionary.entries[dictionary.certain_names[key]], name, unit, kind)
    if key in dictionary.shared_names:
        return _shared(dictionary, dictionary.shared_names[key], name, unit, kind, method)
    return _alike(dictionary, name, unit, kind, method)


def _own(entry: Entry, name: str, unit: str | None, kind: str | None) -> Match:
    if kind is None or kind in entry.kinds:
        return Match(name, "certain", f"{name!r} is a name of {entry.name}.", entry.id)
    reason = f"{name!r} is a name of {entry.name}, but {_shown(unit)} measures {kind}, and it is reported in {_listed(entry)}."
    return Match(name, "ask", reason, candidates=(Candidate(entry.id, reason),))


def _shared(dictionary: Dictionary, ids: tuple[str, ...], name: str, unit: str | None, kind: str | None, method: str | None) -> Match:
    entries = [dictionary.entries[i] for i in ids]
    fitting = [entry for entry in entries if kind is None or kind in entry.kinds]
    if len(fitting) == 1 and kind is not None and kind != "word" and len(entries) > 1:
        return Match(name, "certain", f"Of the attributes called {name!r}, only {fitting[0].name} is reported in {_shown(unit)}.", fitting[0].id)
    fitting = _by_method(dictionary, fitting or entries, method)
    offered = tuple(Candidate(entry.id, f"{name!r} is said of {entry.name}, in {_listed(entry)}.") for entry in fitting)
    return Match(name, "ask", f"{name!r} is said of {len(entries)} attributes.", candidates=offered)


def _alike(dictionary: Dictionary, name: str, unit: str | None, kind: str | None, method: str | None) -> Match:
    given = frozenset(words_of(name))
    scored: list[tuple[float, Entry]] = []
    for entry, known in dictionary.words:
        score = max(_likeness(given, words) for words in known)
        if score >= ALIKE and (kind is None or kind in entry.kinds):
            scored.append((score, entry))
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    found = _by_method(dictionary, [entry for _, entry in scored], method)[:OFFERED]
    if not found:
        return Match(name, "unknown", f"The dictionary knows nothing like {name!r}{f' in {_shown(unit)}' if kind else ''}.")
    offered = tuple(Candidate(entry.id, f"{name!r} is like a name of {entry.name}, in {_listed(entry)}.") for entry in found)
    return Match(name, "ask", f"{name!r} is no name that the dictionary knows.", candidates=offered)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared words over all words; a name wholly inside the other counts as half alike at least."""
    if not one or not other:
        return 0.0
    shared = one & other
    inside = ALIKE if shared in (one, other) and any(len(word) > 2 for word in shared) else 0.0
    return max(len(shared) / len(one | other), inside)


def _by_method(dictionary: Dictionary, entries: list[Entry], method: str | None) -> list[Entry]:
    """The entries that the method's family measures, or all when the method says nothing."""
    family = dictionary.family_of(method) if method else None
    narrowed = [entry for entry in entries if family and family.id in entry.methods]
    return narrowed or entries


def _shown(unit: str | None) -> str:
    return repr(unit) if unit else "words"


def _listed(entry: Entry) -> str:
    return ", ".join(unit or "words" for unit in entry.units)


__all__ = ["Candidate", "Match", "match_name"]
