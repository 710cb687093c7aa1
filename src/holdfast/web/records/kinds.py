"""Every kind of record and directory entry: its word, its icon, and the page it opens on. A kind without a row here fails a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from holdfast.ledger.models import Detail
from holdfast.people.models import Organisation, Person, Site


@dataclass(frozen=True)
class Kind:
    """A kind's name in one and in several, and its icon."""

    one: str
    several: str
    icon: str


KINDS: dict[str, Kind] = {
    "aseptic_simulation": Kind("Aseptic process simulation", "Aseptic process simulations", "flask-conical"),
    "audit": Kind("Audit", "Audits", "clipboard-check"),
    "audit_trail_review": Kind("Audit-trail review", "Audit-trail reviews", "eye"),
    "authorisation": Kind("Site authorisation", "Site authorisations", "shield-check"),
    "batch_record": Kind("Batch record", "Batch records", "file-text"),
    "change": Kind("Change", "Changes", "git-compare"),
    "completeness_statement": Kind("Completeness statement", "Completeness statements", "file-check"),
    "decision": Kind("Decision", "Decisions", "stamp"),
    "deviation": Kind("Deviation", "Deviations", "triangle-alert"),
    "donor_eligibility": Kind("Donor eligibility determination", "Donor eligibility determinations", "user-check"),
    "label": Kind("Label", "Labels", "file-text"),
    "lot": Kind("Lot", "Lots", "package"),
    "material": Kind("Material", "Materials", "package"),
    "oos": Kind("Out-of-specification result", "Out-of-specification results", "octagon-x"),
    "procedure": Kind("Analytical procedure", "Analytical procedures", "flask-conical"),
    "process": Kind("Manufacturing process", "Manufacturing processes", "factory"),
    "product": Kind("Product", "Products", "package"),
    "product_specification_file": Kind("Product specification file", "Product specification files", "file-text"),
    "qp_declaration": Kind("QP declaration", "QP declarations", "stamp"),
    "quality_agreement": Kind("Quality agreement", "Quality agreements", "file-text"),
    "registration": Kind("Registration", "Registrations", "book-open-text"),
    "reserve_sample": Kind("Reserve sample", "Reserve samples", "package"),
    "sample": Kind("Sample", "Samples", "flask-conical"),
    "shelf_life": Kind("Shelf life", "Shelf lives", "calendar-clock"),
    "shipment": Kind("Shipment", "Shipments", "truck"),
    "site_release": Kind("Site release", "Site releases", "stamp"),
    "specification": Kind("Specification", "Specifications", "file-check"),
    "study": Kind("Study", "Studies", "scale"),
    "study_report": Kind("Study conclusion", "Study conclusions", "scale"),
    "test_run": Kind("Test run", "Test runs", "flask-conical"),
    "organisation": Kind("Organisation", "Organisations", "building-2"),
    "site": Kind("Site", "Sites", "map-pin"),
    "person": Kind("Person", "People", "user"),
}
DIRECTORY: dict[str, Any] = {"organisation": Organisation, "site": Site, "person": Person}


def kind_named(name: str) -> Kind:
    """The kind of a name; one that is not known yet by its own word."""
    return KINDS.get(name) or Kind(name.replace("_", " ").capitalize(), name.replace("_", " ").capitalize(), "file-text")


def address_of(row: Any) -> str:
    """The page of a record or a directory entry; empty for anything else."""
    if isinstance(row, Detail):
        return reverse("record", args=[row.pk])
    for name, model in DIRECTORY.items():
        if isinstance(row, model):
            return reverse("entry", args=[name, row.pk])
    return ""


def address_of_kind(kind: str, key: int) -> str:
    """The page of a thing that a search found."""
    return reverse("entry", args=[kind, key]) if kind in DIRECTORY else reverse("record", args=[key])
