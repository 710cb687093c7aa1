"""Settings that come from the environment, read with manners."""

from __future__ import annotations

import os

from .home import HomeProblem


def number_from(name: str, otherwise: int) -> int:
    """A whole number above zero from the environment. Raises `HomeProblem` when it is something else."""
    given = os.environ.get(name, "")
    if not given:
        return otherwise
    if not given.isdecimal() or int(given) == 0:
        raise HomeProblem(f"{name}={given} is not a whole number above zero.")
    return int(given)
