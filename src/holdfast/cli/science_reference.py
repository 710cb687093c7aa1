"""`docs/reference/science.md`: every statistical method, what it reports, and the reference cases it was held against."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from holdfast.project.home import clone
from holdfast.science.cases import Case, agreements, compute, read_cases
from holdfast.science.describing import description
from holdfast.science.registry import FAMILIES, METHODS, method_named

PREAMBLE = """\
# Statistical methods

Written by `./dev docs` from the methods themselves and the cases under `tests/science`.

Run one with `holdfast science run METHOD DATA.csv --json`. A case agrees when every value it expects lies within half a unit of the last
digit its source printed, or within the tolerance the case names. Cases on files that are not part of the project are run by the tests when
the files are there.
"""


def science() -> str:
    """The page: an index by family, then a section a method with its cases."""
    root = clone()
    cases = read_cases(root / "tests" / "science") if root is not None else []
    index = [f"* **{family}**: " + ", ".join(f"[{name}](#{name})" for name in names) for family, names in FAMILIES.items() if names]
    sections = [_section(name, [case for case in cases if case.method == name]) for name in METHODS]
    return "\n".join([PREAMBLE, *index, "", *sections])


def _section(name: str, cases: Iterable[Case]) -> str:
    of = description(method_named(name))
    lines = [f"## {name}", "", f"{of['title']}. Version {of['version']}.", "", of["about"], ""]
    lines += [f"* column `{c['name']}`: {c['meaning']}" for c in of["columns"]]
    lines += [f"* parameter `{p['name']}`" + (f" = {p['default']}" if p["default"] is not None else "") + f": {p['meaning']}" for p in of["parameters"]]
    lines += ["", "Reports " + ", ".join(f"`{q['name']}`" for q in of["quantities"]) + ".", "", "Source: " + "; ".join(of["citations"]) + ".", ""]
    rows = [_row(case) for case in cases]
    if rows:
        lines += ["| case | source | values | agrees |", "|---|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _row(case: Case) -> str:
    source = " ".join(case.source.split()).replace("|", "/")
    if case.data is not None:
        return f"| {case.name} | {source} (file `{Path(case.data).name}`) | {len(case.expected)} | by test |"
    agreed = sum(each.agrees for each in agreements(case, compute(case)))
    return f"| {case.name} | {source} | {len(case.expected)} | {'yes' if agreed == len(case.expected) else f'{agreed} of {len(case.expected)}'} |"
