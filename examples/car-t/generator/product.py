"""What is made and what is registered: product, process, procedures, specifications, applications, sites' evidence."""

from __future__ import annotations

from datetime import date

from parties import OPEN
from sheets import Folder

PRODUCT, PROCESS, CONTAINER, STORAGE = "FHT-201", "PRC-201", "50 mL cryobag", "vapour phase of liquid nitrogen, at or below -150 C"
IND, CTA = "IND-099201", "2025-599201-18-00"
US_SPEC, EU_SPEC = "SPC-201-US", "SPC-201-EU"

#: code, name, category, kind of quantity, unit, procedure, laboratory, US criterion, EU criterion
#: a criterion: kind, low, high, allowed words, the sentence as registered
TESTS = [
    ("appearance", "Appearance", "appearance", "word", "", "AP-100", "LKA-IL", ("one_of", "", "", "Clear to slightly opaque", "Clear to slightly opaque cell suspension"), None),
    ("identity_car", "Identity: CAR transgene", "identity", "word", "", "AP-102", "LKA-IL", ("one_of", "", "", "Positive", "CAR transgene: positive"), None),
    ("viability", "Viability after thaw", "viability", "fraction", "%", "AP-101", "LKA-IL", ("nlt", "70", "", "", "Not less than 70 %"), ("nlt", "70", "", "", "NLT 70 %")),
    ("car_positive", "CAR-positive T cells", "purity", "fraction", "%", "AP-102", "LKA-IL", ("nlt", "15", "", "", "Not less than 15 % of CD3+ cells"), ("nlt", "20", "", "", "NLT 20 % of CD3+ cells")),
    ("cd3_purity", "T cells (CD3+)", "purity", "fraction", "%", "AP-102", "LKA-IL", ("nlt", "90.0", "", "", "Not less than 90.0 % of viable cells"), None),
    ("dose", "Viable CAR-positive T cells per bag", "dose", "cell count", "10*6.{cells}", "AP-103", "LKA-IL", ("range", "60", "600", "", "60 to 600 million"), None),
    ("potency_ifng", "Potency: IFN-gamma on target engagement", "potency", "relative", "%", "AP-104", "LKA-IL", ("range", "50", "200", "", "50 % to 200 % of reference"), None),
    ("vcn", "Vector copy number", "vector_copy_number", "copies per cell", "{copies}/{cell}", "AP-105", "MGX-NL", ("nmt", "", "5.0", "", "Not more than 5.0 copies per transduced cell"), None),
    ("rcl", "Replication-competent lentivirus", "replication_competent_virus", "word", "", "AP-106", "MGX-NL", ("one_of", "", "", "Not detected", "Not detected by VSV-G PCR"), None),
    ("sterility", "Sterility", "sterility", "word", "", "AP-201", "NGM-NC", ("one_of", "", "", "No growth", "No growth"), None),
    ("endotoxin", "Bacterial endotoxins", "endotoxin", "endotoxin activity", "EU/mL", "AP-202", "NGM-NC", ("nmt", "", "5.0", "", "Not more than 5.0 EU/mL"), ("nmt", "", "3.5", "", "NMT 3.5 EU/mL")),
    ("mycoplasma", "Mycoplasma", "mycoplasma", "word", "", "AP-203", "NGM-NC", ("one_of", "", "", "Not detected", "Not detected"), None),
]  # fmt: skip

PROCEDURES = [
    ("AP-100", 1, "Visual inspection", "", "LKA-IL"),
    ("AP-101", 1, "Viability by trypan blue", "", "LKA-IL"),
    ("AP-101", 2, "Viability by flow cytometry (7-AAD)", "USP <1027>; Ph. Eur. 2.7.24", "LKA-IL"),
    ("AP-102", 1, "Phenotype by flow cytometry", "USP <1027>; Ph. Eur. 2.7.24", "LKA-IL"),
    ("AP-103", 1, "Nucleated cell count", "Ph. Eur. 2.7.29", "LKA-IL"),
    ("AP-104", 1, "IFN-gamma release on co-culture", "", "LKA-IL"),
    ("AP-105", 1, "Vector copy number by digital PCR", "", "MGX-NL"),
    ("AP-106", 1, "Replication-competent lentivirus by PCR", "", "MGX-NL"),
    ("AP-201", 1, "Sterility, automated growth-based", "USP <1071>; Ph. Eur. 2.6.27", "NGM-NC"),
    ("AP-202", 1, "Bacterial endotoxins, kinetic chromogenic", "USP <85>; Ph. Eur. 2.6.14", "NGM-NC"),
    ("AP-203", 1, "Mycoplasma by nucleic acid amplification", "USP <63>; Ph. Eur. 2.6.7", "NGM-NC"),
]

