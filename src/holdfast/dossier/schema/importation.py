"""Bringing a batch into the EU: who imports, what is tested again, and what excuses from it."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, Validity, about


class Importation(Part):
    record: Reference | None = None
    importer: str | None = about("Site that holds the authorisation to import")
    made_in: str | None = about("Country of manufacture, ISO 3166-1 alpha-2")
    made_in_eea: bool | None = about("Made in the EU or the EEA")
    imported_on: date | None = about("Day of importation")
    qualitative_analysis_in_member_state: bool | None = about("Full qualitative analysis by a laboratory in a Member State")
    quantitative_analysis_in_member_state: bool | None = about("Quantitative analysis of at least every active substance there")
    other_tests_in_member_state: bool | None = about("Every other test that the authorisation asks, there")
    mutual_recognition_claimed: bool | None = about("A mutual recognition agreement is relied on instead")
    product_category: str | None = about("human_chemical | biotech | vaccine | plasma_derived | imp | atmp | blood_tissue_organ, as the annex has it")
    site_in_scope: bool | None = about("Site and tests lie in the agreement's territory and scope")
    control_report_signed: bool | None = about("The accompanying control report is signed")
    retest_waived: bool | None = about("The repeated test in the EU is left out under the marketing authorisation")
    waiver_in_authorisation: bool | None = about("The marketing authorisation states the exemption")
    waiver_reason: str | None = about("limited_material | short_shelf_life | technical_transfer | ...")
    third_country_laboratory_certificate: Validity | None = about("GMP certificate of an EEA authority for that category of tests")
    samples_taken_after_arrival: bool | None = about("Samples for import testing were taken after arrival")
    sampling_study_approved: bool | None = about("A scientific study supports sampling in the third country: how, transport, comparison, time limit")
    sampling_site_audited: bool | None = about("Site and sampling there are audited")
    samples_reanalysed_periodically: bool | None = about("Samples taken in the EU are analysed from time to time and unexpected results reviewed")
    import_temperature_reviewed: bool | None = about("The transport record of the batch was reviewed by the importer")


class ActiveSubstance(Part):
    """An active substance of the batch, with the evidence for how it was made."""

    record: Reference | None = None
    lot: str | None = about("Lot in the batch")
    manufacturer: str | None = about("Site that made it")
    imported: bool | None = about("Imported from outside the EEA")
    imported_on: date | None = about("Day of importation")
    country_listed: bool | None = about("The exporting country is on the Commission's list of countries whose rules are equivalent")
    written_confirmation: Validity | None = about("Written confirmation of the exporting authority")
    exceptional_waiver: bool | None = about("An exceptional waiver of the written confirmation is recorded")
    manufacturer_audited_on: date | None = about("Day of the GMP audit that the QP's declaration rests on")
    distributor_audited_on: date | None = about("Day of the GDP audit of the distributor")
    declaration: Validity | None = about("QP declaration that covers it")


class Excipient(Part):
    record: Reference | None = None
    name: str | None = about("Excipient")
    risk_assessment_on: date | None = about("Day of the formal risk assessment that fixes the GMP it needs")
    supplier_evidence: bool | None = about("Evidence that the supplier keeps it")
