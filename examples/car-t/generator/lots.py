"""Materials, lots and genealogy: plasmids, vector, reagents, apheresis, drug product."""

from __future__ import annotations

from datetime import date, timedelta

from parties import OPEN
from product import CONTAINER, CTA, IND, PROCESS, PRODUCT, STORAGE
from scenarios import Batch
from sheets import Folder

REAGENTS = [
    ("MAT-IL7", "Interleukin-7, recombinant", "reagent", False),
    ("MAT-IL15", "Interleukin-15, recombinant", "reagent", False),
    ("MAT-BEAD", "CD3/CD28 activation beads", "reagent", False),
    ("MAT-MEDIUM", "T cell medium, serum-free", "reagent", False),
    ("MAT-HSA", "Human serum albumin 20 %", "excipient", True),
    ("MAT-DMSO", "Cryoprotectant with DMSO", "excipient", False),
    ("MAT-SELECT", "CD4/CD8 selection reagent", "reagent", False),
    ("MAT-BAG", CONTAINER, "container", False),
]
PLASMIDS = ["PLS-CAR", "PLS-GAGPOL", "PLS-REV", "PLS-VSVG"]
VECTOR_LOTS = ["LV-25-002", "LV-26-001"]
OLD_REAGENT = "RG-IL7-24-09"  # expired 31 May 2026


def add_materials(folder: Folder) -> None:
    """Materials with their suppliers and animal-origin evidence; lots of plasmid, vector and reagent."""
    for number, name, kind, animal in REAGENTS:
        folder.add("materials", number=number, title=name, material_kind=kind, supplier="RGT", supplier_approved_from=date(2023, 1, 1), supplier_approved_until=OPEN, animal_derived=animal, tse_evidence="CEP (fictional) CEP-0042" if animal else "")  # fmt: skip
    for number in PLASMIDS:
        folder.add("materials", number=number, title=f"Plasmid {number[4:]}", material_kind="plasmid", supplier="PLF", supplier_approved_from=date(2023, 1, 1), supplier_approved_until=OPEN, animal_derived=False, tse_evidence="")  # fmt: skip
    folder.add("materials", number="LV-201", title="Lentiviral vector LV-201", material_kind="vector", supplier="CVX", supplier_approved_from=date(2023, 1, 1), supplier_approved_until=OPEN, animal_derived=False, tse_evidence="")  # fmt: skip
    folder.add("materials", number="APH", title="Autologous apheresis", material_kind="starting_material", supplier="RMC", supplier_approved_from=date(2023, 1, 1), supplier_approved_until=OPEN, animal_derived=False, tse_evidence="")  # fmt: skip
    add_plasmid_and_vector_lots(folder)
    for number, _, kind, _ in REAGENTS:
        for lot, made, expires in (
            (f"RG-{number[4:]}-26-01", date(2026, 1, 10), date(2028, 1, 31)),
            (f"RG-{number[4:]}-24-09", date(2024, 9, 5), date(2026, 5, 31)),
        ):
            material_lot(folder, lot, number, kind, "FHT-BOS", made, expires, evidence="supplier certificate", released=made + timedelta(days=30))


def add_plasmid_and_vector_lots(folder: Folder) -> None:
    for number in PLASMIDS:
        material_lot(
            folder, f"{number}-25-01", number, "plasmid", "PLF-WA", date(2025, 6, 2), date(2028, 6, 30), evidence="audit AUD-PLF-WA", released=date(2025, 7, 1)
        )
    for lot, made in zip(VECTOR_LOTS, (date(2025, 9, 15), date(2026, 1, 20)), strict=True):
        material_lot(
            folder,
            lot,
            "LV-201",
            "vector",
            "CVX-NC",
            made,
            date(2028, 9, 30),
            evidence="audit AUD-CVX-NC",
            released=made + timedelta(days=28),
            rcl="Not detected",
        )
        for number in PLASMIDS:
            folder.add("lot_uses", parent=f"{number}-25-01", child=lot, quantity="40", unit="mg", used_on=made - timedelta(days=6), unit_operation="Transfect")


