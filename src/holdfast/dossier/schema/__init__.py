"""The dossier: everything one decision rests on, as one immutable document.

The field names here are the words that rules use; `Dossier.model_json_schema()` is published as
`docs/reference/dossier.schema.json`.
"""

from __future__ import annotations

import datetime as time

from .base import OPEN_ENDED, Part, Reference, Validity
from .batch import Batch
from .laboratory import ReserveSample, Specification
from .people import PriorDecision, Signer
from .product import Product, ProductSpecificationFile, Registration, ShelfLife
from .quality import Change, CompletenessStatement, Deviation, OutOfSpecification
from .site import SiteUse

SCHEMA_VERSION = "1.0"


class DecisionContext(Part):
    """The question, the destination and the day as of which it is asked."""

    question: str | None = None  # us_disposition | eu_certification | sponsor_release
    region: str | None = None  # US | EU
    phase: str | None = None  # phase1 | phase2 | phase3 | commercial
    route: str | None = None  # trial | market | expanded_access | hospital_exemption
    date: time.date | None = None


class Scope(Part):
    """Under which identity the evidence was gathered, and how much of each kind there was."""

    programme: str | None = None
    evaluator: str | None = None
    built_at: time.datetime | None = None
    counts: dict[str, int] = {}


class Dossier(Part):
    schema_version: str = SCHEMA_VERSION
    decision: DecisionContext
    scope: Scope
    product: Product | None = None
    registration: Registration | None = None
    product_specification_file: ProductSpecificationFile | None = None
    shelf_lives: list[ShelfLife] = []
    batch: Batch
    supply_chain: list[SiteUse] = []
    specification: Specification | None = None
    reserve_samples: list[ReserveSample] = []
    deviations: list[Deviation] = []
    out_of_specifications: list[OutOfSpecification] = []
    changes: list[Change] = []
    statements: list[CompletenessStatement] = []
    signer: Signer | None = None
    prior_decisions: list[PriorDecision] = []


__all__ = ["OPEN_ENDED", "SCHEMA_VERSION", "DecisionContext", "Dossier", "Part", "Reference", "Scope", "Validity"]
