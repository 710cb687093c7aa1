"""The dossier: everything one decision rests on, as one immutable document.

The field names here are the words that rules use; `Dossier.model_json_schema()` is published as
`docs/reference/dossier.schema.json`.
"""

from __future__ import annotations

import datetime as time

from .alignment import Alignment
from .base import OPEN_ENDED, Part, Reference, Validity, about, listing
from .batch import Batch
from .chain import ChainOfIdentity
from .change import ChangeControl
from .development import Development
from .distribution import Distribution
from .early_release import EarlyRelease
from .exceptional_supply import ExceptionalSupply
from .facility import Facility
from .importation import ActiveSubstance, Excipient, Importation
from .laboratory import ReserveSample, Specification
from .method import ContractLaboratory, Method, SamplingPlan
from .people import PriorDecision, Signer
from .product import Product, ProductSpecificationFile, Registration, ShelfLife
from .quality import Change, CompletenessStatement, Deviation, OutOfSpecification
from .quality_system import QualitySystem
from .site import SiteUse
from .study import StabilityProgramme
from .system import DataGovernance
from .training import Staff
from .transfer import TechTransfer

#: 1.1 adds the parts that are not of a batch, and counts every list by its path; a document of 1.0 is read as it stands
SCHEMA_VERSION = "1.1"


class DecisionContext(Part):
    """The question, the destination and the day as of which it is asked."""

    question: str | None = None  # one of holdfast.standards.questions
    region: str | None = None  # US | EU
    phase: str | None = None  # phase1 | phase2 | phase3 | commercial
    route: str | None = None  # trial | market | expanded_access | hospital_exemption
    date: time.date | None = None
    subject: Reference | None = about("What the question is about, when it is not a batch: a site, a change, a study, a system")


class Scope(Part):
    """Under which identity the evidence was gathered, and how much of each kind there was."""

    programme: str | None = None
    evaluator: str | None = None
    built_at: time.datetime | None = None
    counts: dict[str, int] = {}  # by the list's path


class Dossier(Part):
    schema_version: str = SCHEMA_VERSION
    decision: DecisionContext
    scope: Scope
    product: Product | None = None
    registration: Registration | None = None
    product_specification_file: ProductSpecificationFile | None = None
    shelf_lives: list[ShelfLife] = []
    batch: Batch | None = None
    supply_chain: list[SiteUse] = []
    specification: Specification | None = None
    reserve_samples: list[ReserveSample] = []
    deviations: list[Deviation] = []
    out_of_specifications: list[OutOfSpecification] = []
    changes: list[Change] = []
    statements: list[CompletenessStatement] = []
    signer: Signer | None = None
    prior_decisions: list[PriorDecision] = []
    early_release: EarlyRelease | None = about("Release before all results are in")
    exceptional_supply: ExceptionalSupply | None = about("Supply of an out-of-specification product to its patient")
    importation: Importation | None = about("Bringing the batch into the EU")
    active_substances: list[ActiveSubstance] = listing("Active substances of the batch")
    excipients: list[Excipient] = listing("Excipients of the batch")
    distribution: Distribution | None = about("What lies around the decision: authorities, packs, retention, events")
    chain: ChainOfIdentity | None = about("Chain of identity and custody")
    facility: Facility | None = about("The site that the question is about")
    transfer: TechTransfer | None = about("The technology transfer that the question is about")
    quality_system: QualitySystem | None = about("The quality system")
    change: ChangeControl | None = about("The change that the question is about")
    methods: list[Method] = listing("Analytical procedures, each at one laboratory")
    sampling_plans: list[SamplingPlan] = listing("Sampling plans")
    contract_laboratories: list[ContractLaboratory] = listing("Contract laboratories")
    stability: StabilityProgramme | None = about("The stability programme")
    staff: Staff | None = about("People who do GMP work")
    data: DataGovernance | None = about("Computerised systems, signatures and records")
    alignment: Alignment | None = about("The US and the EU side by side")
    development: Development | None = about("How mature the programme's CMC is")


__all__ = ["OPEN_ENDED", "SCHEMA_VERSION", "DecisionContext", "Dossier", "Part", "Reference", "Scope", "Validity"]