def material_lot(
    folder: Folder, lot: str, material: str, kind: str, site: str, made: date, expires: date, *, evidence: str, released: date, rcl: str = ""
) -> None:
    folder.add("lots", number=lot, title=f"{material} lot", lot_kind=kind, material=material, made_at=site, manufacture_began_on=made - timedelta(days=5), manufactured_on=made, expires_on=expires, gmp_evidence=evidence, gmp_evidence_accepted_by_qp=True, replication_competent_virus_result=rcl, identity_tested=True)  # fmt: skip
    folder.add("lot_statuses", lot=lot, status="released", valid_from=released, valid_until=OPEN, organisation="FHT")


def add_drug_product(folder: Folder, batch: Batch) -> None:
    """The drug product lot, its apheresis, what it consumed, where it goes, and which site did what."""
    finished = batch.story != "in_process"
    add_apheresis(folder, batch)
    folder.add("lots", number=batch.number, title=f"fernicel for {batch.patient}", lot_kind="drug_product", product=PRODUCT, made_at=batch.site, process=f"{PROCESS}@2", manufacture_began_on=batch.began_on, manufactured_on=batch.made_on if finished else None, expires_on=batch.expires_on if finished else None, shelf_life_months=24, quantity="1", unit="{bag}", identity=batch.identity, patient=batch.patient, container=CONTAINER, storage_condition=STORAGE)  # fmt: skip
    folder.add("lot_statuses", lot=batch.number, status="quarantine", valid_from=batch.made_on, valid_until=OPEN, organisation="FHT")
    for registration in (IND, CTA):
        folder.add("lot_destinations", lot=batch.number, registration=registration)
    add_inputs(folder, batch)
    activities = [
        (batch.site, "drug_product_manufacture", batch.made_on),
        ("RMC-OH", "collection", batch.began_on - timedelta(days=2)),
        ("PPI-NL", "importation", batch.made_on + timedelta(days=20)),
        ("WQP-NL", "certification", batch.reviewed_on),
    ]
    activities += [(site, "release_testing", batch.made_on + timedelta(days=15)) for site in ("LKA-IL", "NGM-NC", "MGX-NL")]
    for site, activity, day in activities:
        folder.add("site_activities", lot=batch.number, site=site, activity=activity, performed_on=day)


def add_apheresis(folder: Folder, batch: Batch) -> None:
    collected = batch.began_on - timedelta(days=2)
    folder.add("lots", number=batch.apheresis, title=f"Apheresis of {batch.patient}", lot_kind="apheresis", material="APH", made_at="RMC-OH", manufacture_began_on=collected, manufactured_on=collected, expires_on=collected + timedelta(days=3), identity=batch.identity, patient=batch.patient, gmp_evidence="procurement authorisation TE-RMC", gmp_evidence_accepted_by_qp=True, identity_tested=True)  # fmt: skip
    folder.add("lot_statuses", lot=batch.apheresis, status="released", valid_from=collected, valid_until=OPEN, organisation="FHT")
    folder.add("donor_eligibilities", number=f"DON-{batch.apheresis}", title="Donor determination", lot=batch.apheresis, donor=batch.patient, determination="not_required", determined_on=collected, determined_by="PER-081", eu_testing_complete=batch.story != "us_only", procurement_authorised=True)  # fmt: skip


def add_inputs(folder: Folder, batch: Batch) -> None:
    vector = VECTOR_LOTS[0] if batch.index < 12 else VECTOR_LOTS[1]
    used = batch.began_on + timedelta(days=2)
    folder.add(
        "lot_uses", parent=batch.apheresis, child=batch.number, quantity="1", unit="{bag}", used_on=batch.began_on, unit_operation="Thaw and wash apheresis"
    )
    folder.add("lot_uses", parent=vector, child=batch.number, quantity="12", unit="mL", used_on=used, unit_operation="Transduce with LV-201")
    for number, _, kind, _ in REAGENTS:
        expired = batch.story == "reagent_expired" and number == "MAT-IL7"
        lot = OLD_REAGENT if expired else f"RG-{number[4:]}-26-01"
        folder.add(
            "lot_uses",
            parent=lot,
            child=batch.number,
            quantity="1" if kind == "container" else "25",
            unit="{bag}" if kind == "container" else "mL",
            used_on=used,
            unit_operation="Expand",
        )
