"""`holdfast packs`: previewed, adopted, set and ended on the machine, under a named person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from holdfast.cli import holdfast
from tests.release.people import FEMKE, QUINN
from tests.release.test_adoption import US, judged, kept, stricter

pytestmark = [pytest.mark.req("5.2"), pytest.mark.req("5.3")]


def run(*words: str) -> Any:
    return CliRunner().invoke(holdfast, list(words))


def test_a_file_is_previewed_adopted_set_and_ended(demo: str, tmp_path: Path) -> None:
    file = tmp_path / "us.yaml"
    file.write_text(stricter())
    shown = run("packs", "preview", "FHT-201", str(file))
    assert shown.exit_code == 1
    assert "23 open batches judged both ways; 5 would change." in shown.output
    refused = run("packs", "adopt", "FHT-201", str(file), "--as", FEMKE, "--reason", "no")
    assert (refused.exit_code, kept()[0]) == (1, 0)
    assert run("packs", "adopt", "FHT-201", str(file), "--as", QUINN, "--reason", "our validation").exit_code == 0
    assert run("packs", "set", "FHT-201", US, "vcn_limit", "4", "--as", QUINN, "--reason", "asked for").exit_code == 0
    assert "vcn_limit 4 {copies}/{cell} (set; the pack says 5): asked for" in run("packs", "list", "FHT-201").output
    assert run("packs", "end", "FHT-201", US, "--as", QUINN, "--reason", "given up").exit_code == 0
    assert judged(days=1) == []


def test_a_file_with_mistakes_is_refused_with_line_and_column(demo: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(stricter().replace("severity: major", "severity: serious", 1))
    answer = run("packs", "adopt", "FHT-201", str(file), "--as", QUINN, "--reason", "so")
    assert answer.exit_code == 1
    assert "mine.yaml:" in answer.output
    assert kept()[0] == 0
