"""`docs/reference/benchmarks.md`: what is measured, and how to run it, from the benchmarks' own first words."""

from __future__ import annotations

import ast
from pathlib import Path

from holdfast.project.home import clone

PREAMBLE = """\
# Benchmarks

Written by `./dev docs` from `benchmarks/`. Machines differ and are noisy: what counts are ratios in one run, and counts that must be nought.
"""
SHARED = {"__init__.py", "open.py"}


def benchmarks() -> str:
    """The page. Needs a clone."""
    root = clone()
    assert root is not None
    return "\n".join([PREAMBLE, *(f"## {path.stem}\n\n{words_of(path)}\n" for path in files(root / "benchmarks"))])


def files(folder: Path) -> list[Path]:
    """The benchmarks, by name; what they share is none."""
    return sorted(path for path in folder.glob("*.py") if path.name not in SHARED)


def words_of(path: Path) -> str:
    """A benchmark's own words about itself; empty when it says nothing."""
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
