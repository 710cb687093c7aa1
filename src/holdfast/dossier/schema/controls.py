"""How a batch was controlled while it was made: in-process controls, time limits, yields, the environment."""

from __future__ import annotations

from .base import Part, Reference, about


class InProcessControl(Part):
    """An in-process control that the master record defines, as it was done for this batch."""

    record: Reference | None = None
    name: str | None = about("What was controlled")
    performed: bool | None = about("A result is recorded")
    within_limit: bool | None = about("The result is within the limit of the master record")
    deviation: str | None = about("Number of the deviation that covers a result outside the limit")
    needs_quality_approval: bool | None = about("The in-process material may go on only after the Quality Unit approves it")
    approved_by: str | None = about("Who of the Quality Unit approved the material to go on")


class TimeLimit(Part):
    """A hold or process time that the master record limits."""

    record: Reference | None = None
    name: str | None = about("Which time, from which step to which")
    within_limit: bool | None = about("The time taken is within the limit")
    deviation: str | None = about("Number of the deviation that covers a time beyond the limit")
    impact_justified: bool | None = about("The deviation says why quality is not affected")


class Yield(Part):
    """An actual yield with its percentage of the theoretical yield."""

    record: Reference | None = None
    phase: str | None = about("Phase of manufacture, as the master record names it")
    percent_of_theoretical: str | None = about("Decimal, as text")
    computed_by: str | None = about("Person who computed it; empty when a system did")
    computed_by_validated_system: bool | None = about("A validated automatic system computed it")
    verified_by: str | None = about("Second person who verified it")
    within_limits: bool | None = about("Within the limits of the master record")
    deviation: str | None = about("Number of the deviation that covers a yield outside the limits")


class EnvironmentalSample(Part):
    """A sample of air, surface or personnel, taken in the session in which the batch was processed."""

    record: Reference | None = None
    place: str | None = about("Where it was taken")
    is_critical_zone: bool | None = about("Taken in ISO 5, or grade A")
    has_result: bool | None = about("A result is recorded")
    exceeds_action_limit: bool | None = about("The result exceeds the action limit")
    impact_assessed_by: str | None = about("Who assessed what an excursion means for the batch")


class ReprocessedStep(Part):
    """Material that was reprocessed or reworked."""

    record: Reference | None = None
    quality_approved_by: str | None = about("Who of the Quality Unit approved the reprocessing")
    passed_again: bool | None = about("It met all specifications after it")
