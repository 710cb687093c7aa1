"""What the reference is made of, read once a process: it ships with the program and changes only with it."""

from __future__ import annotations

from functools import cache

from holdfast.dossier.schema import Dossier
from holdfast.standards.library import known_documents, not_judged, rule_ids, shipped_packs
from holdfast.standards.pack import Citation
from holdfast.standards.reference.counterparts import rules_by_row
from holdfast.standards.reference.shelf import Place, Shelf


@cache
def shelf() -> Shelf:
    """The packs with every place of every rule."""
    return Shelf(shipped_packs(Dossier), not_judged(), known_documents(), rule_ids())


@cache
def rules_of_rows() -> dict[str, tuple[tuple[Place, Citation], ...]]:
    """The rules that cite the text of each row of the crosswalk."""
    return rules_by_row(shelf().leading)
