"""The product, its phase of development, its shelf life and its product specification file."""

from __future__ import annotations

from django.db import models

from holdfast.ledger.models import Access, Detail, Fact, Valid


class Modality(models.TextChoices):
    SMALL_MOLECULE = "small_molecule", "Small molecule"
    BIOLOGIC = "biologic", "Biologic"
    CELL_THERAPY = "cell_therapy", "Cell therapy"
    GENE_MODIFIED_CELL = "gene_modified_cell", "Gene-modified cells"
    GENOME_EDITED = "genome_edited", "Genome-edited cells"
    IN_VIVO_GENE_THERAPY = "in_vivo_gene_therapy", "In vivo gene therapy"
    VACCINE = "vaccine", "Vaccine"
    PLASMA = "plasma", "Plasma-derived"
    OLIGO = "oligo", "Oligonucleotide"


class DonorType(models.TextChoices):
    AUTOLOGOUS = "autologous", "Autologous"
    ALLOGENEIC = "allogeneic", "Allogeneic"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class Phase(models.TextChoices):
    PHASE_1 = "phase1", "Phase 1"
    PHASE_2 = "phase2", "Phase 2"
    PHASE_3 = "phase3", "Phase 3"
    COMMERCIAL = "commercial", "Commercial"


class Route(models.TextChoices):
    TRIAL = "trial", "Clinical trial"
    MARKET = "market", "Market"
    EXPANDED_ACCESS = "expanded_access", "Expanded access"
    HOSPITAL_EXEMPTION = "hospital_exemption", "Hospital exemption"


class Product(Detail):
    """A medicine in development or on the market. Its title is its name."""

    access = Access.SHARED
    kind = "product"
    sheet = "products"
    natural_key = ("number",)

    modality = models.CharField(max_length=30, choices=Modality, blank=True)
    donor_type = models.CharField(max_length=20, choices=DonorType, blank=True)
    is_atmp = models.BooleanField(null=True)
    contains_cells_or_tissues = models.BooleanField(null=True)
    dosage_form = models.CharField(max_length=120, blank=True)
    administration_route = models.CharField(max_length=120, blank=True)
    storage_condition = models.CharField(max_length=200, blank=True)
    container = models.CharField(max_length=200, blank=True)


class DevelopmentPhase(Valid, Fact):
    """The phase and route under which a product is used, between two dates."""

    access = Access.SHARED
    sheet = "phases"
    natural_key = ("product__record__number", "phase", "route", "region", "valid_from")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="phases")
    phase = models.CharField(max_length=20, choices=Phase)
    route = models.CharField(max_length=30, choices=Route)
    region = models.CharField(max_length=2, blank=True)  # blank: both

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.UniqueConstraint(fields=["product", "phase", "route", "region", "valid_from"], name="phase_once"),
        ]


class ProductSpecificationFile(Valid, Detail):
    """A version of the EU product specification file (PSF)."""

    access = Access.WHOLE
    kind = "product_specification_file"
    sheet = "product_specification_files"
    natural_key = ("number", "version")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="specification_files")
    approved_on = models.DateField(null=True)

    class Meta(Valid.Meta):
        abstract = False


class ShelfLife(Valid, Detail):
    """A shelf life that a stability study supports, for one container and storage condition."""

    access = Access.SHARED
    kind = "shelf_life"
    sheet = "shelf_lives"
    natural_key = ("number",)

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="shelf_lives")
    study = models.CharField(max_length=80, blank=True)
    container = models.CharField(max_length=200, blank=True)
    storage_condition = models.CharField(max_length=200, blank=True)
    months_supported = models.PositiveIntegerField(null=True)
    approved_on = models.DateField(null=True)

    class Meta(Valid.Meta):
        abstract = False