STEPS = [
    ("Thaw and wash apheresis", True, "within 2 h of thaw"),
    ("Select CD4 and CD8 cells", True, "one column per 1.2E9 cells"),
    ("Activate", True, "24 h to 48 h"),
    ("Transduce with LV-201", True, "MOI 2 to 5"),
    ("Expand", True, "6 to 9 days"),
    ("Harvest and wash", True, "within 6 h"),
    ("Formulate and fill", True, "within 90 min of formulation"),
    ("Label and freeze", False, "controlled rate, -1 C/min"),
]

ACTIVITIES = [
    ("BCW-OH", "drug_product_manufacture"),
    ("TWB-MD", "drug_product_manufacture"),
    ("CVX-NC", "vector_manufacture"),
    ("PLF-WA", "plasmid_manufacture"),
    ("LKA-IL", "release_testing"),
    ("NGM-NC", "release_testing"),
    ("MGX-NL", "release_testing"),
    ("RMC-OH", "collection"),
    ("PPI-NL", "importation"),
    ("WQP-NL", "certification"),
]
CERTIFICATE_EXPIRED_ON = date(2026, 9, 30)  # TWB-MD's GMP certificate, between manufacture and decision


def add_product(folder: Folder) -> None:
    """Product, phase, process, procedures, attributes, specifications, shelf life, product specification file."""
    folder.add("products", number=PRODUCT, title="fernicel (fictional autologous CAR-T)", modality="gene_modified_cell", donor_type="autologous", is_atmp=True, contains_cells_or_tissues=True, dosage_form="dispersion for infusion", administration_route="intravenous", storage_condition=STORAGE, container=CONTAINER)  # fmt: skip
    folder.add("phases", product=PRODUCT, phase="phase1", route="trial", valid_from=date(2023, 5, 1), valid_until=date(2025, 8, 31))
    folder.add("phases", product=PRODUCT, phase="phase2", route="trial", valid_from=date(2025, 9, 1), valid_until=OPEN)
    for version, begin, until in ((1, date(2023, 5, 1), date(2025, 12, 31)), (2, date(2026, 1, 1), OPEN)):
        folder.add("processes", number=PROCESS, version=version, title="Autologous CAR-T manufacture", product=PRODUCT, valid_from=begin, valid_until=until, master_record="MBR-201", prepared_by="PER-003", checked_by="PER-002")  # fmt: skip
    for sequence, (name, aseptic, instruction) in enumerate(STEPS, 1):
        folder.add("unit_operations", process=f"{PROCESS}@2", sequence=sequence, name=name, is_aseptic=aseptic, instruction=instruction)
    for number, version, title, reference, site in PROCEDURES:
        folder.add(
            "procedures",
            number=number,
            version=version,
            title=title,
            compendial_reference=reference,
            effective_from=date(2026, 5, 1) if version == 2 else date(2023, 5, 1),
        )
        state = "validated" if reference else "qualified"
        folder.add("procedure_states", procedure=f"{number}@{version}", site=site, state=state, valid_from=date(2026, 5, 1) if version == 2 else date(2023, 5, 1), valid_until=OPEN)  # fmt: skip
    for code, name, category, kind, unit, *_ in TESTS:
        folder.add("attributes", code=code, name=name, category=category, quantity_kind=kind, unit=unit)
    for number, region in ((US_SPEC, "US"), (EU_SPEC, "EU")):
        add_specification(folder, number, region)
    folder.add("shelf_lives", number="SHL-201", product=PRODUCT, study="STB-201-04", container=CONTAINER, storage_condition=STORAGE, months_supported=24, approved_on=date(2025, 12, 10), valid_from=date(2026, 1, 1), valid_until=OPEN)  # fmt: skip
    folder.add(
        "product_specification_files",
        number="PSF-201",
        version=3,
        product=PRODUCT,
        valid_from=date(2026, 1, 1),
        valid_until=OPEN,
        approved_on=date(2025, 12, 18),
    )


def add_specification(folder: Folder, number: str, region: str) -> None:
    folder.add("specifications", number=number, version=1, title=f"Release specification, {region}", product=PRODUCT, region=region, stage="release", valid_from=date(2026, 1, 1), valid_until=OPEN, approved_on=date(2025, 12, 15))  # fmt: skip
    for code, _, _, _, unit, procedure, _, us, eu in TESTS:
        kind, low, high, allowed, sentence = (eu or us) if region == "EU" else us
        folder.add("specification_tests", specification=f"{number}@1", attribute=code, procedure_number=procedure, criterion_kind=kind, low=low, high=high, unit=unit, allowed=allowed, as_registered=sentence)  # fmt: skip


