"""A stream is charted where numbers stand in order, enough of them and allowed to stand together; otherwise the reason is given and nothing computed."""

from __future__ import annotations

import pytest

from holdfast.science.control.individuals import individuals_chart
from holdfast.science.series import Series
from holdfast.trends.capable import capabilities_of, unstable
from holdfast.trends.charting import PART_SEEN, Charted, chart_of
from holdfast.trends.normality import anderson_darling
from holdfast.trends.streams import streams_of
from holdfast.trends.summary import summary_of

from .rows import STEADY, limit, row, rows

pytestmark = [pytest.mark.req("6.10"), pytest.mark.req("6.7")]
ENTRY = "cell_viability_post_thaw"


def charted(*reported: str, entry: str = ENTRY, **more: object) -> Charted:
    (stream,) = streams_of(rows(*reported, **more), entry)
    return chart_of(stream)


def test_the_chart_is_that_of_the_method_with_its_rules_named_at_the_batch() -> None:
    found = charted(*STEADY, "60.0")
    expected = individuals_chart(values=Series.of([*STEADY, "60.0"], "%"))
    assert found.chart is not None
    assert (found.chart.centre, found.chart.lower, found.chart.upper) == (expected.centre, expected.lower, expected.upper)
    assert [(one.rule, one.meaning, one.result.batch) for one in found.fired] == [
        ("1", "one point beyond 3 sigma", "DP-013"),
        ("MR", "a moving range beyond its limit", "DP-013"),
    ]
    assert found.rules_at(row(13, "60.0")) == ("1", "MR")


def test_limits_may_come_from_the_first_batches_alone() -> None:
    (stream,) = streams_of(rows(*STEADY, "60.0"), ENTRY)
    found = chart_of(stream, baseline=12).chart
    assert found is not None
    assert found.baseline == 12
    assert found.centre == pytest.approx(sum(map(float, STEADY)) / 12)


@pytest.mark.parametrize(
    ("reported", "why"),
    [
        (STEADY[:7], "7 approved results: limits are drawn from 8 on."),
        (("85.0",), "1 approved result: limits are drawn from 8 on."),
        ((*STEADY, "<70"), "1 of 13 results lie beyond a limit of what could be measured: a chart would take the limit for the result."),
        ((*STEADY, "Clear"), "1 of 13 results are in words."),
        (("Clear",) * 12, "Reported in words: there is no chart of numbers."),
        (("85.0",) * 12, "The baseline does not vary: it gives no limits. Give unrounded values."),
    ],
)
def test_what_cannot_be_charted_says_why_and_computes_nothing(reported: tuple[str, ...], why: str) -> None:
    found = charted(*reported)
    assert (found.chart, found.fired, found.refused) == (None, (), why)
    assert {one.refused for one in capabilities_of(found, [limit("US")])} == {why}


def test_two_approved_results_of_a_batch_are_not_charted_as_two_batches() -> None:
    (stream,) = streams_of([*rows(*STEADY), row(12, "84.0", key=99)], ENTRY)
    assert chart_of(stream).refused == "DP-012: more than one approved result. A chart of single values takes one a batch."


def test_a_part_of_the_results_gives_no_limits() -> None:
    (stream,) = streams_of(rows(*STEADY), ENTRY)
    assert chart_of(stream, whole=False) == Charted(stream, None, PART_SEEN)


def test_capability_is_told_for_each_application_apart_with_an_exact_interval() -> None:
    us, eu = capabilities_of(charted(*STEADY), [limit("US", low="70"), limit("EU", low="75")])
    assert (us.limit.name, eu.limit.name) == ("US US-1", "EU EU-1")
    assert us.found is not None and eu.found is not None
    assert us.found.ppk.estimate > eu.found.ppk.estimate
    interval = us.found.ppk.exact_interval
    assert interval is not None and interval.lower is not None and interval.upper is not None
    assert interval.lower < us.found.ppk.estimate < interval.upper


def test_no_index_of_an_unstable_process() -> None:
    (one,) = capabilities_of(charted(*STEADY, "60.0"), [limit("US")])
    assert (one.found, one.refused) == (None, "The chart has 2 signals: an index of an unstable process describes nothing.")


def test_no_index_of_values_that_are_not_normal() -> None:
    skewed = ("0.10", "0.12", "0.95", "0.11", "0.10", "0.98", "0.13", "0.12", "0.92", "0.10", "0.14", "0.97")
    assert unstable(charted(*skewed)).startswith("The values are not normal (Anderson-Darling ")


def test_no_index_against_a_limit_in_another_unit_or_in_words() -> None:
    (one,) = capabilities_of(charted(*STEADY), [limit("US", unit="1"), limit("EU", kind="one_of", low="", allowed="Clear", unit="")])
    assert one.refused == "The limit is in 1, the results in %: they are not converted."


def test_anderson_darling_is_that_of_an_independent_package() -> None:
    """scipy.stats.anderson gives A² without Stephens' factor."""
    from scipy import stats

    values = [float(value) for value in STEADY]
    n = len(values)
    plain = stats.anderson(values, "norm", method="interpolate").statistic
    assert anderson_darling(values) == pytest.approx(plain * (1 + 0.75 / n + 2.25 / n**2), rel=1e-9)


def test_a_summary_keeps_the_reported_digits_and_has_no_mean_of_censored_values() -> None:
    (stream,) = streams_of(rows(*STEADY), ENTRY)
    found = summary_of(stream)
    assert (found.counted, found.mean, found.sd, found.lowest, found.highest) == (12, "85.33", "2.70", "80.2", "90.0")
    (stream,) = streams_of(rows("0.62", "<0.50", "0.71"), ENTRY)
    found = summary_of(stream)
    assert (found.censored, found.mean, found.sd, found.lowest, found.highest) == (1, "", "", "0.62", "0.71")
