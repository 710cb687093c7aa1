"""The board answers at eight in the morning: which batches wait, for whom and why."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from holdfast.web.board.asked import Asked
from tests.release.people import FEMKE, NIA, QUINN

from .test_pages import signed_in

pytestmark = [pytest.mark.req("4.2")]


def page_of(email: str, query: str = "") -> Any:
    return signed_in(email).get(f"/{query}").context["page"]


def numbers(page: Any) -> list[str]:
    return [line.batch.number for line in page.lines]


def test_each_destination_is_counted_by_state_and_names_who_decides_there(demo: str) -> None:
    us, eu = page_of(QUINN).places
    assert (us.name, us.role, us.people) == ("US", "Quality Unit", ("Quinn Adler", "Rowan Pike"))
    assert us.counts == {"ready": 8, "blocked": 13, "cannot_tell": 1, "not_judged": 0, "decided": 2, "flagged": 0}
    assert (eu.name, eu.people) == ("EU", ("Femke Waterman", "Joris Blom"))
    assert eu.counts == {"ready": 7, "blocked": 15, "cannot_tell": 1, "not_judged": 0, "decided": 1, "flagged": 0}


def test_the_shares_of_the_bar_fill_it_and_leave_the_flag_out(demo: str) -> None:
    us = page_of(QUINN).places[0]
    assert [state for state, _, _ in us.shares] == ["ready", "blocked", "cannot_tell", "decided"]
    assert sum(width for _, _, width in us.shares) == pytest.approx(100)


def test_each_open_cell_says_for_whom_it_waits(demo: str) -> None:
    lines = {line.batch.number: line for line in page_of(QUINN).lines}
    assert lines["DP-26-001"].waits_for == {"US": "waits for the Quality Unit", "EU": "waits for a Qualified Person"}
    assert lines["DP-26-004"].waits_for["US"] == "in a record of Lakeside Analytical (fictional)"
    assert lines["DP-26-007"].waits_for == {}


def test_what_is_ready_for_the_reader_is_a_view_of_their_own(demo: str) -> None:
    assert len(numbers(page_of(QUINN, "?mine=1"))) == 8
    assert len(numbers(page_of(FEMKE, "?mine=1"))) == 7
    assert "Waiting for you" not in signed_in(NIA).get("/").content.decode()


def test_a_blocker_leads_to_exactly_the_batches_it_holds_back(demo: str) -> None:
    blockers = page_of(QUINN).blockers
    assert blockers == sorted(blockers, key=lambda one: (-one.alone, -one.batches, one.place, one.rule))
    for blocker in (blockers[0], blockers[-1]):
        assert page_of(QUINN, f"?rule={blocker.rule}&place={blocker.place}").found == blocker.batches
    assert sum(one.alone for one in blockers) == sum(
        1 for line in page_of(QUINN, "?alone=1").lines for cell in line.batch.cells.values() if len(cell.blockers) + len(cell.unknown) == 1
    )


@pytest.mark.parametrize(
    ("query", "first"),
    [("", "DP-26-001"), ("?sort=batch", "DP-26-001"), ("?sort=expires&state=blocked&place=EU", "DP-26-002")],
)
def test_the_order_and_the_destination_of_a_state_are_as_asked(demo: str, query: str, first: str) -> None:
    assert numbers(page_of(QUINN, query))[0] == first


def test_the_most_blocked_come_first_where_asked(demo: str) -> None:
    counts = [sum(len(cell.blockers) for cell in line.batch.cells.values() if cell.state != "decided") for line in page_of(QUINN, "?sort=blockers").lines]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize("query", ["", "?q=PT-7211&within=30", "?rule=US-DSP-008&place=US&sort=blockers", "?alone=1&mine=1&state=ready&after=eyJ"])
def test_an_address_is_a_view_and_says_itself_again(query: str) -> None:
    asked = Asked.of(QueryDict(query[1:]))
    assert Asked.of(QueryDict(asked.address()[1:])) == asked


@pytest.mark.parametrize("query", ["state=green", "place=MARS", "within=9999", "within=-1", "sort=colour", "alone=maybe"])
def test_what_is_not_offered_is_no_filter(query: str) -> None:
    assert Asked.of(QueryDict(query)) == Asked()


def test_a_page_goes_on_after_its_last_batch(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.web.board import reading

    monkeypatch.setattr(reading, "PAGE", 10)
    first = page_of(QUINN)
    second = page_of(QUINN, f"?after={first.after}")
    third = page_of(QUINN, f"?after={second.after}")
    assert [page.first for page in (first, second, third)] == [1, 11, 21]
    assert [len(page.lines) for page in (first, second, third)] == [10, 10, 4]
    assert third.after == ""
    assert len({*numbers(first), *numbers(second), *numbers(third)}) == 24
