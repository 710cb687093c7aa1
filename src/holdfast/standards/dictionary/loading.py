"""The dictionary that Holdfast ships, read and checked once a process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from holdfast.kernel.errors import HoldfastError, NotReadable
from holdfast.kernel.unit import find_unit
from holdfast.standards.crosswalks.reference import parse_reference
from holdfast.standards.positions import Positioned
from holdfast.standards.tables import read_table, refuse_doubles, shipped

from .names import key_of, words_of
from .schema import DictionaryHeader, Entry, EntryTable, MethodFamily, MethodTable

METHODS = "methods.yaml"


@dataclass(frozen=True)
class Dictionary:
    """Every standard attribute by id, the groups they stand in, and the families of methods."""

    header: DictionaryHeader
    families: tuple[MethodFamily, ...]
    groups: dict[str, tuple[Entry, ...]]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        return {entry.id: entry for group in self.groups.values() for entry in group}

    @cached_property
    def certain_names(self) -> dict[str, str]:
        """Entry by the key of every name that is its alone."""
        return {key_of(name): entry.id for entry in self.entries.values() for name in own_names(entry)}

    @cached_property
    def shared_names(self) -> dict[str, tuple[str, ...]]:
        """Entries by the key of every name that several attributes go by."""
        found: dict[str, list[str]] = {}
        for entry in self.entries.values():
            for name in entry.ambiguous:
                found.setdefault(key_of(name), []).append(entry.id)
        return {key: tuple(ids) for key, ids in found.items()}

    @cached_property
    def words(self) -> tuple[tuple[Entry, tuple[frozenset[str], ...]], ...]:
        """Every entry with the words of each of its names, shared ones included."""
        return tuple((entry, tuple(frozenset(words_of(name)) for name in (*own_names(entry), *entry.ambiguous))) for entry in self.entries.values())

    @cached_property
    def method_words(self) -> tuple[tuple[MethodFamily, tuple[tuple[str, ...], ...]], ...]:
        """Every family of methods with the words that name its members."""
        return tuple((f, tuple(w for w in map(words_of, (f.id.replace("_", " "), f.name, *f.words)) if w)) for f in self.families)

    def get(self, entry_id: str) -> Entry:
        """The entry with an id. Raises `NotReadable`."""
        if entry_id not in self.entries:
            raise NotReadable(f"The dictionary has no entry {entry_id!r}. `holdfast dictionary list` shows those there are.")
        return self.entries[entry_id]

    def family_of(self, method: str) -> MethodFamily | None:
        """The one family whose words a method's name holds, the longest words first; None when there is none, or more than one."""
        given = words_of(method)
        found: dict[str, int] = {}
        for family, named in self.method_words:
            lengths = [len("".join(words)) for words in named if _holds(given, words)]
            if lengths:
                found[family.id] = max(lengths)
        longest = [name for name, length in found.items() if length == max(found.values())]
        return next(f for f in self.families if f.id == longest[0]) if len(longest) == 1 else None


def _holds(given: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(given[start : start + len(words)] == words for start in range(len(given)))


def own_names(entry: Entry) -> tuple[str, ...]:
    """The names that are this entry's alone: its id, its name and its synonyms."""
    return tuple(dict.fromkeys((entry.id, entry.name, *entry.synonyms)))


def read_methods(document: Positioned) -> MethodTable:
    """The families of methods. Raises `PackProblem`."""
    table = read_table(document, MethodTable)
    refuse_doubles(document, ("families",), [family.id for family in table.families])
    return table


def read_entries(document: Positioned, methods: MethodTable) -> EntryTable:
    """One group of the dictionary: its units, method families and compendial references must exist. Raises `PackProblem`."""
    table = read_table(document, EntryTable)
    refuse_doubles(document, ("attributes",), [entry.id for entry in table.attributes])
    families = {family.id for family in methods.families}
    for index, entry in enumerate(table.attributes):
        _check_entry(document, ("attributes", index), entry, families)
    return table


def _check_entry(document: Positioned, place: tuple[str | int, ...], entry: Entry, families: set[str]) -> None:
    for unit in entry.units:
        try:
            find_unit(unit)
        except HoldfastError as error:
            raise document.problem((*place, "unit" if unit == entry.unit else "accepted"), f"{entry.id}: {error}") from error
    for number, family in enumerate(entry.methods):
        if family not in families:
            raise document.problem((*place, "methods", number), f"{entry.id}: there is no family of methods {family!r} in {METHODS}.")
    for number, reference in enumerate(entry.compendial):
        try:
            parse_reference(reference)
        except NotReadable as error:
            raise document.problem((*place, "compendial", number), f"{entry.id}: {error}") from error


def assemble(methods: MethodTable, tables: Iterable[tuple[Positioned, EntryTable]]) -> Dictionary:
    """The dictionary of several files. A name that two entries claim for themselves is a mistake: it belongs among the ambiguous of both."""
    groups: dict[str, tuple[Entry, ...]] = {}
    owners: dict[str, str] = {}
    for document, table in tables:
        groups[table.group] = table.attributes
        for index, entry in enumerate(table.attributes):
            for name in own_names(entry):
                owner = owners.setdefault(key_of(name), entry.id)
                if owner != entry.id:
                    raise document.problem(("attributes", index), f"{name!r} names both {owner} and {entry.id}. Put it among the ambiguous names of both.")
    whole = Dictionary(methods.dictionary, methods.families, groups)
    for document, table in tables:
        for index, entry in enumerate(table.attributes):
            for number, name in enumerate(entry.ambiguous):
                if key_of(name) in whole.certain_names:
                    raise document.problem(("attributes", index, "ambiguous", number), f"{name!r} is also the own name of {whole.certain_names[key_of(name)]}.")
    return whole


@cache
def dictionary() -> Dictionary:
    """The dictionary that Holdfast ships."""
    files = {document.file: document for document in shipped(__package__)}
    methods = read_methods(files.pop(METHODS))
    return assemble(methods, [(document, read_entries(document, methods)) for document in files.values()])


__all__ = ["Dictionary", "assemble", "dictionary", "own_names", "read_entries", "read_methods"]
