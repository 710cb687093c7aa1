"""The time, in one place, so that a demonstration or a test can fix the day."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime


def now() -> datetime:
    """The present moment in UTC; `HOLDFAST_CLOCK` (an ISO moment with its offset) fixes it."""
    fixed = os.environ.get("HOLDFAST_CLOCK")
    if not fixed:
        return datetime.now(UTC)
    moment = datetime.fromisoformat(fixed)
    if moment.tzinfo is None:
        raise ValueError(f"HOLDFAST_CLOCK={fixed} has no offset. Write it like 2026-11-24T09:00:00+00:00.")
    return moment.astimezone(UTC)


def today() -> date:
    """Today's date in UTC."""
    return now().date()
