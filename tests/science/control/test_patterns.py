"""Run rules, segments and run lengths against plain loops and simulation."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.science import WrongParameter, method_named
from holdfast.science.control.change_points import segment
from holdfast.science.control.run_rules import patterns, run_length

pytestmark = pytest.mark.req("6.2")
CHANCE = np.random.Generator(np.random.Philox(20261125))


def plain(z: list[float]) -> dict[int, list[int]]:
    """Each rule as it is written down, point by point."""
    found: dict[int, list[int]] = {rule: [] for rule in range(1, 9)}
    for i in range(len(z)):
        last = {count: z[i - count + 1 : i + 1] for count in (3, 5, 6, 8, 9, 14, 15) if i + 1 >= count}
        steps = {count: np.diff(each) for count, each in last.items()}
        some = {3: z[max(0, i - 2) : i + 1], 5: z[max(0, i - 4) : i + 1]}
        hits = {
            1: abs(z[i]) > 3,
            2: 9 in last and (min(last[9]) > 0 or max(last[9]) < 0),
            3: 6 in last and (steps[6].min() > 0 or steps[6].max() < 0),
            4: 14 in last and bool(np.all(steps[14][1:] * steps[14][:-1] < 0)),
            5: any(sum(s * each > 2 for each in some[3]) >= 2 and s * z[i] > 2 for s in (1, -1)),
            6: any(sum(s * each > 1 for each in some[5]) >= 4 and s * z[i] > 1 for s in (1, -1)),
            7: 15 in last and max(map(abs, last[15])) < 1,
            8: 8 in last and min(map(abs, last[8])) > 1,
        }
        for rule, hit in hits.items():
            if hit:
                found[rule].append(i)
    return found


def test_every_rule_names_the_points_a_plain_loop_names() -> None:
    calm, wild, wave = CHANCE.normal(0, 0.4, 400), CHANCE.normal(0, 2.2, 400), np.tile([1.5, -1.5], 30) + CHANCE.normal(0, 0.2, 60)
    z = np.concatenate([calm, wild, CHANCE.normal(1, 1, 400), np.linspace(-2, 2, 12), wave])
    expected = plain(list(z))
    assert all(expected.values()), "each rule is met"
    for rule, flags in patterns(z).items():
        assert list(np.flatnonzero(flags)) == expected[rule], rule


def test_the_run_length_of_a_rule_set_is_what_simulation_gives() -> None:
    found = patterns(CHANCE.normal(0, 1, (4000, 600)))
    alarm = found[1] | found[2] | found[5] | found[6]
    survived = 1 - np.maximum.accumulate(alarm, axis=1).mean()
    expected = run_length((1, 2, 5, 6))
    assert expected is not None
    rate = 1 / expected
    assert survived == pytest.approx((1 - (1 - rate) ** 600) / (600 * rate), abs=0.02)


def test_a_rule_set_the_chain_does_not_follow_has_no_run_length() -> None:
    assert run_length((1, 3)) is None


def test_a_rule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(WrongParameter, match="1 to 8"):
        method_named("individuals-chart")(values=[1, 2, 3, 2], rules=[9])


@pytest.mark.parametrize("least", [1, 2, 4])
@pytest.mark.parametrize("penalty", [2.0, 8.0])
def test_segments_are_the_best_there_are(least: int, penalty: float) -> None:
    for _ in range(5):
        y = CHANCE.normal(0, 1, 60) + np.repeat(CHANCE.normal(0, 2, 6), 10)
        best = [-penalty]
        for end in range(1, 61):
            best.append(min((best[a] + ((y[a:end] - y[a:end].mean()) ** 2).sum() + penalty for a in range(end - least + 1)), default=np.inf))
        starts = segment(y, penalty, least)
        cost = sum(((y[a:b] - y[a:b].mean()) ** 2).sum() for a, b in zip(starts, [*starts[1:], 60], strict=True)) + penalty * (len(starts) - 1)
        assert cost == pytest.approx(best[60], rel=1e-9)
