"""People who do GMP work: what they were trained in, qualified for, and how many there are."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, Validity, about, listing


class TrainingItem(Part):
    record: Reference | None = None
    subject: str | None = None
    document_version: str | None = None
    trained_on: date | None = None
    validity: Validity | None = None
    is_critical_task: bool | None = None
    assessment: str | None = about("passed | failed | none: test or observation")


class TaskDone(Part):
    """A signed step or test, with whether its performer was trained on the version in force."""

    record: Reference | None = None
    task: str | None = None
    document_version: str | None = None
    done_on: date | None = None
    trained_on: date | None = about("Day of training on that version")
    training_validity: Validity | None = None


class Person(Part):
    record: Reference | None = None
    number: str | None = None
    is_gmp: bool | None = None
    tasks: list[TaskDone] = listing("Signed steps and tests")
    trainings: list[TrainingItem] = listing("Trainings")
    cgmp_refresher_on: date | None = None
    is_analyst: bool | None = None
    methods_without_qualification: int | None = about("Procedures used for reportable results without a qualification of the analyst")
    is_aseptic_operator: bool | None = None
    gowning_qualified_on: date | None = None
    simulation_passed_on: date | None = about("Last passing aseptic simulation that the operator took part in")
    uses_part11_systems: bool | None = None
    system_training_on: date | None = None
    signature_policy_acknowledged_on: date | None = None
    handles_atmp: bool | None = None
    atmp_training_on: date | None = about("Product class, biosafety, cross-contamination, chain of identity")
    is_visual_inspector: bool | None = None
    inspection_qualified_on: date | None = about("With a defect set")
    eye_test_on: date | None = None


class RoleCover(Part):
    """A role of the batch record, with how many may fill it."""

    record: Reference | None = None
    role: str | None = None
    qualified_people: int | None = about("People qualified and trained on the effective master record and procedures")
    is_quality_unit: bool | None = None
    has_release_activity: bool | None = None


class Consultant(Part):
    record: Reference | None = None
    name_recorded: bool | None = None
    address_recorded: bool | None = None
    qualifications_recorded: bool | None = None
    service_recorded: bool | None = None


class Staff(Part):
    people: list[Person] = listing("People who do GMP work")
    roles: list[RoleCover] = listing("Roles of the batch record")
    consultants: list[Consultant] = listing("Consultants and contract staff")
    collection_sites_trained: bool | None = about("Staff of collection sites are trained by agreement")
