"""Single sampling plans of ISO 2859-1: code letters, normal and tightened inspection."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from ..method import Example, method
from ..parameter import Parameter
from ..refusal import Unsuitable, WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..words import say
from .acceptance import accept, share_accepted_with

ISO_2859 = Citation("ISO 2859-1:1999 Sampling procedures for inspection by attributes", "tables 1, 2-A, 2-B")


@dataclass(frozen=True, kw_only=True)
class Iso2859Result(Result):
    """The plan and what it accepts."""

    code_letter: str = reported("sample size code letter of the lot and level")
    plan_letter: str = reported("code letter of the plan used, after arrows")
    n: int = reported("sample size")
    ac: int = reported("acceptance number")
    re: int = reported("rejection number")
    inspect_all: bool = reported("whether the sample is the whole lot")
    accept_at_aql: float = reported("probability to accept at the AQL, binomial")
    p_95: float | None = reported("share accepted with probability 0.95; none where everything is inspected")
    p_50: float | None = reported("share accepted with probability 0.50")
    p_10: float | None = reported("share accepted with probability 0.10")


@cache
def tables() -> Any:
    """The tables as data."""
    return yaml.safe_load((Path(__file__).parent / "iso_2859.yaml").read_text("utf-8"))


def code_letter(lot: int, level: str) -> str:
    """The code letter of a lot size."""
    at = tables()["levels"].index(level)
    return str(next(letters for most, letters in tables()["code"] if most is None or lot <= most)[at])


def plan(letter: str, aql: float, inspection: str) -> tuple[str, int, int]:
    """Letter, sample size and acceptance number after arrows. Raises `Unsuitable` where arrows leave the tables."""
    table, letters = tables()[inspection], tables()["letters"]
    column, row = _column(aql), letters.index(letter)
    for _ in range(len(letters)):
        step = row + column - table["zero"]
        number = "down" if step < 0 else "up" if step >= len(table["numbers"]) else table["numbers"][step]
        if isinstance(number, int):
            return letters[row], tables()["sizes"][row], number
        row += 1 if number == "down" else -1
        if not 0 <= row < len(letters):
            break
    raise Unsuitable(f"The tables hold no {inspection} plan for code letter {letter} at AQL {aql:g}. Choose another AQL or level.")


def _column(aql: float) -> int:
    for i, each in enumerate(tables()["aql"]):
        if abs(each - aql) < 1e-9:
            return i
    raise WrongParameter(f"aql is {aql:g}. The preferred AQLs are: {', '.join(f'{each:g}' for each in tables()['aql'])} percent.")


@method(
    name="iso-2859-plan",
    title="Single sampling plan of ISO 2859-1",
    family="sampling",
    result=Iso2859Result,
    citations=[ISO_2859],
    columns=[],
    parameters=[
        Parameter("lot_size", "number of items of the lot", "count", least=2),
        Parameter("aql", "acceptance quality limit, percent nonconforming", "positive"),
        Parameter("level", "inspection level", "choice", "II", choices=("S-1", "S-2", "S-3", "S-4", "I", "II", "III")),
        Parameter("inspection", "severity", "choice", "normal", choices=("normal", "tightened")),
    ],
    example=Example({}, {"lot_size": 1000, "aql": 1.0}),
)
def iso_2859_plan(*, lot_size: int, aql: float, level: str = "II", inspection: str = "normal") -> Iso2859Result:
    """Sample size and acceptance number for lot size, level and AQL; arrows are followed to the plan they point at, with its sample size.

    Reduced inspection is not held. Where the sample is as large as the lot, every item is inspected.
    """
    letter = code_letter(lot_size, level)
    used, n, ac = plan(letter, aql, inspection)
    whole = n >= lot_size
    n = min(n, lot_size)
    shares = [None] * 3 if whole else [share_accepted_with(each, ac, n, "binomial", None) for each in (0.95, 0.5, 0.1)]
    at_aql = float(accept(min(ac, n), n, np.array(aql / 100), "binomial"))
    return Iso2859Result(
        code_letter=letter,
        plan_letter=used,
        n=n,
        ac=ac,
        re=ac + 1,
        inspect_all=whole,
        accept_at_aql=at_aql,
        p_95=shares[0],
        p_50=shares[1],
        p_10=shares[2],
        definitions={"tables": "ISO 2859-1:1999", "operating characteristic": "binomial"},
        assumptions=(Assumption("Lots come in a continuing series and switching rules are applied."),),
        sentence=f"Code letter {letter}, {inspection} inspection, AQL {say(aql)} %: sample {n}, "
        f"accept with up to {ac}, reject from {ac + 1} nonconforming items.",
    )
