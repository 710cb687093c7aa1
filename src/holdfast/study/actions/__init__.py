"""Every write of a study."""

from .carry_out import depart, exclude, take_data
from .conclude import conclude
from .plan import approve, draft
from .pulls import plan_pulls, record_pull

__all__ = ["approve", "conclude", "depart", "draft", "exclude", "plan_pulls", "record_pull", "take_data"]
