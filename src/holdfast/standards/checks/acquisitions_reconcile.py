"""Do the acquisitions in an instrument's log reconcile with results, invalid runs and aborted runs?"""

from __future__ import annotations

from typing import Any

from holdfast.standards.values import as_number

ACCOUNTED = ("acquisitions_in_results", "acquisitions_invalid", "acquisitions_aborted_with_reason")


def acquisitions_reconcile(item: dict[str, Any], root: dict[str, Any]) -> bool | None:
    """Whether logged = in results + invalid + aborted with a reason (21 CFR 211.194(a): complete data); unknown when a count is not recorded."""
    logged, *accounted = [as_number(item.get(name)) for name in ("acquisitions_logged", *ACCOUNTED)]
    known = [count for count in accounted if count is not None]
    if logged is None or len(known) < len(ACCOUNTED):
        return None
    return logged == sum(known)
