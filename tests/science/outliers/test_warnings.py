"""An outlier test never takes a value out, and says so."""

from __future__ import annotations

import pytest

from holdfast.science import method_named

pytestmark = pytest.mark.req("6.2")


@pytest.mark.parametrize("name", ["grubbs", "dixon", "extreme-deviates", "hampel"])
def test_a_suspect_is_named_with_the_warning_against_leaving_it_out(name: str) -> None:
    result = method_named(name)(values=[98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 99.0, 100.2, 98.9, 101.1, 140.0])
    assert result.decision == "outlier suspected"
    assert "assignable cause" in result.sentence and "assignable cause" in result.warnings[0]
    assert result.n == 11