def add_registrations(folder: Folder) -> None:
    """The IND and the CTA: their states, and what each version registers."""
    for number, kind, region, state, begin in ((IND, "IND", "US", "in_effect", date(2023, 3, 14)), (CTA, "CTA", "EU", "authorised", date(2025, 10, 2))):
        folder.add("registrations", number=number, title=f"{kind} for fernicel", product=PRODUCT, registration_kind=kind, region=region)
        folder.add("registration_states", registration=number, state=state, valid_from=begin, valid_until=OPEN)
        specification = US_SPEC if region == "US" else EU_SPEC
        folder.add(
            "registration_contents",
            registration=number,
            version=4,
            process=f"{PROCESS}@2",
            specification=f"{specification}@1",
            container=CONTAINER,
            valid_from=date(2026, 1, 1),
            valid_until=OPEN,
        )
        content = f"{number}@4"
        for site, activity in ACTIVITIES:
            folder.add("registered_sites", content=content, site=site, activity=activity)
        for procedure, version, *_ in PROCEDURES:
            folder.add("registered_procedures", content=content, procedure=f"{procedure}@{version}")
        lots = 1 if region == "US" else 2
        folder.add("registered_stabilities", content=content, storage_condition=STORAGE, shelf_life_months=24, lots_per_year=lots, commitment="")


def add_site_evidence(folder: Folder) -> None:
    """Authorisations, audits, agreements, declarations and media fills of every site."""
    year = date(2025, 2, 1)
    for index, (site, activity) in enumerate(ACTIVITIES, 1):
        country_nl = site.endswith("-NL")
        if not country_nl and site not in {"RMC-OH", "PLF-WA"}:
            folder.add("authorisations", number=f"FEI-{3009000 + index}", title="FDA establishment", site=site, authorisation_kind="FEI", role=role_of(activity), issued_by="FDA", scope=activity, valid_from=date(2022, 1, 1), valid_until=OPEN)  # fmt: skip
        if activity not in {"collection", "certification", "plasmid_manufacture"}:
            until = CERTIFICATE_EXPIRED_ON if site == "TWB-MD" else date(2029, 6, 30)
            folder.add("authorisations", number=f"GMPC-{site}", title="GMP certificate", site=site, authorisation_kind="GMP certificate", role=role_of(activity), issued_by="Fictional competent authority", scope=activity, valid_from=date(2023, 10, 1), valid_until=until)  # fmt: skip
        if site not in {"WQP-NL"}:
            folder.add("audits", number=f"AUD-{site}", title=f"Audit of {site}", site=site, audited_on=date(2025, 3 + index % 9, 10), audited_by="FHT", report_available=True, accepted=True, open_critical_findings=0, open_major_findings=index % 2, valid_until=date(2028, 3 + index % 9, 10))  # fmt: skip
        folder.add(
            "quality_agreements",
            number=f"QA-{index:03d}",
            title=f"Quality agreement with {site}",
            giver="FHT",
            site=site,
            activity=activity,
            valid_from=year,
            valid_until=OPEN,
        )
    folder.add("authorisations", number="TE-RMC", title="Procurement authorisation", site="RMC-OH", authorisation_kind="tissue_establishment", role="collection", issued_by="Fictional competent authority", scope="apheresis", valid_from=date(2022, 1, 1), valid_until=OPEN)  # fmt: skip
    folder.add("authorisations", number="MIA-IMP-4471", title="Manufacturing and importation authorisation (IMP)", site="PPI-NL", authorisation_kind="MIA(IMP)", role="importer", issued_by="Fictional Dutch authority", scope="importation; certification; cell therapy", valid_from=date(2024, 1, 1), valid_until=OPEN)  # fmt: skip
    folder.add("named_qualified_persons", authorisation="MIA-IMP-4471", person="PER-004", valid_from=date(2024, 2, 1), valid_until=OPEN)
    folder.add("named_qualified_persons", authorisation="MIA-IMP-4471", person="PER-005", valid_from=date(2024, 2, 1), valid_until=date(2026, 6, 30))
    folder.add(
        "qp_declarations",
        number="QPD-201-2",
        title="QP declaration, fernicel",
        registration=CTA,
        qualified_person="PER-004",
        signed_on=date(2025, 9, 1),
        valid_from=date(2025, 9, 1),
        valid_until=OPEN,
    )
    for site, _ in ACTIVITIES:
        if not site.endswith("-NL"):
            folder.add("qp_declaration_sites", declaration="QPD-201-2", site=site, basis="audit", audit=f"AUD-{site}")
    for site in ("BCW-OH", "TWB-MD", "CVX-NC"):
        for n, day in enumerate((date(2025, 11, 3), date(2026, 2, 9), date(2026, 7, 6)), 1):
            folder.add("aseptic_simulations", number=f"APS-{site}-{n}", title="Aseptic process simulation", site=site, performed_on=day, outcome="passed")


def role_of(activity: str) -> str:
    return {"release_testing": "laboratory", "importation": "importer", "collection": "collection"}.get(activity, "manufacturer")
