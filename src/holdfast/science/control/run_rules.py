"""Run rules (Nelson; Western Electric): which points complete a pattern. Counts are parameters, for standards differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from ..parameter import Parameter
from ..refusal import WrongParameter
from ..result import Citation
from ..series import Flags, Numbers

NELSON = Citation("Nelson LS (1984) J Qual Technol 16:237-239; ISO 7870-2")
CHAMP = Citation("Champ CW, Woodall WH (1987) Technometrics 29:393-399", "average run length with run rules")
RULES = {
    1: "one point beyond 3 sigma",
    2: "{side} points in a row on one side of the centre",
    3: "{trend} points in a row, each above (or each below) the last",
    4: "14 points in a row, alternating up and down",
    5: "two of three points beyond 2 sigma on one side",
    6: "four of five points beyond 1 sigma on one side",
    7: "15 points in a row within 1 sigma",
    8: "8 points in a row beyond 1 sigma on either side",
}
PARAMETERS = (
    Parameter("rules", "run rules in force, by Nelson's numbers", "numbers", (1.0, 2.0, 5.0, 6.0)),
    Parameter("side", "points of rule 2: 9 (Nelson), 8 (Western Electric), 7", "count", 9, least=2),
    Parameter("trend", "points of rule 3: 6 (Nelson), 7", "count", 6, least=3),
)


@dataclass(frozen=True)
class Signal:
    """A rule, and the point (counted from 1) that completes its pattern."""

    rule: int
    point: int
    meaning: str


def patterns(z: Numbers, side: int = 9, trend: int = 6) -> dict[int, Flags]:
    """For each rule, where a pattern is completed: `z` (..., n) is the distance from the centre in sigma."""
    up = np.diff(z, axis=-1)
    rise, fall = up > 0, up < 0
    turn = (rise[..., 1:] & fall[..., :-1]) | (fall[..., 1:] & rise[..., :-1])
    far = np.abs(z) > 1
    return {
        1: np.abs(z) > 3,
        2: _row(z > 0, side) | _row(z < 0, side),
        3: _padded(_row(rise, trend - 1) | _row(fall, trend - 1), 1),
        4: _padded(_row(turn, 12), 2),
        5: _some(z > 2, 2, 3) | _some(z < -2, 2, 3),
        6: _some(z > 1, 4, 5) | _some(z < -1, 4, 5),
        7: _row(np.abs(z) < 1, 15),
        8: _row(far, 8),
    }


def signals(z: Numbers, rules: Sequence[int], side: int, trend: int) -> tuple[Signal, ...]:
    """Every signal of the rules in force of one series, by point."""
    found = patterns(z, side, trend)
    every = [Signal(rule, int(at) + 1, RULES[rule].format(side=side, trend=trend)) for rule in rules for at in np.flatnonzero(found[rule])]
    return tuple(sorted(every, key=lambda each: (each.point, each.rule)))


def read_rules(rules: Sequence[float]) -> tuple[int, ...]:
    """Rule numbers. Raises `WrongParameter` for one that does not exist."""
    for each in rules:
        if each not in RULES:
            raise WrongParameter(f"rules has {each:g}. Rules are numbered 1 to 8.")
    return tuple(sorted({int(each) for each in rules}))


def _row(flags: Flags, count: int) -> Flags:
    return _some(flags, count, count)


def _some(flags: Flags, count: int, window: int) -> Flags:
    """At least `count` of the last `window`, the last point among them. The first points have a shorter window."""
    sums = np.cumsum(flags, axis=-1, dtype=np.int32)
    inside = sums.copy()
    inside[..., window:] -= sums[..., :-window]
    found: Flags = (inside >= count) & flags
    return found


def _padded(flags: Flags, by: int) -> Flags:
    found: Flags = np.concatenate([np.zeros((*flags.shape[:-1], by), bool), flags], -1)
    return found


@lru_cache(maxsize=64)
def run_length(rules: tuple[int, ...], side: int = 9, shift: float = 0.0) -> float | None:
    """Average run length of rules 1, 2, 5, 6 and 8 with known centre and sigma, by a Markov chain over the states that can be reached.

    None where rule 3, 4 or 7 is in force, which this chain does not follow. Source: Champ & Woodall (1987).
    """
    if {3, 4, 7} & set(rules):
        return None
    cuts = np.array([-np.inf, -3, -2, -1, 0, 1, 2, 3, np.inf])
    chance = np.diff(special.ndtr(cuts - shift))
    middle = np.array([-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5])
    start: tuple[int, ...] = (0, 0, 0, 0, 0, 0, 0)
    number, queue, moves = {start: 0}, [start], []
    for state in queue:
        for p, z in zip(chance, middle, strict=True):
            new, alarm = _next(state, float(z), rules, side)
            if alarm:
                continue
            if new not in number:
                number[new] = len(queue)
                queue.append(new)
            moves.append((number[state], number[new], p))
    matrix = np.eye(len(queue))
    for a, b, p in moves:
        matrix[a, b] -= p
    return float(np.linalg.solve(matrix, np.ones(len(queue)))[0])


def _next(state: tuple[int, ...], z: float, rules: tuple[int, ...], side: int) -> tuple[tuple[int, ...], bool]:
    """State: run above, run below, last two beyond ±2, last four beyond ±1 (bit masks), run beyond 1; and whether the point gives a signal."""
    above, below, two_up, two_down, one_up, one_down, far = state
    above, below, far = (above + 1, 0, far) if z > 0 else (0, below + 1, far)
    far = far + 1 if abs(z) > 1 else 0
    alarm = 1 in rules and abs(z) > 3
    alarm |= 2 in rules and max(above, below) >= side
    masks = []
    for mask, hit, keep, need, rule in (
        (two_up, z > 2, 2, 2, 5), (two_down, z < -2, 2, 2, 5), (one_up, z > 1, 4, 4, 6), (one_down, z < -1, 4, 4, 6),
    ):  # fmt: skip
        alarm |= rule in rules and hit and bin(mask).count("1") + 1 >= need
        masks.append(((mask << 1) | hit) & ((1 << keep) - 1) if rule in rules else 0)
    alarm |= 8 in rules and far >= 8
    runs = (above, below) if 2 in rules else (0, 0)
    return (*runs, *masks, far if 8 in rules else 0), bool(alarm)
