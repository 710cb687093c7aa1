"""The questions that can be asked of a batch, where each belongs, and what may be answered."""

from __future__ import annotations

from .models import Outcome, Question

DESTINATIONS: dict[str, str] = {"US": Question.US_DISPOSITION, "EU": Question.EU_CERTIFICATION}
REGION_OF: dict[str, str] = {Question.US_DISPOSITION: "US", Question.EU_CERTIFICATION: "EU", Question.SPONSOR_RELEASE: "EU"}
POSITIVE: dict[str, str] = {
    Question.US_DISPOSITION: Outcome.RELEASED,
    Question.EU_CERTIFICATION: Outcome.CERTIFIED,
    Question.SPONSOR_RELEASE: Outcome.RELEASED_FOR_USE,
}
NEGATIVE: dict[str, str] = {
    Question.US_DISPOSITION: Outcome.REJECTED,
    Question.EU_CERTIFICATION: Outcome.REFUSED,
    Question.SPONSOR_RELEASE: Outcome.WITHHELD,
}
MEANINGS: dict[str, str] = {
    Outcome.RELEASED: "As a member of the Quality Unit I have reviewed the record of this batch and release it for use in the United States under the IND.",
    Outcome.REJECTED: "As a member of the Quality Unit I reject this batch for use in the United States.",
    Outcome.CERTIFIED: "As Qualified Person named on the MIA(IMP) I certify that this batch meets the requirements of Article 63 of Regulation (EU) No 536/2014"
    " and of the authorised clinical trial.",
    Outcome.REFUSED: "As Qualified Person I refuse to certify this batch.",
    Outcome.RELEASED_FOR_USE: "On behalf of the sponsor I release this certified batch for use at the authorised trial sites.",
    Outcome.WITHHELD: "On behalf of the sponsor I withhold this batch from use.",
}
SUFFIX: dict[str, str] = {Question.US_DISPOSITION: "US", Question.EU_CERTIFICATION: "EU", Question.SPONSOR_RELEASE: "USE"}
