"""What went wrong, what changes, and who says that a list is complete."""

from .change import Change, ChangeFiling, ChangeLot
from .deviation import Deviation, DeviationLot, OutOfSpecification
from .statement import CompletenessStatement

__all__ = ["Change", "ChangeFiling", "ChangeLot", "CompletenessStatement", "Deviation", "DeviationLot", "OutOfSpecification"]
