"""The command line as a whole: help, exit codes, and what may not be needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from holdfast.cli import COMMANDS, holdfast

pytestmark = pytest.mark.req("2.2")
WITHOUT_DJANGO = """
import sys
for name in ("django", "psycopg"):
    sys.modules[name] = None  # an import of it fails from here on
from holdfast.cli import main
main()
"""


def test_the_commands_are_those_that_scripts_rely_on() -> None:
    assert list(COMMANDS) == [
        *("serve", "demo", "import", "programme", "board", "batch", "search", "verdict", "decision", "rules", "packs"),
        *("verify", "science", "study", "trends", "ledger", "keys"),
        *("backup", "restore", "attribute", "alignment", "phase", "dictionary", "crosswalk", "user", "token", "db"),
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    answer = CliRunner().invoke(holdfast, [name, "--help"])
    assert answer.exit_code == 0
    assert answer.stdout.startswith(f"Usage: holdfast {name} ")


@pytest.mark.parametrize("words", [["dance"], ["serve", "--port", "many"], ["serve", "--port", "70000"], ["db", "url", "--nonsense"]])
def test_wrong_usage_is_exit_code_2(words: list[str]) -> None:
    assert CliRunner().invoke(holdfast, words).exit_code == 2


@pytest.mark.req("2.10")
def test_verify_needs_neither_django_nor_a_database(tmp_path: Path) -> None:
    (tmp_path / "not-a-decision.zip").write_bytes(b"not a zip")
    answer = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, "verify", str(tmp_path / "not-a-decision.zip")],
        capture_output=True, text=True, check=False, env={**os.environ, "HOLDFAST_HOME": "/proc/nowhere"},
    )  # fmt: skip
    assert answer.returncode in (1, 2)
    assert "Traceback" not in answer.stderr
