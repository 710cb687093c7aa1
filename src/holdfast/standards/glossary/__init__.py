"""The glossary: terms of the field in our own words, each with where it is defined. Read once a process."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml
from pydantic import Field, TypeAdapter

from holdfast.kernel.errors import NotReadable
from holdfast.standards.tables import Strict


class Term(Strict):
    """A term, what it means here, and where it is defined or used."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    term: str = Field(min_length=2)
    says: str = Field(min_length=20, max_length=240)
    source: str = Field(min_length=3)


@cache
def glossary() -> dict[str, Term]:
    """Every term by its id, in alphabetical order. Raises `ValueError` for an id that stands twice."""
    rows = TypeAdapter(list[Term]).validate_python(yaml.safe_load(resources.files(__package__).joinpath("terms.yaml").read_text("utf-8")))
    found = {term.id: term for term in sorted(rows, key=lambda term: term.term.casefold())}
    if len(found) != len(rows):
        raise ValueError("A term stands twice in glossary/terms.yaml.")
    return found


def term_of(name: str) -> Term:
    """A term by its id. Raises `NotReadable`."""
    if name not in glossary():
        raise NotReadable(f"There is no term {name!r} in the glossary.")
    return glossary()[name]
