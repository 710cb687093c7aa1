"""Does 21 CFR part 211 bind this batch?"""

from __future__ import annotations

from typing import Any

LATER = ("phase2", "phase3", "commercial")


def part_211_binds(item: dict[str, Any], root: dict[str, Any]) -> bool | None:
    """Whether part 211 applies in full (21 CFR 210.2(c)): from phase 2 on; at phase 1 only once the same drug has been made available for
    use in a phase 2 or 3 study, or is lawfully marketed, whatever the batch's own study is. Unknown when the phase, or that history, is not recorded.
    """
    phase = (root.get("decision") or {}).get("phase")
    if phase in LATER:
        return True
    if phase != "phase1":
        return None
    product = root.get("product") or {}
    history = [product.get("made_available_for_phase2_or_3"), product.get("lawfully_marketed")]
    if any(known is True for known in history):
        return True
    return None if any(known is None for known in history) else False
