"""Is the endotoxin of a product within the limit of its largest dose?"""

from __future__ import annotations

from typing import Any

from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.reported_value import parse_reported
from holdfast.kernel.unit import convert
from holdfast.standards.values import as_number


def endotoxin_within_dose_limit(item: dict[str, Any], root: dict[str, Any], *, limit: Any = None, volume: Any = None) -> bool | None:
    """Whether result (EU/mL) times the largest dose (`volume`, mL per kg per hour) is at most `limit` (EU per kg per hour), as USP <85> computes it.

    A result below its quantitation limit counts as that limit; one above an upper end is unknown, as is one that cannot be read or converted.
    """
    most, dose = as_number(limit), as_number(volume)
    if most is None or dose is None or not item.get("reported") or not item.get("unit"):
        return None
    try:
        reported = parse_reported(str(item["reported"]))
        value = None if reported.value is None else convert(reported.value, str(item["unit"]), "EU/mL")
    except HoldfastError:
        return None
    if value is None or reported.censoring == "greater_than":
        return None
    return value * dose <= most
