"""Every write of a decision."""

from .decide import AlreadyDecided, Countersigner, DecisionRefused, decide

__all__ = ["AlreadyDecided", "Countersigner", "DecisionRefused", "decide"]
