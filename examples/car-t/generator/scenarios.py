"""The 24 drug product batches: which are named for what they show, and what each departs from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Batch:
    """One drug product batch and how its evidence departs from a clean one."""

    index: int
    story: str = "clean"
    site: str = "BCW-OH"

    @property
    def number(self) -> str:
        return f"DP-26-{self.index:03d}"

    @property
    def patient(self) -> str:
        return f"PT-{7100 + 37 * self.index}"

    @property
    def identity(self) -> str:
        return f"COI-26-{4000 + 13 * self.index}"

    @property
    def apheresis(self) -> str:
        return f"APH-26-{self.index:03d}"

    @property
    def began_on(self) -> date:
        return date(2026, 3, 2) + timedelta(days=7 * self.index)

    @property
    def made_on(self) -> date:
        return self.began_on + timedelta(days=11)

    @property
    def reviewed_on(self) -> date:
        return self.made_on + timedelta(days=32)

    @property
    def expires_on(self) -> date:
        return date(self.made_on.year + 2, self.made_on.month, min(self.made_on.day, 28))


#: stories by batch; every batch not named here is clean
STORIES = {
    2: "us_only",  # EU donor testing was not completed at collection
    3: "eu_only",  # it contains a change that the EU permitted and that was never filed in the US
    4: "viability_oos",  # 58.3 % against NLT 70 %, confirmed
    5: "evidence_incomplete",  # mycoplasma not reported yet; the CDMO has not stated its deviation list
    6: "certificate_expired",  # made at Tidewater, whose GMP certificate expired before the decision
    7: "decided_both",
    8: "decided_us",
    9: "deviation_closed",
    10: "deviation_open",
    11: "excursion_open",
    12: "change_not_in_eu",  # a change permitted in the US, submitted in the EU
    13: "identity_mismatch",
    14: "below_quantitation",  # '<' results throughout; conforms
    15: "record_in_review",
    16: "reviewer_is_analyst_missing",  # endotoxin not yet reviewed by a second person
    17: "reagent_expired",  # and the label of 19 lacks the US caution statement: both are open to a justification
    18: "deviation_closed",
    19: "label_caution",
    20: "certificate_expired",
    21: "testing",
    22: "testing",
    23: "in_process",
    24: "in_process",
}

BATCHES = [Batch(i, STORIES.get(i, "clean"), "TWB-MD" if STORIES.get(i) == "certificate_expired" else "BCW-OH") for i in range(1, 25)]
