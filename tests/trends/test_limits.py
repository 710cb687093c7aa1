"""A batch is held against the limit that its registration had on the day it was made."""

from __future__ import annotations

from datetime import date

import pytest

from holdfast.trends.limits import limits_on, standings

from .rows import limit, row

pytestmark = pytest.mark.req("6.10")


def test_the_version_in_force_on_the_day_is_the_one_that_counts() -> None:
    early, late = limit("US", valid_until=date(2026, 1, 31)), limit("US", valid_from=date(2026, 2, 1), low="80")
    assert limits_on([early, late], date(2026, 1, 31)) == (early,)
    assert limits_on([early, late], date(2026, 2, 1)) == (late,)
    assert standings(row(1, "75.0"), [early, late]) == {"US US-1": ("conforms", "75.0 rounds to 75; the limit is not less than 70.")}
    assert standings(row(9, "75.0"), [early, late])["US US-1"][0] == "does_not_conform"


def test_the_us_and_the_eu_stay_apart() -> None:
    found = standings(row(1, "72.0"), [limit("US"), limit("EU", low="75")])
    assert {name: answer for name, (answer, _) in found.items()} == {"US US-1": "conforms", "EU EU-1": "does_not_conform"}


def test_a_batch_without_a_day_is_held_against_nothing() -> None:
    assert standings(row(1, "72.0", made_on=None), [limit("US")]) == {}
