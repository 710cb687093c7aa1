"""The dictionary and the crosswalks at the command line, and the answer that the next import uses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from holdfast.cli import holdfast
from holdfast.project.home import example
from tests.programme.test_alignment import SHEETS

from .conftest import Run
from .test_commands import WITHOUT_DJANGO


@pytest.mark.req("5.4")
@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["crosswalk", "find", "USP <71>", "--to", "EU"], 0, "USP <71> answers to Ph. Eur. 2.6.1 (harmonised)."),
        (["crosswalk", "find", "EP 2.6.1.", "--to", "us"], 0, "USP <71>"),
        (["crosswalk", "find", "21 CFR 211.22(a)", "--to", "EU"], 0, "Directive 2001/83/EC Art 51"),
        (["crosswalk", "find", "USP <1207>", "--to", "EU"], 0, "has no counterpart"),
        (["crosswalk", "find", "USP <2999>", "--to", "EU"], 1, "does not know"),
        (["crosswalk", "find", "my SOP", "--to", "EU"], 1, "is neither a compendial reference"),
        (["crosswalk", "find", "USP <71>", "--to", "Mars"], 1, "is no place here"),
        (["crosswalk", "show", "pha-001"], 0, "Sterility"),
        (["crosswalk", "show", "PHA-999"], 1, "no row"),
        (["crosswalk", "list", "--status", "no counterpart"], 0, "REL-004"),
        (["dictionary", "show", "vector_copy_number"], 0, "the same method family"),
        (["dictionary", "show", "phlogiston"], 1, "no entry"),
        (["dictionary", "list", "--group", "cells"], 0, "cell_viability"),
        (["dictionary", "match", "VCN"], 0, "certain: vector_copy_number"),
        (["dictionary", "match", "Titer", "--unit", "{vg}/mL"], 0, "vector_genome_titre"),
        (["dictionary", "match", "Potency"], 1, "potency_ifn_gamma"),
    ],
)
def test_a_question_is_answered(words: list[str], code: int, says: str) -> None:
    answer = CliRunner().invoke(holdfast, words)
    assert (answer.exit_code, says in answer.output) == (code, True), answer.output


@pytest.mark.req("5.4")
@pytest.mark.parametrize(
    "words", [["crosswalk", "list"], ["crosswalk", "find", "USP <71>", "--to", "EU"], ["dictionary", "list"], ["dictionary", "match", "VCN"]]
)
def test_json_is_for_scripts(words: list[str]) -> None:
    answer = CliRunner().invoke(holdfast, [*words, "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)


@pytest.mark.req("5.4")
@pytest.mark.parametrize("words", [["crosswalk", "find", "USP <71>", "--to", "EU"], ["dictionary", "match", "VCN"]])
def test_neither_django_nor_a_database_is_needed(words: list[str]) -> None:
    environment = {**os.environ, "HOLDFAST_HOME": "/proc/nowhere"}
    answer = subprocess.run([sys.executable, "-c", WITHOUT_DJANGO, *words], capture_output=True, text=True, check=False, env=environment)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.req("5.5")
def test_an_answer_at_the_command_line_is_used_by_the_next_import(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "programme"
    folder.mkdir()
    for name in ("programme.yaml", "organisations.csv", "attributes.csv"):
        shutil.copy(example("car-t") / name, folder)
    path = folder / "attributes.csv"
    path.write_text(path.read_text("utf-8").replace("Potency: IFN-gamma on target engagement", "Potency"), "utf-8")
    assert "Which attribute is 'Potency'?" in run("import", str(folder)).output
    assert run("attribute", "list", "--programme", "FHT-201").exit_code == 1
    assert run("attribute", "match", "Potency", "--programme", "FHT-201").exit_code == 2
    assert run("attribute", "match", "Potency", "phlogiston", "--programme", "FHT-201").exit_code == 1
    answered = run("attribute", "match", "Potency", "potency_ifn_gamma", "--programme", "FHT-201")
    assert (answered.exit_code, "potency_ifng" in answered.output) == (0, True), answered.output
    assert run("attribute", "list", "--programme", "FHT-201").exit_code == 0
    assert "Which attribute" not in run("import", str(folder)).output


@pytest.mark.req("5.6")
def test_the_alignment_of_a_product_is_shown_and_a_difference_classed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "programme"
    folder.mkdir()
    for name in ("programme.yaml", *(f"{sheet}.csv" for sheet in SHEETS)):
        shutil.copy(example("car-t") / name, folder)
    assert run("import", str(folder)).exit_code == 0
    shown = run("alignment", "show", "FHT-201")
    assert (shown.exit_code, "endotoxin: limit: not more than 5.0 EU/mL | not more than 3.5 EU/mL  [unexplained]" in shown.output) == (1, True), shown.output
    assert "IND-099201: Bacterial endotoxins: from not more than 5.0 EU/mL to not more than 3.5 EU/mL." in shown.output
    which = ["alignment", "class", "FHT-201", "IND-099201", "2025-599201-18-00", "limit", "scientific", "--subject", "endotoxin", "--owner", "PER-001"]
    assert run(*which, "--rationale", "").exit_code == 1
    assert run(*which, "--rationale", "The dose volume is larger.", "--decision", "keep").exit_code == 0
    (pair,) = json.loads(run("alignment", "show", "FHT-201", "--json").stdout)["pairs"]
    assert [one["difference_class"] for one in pair["differences"] if one["difference"]["subject"] == "endotoxin"] == ["scientific"]
    assert run("alignment", "show", "NOTHING").exit_code == 1
    standing = run("alignment", "compendial", "FHT-201")
    assert (standing.exit_code, "IND-099201 (US)  AP-103 version 1: counterpart." in standing.output) == (0, True), standing.output
    assert run("attribute", "pools", "viability", "--programme", "FHT-201").exit_code == 0
    assert run("attribute", "pools", "nothing", "--programme", "FHT-201").exit_code == 1
