"""What went wrong, what changes, and who says that a list is complete."""

from .audit_trail import AuditTrailReview, ReviewComment, ReviewedRecord, ReviewScope
from .change import Change, ChangeFiling, ChangeLot
from .deviation import Deviation, DeviationLot, OutOfSpecification
from .statement import CompletenessStatement

__all__ = [
    "AuditTrailReview",
    "Change",
    "ChangeFiling",
    "ChangeLot",
    "CompletenessStatement",
    "Deviation",
    "DeviationLot",
    "OutOfSpecification",
    "ReviewComment",
    "ReviewScope",
    "ReviewedRecord",
]
