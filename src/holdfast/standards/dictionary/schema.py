"""What the dictionary is: the shape of its YAML."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from holdfast.kernel.unit import find_unit
from holdfast.standards.tables import Confidence, SourceCheck, Strict

#: which way results usually have a limit
Direction = Literal["upper", "lower", "range", "qualitative", "report"]
DIRECTION_WORDS: dict[Direction, str] = {
    "upper": "not more than", "lower": "not less than", "range": "within a range", "qualitative": "in words", "report": "reported, usually without limit",
}  # fmt: skip
#: what must be the same in two results, besides attribute and kind of quantity, for them to be pooled
Condition = Literal[
    "method family", "reference standard", "cell line", "gating", "staining reagent", "stage", "analyte", "target sequence", "denominator", "serotype",
    "matrix", "container", "test conditions",
]  # fmt: skip
CONDITIONS: tuple[Condition, ...] = get_args(Condition)


class MethodFamily(Strict):
    """A family of methods, with the words by which laboratories name its members."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: str
    words: tuple[str, ...] = Field(min_length=1)


class Entry(Strict):
    """A standard attribute. `synonyms` name this attribute alone; `ambiguous` names are shared, and are never enough by themselves."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    definition: str
    unit: str
    accepted: tuple[str, ...] = ()
    direction: Direction
    methods: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    compendial: tuple[str, ...] = ()
    fhir: str = Field("", pattern=r"^(C\d+)?$")
    pool: tuple[Condition, ...] = ()
    confidence: Confidence
    source_check: SourceCheck = "memory"
    note: str = ""

    @property
    def kind(self) -> str:
        """The kind of quantity, from the unit: it keeps vg/mL, cells/mL and CFU/mL apart though UCUM does not."""
        return find_unit(self.unit).kind

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that results of this attribute come in, its own first."""
        return (self.unit, *self.accepted)

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(find_unit(unit).kind for unit in self.units)


class DictionaryHeader(Strict):
    id: str
    version: str
    edition: str
    fhir_system: str
    fhir_value_set: str


class MethodTable(Strict):
    """The families of methods, and the version of the dictionary as a whole."""

    dictionary: DictionaryHeader
    families: tuple[MethodFamily, ...]


class EntryTable(Strict):
    """One file of the dictionary: a group of attributes."""

    group: str
    attributes: tuple[Entry, ...] = Field(min_length=1)
