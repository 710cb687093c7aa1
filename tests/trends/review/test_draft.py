"""The draft of a review follows the order in which it is asked for, leads to records, and says what is absent."""

from __future__ import annotations

from datetime import date

import pytest

from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.programme.models import Product
from holdfast.trends.review.draft import Review, draft_review, period_of
from holdfast.trends.review.section import Link, Period, Section

pytestmark = [pytest.mark.req("6.10")]
YEAR = Period(date(2025, 11, 25), date(2026, 11, 24))


def draft(period: Period = YEAR) -> Review:
    with viewing(Viewer.operator()):
        return draft_review(Product.objects.select_related("record", "programme").get(record__number="FHT-201"), period)


def section(review: Review, begins: str) -> Section:
    return next(one for one in review.sections if one.title.startswith(begins))


def counts(section: Section) -> dict[str, str]:
    return dict(section.counts)


def texts(section: Section, listing: int = 0) -> list[list[str]]:
    return [[cell.text if isinstance(cell, Link) else cell for cell in row] for row in section.listings[listing].rows]


def test_sections_stand_in_the_order_in_which_the_rules_ask(demo: str) -> None:
    found = [one.sources[-1] for one in draft().sections]
    points = [source.partition("1.10 (")[2].partition(")")[0] for source in found if "1.10 (" in source]
    assert points == ["i", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
    assert draft().sections[0].sources == ("21 CFR 211.180(e)(1)",)
    assert "EudraLex Volume 4, 1.10 (ii)" in draft().sections[2].sources


def test_batches_are_counted_with_each_destination_apart(demo: str) -> None:
    found = section(draft(), "Batches made")
    told = counts(found)
    assert told["Batches made"] == "22"
    assert told["US disposition: Released"] == "2"
    assert told["EU certification: Certified"] == "1"
    line = next(row for row in texts(found) if row[0] == "DP-26-007")
    assert line[3:] == ["Released", "Certified", "Released for use"]
    link = found.listings[0].rows[0][0]
    assert isinstance(link, Link)
    assert link.to == "batch"


def test_only_what_was_made_in_the_period_is_counted(demo: str) -> None:
    found = draft(Period(date(2026, 4, 1), date(2026, 4, 30)))
    assert [row[0] for row in texts(section(found, "Batches made"))] == ["DP-26-003", "DP-26-004", "DP-26-005", "DP-26-006"]
    empty = draft(Period(date(2020, 1, 1), date(2020, 12, 31)))
    assert counts(section(empty, "Batches made"))["Batches made"] == "0"


def test_a_failing_result_stands_with_each_application_and_its_investigation(demo: str) -> None:
    found = section(draft(), "Batches that failed")
    failing = [row for row in texts(found) if row[0] == "DP-26-004"]
    assert [(row[1], row[2], row[3]) for row in failing] == [
        ("Viability after thaw", "58.3 %", "US IND-099201"),
        ("Viability after thaw", "58.3 %", "EU 2025-599201-18-00"),
    ]
    assert [row[:4] for row in texts(found, 1)] == [["OOS-DP-26-004", "DP-26-004", "Viability after thaw", "confirmed"]]


def test_deviations_changes_and_filings_come_from_the_record(demo: str) -> None:
    review = draft()
    assert "DEV-DP-26-010" in [row[0] for row in texts(section(review, "Deviations"))]
    assert {row[0] for row in texts(section(review, "Changes"))} == {"CHG-014", "CHG-019", "CHG-021"}
    assert ["CHG-014", "EU", "substantial modification", "permitted", "20 Apr 2026"] in texts(section(review, "Variations"))
    assert "DEV-DP-26-009" in [row[0] for row in texts(section(review, "Adequacy"))]


def test_what_is_not_recorded_is_said_to_be_absent(demo: str) -> None:
    found = section(draft(), "Returns, complaints")
    assert (found.counts, found.listings) == ((), ())
    assert found.absent[0] == "Complaints, recalls, and returned or salvaged product are not recorded in Holdfast."
    assert "Qualification of equipment, HVAC, water and gases is not recorded in Holdfast." in section(draft(), "Qualification").absent


def test_every_activity_stands_with_its_agreement_or_with_none(demo: str) -> None:
    found = section(draft(), "Agreements")
    states = {row[4] for row in texts(found)}
    assert "in force" in states
    assert states <= {"in force", "ended", "none recorded", "not yet in force", "cannot tell: its days are not recorded"}
    assert counts(found)["Without an agreement in force at the end of the period"] == str(sum(row[4] != "in force" for row in texts(found)))


def test_a_draft_takes_the_same_queries_however_long_its_period(demo: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def taken(period: Period) -> int:
        with CaptureQueriesContext(connection) as captured:
            draft(period)
        return len(captured)

    assert taken(YEAR) == taken(Period(date(2026, 4, 1), date(2026, 4, 30)))


def test_a_period_is_the_year_to_today_unless_two_days_are_given() -> None:
    assert period_of("", "", date(2026, 11, 24)) == YEAR
    assert period_of("2026-01-01", "2026-06-30", date(2026, 11, 24)) == Period(date(2026, 1, 1), date(2026, 6, 30))
    assert period_of("", "2024-02-29", date(2026, 11, 24)) == Period(date(2023, 3, 1), date(2024, 2, 29))


@pytest.mark.parametrize(("first", "last"), [("yesterday", ""), ("", "2026-13-01"), ("2026-06-30", "2026-01-01")])
def test_a_period_that_is_none_is_refused(first: str, last: str) -> None:
    with pytest.raises(Refused):
        period_of(first, last, date(2026, 11, 24))
