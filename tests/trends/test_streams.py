"""Results stand in one stream only where they depend on the same things, and in one statistic only where the dictionary allows it."""

from __future__ import annotations

import pytest

from holdfast.trends.streams import UNMATCHED, Factors, pools_across, streams_of

from .rows import STEADY, row, rows

pytestmark = [pytest.mark.req("6.10"), pytest.mark.req("6.7")]
ENTRY = "cell_viability_post_thaw"


@pytest.mark.parametrize(
    "factor",
    [{"maker": "Rockville"}, {"process_version": 3}, {"laboratory": "Harbour"}, {"method_version": 2}, {"stage": "harvest"}, {"unit": "1"},
     {"lot_kind": "drug_substance"}],
)  # fmt: skip
def test_every_factor_makes_a_stream_of_its_own(factor: dict[str, object]) -> None:
    streams = streams_of([*rows(*STEADY), row(13, "84.0", **factor)], ENTRY)
    assert [len(stream.results) for stream in streams] == [12, 1]


def test_a_factor_that_is_not_recorded_is_a_level_of_its_own_and_is_said() -> None:
    blank = Factors.of(row(1, "84.0", maker=None, process=None, process_version=None, laboratory=None, procedure=None, method_version=None))
    assert blank != Factors.of(row(1, "84.0"))
    assert blank.said == (
        "made at a site that is not recorded by a process that is not recorded, tested at a laboratory that is not recorded by a procedure that is not recorded"
    )


def test_what_is_not_approved_or_has_no_day_stays_in_the_list_and_out_of_statistics() -> None:
    put_aside: list[dict[str, object]] = [{"status": "preliminary"}, {"status": "invalidated"}, {"run_state": "invalid"}, {"made_on": None}]
    found = [row(1, "84.0"), *(row(number, "85.0", **why) for number, why in enumerate(put_aside, 2))]
    (stream,) = streams_of(found, ENTRY)
    assert (len(stream.results), [result.batch for result in stream.counted]) == (5, ["DP-001"])
    assert [result.set_aside for result in found] == [
        "", "preliminary: not approved yet", "invalidated", "invalidated", "the day of manufacture is not recorded: it has no place in the order",
    ]  # fmt: skip


def test_an_unmatched_attribute_is_pooled_with_nothing() -> None:
    (stream,) = streams_of(rows(*STEADY), "")
    assert stream.not_pooled == UNMATCHED
    assert pools_across(rows(*STEADY), "").apart == (UNMATCHED,)


def test_a_condition_that_is_not_recorded_lets_nothing_be_pooled() -> None:
    (stream,) = streams_of(rows(*STEADY, stage=""), ENTRY)
    assert stream.not_pooled == "Cell viability after thaw is pooled only with the same stage, and for one of them it is not recorded or not known."


def test_methods_of_two_families_stand_apart_with_the_reason() -> None:
    other = row(13, "84.0", method_version=2, method="Viability by trypan blue")
    (reason,) = pools_across([*rows(*STEADY), other], ENTRY).apart
    assert "only with the same method family" in reason
