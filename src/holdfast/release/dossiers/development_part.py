"""How mature the CMC of a product is, as far as records say: from the release specification that is registered, and how far its procedures are proven.

What no record holds stays absent, and a rule that needs it answers `cannot tell`. `NO_RECORD` names each such field in words, for whoever reads the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from holdfast.dossier.schema.base import Reference
from holdfast.dossier.schema.development import Development, PhaseOneSpecification, Potency
from holdfast.kernel.acceptance import NUMERIC
from holdfast.programme.models.methods import AttributeCategory as Category
from holdfast.programme.models.methods import ProcedureStateName as State
from holdfast.standards.alignment.sides import RegisteredTest, Side

T = TypeVar("T")
SAFETY = {Category.STERILITY, Category.ENDOTOXIN, Category.MYCOPLASMA, Category.REPLICATION_COMPETENT_VIRUS, Category.SAFETY}
#: whether a state shows a procedure to be qualified, and validated; a state that is not here does not say
QUALIFIED = {State.QUALIFIED: True, State.VALIDATED: True, State.VERIFIED: True, State.TRANSFERRED: True, State.DEVELOPMENT: False, State.RETIRED: False}
VALIDATED = {State.VALIDATED: True, State.VERIFIED: True, State.QUALIFIED: False, State.DEVELOPMENT: False, State.RETIRED: False}
#: fields of the dossier that no record holds yet, by what they are about
NO_RECORD: dict[str, tuple[str, ...]] = {
    "which GMP regime binds, and that every batch carries it": ("gmp_regime", "regime_stored_on_batches"),
    "how procedures perform (accuracy, specificity, reproducibility) as a table": ("method_performance_tabulated",),
    "validation of sterilisation and aseptic steps, and the day of the first dose in man": ("aseptic_process_validated_on", "first_human_dose_on"),
    "qualification of the process": ("process_qualification", "process_locked"),
    "critical attributes, process parameters and the control strategy": (
        *("critical_attributes_listed", "critical_attributes_rationale", "parameters_ranked", "control_strategy_links_attributes"),
    ),
    "reference standards": ("reference_standard", "reference_standard_characterised", "requalification_plan"),
    "cell banks, virus seeds and genetic starting materials": ("cell_banks", "end_of_production_tested", "genetic_starting_materials"),
    "clearance of viruses": ("clearance_steps", "clearance_platform_data", "full_clearance_study"),
    "how long the trial needs the product to last, and the primary stability lots": (
        *("stability_covers_trial", "stability_concurrent", "primary_stability_lots", "primary_stability_months", "fewer_stability_lots_agreed"),
    ),
    "comparability of the pivotal product, and justification of the final specification": (
        *("pivotal_comparability_done", "comparability_plan", "final_specification_justified", "specification_tightened"),
        "characterisation_supports_application",
    ),
    "readiness for inspection": ("inspection_ready",),
    "flexibilities claimed from an authority, and the plausible-mechanism framework": (
        *("flexibilities", "plausible_mechanism", "framework_criteria_documented", "early_readiness_planned"),
    ),
    "what kind of vector or edit the product has, and its plan for long-term follow-up": ("product_kind", "follow_up_years", "retention_matches_follow_up"),
}


def development_part(record: Reference, side: Side, categories: Mapping[str, str], next_milestone: str | None) -> Development:
    """What the registered specification of one region says of the product's development. `categories` are those of the attributes, by code.

    A test counts as qualified or validated where its newest registered version is proven so at every laboratory registered for release
    testing that has a state of it; without any such state, nobody can tell.
    """
    tests = list(side.tests.values())
    safety = [test for test in tests if categories.get(test.attribute) in SAFETY]
    return Development(
        record=record,
        next_milestone=next_milestone,
        specification=_specification(tests, categories),
        potency=_potency([test for test in tests if categories.get(test.attribute) == Category.POTENCY]),
        safety_methods_qualified=_every(safety, lambda test: proven(test, QUALIFIED)),
        methods_fit_for_purpose=_every(tests, lambda test: proven(test, QUALIFIED)),
        methods_fully_validated=_every(tests, lambda test: proven(test, VALIDATED)),
    )


def proven(test: RegisteredTest, states: Mapping[State, bool]) -> bool | None:
    """Whether a registered test is proven so far; None when no state of it is recorded, or one that does not say."""
    return _every(test.proofs, lambda proof: states.get(State(proof.state)))


def _every(rows: Iterable[T], holds: Callable[[T], bool | None]) -> bool | None:
    """Kleene's and over rows, of which there must be one."""
    answers = [holds(row) for row in rows]
    if not answers or (None in answers and False not in answers):
        return None
    return all(answers)


def _specification(tests: list[RegisteredTest], categories: Mapping[str, str]) -> PhaseOneSpecification:
    known = [categories.get(test.attribute, Category.OTHER) for test in tests]
    unsorted = {Category.OTHER, Category.SAFETY} & set(known)  # what is in one of these may be any test

    def tested(category: Category) -> bool | None:
        return True if category in known else None if unsorted else False

    safety = [test for test in tests if categories.get(test.attribute) in SAFETY]
    return PhaseOneSpecification(
        identity=tested(Category.IDENTITY),
        purity=tested(Category.PURITY),
        dose_or_strength=tested(Category.DOSE),
        sterility=tested(Category.STERILITY),
        endotoxin=tested(Category.ENDOTOXIN),
        mycoplasma=tested(Category.MYCOPLASMA),
        replication_competent_virus=tested(Category.REPLICATION_COMPETENT_VIRUS),
        safety_tests_have_limits=_every(safety, _has_limit),
    )


def _potency(tests: list[RegisteredTest]) -> Potency:
    return Potency(
        quantitative_measure=True if any(test.criterion.kind in NUMERIC for test in tests) else None,
        has_limits=True if any(_has_limit(test) and test.criterion.kind in NUMERIC for test in tests) else None,
        is_qualified=_every(tests, lambda test: proven(test, QUALIFIED)),
        is_validated=_every(tests, lambda test: proven(test, VALIDATED)),
    )


def _has_limit(test: RegisteredTest) -> bool | None:
    criterion = test.criterion
    if criterion.kind == "report_only":
        return False
    return None if criterion.kind in NUMERIC and not (criterion.low or criterion.high) else True


__all__ = ["NO_RECORD", "development_part", "proven"]
