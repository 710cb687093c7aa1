"""The command line in this process, on a database of the test's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

Run = Callable[..., Result]


@pytest.fixture
def run(own_database: str) -> Run:
    """Run `holdfast` with words, and lines for its standard input."""
    from holdfast.cli import holdfast

    def command(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(holdfast, list(words), input=given)

    return command
