"""The questions that rules answer, and which of them are asked of one batch."""

from __future__ import annotations

from typing import Literal, get_args

Question = Literal[
    "us_disposition",
    "eu_certification",
    "sponsor_release",
    "out_of_specification_supply",
    "site_readiness",
    "alignment",
    "change",
    "phase",
    "inspection",
    "identity",
    "method",
    "stability",
    "training",
    "data_integrity",
]
QUESTIONS: tuple[Question, ...] = get_args(Question)
TITLES: dict[Question, str] = {
    "us_disposition": "May the US Quality Unit release this batch?",
    "eu_certification": "May the QP certify this batch for the EU?",
    "sponsor_release": "May the sponsor release this batch for use in the trial?",
    "out_of_specification_supply": "May this out-of-specification batch be supplied to its patient by the exceptional route?",
    "site_readiness": "Is the site ready, and the transfer to it complete?",
    "alignment": "Does one record serve the US and the EU?",
    "change": "May this change be made, and its product used?",
    "phase": "Is the programme where its phase needs it to be?",
    "inspection": "Would the quality system stand an inspection today?",
    "identity": "Is the chain of identity and custody whole?",
    "method": "Are the analytical procedures fit for their use?",
    "stability": "Does stability support what is claimed?",
    "training": "Are people trained for what they do?",
    "data_integrity": "Can the records be believed?",
}
#: questions whose lists must be complete to the day the batch's review ended; the others, to the day of the decision
OF_A_BATCH: frozenset[str] = frozenset({"us_disposition", "eu_certification", "sponsor_release"})


def day_needed(question: str) -> str:
    """The path of the day to which a list must be stated complete, when a rule does not say."""
    return "/batch.review_completed_on" if question in OF_A_BATCH else "/decision.date"
