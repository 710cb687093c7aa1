"""The product, its phase, and the applications under which it may be used."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, Validity, about


class Product(Part):
    record: Reference | None = None
    number: str | None = None
    name: str | None = None
    modality: str | None = None  # gene_modified_cell, cell_therapy, biologic, small_molecule, ...
    donor_type: str | None = None  # autologous | allogeneic | not_applicable
    is_atmp: bool | None = None
    contains_cells_or_tissues: bool | None = None
    dosage_form: str | None = None
    administration_route: str | None = None
    storage_condition: str | None = None
    container: str | None = None
    made_available_for_phase2_or_3: bool | None = about("The same drug was made available for a phase 2 or 3 study, in any programme (21 CFR 210.2(c))")
    lawfully_marketed: bool | None = about("The same drug is lawfully marketed")
    is_parenteral: bool | None = None
    dose_volume_ml_per_kg_per_hour: str | None = about("Largest dose, in mL per kg body weight per hour; decimal, as text")
    uses_integrating_vector: bool | None = None
    uses_virus_vector: str | None = about("retroviral | lentiviral | aav | adenoviral | none")
    is_cell_culture_derived: bool | None = None
    from_continuous_cell_line: bool | None = None
    from_tumorigenic_line: bool | None = None
    is_human_blood_or_plasma: bool | None = None


class RegistrationState(Part):
    state: str | None = None  # submitted | in_effect | authorised | on_hold | withdrawn
    validity: Validity | None = None


class RegisteredSite(Part):
    site: str | None = None  # site number
    activity: str | None = None  # drug_product_manufacture | release_testing | storage | importation | ...


class RegisteredProcedure(Part):
    procedure: str | None = None
    version: str | None = None


class RegistrationContent(Part):
    """What one version of an application registers (IND amendment, IMPD version)."""

    record: Reference | None = None
    version: str | None = None
    validity: Validity | None = None
    process: str | None = None
    process_version: str | None = None
    specification: str | None = None
    specification_version: str | None = None
    container: str | None = None
    fda_received_on: date | None = about("IND: day on which FDA received it")
    sites: list[RegisteredSite] = []
    procedures: list[RegisteredProcedure] = []


class Registration(Part):
    """An IND or CTA. `states` and `contents` are the versions that hold on the day of decision or of manufacture."""

    record: Reference | None = None
    number: str | None = None
    kind: str | None = None  # IND | CTA | BLA | NDA | MA
    region: str | None = None  # US | EU
    states: list[RegistrationState] = []
    content_at_manufacture: RegistrationContent | None = None
    content_at_decision: RegistrationContent | None = None


class ProductSpecificationFile(Part):
    """The EU product specification file (PSF) version in force on the day of decision."""

    record: Reference | None = None
    version: str | None = None
    validity: Validity | None = None
    approved_on: date | None = None


class ShelfLife(Part):
    """A shelf life that a stability study supports, for one container and storage condition."""

    record: Reference | None = None
    study: str | None = None
    container: str | None = None
    storage_condition: str | None = None
    months_supported: int | None = None
    approved_on: date | None = None
    validity: Validity | None = None
