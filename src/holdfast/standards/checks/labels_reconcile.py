"""Do the labels issued for a batch reconcile with those used, returned and destroyed?"""

from __future__ import annotations

from typing import Any

from holdfast.standards.values import as_number


def labels_reconcile(item: dict[str, Any], root: dict[str, Any], *, tolerance: Any = 0) -> bool | None:
    """Whether issued = used + returned + destroyed within `tolerance` labels (21 CFR 211.125(c)); unknown when a count is not recorded."""
    counts = [as_number(item.get(name)) for name in ("issued", "used", "returned", "destroyed")]
    allowed = as_number(tolerance)
    if allowed is None or any(count is None for count in counts):
        return None
    issued, *accounted = [count for count in counts if count is not None]
    return abs(issued - sum(accounted)) <= allowed
