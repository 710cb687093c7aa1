"""What was made: lots and genealogy, executed records, custody, samples and results."""

from .custody import DonorEligibility, IdentityCheck, ReserveSample, Shipment, ShipmentLot, SiteRelease
from .execution import BatchRecord, BatchStep, ProcessValue, RecordReview
from .label import Label, LabelStatement
from .laboratory import Result, Sample, TestRun
from .lot import Lot, LotDestination, LotStatus, LotUse, SiteActivity

__all__ = [
    "BatchRecord", "BatchStep", "DonorEligibility", "IdentityCheck", "Label", "LabelStatement", "Lot", "LotDestination", "LotStatus", "LotUse",
    "ProcessValue", "RecordReview", "ReserveSample", "Result", "Sample", "Shipment", "ShipmentLot", "SiteActivity", "SiteRelease", "TestRun",
]  # fmt: skip
