"""`holdfast board` and `holdfast search` on the demonstration."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from holdfast.cli import holdfast


def run(*words: str) -> Any:
    return CliRunner().invoke(holdfast, list(words))


@pytest.mark.req("4.2")
def test_the_board_is_listed_by_page_and_judged_when_asked(demo: str) -> None:
    done = run("board", "refresh", "--processes", "1")
    assert (done.exit_code, "FHT-201: 24 batches judged in" in done.output) == (0, True)
    assert "FHT-201: 0 batches judged in" in run("board", "refresh").output
    page = json.loads(run("board", "list", "--json", "--limit", "5").output)
    assert ([b["number"] for b in page["batches"]], page["total"]) == ([f"DP-26-{n:03}" for n in range(1, 6)], 24)
    following = run("board", "list", "--limit", "5", "--after", page["after"]).output
    assert "DP-26-006" in following
    assert "5 of 24 batches" in following
    refused = run("board", "list", "--state", "green")
    assert (refused.exit_code, "no state of the board" in refused.output) == (1, True)


@pytest.mark.req("4.5")
def test_a_search_finds_what_its_viewer_may_see(demo: str) -> None:
    assert "DP-26-003" in run("search", "PT-7211").output
    found = json.loads(run("search", "DP-26-003", "--kind", "lot", "--json").output)
    assert [one["number"] for one in found["found"]] == ["DP-26-003"]
    refused = run("search", "DP-26-003", "--as", "hana.sato@example.com", "--kind", "lot")
    assert (refused.exit_code, refused.output) == (1, "Nothing that you may see.\n")
