"""`holdfast trends` on the demonstration."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from holdfast.cli import holdfast
from tests.release.people import NIA

pytestmark = [pytest.mark.req("6.10")]


def run(*words: str) -> Any:
    return CliRunner().invoke(holdfast, ["trends", *words])


def test_each_stream_says_its_limits_what_fired_and_why_it_is_not_charted(demo: str) -> None:
    answer = run("FHT-201")
    assert answer.exit_code == 1  # a rule fired
    assert "rule 5 at DP-26-003: two of three points beyond 2 sigma on one side" in answer.output
    assert "AP-202 v1: not charted. 9 of 17 results lie beyond a limit of what could be measured" in answer.output
    assert "US IND-099201: Ppk 0.84 (95 % interval 0.46 to 1.22, n = 13)" in answer.output


def test_a_script_reads_values_as_reported_and_a_reason_for_every_statistic_that_is_none(demo: str) -> None:
    found = json.loads(run("FHT-201", "--json").output)
    assert found["sees_whole_programme"]
    viability = next(one for one in found["attributes"] if one["code"] == "viability")
    longest = viability["streams"][0]
    assert (longest["counted"], longest["limits"]["baseline"], longest["values"][0]["reported"]) == (13, 13, "85.2")
    assert all(stream["limits"] or stream["not_charted"] for one in found["attributes"] for stream in one["streams"])
    assert {each["region"] for each in longest["capability"]} == {"US", "EU"}


def test_who_sees_a_part_gets_no_statistics_and_an_unknown_product_is_refused(demo: str) -> None:
    part = run("FHT-201", "--as", NIA)
    assert (part.exit_code, part.output.splitlines()[0]) == (
        1,  # nothing was charted: that no rule fired says nothing
        "This log-in sees a part of the programme: results of others may exist, and no limits are computed.",
    )
    assert "Ppk" not in part.output
    assert run("NOTHING").exit_code == 1
