"""The product, its phase, and the applications under which it may be used."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, Validity


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
    sites: list[RegisteredSite] = []
    procedures: list[RegisteredProcedure] = []


class Registration(Part):
    """An IND or CTA. `states` and `contents` are the versions that hold on the day of decision or of manufacture."""

    record: Reference | None = None
    number: str | None = None
    kind: str | None = None  # IND | CTA
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
